import { describe, expect, it } from "vitest";
import { type Account, changeRate, type SlotRequest, takeSlots } from "../../shared/account/account.ts";
import { createAccountStore } from "../../shared/account/account-store.ts";
import { createPacer } from "../../shared/account/pacer.ts";
import { createThrottle, type Grant } from "../../shared/account/throttle.ts";
import { createManualClock, createTokens, nineOClock } from "../support/manual-clock.ts";
import { createMemoryTable, faultFor } from "../support/memory-table.ts";

const latest = nineOClock + 600_000;

/** A throttle on an account that is in use, at ten a second by default. */
const world = async (
  changes: Partial<Account> = {},
  { ceiling = 10, laneRate = undefined as number | undefined, callsPerDay = undefined as number | undefined } = {},
) => {
  const clock = createManualClock();
  const table = createMemoryTable();
  const freshToken = createTokens();
  const account = createAccountStore({ table, clock, freshToken });
  const answerStats = { answered: false, accepted: false, answerMs: 0 };
  await account.change((state) => ({ account: { ...state, nextFreeAt: nineOClock, ...changes }, result: undefined }));
  const pacer = createPacer(clock);
  const throttle = (unused: number[] = []) =>
    createThrottle({
      account: createAccountStore({ table, clock, freshToken }),
      clock,
      freshToken,
      ceiling,
      dayLimit: callsPerDay === undefined ? undefined : { calls: callsPerDay, timezone: "UTC" },
      laneRate,
      probeLeaseMs: 35_000,
      answerStats,
      unused,
      pacer,
    });
  table.calls.length = 0;
  return {
    clock,
    table,
    account,
    throttle,
    answerStats,
    updates: () => table.calls.filter(({ method }) => method === "update"),
  };
};

const slotsOf = (grant: Grant): readonly number[] => {
  if (grant.kind !== "slots") throw new Error(`There were no slots: ${grant.kind}.`);
  return grant.slots;
};

const after = (ms: number) => nineOClock + 200 + ms;

