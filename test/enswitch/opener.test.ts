import { lookup } from "node:dns/promises";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import {
  createServer,
  getDefaultAutoSelectFamily,
  type Server,
  type Socket,
  setDefaultAutoSelectFamily,
} from "node:net";
import { createServer as createTlsServer, type TLSSocket } from "node:tls";
import { expect, test, vi } from "vitest";
import * as z from "zod";
import { createOpener, NoLongerNeeded, type Opener } from "../../shared/enswitch/opener.ts";

const pem = (name: string) => readFileSync(new URL(`./tls/${name}.pem`, import.meta.url), "utf8");
const own = { key: pem("key"), cert: pem("cert") };

async function listen(server: Server): Promise<number> {
  server.listen(0, "localhost");
  await once(server, "listening");
  return z.object({ port: z.number() }).parse(server.address()).port;
}

/** Opens a connection, has its greeting answered, and resolves with `null` once it is closed; or with its error. */
const openOnce = (opener: Opener) =>
  new Promise<Error | null>((resolve) => {
    const socket = opener.open((...[error]) => {
      if (error !== null) return resolve(error);
      socket.resume();
      socket.write("hello");
      socket.once("end", () => {
        socket.destroy();
        resolve(null);
      });
    });
  });

/** Answers a greeting and closes. */
const greet = (socket: Socket) => {
  socket.once("data", () => socket.end("bye"));
  socket.on("error", () => {});
};

test("a TLS session outlives its connection", async () => {
  const resumed: boolean[] = [];
  const server = createTlsServer(own, (socket: TLSSocket) => {
    resumed.push(socket.isSessionReused());
    greet(socket);
  });
  await using _closed = { [Symbol.asyncDispose]: async () => void server.close() };
  const port = await listen(server);
  const opener = createOpener({ url: new URL(`https://localhost:${port}/`), connectTimeoutMs: 5_000, ca: own.cert });
  expect(opener.usualMs()).toBe(300);
  for (let time = 1; time <= 3; time++) expect(await openOnce(opener)).toBeNull();
  expect(resumed).toEqual([false, true, true]);
  expect(opener.usualMs()).toBeLessThanOrEqual(300);
  expect(opener.usualMs()).toBeGreaterThan(0);
});

test("how long opening takes is a recent high, which falls slowly and never says more than is worth waiting for", async () => {
  const server = createServer(greet);
  await using _closed = { [Symbol.asyncDispose]: async () => void server.close() };
  const opener = createOpener({ url: new URL(`http://localhost:${await listen(server)}/`), connectTimeoutMs: 5_000 });
  vi.useFakeTimers({ toFake: ["performance"] });
  try {
    const usual: number[] = [];
    for (const ms of [0, 500, 100, 290]) {
      const opened = openOnce(opener);
      vi.advanceTimersByTime(ms);
      expect(await opened).toBeNull();
      usual.push(opener.usualMs());
    }
    expect(usual).toEqual([0, 300, 285, 290]);
  } finally {
    vi.useRealTimers();
  }
});

test("a TLS session is forgotten when a connection fails: the server may be another by then", async () => {
  const resumed: boolean[] = [];
  const server = createTlsServer(own, (socket: TLSSocket) => {
    resumed.push(socket.isSessionReused());
    greet(socket);
  });
  await using _closed = { [Symbol.asyncDispose]: async () => void server.close() };
  const port = await listen(server);
  const opener = createOpener({ url: new URL(`https://localhost:${port}/`), connectTimeoutMs: 5_000, ca: own.cert });
  for (let time = 1; time <= 2; time++) expect(await openOnce(opener)).toBeNull();
  await new Promise((resolve) => server.close(resolve));
  expect(await openOnce(opener)).toBeInstanceOf(Error);
  server.listen(port, "localhost");
  await once(server, "listening");
  expect(await openOnce(opener)).toBeNull();
  expect(resumed).toEqual([false, true, false]);
});

test("a server that also speaks HTTP/2 is spoken to in HTTP/1.1, in which a call is written or not", async () => {
  const spoken: unknown[] = [];
  const SNICallback = (name: string, done: (error: null) => void) => {
    spoken.push(name);
    done(null);
  };
  const server = createTlsServer({ ...own, ALPNProtocols: ["h2", "http/1.1"], SNICallback }, (socket: TLSSocket) => {
    spoken.push(socket.alpnProtocol);
    greet(socket);
  });
  await using _closed = { [Symbol.asyncDispose]: async () => void server.close() };
  const url = new URL(`https://localhost:${await listen(server)}/`);
  expect(await openOnce(createOpener({ url, connectTimeoutMs: 5_000, ca: own.cert }))).toBeNull();
  // By its name, since one address may serve several.
  expect(spoken).toEqual(["localhost", "http/1.1"]);
});

