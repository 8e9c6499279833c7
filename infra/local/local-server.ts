import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import * as z from "zod";

/** An HTTP server on this machine's loopback. */
export interface LocalServer {
  /** Such as `http://127.0.0.1:4000`. */
  readonly endpoint: string;
  /** Passes requests to `handler` from now on; until then they are answered with HTTP 503. */
  serve(handler: RequestListener): void;
  /** Stops listening and breaks all connections. May be called more than once. */
  close(): Promise<void>;
}

/** Listens on a port, or on any free one. */
export async function listenLocally(port = 0): Promise<LocalServer> {
  let handler: RequestListener = (request, response) => {
    request.resume();
    response.writeHead(503).end();
  };
  const server = createServer({ keepAliveTimeout: 120_000, requestTimeout: 0 }, (request, response) =>
    handler(request, response),
  );
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  const address = z.object({ port: z.number() }).parse(server.address());
  return {
    endpoint: `http://127.0.0.1:${address.port}`,
    serve: (next) => {
      handler = next;
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
