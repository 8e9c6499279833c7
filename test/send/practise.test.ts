import { describe, expect, it } from "vitest";
import type { Clock } from "../../shared/ports/clock.ts";
import { systemClock } from "../../shared/ports/clock.ts";
import type { Change, Key, Table } from "../../shared/ports/table.ts";
import { practise } from "../../shared/send/practise.ts";
import type { SenderDeps } from "../../shared/send/sender.ts";
import { createFakeEnswitch } from "../support/fake-enswitch.ts";
import { createManualClock, createTokens, nineOClock } from "../support/manual-clock.ts";
import { createMemoryTable } from "../support/memory-table.ts";
import { until } from "../support/until.ts";

const never = (what: string) => () => {
  throw new Error(`Practice must not touch ${what}.`);
};

/** A sender's surroundings, all of which but the ledger are out of bounds. */
const surroundings = (table: Table, clock: Clock = systemClock): SenderDeps => ({
  table,
  attachments: { get: never("attachments") },
  secret: { current: never("the secret"), refresh: never("the secret") },
  nudge: never("the queue"),
  endpoint: "https://pbx.example.com/api/json",
  ca: "no certificate",
  ceiling: 10,
  dayLimit: { calls: 1, timezone: "UTC" },
  noteEveryMs: undefined,
  laneRate: undefined,
  afterOthersMs: undefined,
  consumers: 2,
  answerTimeoutMs: 20_000,
  clock,
  freshToken: createTokens(),
  metrics: { add: never("metrics") },
  log: { info: never("the log"), warn: never("the log"), error: never("the log") },
});

/** A ledger that remembers what it was asked. */
const watched = () => {
  const table = createMemoryTable();
  const keys: Key[] = [];
  const changes: Change[] = [];
  const applied: unknown[] = [];
  const reads: unknown[] = [];
  return {
    keys,
    reads,
    changes,
    applied,
    table: {
      ...table,
      get: async (...request: Parameters<Table["get"]>) => {
        keys.push(request[0]);
        reads.push(request[1]);
        return table.get(...request);
      },
      update: async (key: Key, change: Change) => {
        keys.push(key);
        changes.push(change);
        const item = await table.update(key, change);
        if (item !== undefined) applied.push(item);
        return item;
      },
    },
  };
};

describe("a sender that practises", () => {
  it("makes every call of the list in the second that it takes at the highest rate of one execution", async () => {
    const { table, keys, reads, changes, applied } = watched();
    const clock = createManualClock();
    const enswitch = createFakeEnswitch(clock);
    const connect = () => ({ ...enswitch, inFlight: () => 0, [Symbol.asyncDispose]: async () => {} });
    let over = false;
    const practising = practise({ ...surroundings(table, clock), connect }, "on-demand").then(() => {
      over = true;
    });
    await until("the ledger being asked", () => over || keys.length > 0);
    await clock.run(practising);
    expect(enswitch.fired.map(({ cnumber, password }) => `${cnumber} ${password}`)).toEqual(
      Array(200).fill("0 practice"),
    );
    expect(new Set(enswitch.fired.map(({ at }) => at)).size).toBe(200);
    expect(changes.filter(({ set }) => set?.["state"] === "done")).toHaveLength(8);
    expect(reads).toContainEqual({ consistent: true });
    expect(applied).toEqual([]);
    expect(clock.now()).toBeLessThan(nineOClock + 2_000);
  });

  it("sends a whole list through the code of a real one, and changes nothing in the ledger", async () => {
    const { table, keys, changes, applied } = watched();
    const batchesDone = () => changes.filter(({ set }) => set?.["state"] === "done").length;
    // It ends after three seconds whatever it has done by then, which on a busy machine may be less than all.
    await until("a list sent for practice", async () => {
      changes.length = 0;
      await practise(surroundings(table), "on-demand");
      return batchesDone() === 8;
    });
    expect(applied).toEqual([]);
    expect(new Set(keys.map(({ pk, sk }) => `${pk} ${sk}`))).toEqual(new Set(["/practice /"]));
  });

  it("tells nobody when its own calls fail and its own account is put on hold", async () => {
    const { table, changes } = watched();
    // Between a call and its answer time passes, so that every one of them is late.
    const pause = new Int32Array(new SharedArrayBuffer(4));
    const clock: Clock = {
      ...systemClock,
      now: () => {
        setImmediate(() => Atomics.wait(pause, 0, 0, 3));
        return systemClock.now();
      },
    };
    const told: unknown[] = [];
    const nudge = async (bodies: readonly string[]) => void told.push(...bodies);
    await practise({ ...surroundings(table, clock), answerTimeoutMs: 1, nudge }, "on-demand");
    expect(changes.some(({ set }) => set?.["hold"] !== undefined)).toBe(true);
    expect(told).toEqual([]);
  });

  it.each(["provisioned-concurrency", undefined])(
    "does not where a start has no whole processor (%s)",
    async (type) => {
      const { table, keys } = watched();
      await practise(surroundings(table), type);
      expect(keys).toEqual([]);
    },
  );

  it("does not mind a ledger that fails", async () => {
    const table = {
      ...createMemoryTable(),
      get: never("a ledger that is away"),
      update: never("a ledger that is away"),
    };
    await practise(surroundings(table), "on-demand");
  });

  it("gives up after three seconds when the ledger does not answer, and asks it nothing more", async () => {
    const clock = createManualClock();
    const asked: (() => void)[] = [];
    const silent = () => new Promise<undefined>((resolve) => asked.push(() => resolve(undefined)));
    const practising = practise(
      surroundings({ ...createMemoryTable(), get: silent, update: silent }, clock),
      "on-demand",
    );
    await until("the ledger being asked", () => asked.length > 0);
    await clock.advance(3_000);
    await practising;
    const before = asked.length;
    for (const answer of asked) answer();
    await clock.advance(60_000);
    expect(asked).toHaveLength(before);
  });
});
