import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { simulatorAccount, startEnswitchSimulator } from "../../infra/local/enswitch-simulator/enswitch-simulator.ts";
import { createAccountStore } from "../../shared/account/account-store.ts";
import { createCampaigns } from "../../shared/campaign/campaigns.ts";
import type { Clock } from "../../shared/ports/clock.ts";
import { createSender, type SenderDeps } from "../../shared/send/sender.ts";
import { startRawServer } from "../enswitch/raw-server.ts";
import { batchMessage, running, sendRow } from "../support/factories.ts";
import { createManualClock, createTokens, nineOClock } from "../support/manual-clock.ts";
import { createMemoryBucket } from "../support/memory-bucket.ts";
import { createMemoryTable } from "../support/memory-table.ts";
import { createRecordedLog, createRecordedMetrics, createRecordedQueue } from "../support/recorders.ts";

const tls = (name: string) => readFileSync(new URL(`../enswitch/tls/${name}.pem`, import.meta.url), "utf8");
const own = { key: tls("key"), cert: tls("cert") };

/** A clock on which time passes only where somebody waits for it: no call is late, however busy the machine is. */
function createPatientClock(): Clock {
  let now = nineOClock;
  return {
    now: () => now,
    sleepUntil: async (at) => {
      now = Math.max(now, at);
    },
  };
}

/** A sender with a client of its own for `endpoint`, and what it works on. */
function world(endpoint: string, changes: Partial<SenderDeps> = {}) {
  const table = createMemoryTable();
  const bucket = createMemoryBucket();
  const { username, password } = simulatorAccount;
  const credentials = { username, password, version: "1" };
  let readings = 0;
  const deps: SenderDeps = {
    table,
    attachments: bucket,
    secret: {
      current: async () => {
        readings++;
        return credentials;
      },
      refresh: async () => credentials,
    },
    nudge: createRecordedQueue().enqueue,
    endpoint,
    ca: undefined,
    ceiling: 100,
    dayLimit: undefined,
    noteEveryMs: undefined,
    laneRate: undefined,
    afterOthersMs: undefined,
    consumers: 1,
    answerTimeoutMs: 20_000,
    clock: createManualClock(),
    freshToken: createTokens(),
    metrics: createRecordedMetrics().metrics,
    log: createRecordedLog().log,
    ...changes,
  };
  return { table, bucket, deps, sender: createSender(deps), readings: () => readings };
}

/** A world with a campaign under way, and an account that has been in use. */
async function sending(endpoint: string, changes: Partial<SenderDeps> = {}) {
  const made = world(endpoint, { clock: createPatientClock(), ...changes });
  const { table, deps, sender } = made;
  await createCampaigns(table).create(running(), undefined);
  await createAccountStore(deps).change((account) => ({
    account: { ...account, nextFreeAt: nineOClock, everAccepted: true },
    result: undefined,
  }));
  const send = async (message = batchMessage(1)) => {
    await using execution = sender.begin();
    return await execution.handle({ body: JSON.stringify(message), receiveCount: 1 }, nineOClock + 90_000);
  };
  return { ...made, send, account: createAccountStore(deps) };
}

describe("a sender's own client", () => {
  it("sends with the attachment that was planned, trusting the private authority that is given", async () => {
    await using simulator = await startEnswitchSimulator({ tls: own });
    const { bucket, send } = await sending(simulator.endpoint, { ca: own.cert });
    const planned = bucket.store("attachments/offer.txt", "Planned");
    bucket.store("attachments/offer.txt", "Replaced since");
    const files = [{ filename: "offer.txt", attachment: "attachments/offer.txt", version: planned }];
    expect(await send(batchMessage(1, { rows: [sendRow(1, { files })] }))).toEqual({ kind: "done" });
    expect(simulator.calls()).toMatchObject([{ accepted: true, files: [{ filename: "offer.txt", bytes: 7 }] }]);
  });

  it("waits for an answer as long as is set, and ends its connections with the execution", async () => {
    await using server = await startRawServer(() => {});
    const { send, table } = await sending(server.endpoint, { answerTimeoutMs: 100 });
    await send(batchMessage(1, { rows: [sendRow(1)] }));
    await server.allClosed();
    expect(server.connections.map((each) => each.received()).join("")).toContain(`cnumber=${sendRow(1).cnumber}&`);
    expect(JSON.stringify(table.item({ pk: "spring", sk: "batch#0000001" }))).toContain("within 0.1 s");
  });

  it("makes no more calls than the day allows", async () => {
    await using simulator = await startEnswitchSimulator();
    const { send, account } = await sending(simulator.endpoint, { dayLimit: { calls: 1, timezone: "UTC" } });
    await send();
    expect(simulator.calls()).toHaveLength(1);
    expect((await account.read()).dayFull).toMatchObject({ calls: 1 });
  });
});

describe("a rehearsal", () => {
  it("reads the account and the secret, opens a connection, and leaves none open", async () => {
    await using server = await startRawServer(() => {});
    const { sender, table, readings } = world(server.endpoint);
    await sender.rehearse();
    await server.allClosed();
    expect(server.connections.map((each) => each.received())).toEqual([""]);
    expect(table.calls.map(({ method, key }) => `${method} ${key.pk}`)).toEqual(["get account"]);
    expect(readings()).toBe(1);
  });

  it("fails nothing, whatever fails", async () => {
    const server = await startRawServer(() => {});
    await server[Symbol.asyncDispose]();
    const away = async () => {
      throw new Error("It is away.");
    };
    const table = { ...createMemoryTable(), get: away };
    await world(server.endpoint, { table, secret: { current: away, refresh: away } }).sender.rehearse();
  });

  it("is over after two seconds, whatever does not answer", async () => {
    await using server = await startRawServer(() => {});
    const clock = createManualClock();
    let over = false;
    const silent = () => new Promise<never>(() => {});
    const { sender } = world(server.endpoint, { clock, secret: { current: silent, refresh: silent } });
    const rehearsing = sender.rehearse().then(() => {
      over = true;
    });
    await server.opened(1);
    await clock.advance(1_999);
    expect(over).toBe(false);
    await clock.advance(1);
    await rehearsing;
    await server.allClosed();
  });
});
