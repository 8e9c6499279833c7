import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { TLSSocket, type TLSSocketOptions } from "node:tls";

/** A connection as the raw server sees it: what has arrived so far, and the socket to misbehave with. */
export interface RawConnection {
  readonly socket: Socket;
  /** What it runs on: the same without TLS. Ended by itself, it ends TLS without a word. */
  readonly wire: Socket;
  received(): string;
  /** Resolves when `received` has `count` complete requests with bodies. */
  requests(count: number): Promise<void>;
}

/** A server on loopback, of TCP or TLS, that does to each connection what it is told, and nothing else. */
export async function startRawServer(
  serve: (connection: RawConnection, index: number) => void,
  tls?: Pick<TLSSocketOptions, "key" | "cert">,
) {
  const connections: RawConnection[] = [];
  const waiting = new Set<() => void>();
  const changed = () => {
    for (const wake of waiting) wake();
  };
  const until = (holds: () => boolean) =>
    new Promise<void>((resolve) => {
      const wake = () => {
        if (!holds()) return;
        waiting.delete(wake);
        resolve();
      };
      waiting.add(wake);
      wake();
    });
  const server = createServer({ noDelay: true }, (wire) => {
    const socket = tls === undefined ? wire : new TLSSocket(wire, { ...tls, isServer: true });
    let text = "";
    const connection: RawConnection = {
      socket,
      wire,
      received: () => text,
      requests: (count) => until(() => completeRequests(text) >= count),
    };
    socket.on("data", (chunk) => {
      text += chunk.toString("latin1");
      changed();
    });
    socket.on("error", () => {});
    wire.on("error", () => {});
    socket.on("close", changed);
    connections.push(connection);
    serve(connection, connections.length - 1);
    changed();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return {
    port: address.port,
    endpoint: `${tls === undefined ? "http" : "https"}://127.0.0.1:${address.port}/api/json`,
    connections: connections as readonly RawConnection[],
    /** Resolves when this many connections have been opened. */
    opened: (count: number) => until(() => connections.length >= count),
    /** Resolves when every connection is closed again. */
    allClosed: () => until(() => connections.every(({ socket }) => socket.closed)),
    [Symbol.asyncDispose]: async () => {
      for (const { socket } of connections) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** An HTTP reply as text. */
export const httpReply = (body: string, head = "HTTP/1.1 200 OK"): string =>
  `${head}\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;

/** An interim answer, which a server may give unasked. */
export const goOn = "HTTP/1.1 100 Continue\r\n\r\n";

/** Enswitch's yes. */
export const accepted = '{ "responses":[ { "code":"204", "key":"", "message":"OK" } ] }';

function completeRequests(text: string): number {
  let count = 0;
  for (let rest = text; ; count++) {
    const head = rest.indexOf("\r\n\r\n");
    if (head < 0) return count;
    const length = Number(/content-length: (\d+)/i.exec(rest.slice(0, head))?.[1] ?? 0);
    if (rest.length < head + 4 + length) return count;
    rest = rest.slice(head + 4 + length);
  }
}
