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

/** A sender's surroundings, all of which but the ledger are out of bounds, and what was touched of them. */
const surroundings = (table: Table, clock: Clock = systemClock) => {
  const touched: string[] = [];
  const never = (what: string) => () => {
    touched.push(what);
    throw new Error(`Practice must not touch ${what}.`);
  };
  const deps: SenderDeps = {
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
  };
  return { deps, touched };
};

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

/** A phone system that needs no connections. */
const faked = (clock: Clock) => {
  const enswitch = createFakeEnswitch(clock);
  return { enswitch, connect: () => ({ ...enswitch, inFlight: () => 0, [Symbol.asyncDispose]: async () => {} }) };
};

describe("a sender that practises", () => {
  it("makes every call of the list in the second that it takes at the highest rate of one execution", async () => {
    const { table, keys, reads, changes, applied } = watched();
    const clock = createManualClock();
    const { enswitch, connect } = faked(clock);
    let over = false;
    const { deps, touched } = surroundings(table, clock);
    const practising = practise({ ...deps, connect }, "on-demand").then(() => {
      over = true;
    });
    await until("the ledger being asked", () => over || keys.length > 0);
    await clock.run(practising);
    expect(touched).toEqual([]);
    expect(enswitch.fired.map(({ cnumber, password }) => `${cnumber} ${password}`)).toEqual(
      Array(200).fill("0 practice"),
    );
    const times = enswitch.fired.map(({ at }) => at);
    expect(Math.min(...times.slice(1).map((at, index) => at - (times[index] ?? 0)))).toBe(5);
    expect(changes.filter(({ set }) => set?.["state"] === "done")).toHaveLength(8);
    expect(reads).toContainEqual({ consistent: true });
    expect(applied).toEqual([]);
    expect(new Set(keys.map(({ pk, sk }) => `${pk} ${sk}`))).toEqual(new Set(["/practice /"]));
    expect(clock.now()).toBeLessThan(nineOClock + 2_000);
  });

  it("sends a whole list through the code of a real one, and changes nothing in the ledger", async () => {
    const { table, keys, changes, applied } = watched();
    const batchesDone = () => changes.filter(({ set }) => set?.["state"] === "done").length;
    // It ends after three seconds whatever it has done by then, which on a busy machine may be less than all, but not before.
    const { deps, touched } = surroundings(table);
    await until("a list sent for practice", async () => {
      changes.length = 0;
      const almostEnds = systemClock.now() + 2_900;
      await practise(deps, "on-demand");
      if (systemClock.now() < almostEnds) expect(batchesDone()).toBe(8);
      return batchesDone() === 8;
    });
    expect(applied).toEqual([]);
    expect(touched).toEqual([]);
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
    const { deps, touched } = surroundings(table, clock);
    await practise({ ...deps, answerTimeoutMs: 1 }, "on-demand");
    expect(changes.some(({ set }) => set?.["hold"] !== undefined)).toBe(true);
    expect(touched).toEqual([]);
  });

  it.each(["provisioned-concurrency", undefined])(
    "does not where a start has no whole processor (%s)",
    async (type) => {
      const { table, keys } = watched();
      await practise(surroundings(table).deps, type);
      expect(keys).toEqual([]);
    },
  );

  it.each([0, 10, 20, 30, 40])(
    "does not mind a ledger that fails from request %i on, and tells nobody",
    async (from) => {
      const clock = createManualClock();
      const { table, keys } = watched();
      const failing =
        <Request extends unknown[], Answer>(ask: (...request: Request) => Promise<Answer>) =>
        async (...request: Request) => {
          if (keys.length >= from) throw new Error("The ledger is away.");
          return ask(...request);
        };
      const { deps, touched } = surroundings(
        { ...table, get: failing(table.get), update: failing(table.update) },
        clock,
      );
      let over = false;
      const practising = practise({ ...deps, connect: faked(clock).connect }, "on-demand").then(() => {
        over = true;
      });
      await until("practice under way", () => over || keys.length > 0);
      await clock.run(practising);
      expect(touched).toEqual([]);
    },
  );

  it.each(["get", "update"] as const)(
    "gives up after three seconds when the ledger does not answer a request to %s, and asks it nothing more",
    async (method) => {
      const clock = createManualClock();
      const { table, keys } = watched();
      const waiting: (() => void)[] = [];
      const silent = () => new Promise<undefined>((resolve) => waiting.push(() => resolve(undefined)));
      let over = false;
      const { deps } = surroundings({ ...table, [method]: silent }, clock);
      const practising = practise({ ...deps, connect: faked(clock).connect }, "on-demand").then(() => {
        over = true;
      });
      await until("the ledger being asked", () => waiting.length > 0);
      await clock.advance(2_999);
      expect(over).toBe(false);
      await clock.advance(1);
      expect(over).toBe(true);
      await practising;
      const before = [keys.length, waiting.length];
      for (const answer of waiting.splice(0)) answer();
      await clock.advance(60_000);
      expect([keys.length, waiting.length]).toEqual([before[0], 0]);
    },
  );
});
