import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { once } from "node:events";
import { Agent, get, type IncomingMessage, Server } from "node:http";
import { connect, type Socket } from "node:net";
import { expect, test } from "vitest";
import { listenLocally, mostConnections } from "../../../infra/local/local-server.ts";

const ask = async (url: string, agent: Agent): Promise<number | undefined> => {
  const [response]: IncomingMessage[] = await once(get(url, { agent }), "response");
  response?.resume();
  if (response !== undefined) await once(response, "end");
  return response?.statusCode;
};

test("whoever opens connections without end takes none from those who have one, and all can be used again", async () => {
  const server = await listenLocally();
  server.serve((_, response) => response.end());
  const { hostname, port } = new URL(server.endpoint);
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  expect(await ask(server.endpoint, agent)).toBe(200);

  const flood: Socket[] = [];
  let refused = 0;
  const surplus = 20;
  const { promise: decided, resolve } = Promise.withResolvers<void>();
  const look = () => {
    if (refused === surplus) resolve();
  };
  for (let n = 1; n < mostConnections + surplus; n++) {
    const socket = connect({ host: hostname, port: Number(port) });
    // A connection that is taken and dropped again ends at once, in one way or another.
    socket.on("error", () => {});
    socket.on("close", () => {
      refused++;
      look();
    });
    flood.push(socket);
  }
  await decided;
  expect(await ask(server.endpoint, agent)).toBe(200);
  expect(refused).toBe(surplus);

  const gone = flood.filter((socket) => !socket.destroyed).map((socket) => once(socket, "close"));
  for (const socket of flood) socket.destroy();
  await Promise.all(gone);
  const other = new Agent();
  await expect.poll(() => ask(server.endpoint, other).catch(() => "refused")).toBe(200);
  agent.destroy();
  other.destroy();
  await server.close();
});

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
