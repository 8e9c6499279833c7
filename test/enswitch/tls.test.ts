import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { simulatorAccount, startEnswitchSimulator } from "../../infra/local/enswitch-simulator/enswitch-simulator.ts";
import { createEnswitch } from "../../shared/enswitch/enswitch.ts";
import { createListTexts } from "../../shared/enswitch/list-texts.ts";
import { probeEndpoint } from "../../shared/enswitch/probe-endpoint.ts";
import { startRawServer } from "./raw-server.ts";

// Certificates for loopback alone, trusted by nobody but these tests.
const pem = (name: string) => readFileSync(new URL(`./tls/${name}.pem`, import.meta.url), "utf8");
const own = { key: pem("key"), cert: pem("cert") };
const otherName = { key: pem("other-name-key"), cert: pem("other-name-cert") };

async function send(endpoint: string, ca?: string, warm = 0) {
  await using enswitch = createEnswitch({ endpoint, answerTimeoutMs: 5_000, ca });
  enswitch.warm(warm);
  const call = await enswitch.prepare({ cnumber: "1", message: "Hello", stype: "", snumber: "2" }, simulatorAccount);
  if (call.kind !== "prepared") throw new Error("not prepared");
  return await enswitch.fire(call, () => true);
}

describe("over TLS", () => {
  test.each([0, 3])(
    "a private authority is trusted where it is given, with %i connections opened ahead",
    async (warm) => {
      await using simulator = await startEnswitchSimulator({ tls: own });
      expect(await send(simulator.endpoint, own.cert, warm)).toEqual({ kind: "submitted", code: 204 });
      expect(simulator.calls()).toHaveLength(1);
    },
  );

  test("a stranger's certificate is not sent to, and the cause names it", async () => {
    await using simulator = await startEnswitchSimulator({ tls: own });
    const host = new URL(simulator.endpoint).host;
    expect(await send(simulator.endpoint)).toEqual({
      kind: "not-sent",
      cause: `no trusted TLS connection to ${host} (DEPTH_ZERO_SELF_SIGNED_CERT)`,
    });
    expect(simulator.count()).toBe(0);
  });

  test("a certificate for another name is not sent to", async () => {
    await using simulator = await startEnswitchSimulator({ tls: otherName });
    expect(await send(simulator.endpoint, otherName.cert)).toMatchObject({
      kind: "not-sent",
      cause: expect.stringContaining("ERR_TLS_CERT_ALTNAME_INVALID"),
    });
    expect(simulator.count()).toBe(0);
  });
});

test("texts are asked for only of a server whose authority is trusted", async () => {
  await using simulator = await startEnswitchSimulator({ tls: own });
  const { endpoint } = simulator;
  const options = { endpoint, numberField: "snumber" };
  const { username, password } = simulatorAccount;
  expect(await createListTexts({ ...options, ca: own.cert })({ username, password }, { from: 1 })).toEqual({
    kind: "texts",
    texts: [],
  });
  expect(await createListTexts(options)({ username, password }, { from: 1 })).toMatchObject({
    kind: "failed",
    cause: expect.stringContaining("no trusted TLS connection"),
  });
});

describe("a probe of the endpoint", () => {
  test("connects, with TLS where it is asked for, and calls nothing", async () => {
    await using simulator = await startEnswitchSimulator({ tls: own });
    const { endpoint } = simulator;
    const began = performance.now();
    const reached = await probeEndpoint({ endpoint, ca: own.cert });
    expect(reached).toMatchObject({ kind: "reachable", host: new URL(endpoint).host });
    const ms = reached.kind === "reachable" ? reached.connectMs : 0;
    expect(ms).toBeGreaterThan(0);
    expect(ms).toBeLessThanOrEqual(performance.now() - began);
    expect(await probeEndpoint({ endpoint })).toMatchObject({
      kind: "unreachable",
      cause: expect.stringContaining("TLS"),
    });
    expect(simulator.count()).toBe(0);
  });

  test("says why it could not", async () => {
    const server = await startRawServer(() => {});
    await server[Symbol.asyncDispose]();
    expect(await probeEndpoint({ endpoint: server.endpoint })).toEqual({
      kind: "unreachable",
      cause: `connection refused by 127.0.0.1:${server.port}`,
    });
  });

  test("waits no longer than it was told", async () => {
    await using server = await startRawServer(() => {});
    const endpoint = server.endpoint.replace("http:", "https:");
    expect(await probeEndpoint({ endpoint, connectTimeoutMs: 50 })).toEqual({
      kind: "unreachable",
      cause: `no connection to 127.0.0.1:${server.port} within 0.05 s`,
    });
    await server.allClosed();
  });
});
