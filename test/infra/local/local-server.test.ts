import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { Server } from "node:http";
import { expect, test } from "vitest";
import { listenLocally } from "../../../infra/local/local-server.ts";

test("a request that stops coming is broken off, but one that comes slowly may take as long as it likes", async () => {
  const server = await listenLocally();
  const seen: Server[] = [];
  const note = (message: unknown) => {
    const found = typeof message === "object" && message !== null ? Reflect.get(message, "server") : undefined;
    if (found instanceof Server) seen.push(found);
  };
  subscribe("http.server.request.start", note);
  server.serve((_, response) => response.end("here"));
  try {
    expect(await (await fetch(server.endpoint)).text()).toBe("here");
  } finally {
    unsubscribe("http.server.request.start", note);
    await server.close();
  }
  const [{ headersTimeout, timeout, requestTimeout } = new Server()] = seen;
  expect({ headersTimeout, timeout, requestTimeout }).toEqual({
    headersTimeout: 60_000,
    timeout: 300_000,
    requestTimeout: 0,
  });
});