describe("batches of one execution", () => {
  it("that ask at once share one write, and get their slots in the order of asking", async () => {
    const { clock, throttle, updates } = await world();
    const ask = throttle();
    const grants = await clock.run(
      Promise.all([ask({ rows: 2, latest }), ask({ rows: 3, latest }), ask({ rows: 1, latest })]),
    );
    expect(grants.map(slotsOf)).toEqual([[after(0), after(100)], [after(200), after(300), after(400)], [after(500)]]);
    expect(updates()).toHaveLength(1);
  });

  it("that ask for more than a second get the next second's slots, none twice, and no batch is cut in two", async () => {
    const { clock, throttle } = await world();
    const ask = throttle();
    const grants = await clock.run(Promise.all(Array.from({ length: 5 }, () => ask({ rows: 4, latest }))));
    const slots = grants.flatMap(slotsOf);
    // The third asks for four and waits for the second second rather than get the two that are left of the first.
    expect(grants.map((grant) => slotsOf(grant).length)).toEqual([4, 4, 4, 4, 4]);
    expect(slots).toEqual(Array.from({ length: 20 }, (_, index) => after(100 * index)));
  });

  it("get a whole second of a fast rate by one write where one execution sends as fast as any may, else a lane's", async () => {
    const taking = async (laneRate: number | undefined) => {
      const { clock, account, throttle, updates } = await world({}, { ceiling: 1000, laneRate });
      const ask = throttle();
      const batches = Array.from({ length: 40 }, () => ask({ rows: 25, latest }));
      const [first, second] = (await clock.run(Promise.all(batches))).flatMap(slotsOf);
      const { lanes } = await account.read();
      return { writes: updates().length, apartMs: (second ?? 0) - (first ?? 0), lanes: lanes?.next.length };
    };
    expect(await taking(1000)).toEqual({ writes: 1, apartMs: 1, lanes: undefined });
    expect(await taking(undefined)).toEqual({ writes: 5, apartMs: 5, lanes: 5 });
  });

  it("wait when slots are given out far enough ahead", async () => {
    const { clock, throttle } = await world();
    const ask = throttle();
    for (let second = 0; second < 3; second++) await clock.run(ask({ rows: 10, latest }));
    const [slot] = slotsOf(await clock.run(ask({ rows: 1, latest })));
    expect(slot).toBe(after(3000));
    expect(clock.now()).toBe(after(0));
  });

  it("let another execution go on no sooner than half a holder's reach ahead", async () => {
    const { clock, throttle } = await world();
    const [one, other] = [throttle(), throttle()];
    await clock.run(one({ rows: 10, latest }));
    await clock.run(one({ rows: 10, latest }));
    const [slot] = slotsOf(await clock.run(other({ rows: 1, latest })));
    expect(slot).toBe(after(2000));
    expect(clock.now()).toBe(after(500));
  });

  it("notice within five seconds that the account was paused while they wait", async () => {
    const { clock, throttle, account } = await world({ nextFreeAt: nineOClock + 60_000 });
    const asked = throttle()({ rows: 1, latest });
    await clock.advance(1000);
    const pause = { code: "person" as const, reason: "Paused.", at: clock.now() };
    await account.change((state) => ({ account: { ...state, pause }, result: undefined }));
    expect(await clock.run(asked)).toEqual({ kind: "closed", admission: { kind: "paused", pause } });
    expect(clock.now()).toBe(nineOClock + 5000);
  });

  it("learn all together that there is no slot in time, and which is the first", async () => {
    const { clock, throttle } = await world({ nextFreeAt: nineOClock + 60_000 });
    const ask = throttle();
    const asked = [ask({ rows: 1, latest: nineOClock + 1000 }), ask({ rows: 1, latest: nineOClock + 1000 })];
    const answer = { kind: "too-late", firstFreeAt: nineOClock + 60_000 };
    expect(await clock.run(Promise.all(asked))).toEqual([answer, answer]);
  });

  it("get one probe, whose holder is alone; the others learn that it is under way", async () => {
    const { clock, throttle } = await world({ probeDue: true });
    const ask = throttle();
    const [probe, other] = await clock.run(Promise.all([ask({ rows: 2, latest }), ask({ rows: 2, latest })]));
    // It has no lead: it goes out as soon as it is claimed.
    expect(probe).toMatchObject({ kind: "slots", slots: [nineOClock] });
    expect(probe?.kind === "slots" && probe.probe).toBeTruthy();
    expect(other).toMatchObject({ kind: "closed", admission: { kind: "probing" } });
  });

  it("are all refused when the ledger fails, and the next to ask is served", async () => {
    const { clock, table, throttle } = await world();
    const ask = throttle();
    table.fault = faultFor("unreachable", () => true);
    const asked = [ask({ rows: 1, latest }), ask({ rows: 1, latest })];
    const results = await clock.run(Promise.allSettled(asked));
    expect(results.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    expect(slotsOf(await clock.run(ask({ rows: 1, latest })))).toHaveLength(1);
  });

  it("reserve what each of them can use, whole batches of a second, and one that is larger than that by itself", async () => {
    const { clock, account } = await world();
    const asked: Pick<SlotRequest, "rows" | "latest">[] = [];
    const answerStats = { answered: false, accepted: false, answerMs: 0 };
    const ask = createThrottle({
      account,
      clock,
      freshToken: createTokens("other"),
      ceiling: 10,
      dayLimit: undefined,
      laneRate: undefined,
      probeLeaseMs: 35_000,
      answerStats,
      unused: [],
      pacer: createPacer(clock),
      takeSlots: (state, request, now) => {
        asked.push({ rows: request.rows, latest: request.latest });
        return takeSlots(state, request, now);
      },
    });
    await clock.run(
      Promise.all([ask({ rows: 5, latest }), ask({ rows: 5, latest: latest - 7 }), ask({ rows: 1, latest })]),
    );
    await clock.run(ask({ rows: 25, latest }));
    expect([...new Set(asked.map(({ rows }) => rows))]).toEqual([10, 1, 25]);
    expect(asked[0]?.latest).toBe(latest - 7);
    asked.length = 0;
    await clock.run(Promise.all([ask({ rows: 1, latest }), ask({ rows: 10, latest })]));
    expect([...new Set(asked.map(({ rows }) => rows))]).toEqual([1, 10]);
  });

  it("learn how long answers take of late, as the account remembers it from all executions", async () => {
    const { clock, throttle, answerStats } = await world({ answerMs: 1_000 });
    await clock.run(throttle()({ rows: 1, latest }));
    expect(answerStats.answerMs).toBe(980);
  });

  it("hand on what they have seen of answers with the next reservation, once", async () => {
    const { clock, throttle, account, answerStats } = await world({ unknownRun: 4 });
    Object.assign(answerStats, { answered: true, accepted: true, answerMs: 700 });
    const ask = throttle();
    await clock.run(ask({ rows: 1, latest }));
    expect(await account.read()).toMatchObject({ unknownRun: 0, everAccepted: true, answerMs: 700 });
    expect(answerStats.answered).toBe(false);
  });
});

describe("slots that follow those of the same execution", () => {
  /** Two executions, each with its own view of the account; `again` is what the pacer of the first is told of each taking. */
  async function two() {
    const clock = createManualClock();
    const table = createMemoryTable();
    const freshToken = createTokens();
    const again: boolean[] = [];
    const epochs: number[] = [];
    const store = () => createAccountStore({ table, clock, freshToken });
    await store().change((state) => ({ account: { ...state, nextFreeAt: nineOClock }, result: undefined }));
    const throttle = (pacer: Parameters<typeof createThrottle>[0]["pacer"]) => {
      const answerStats = { answered: false, accepted: false, answerMs: 0 };
      return createThrottle({
        account: store(),
        clock,
        freshToken,
        ceiling: 10,
        dayLimit: undefined,
        laneRate: undefined,
        probeLeaseMs: 35_000,
        answerStats,
        unused: [],
        pacer,
      });
    };
    const one = throttle({
      took: ({ epoch }, told) => {
        again.push(told);
        epochs.push(epoch);
      },
    });
    const other = throttle({ took: () => {} });
    const take = (ask: ReturnType<typeof throttle>) => clock.run(ask({ rows: 1, latest }));
    return { table, again, epochs, store, takeOne: () => take(one), takeOther: () => take(other) };
  }

  it("are told from those that follow another's", async () => {
    const { again, takeOne, takeOther } = await two();
    for (const take of [takeOne, takeOne, takeOther, takeOne, takeOne]) await take();
    expect(again).toEqual([false, true, false, true]);
  });

  it("are told with the epoch under which they were taken", async () => {
    const { epochs, store, takeOne } = await two();
    await takeOne();
    await store().change((account) => ({ account: changeRate(account, 5, nineOClock), result: undefined }));
    await takeOne();
    expect(epochs).toEqual([0, 1]);
  });

  it("are not those after slots that it took behind another's without learning of it", async () => {
    const { table, again, takeOne, takeOther } = await two();
    await takeOne();
    await takeOther();
    // Its first try finds the other's slots; the second is applied, and it never hears of that.
    let updates = 0;
    table.fault = ({ method }) => (method === "update" && ++updates === 2 ? "answer-lost" : undefined);
    await expect(takeOne()).rejects.toThrow();
    await takeOne();
    await takeOne();
    expect(again).toEqual([false, false, true]);
  });

  it("are not those either where it decided again, because its own writing was overwritten at once", async () => {
    const { table, again, store, takeOne, takeOther } = await two();
    await takeOne();
    await takeOther();
    // Its first try finds the other's slots; the second is applied, and something else is written before it looks.
    let updates = 0;
    table.fault = ({ method }) => (method === "update" && ++updates === 2 ? "repeated" : undefined);
    const { get } = table;
    table.get = async (key, read) => {
      if (updates === 2) {
        updates++;
        await store().change((state) => ({ account: { ...state, everAccepted: true }, result: undefined }));
      }
      return get(key, read);
    };
    await takeOne();
    expect(again).toEqual([false, false]);
  });
});

describe("slots at which no call was made", () => {
  /** An execution that got five of the day's ten slots, and made calls at three of them. */
  const threeOfFive = async () => {
    const { clock, table, account, throttle } = await world({}, { callsPerDay: 10 });
    const unused: number[] = [];
    const ask = throttle(unused);
    const slots = slotsOf(await clock.run(ask({ rows: 5, latest })));
    unused.push(...slots.slice(3));
    const used = async () => (await account.read()).day?.used;
    return { clock, table, account, throttle, ask, unused, used };
  };

  it("are the day's again with the next reservation, once", async () => {
    const { clock, ask, unused, used } = await threeOfFive();
    expect(await used()).toBe(5);
    await clock.run(ask({ rows: 1, latest }));
    expect(unused).toEqual([]);
    expect(await used()).toBe(4);
    await clock.run(ask({ rows: 1, latest }));
    expect(await used()).toBe(5);
  });

  it("are given back, too, where there is nothing to be had", async () => {
    const { clock, account, ask, used } = await threeOfFive();
    const pause = { code: "person" as const, reason: "Paused.", at: clock.now() };
    await account.change((state) => ({ account: { ...state, pause }, result: undefined }));
    expect(await clock.run(ask({ rows: 1, latest }))).toMatchObject({ kind: "closed" });
    expect(await used()).toBe(3);
  });

  it("are given back whoever has changed the account since", async () => {
    const { clock, throttle, ask, used } = await threeOfFive();
    for (const other of [throttle(), throttle()]) await clock.run(other({ rows: 1, latest }));
    await clock.run(ask({ rows: 1, latest }));
    expect(await used()).toBe(6);
  });

  it("are not given back twice where that was written, the answer lost, and something else written before it looked", async () => {
    const { clock, table, account, ask, used } = await threeOfFive();
    let updates = 0;
    table.fault = ({ method }) => (method === "update" && ++updates === 1 ? "repeated" : undefined);
    const { get } = table;
    table.get = async (key, read) => {
      if (updates === 1) {
        updates++;
        await account.change((state) => ({ account: { ...state, everAccepted: true }, result: undefined }));
      }
      return get(key, read);
    };
    await clock.run(ask({ rows: 1, latest }));
    // Two slots were reserved, and one of them lost.
    expect(await used()).toBe(5);
  });

  it("are lost to the day where nobody knows whether they were given back", async () => {
    const { clock, table, ask, unused, used } = await threeOfFive();
    table.fault = faultFor("answer-lost", ({ method }) => method === "update");
    await expect(clock.run(ask({ rows: 1, latest }))).rejects.toThrow();
    expect(unused).toEqual([]);
    await clock.run(ask({ rows: 1, latest }));
    expect(await used()).toBe(5);
  });
});
