import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer, type TLSSocket } from "node:tls";
import { expect, test } from "vitest";
import * as z from "zod";
import { createOpener, type Opener } from "../../shared/enswitch/opener.ts";

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

test("a name is looked up once for many connections, and a name that is not found is an error each time", async () => {
  const server = createServer(greet);
  await using _closed = { [Symbol.asyncDispose]: async () => void server.close() };
  const opener = createOpener({ url: new URL(`http://localhost:${await listen(server)}/`), connectTimeoutMs: 5_000 });
  expect(await Promise.all([1, 2, 3].map(() => openOnce(opener)))).toEqual([null, null, null]);
  const nowhere = createOpener({ url: new URL("http://nowhere.invalid/"), connectTimeoutMs: 5_000 });
  expect(await openOnce(nowhere)).toMatchObject({ syscall: "getaddrinfo" });
  expect(await openOnce(nowhere)).toMatchObject({ syscall: "getaddrinfo" });
});
