import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import * as z from "zod";

/** An HTTP server on this machine's loopback. */
export interface LocalServer {
  /** Such as `http://127.0.0.1:4000`. */
  readonly endpoint: string;
  /** Passes requests to `handler`, from the first on: those that came before have waited. */
  serve(handler: RequestListener): void;
  /** Stops listening and breaks all connections. May be called more than once. */
  close(): Promise<void>;
}

/** How long the head of a request may take, as by Node's default. */
const headersTimeoutMs = 60_000;

/** How long a connection may be silent in the middle of a request: longer than any call waits for its answer. */
const silenceMs = 5 * 60_000;

/**
 * As many connections as there may be, several times what a fast run has open. Anybody on this machine can open some, and each takes one
 * of the files that the process may have open, which the ledger, the reports and the calls need, too.
 */
export const mostConnections = 500;

/**
 * Listens on a port, or on any free one. A request as a whole may take as long as it likes, because a list may be large and
 * slow to come; one that stops coming is broken off.
 */
export async function listenLocally(port = 0): Promise<LocalServer> {
  const early: Parameters<RequestListener>[] = [];
  let handler: RequestListener = (...exchange) => {
    early.push(exchange);
  };
  const timeouts = { keepAliveTimeout: 120_000, headersTimeout: headersTimeoutMs, requestTimeout: 0 };
  const server = createServer(timeouts, (request, response) => handler(request, response));
  server.setTimeout(silenceMs);
  server.maxConnections = mostConnections;
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  const address = z.object({ port: z.number() }).parse(server.address());
  return {
    endpoint: `http://127.0.0.1:${address.port}`,
    serve: (next) => {
      handler = next;
      for (const exchange of early.splice(0)) handler(...exchange);
    },
    close: async () => {
      if (!server.listening) return;
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