test("one address of a name is enough where not all are tried side by side", async () => {
  const server = createServer(greet);
  await using _closed = { [Symbol.asyncDispose]: async () => void server.close() };
  const opener = createOpener({ url: new URL(`http://localhost:${await listen(server)}/`), connectTimeoutMs: 5_000 });
  const before = getDefaultAutoSelectFamily();
  setDefaultAutoSelectFamily(false);
  try {
    expect(await openOnce(opener)).toBeNull();
  } finally {
    setDefaultAutoSelectFamily(before);
  }
});

test("a session is no way around the certificate: another authority's opener has none", async () => {
  const server = createTlsServer(own, greet);
  server.on("tlsClientError", () => {});
  await using _closed = { [Symbol.asyncDispose]: async () => void server.close() };
  const url = new URL(`https://localhost:${await listen(server)}/`);
  expect(await openOnce(createOpener({ url, connectTimeoutMs: 5_000, ca: own.cert }))).toBeNull();
  const stranger = createOpener({ url, connectTimeoutMs: 5_000, ca: pem("other-name-cert") });
  expect(await openOnce(stranger)).toMatchObject({ code: "DEPTH_ZERO_SELF_SIGNED_CERT" });
});

/** An opener of connections to a server here, and how often it has asked for the server's address. */
async function asking(port: number) {
  const resolve = vi.fn((hostname: string) => lookup(hostname, { all: true }));
  return {
    resolve,
    opener: createOpener({ url: new URL(`http://localhost:${port}/`), connectTimeoutMs: 5_000, resolve }),
  };
}

test("a name is looked up once in half a minute, for many connections", async () => {
  const server = createServer(greet);
  await using _closed = { [Symbol.asyncDispose]: async () => void server.close() };
  const { opener, resolve } = await asking(await listen(server));
  vi.useFakeTimers({ toFake: ["Date"] });
  const now = Date.now();
  try {
    expect(await Promise.all([1, 2, 3].map(() => openOnce(opener)))).toEqual([null, null, null]);
    for (const [later, times] of [
      [29_999, 1],
      [30_000, 2],
    ] as const) {
      vi.setSystemTime(now + later);
      expect(await openOnce(opener)).toBeNull();
      expect(resolve).toHaveBeenCalledTimes(times);
    }
  } finally {
    vi.useRealTimers();
  }
});

test("a name that is not found is an error each time, and a server that is gone has its address asked for again", async () => {
  const nowhere = createOpener({ url: new URL("http://nowhere.invalid/"), connectTimeoutMs: 5_000 });
  expect(await openOnce(nowhere)).toMatchObject({ syscall: "getaddrinfo" });
  expect(await openOnce(nowhere)).toMatchObject({ syscall: "getaddrinfo" });
  const server = createServer(greet);
  const { opener, resolve } = await asking(await listen(server));
  await new Promise((closed) => server.close(closed));
  for (const times of [1, 2]) {
    expect(await openOnce(opener)).toBeInstanceOf(Error);
    expect(resolve).toHaveBeenCalledTimes(times);
  }
});

test("a name without an address is one that is not found, whether or not addresses are tried side by side", async () => {
  const url = new URL("http://nowhere.invalid/");
  const opener = createOpener({ url, connectTimeoutMs: 5_000, resolve: async () => [] });
  const before = getDefaultAutoSelectFamily();
  try {
    for (const sideBySide of [true, false]) {
      setDefaultAutoSelectFamily(sideBySide);
      expect(await openOnce(opener)).toMatchObject({ code: "ENOTFOUND" });
    }
  } finally {
    setDefaultAutoSelectFamily(before);
  }
});

test("an answer that came to nothing after its connection was given up is not believed by the next one", async () => {
  const server = createServer(greet);
  await using _closed = { [Symbol.asyncDispose]: async () => void server.close() };
  const { opener, resolve } = await asking(await listen(server));
  const answer = Promise.withResolvers<never>();
  resolve.mockReturnValueOnce(answer.promise);
  const givenUp = new Promise((resolve) => {
    opener.open((...[error]) => resolve(error)).destroy(new NoLongerNeeded("the connections are closed"));
  });
  expect(await givenUp).toBeInstanceOf(NoLongerNeeded);
  answer.reject(new Error("The resolver is away."));
  await new Promise((resolve) => setImmediate(resolve));
  expect(await openOnce(opener)).toBeNull();
});

test("a connection that nobody needed any more says nothing about the endpoint: what is known of it stays", async () => {
  const server = createServer(greet);
  await using _closed = { [Symbol.asyncDispose]: async () => void server.close() };
  const { opener, resolve } = await asking(await listen(server));
  expect(await openOnce(opener)).toBeNull();
  const error = await new Promise((resolve) => {
    opener.open((...[error]) => resolve(error)).destroy(new NoLongerNeeded("the connections are closed"));
  });
  expect(error).toMatchObject({ name: "NoLongerNeeded" });
  expect(await openOnce(opener)).toBeNull();
  expect(resolve).toHaveBeenCalledOnce();
});
