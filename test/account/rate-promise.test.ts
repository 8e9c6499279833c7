import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Account, changeRate, endProbe, rateOf, resumeAccount } from "../../shared/account/account.ts";
import { createAccountStore } from "../../shared/account/account-store.ts";
import { createPacer } from "../../shared/account/pacer.ts";
import { slowBatch } from "../../shared/account/slots.ts";
import { createThrottle } from "../../shared/account/throttle.ts";
import type { Clock } from "../../shared/ports/clock.ts";
import { mostInASecond } from "../bench/calls-in-time.ts";
import { createManualClock, createTokens, type ManualClock, nineOClock } from "../support/manual-clock.ts";
import { createMemoryTable } from "../support/memory-table.ts";

/** The stack's `sendsPerSecond`: above what any account here is set to. */
const ceiling = 1_000;

/** One execution of the sender, as far as the account and its calls go. */
interface Machine {
  /** When it works on batches, in ms from the start, and how many at once. */
  readonly busy: readonly { readonly from: number; readonly lasts: number; readonly batches: number }[];
  readonly batchRows: number;
  /** When it stands still, in ms after the last time, and how long. */
  readonly stills: readonly { readonly after: number; readonly lasts: number }[];
  /** What a connection and an answer of the ledger take. */
  readonly connectMs: number;
  readonly ledgerMs: number;
  /** Of the ledger's answers every so many are lost, after what they answer was done; 0: none. */
  readonly loses: number;
}

/** Something that a person does. */
interface Deed {
  readonly at: number;
  readonly rate: number | undefined;
}

interface Course {
  readonly rate: number;
  /** The most calls of the day; absent: no limit. */
  readonly callsPerDay?: number;
  readonly machines: readonly Machine[];
  readonly deeds: readonly Deed[];
}

/** A clock that wakes late when its machine stands still. */
function stillClock(clock: ManualClock, stills: Machine["stills"]): Clock {
  let end = nineOClock;
  const spans = stills.map(({ after, lasts }) => {
    const from = end + after;
    end = from + lasts;
    return { from, until: end };
  });
  const wakes = (at: number) => spans.find(({ from, until }) => from <= at && at < until)?.until ?? at;
  return { now: clock.now, sleepUntil: (at) => clock.sleepUntil(wakes(Math.max(at, clock.now()))) };
}

/**
 * Lets the machines send; returns when calls went out, how many slots were lost, which rates were set when, how many calls the day has
 * by the account's count, and how many slots without a call were not given back to it yet.
 */
async function run({ rate, callsPerDay, machines, deeds }: Course) {
  const clock = createManualClock();
  const table = createMemoryTable();
  const tokens = createTokens();
  const store = createAccountStore({ table, clock, freshToken: tokens });
  const inUse = { rate, nextFreeAt: nineOClock };
  await store.change((account) => ({ account: { ...account, ...inUse }, result: undefined }));
  const calls: number[] = [];
  let lost = 0;
  const unusedOf: number[][] = [];
  const rates = [{ at: nineOClock, rate }];

  const machine = async ({ busy, batchRows, stills, connectMs, ledgerMs, loses }: Machine): Promise<void> => {
    const own = stillClock(clock, stills);
    let updates = 0;
    const takes = () => own.sleepUntil(own.now() + ledgerMs / 2);
    const account = createAccountStore({
      clock: own,
      freshToken: tokens,
      table: {
        ...table,
        get: async (key, read) => {
          await takes();
          const item = await table.get(key, read);
          await takes();
          return item;
        },
        update: async (key, change) => {
          await takes();
          const item = await table.update(key, change);
          await takes();
          if (loses === 0 || ++updates % loses !== 0) return item;
          // A client that hears nothing tries once more, which finds its own change there, or what somebody made of it since.
          await own.sleepUntil(own.now() + 4 * ledgerMs);
          if (updates % 2 === 0) throw new Error("The answer was lost.");
          return table.update(key, change);
        },
      },
    });
    const pacer = createPacer(own);
    const answerStats = { answered: true, accepted: true, answerMs: 50 };
    const unused: number[] = [];
    unusedOf.push(unused);
    const throttle = createThrottle({
      account,
      clock: own,
      freshToken: tokens,
      ceiling,
      dayLimit: callsPerDay === undefined ? undefined : { calls: callsPerDay, timezone: "UTC" },
      laneRate: undefined,
      probeLeaseMs: 5_000,
      answerStats,
      unused,
      pacer,
    });

    const batch = async (until: number): Promise<void> => {
      const grant = await throttle({ rows: batchRows, latest: until });
      if (grant.kind !== "slots") return own.sleepUntil(own.now() + 200);
      const { slots, probe } = grant;
      await own.sleepUntil((slots[0] ?? 0) - 150);
      if ((await account.read()).epoch !== grant.epoch) return void unused.push(...slots);
      const fire = async (slot: number) => {
        using leave = await pacer.wait(slot, grant.rate, probe === undefined ? undefined : 1_000);
        if (leave !== undefined) await own.sleepUntil(own.now() + connectMs);
        const now = own.now();
        const went = leave?.use() === true;
        if (went) calls.push(now);
        else {
          lost++;
          unused.push(slot);
        }
        if (probe === undefined) return;
        await account.change((state, at) => ({
          account: endProbe(state, probe, went ? "accepted" : "not-fired", "", at, Math.max(0, now - slot)),
          result: undefined,
        }));
      };
      await Promise.all(slots.map(fire));
    };

    const work = async (from: number, until: number) => {
      await own.sleepUntil(from);
      while (own.now() < until) await batch(until).catch(() => own.sleepUntil(own.now() + 100));
    };
    await Promise.all(
      busy.flatMap(({ from, lasts, batches }) =>
        Array.from({ length: batches }, () => work(nineOClock + from, nineOClock + from + lasts)),
      ),
    );
  };

  const person = async ({ at, rate }: Deed) => {
    await clock.sleepUntil(nineOClock + at);
    const deed = (account: Account, now: number) =>
      rate === undefined ? resumeAccount(account) : changeRate(account, rate, now);
    await store.change((account, now) => ({ account: deed(account, now), result: undefined }));
    if (rate !== undefined) rates.push({ at: clock.now(), rate: rateOf(await store.read(), ceiling) });
  };

  await clock.run(Promise.all([...machines.map(machine), ...deeds.map(person)]));
  const { day } = await store.read();
  const unused = unusedOf.flat().length;
  return { calls: calls.toSorted((a, b) => a - b), lost, rates, used: day?.used ?? 0, unused };
}

/** How long calls already claimed may still be made at an old rate, ms. */
const settlingMs = (rate: number) => (rate < slowBatch.rows ? 1_000 * slowBatch.seconds + 500 : 3_000);

/** A second with more calls than the highest rate of its time allows, if there is one. */
function tooFullOf({ calls, rates }: Awaited<ReturnType<typeof run>>) {
  let first = 0;
  for (const [index, at] of calls.entries()) {
    while ((calls[first] ?? at) <= at - 1_000) first++;
    const inForce = rates.filter(
      (turn, n) => turn.at <= at && (rates[n + 1]?.at ?? at) > at - 1_000 - settlingMs(turn.rate),
    );
    const most = mostInASecond(Math.max(...inForce.map(({ rate }) => rate)));
    const count = index - first + 1;
    if (count > most) return { at: at - nineOClock, count, most };
  }
  return undefined;
}

const rates = fc.constantFrom(0.7, 0.999, 3.999, 9.5, 20, 50, 99.99, 100, 100.01, 130, 199.99, 200, 201, 320);

const busy = fc.array(
  fc.record({
    from: fc.nat({ max: 5_000 }),
    lasts: fc.integer({ min: 200, max: 5_000 }),
    batches: fc.integer({ min: 1, max: 6 }),
  }),
  { minLength: 1, maxLength: 3 },
);

const machineOf = (troubled: boolean) =>
  fc.record({
    busy,
    batchRows: fc.constantFrom(1, 3, 5, 10, 25, 50),
    stills: troubled
      ? fc.array(fc.record({ after: fc.nat({ max: 1_500 }), lasts: fc.nat({ max: 900 }) }), { maxLength: 15 })
      : fc.constant([]),
    connectMs: troubled ? fc.constantFrom(0, 0, 3, 30, 120) : fc.constant(0),
    ledgerMs: fc.constantFrom(2, 10, 40),
    loses: troubled ? fc.constantFrom(0, 0, 2, 5) : fc.constant(0),
  });

describe("executions that share an account", () => {
  const deeds = fc
    .array(fc.record({ at: fc.nat({ max: 8_000 }), rate: fc.option(rates, { nil: undefined }) }), { maxLength: 3 })
    .map((some) => some.toSorted((a, b) => a.at - b.at));
  const coursesOf = (troubled: boolean) =>
    fc.record({ rate: rates, machines: fc.array(machineOf(troubled), { minLength: 1, maxLength: 3 }), deeds });

  it("never make more calls in a second than promised, however machines stand still, answers are lost and rates change", async () => {
    await fc.assert(
      fc.asyncProperty(coursesOf(true), async (course) => {
        expect(tooFullOf(await run(course))).toBeUndefined();
      }),
      { numRuns: 30 },
    );
  });

  it("lose no slot as long as none of them is late", async () => {
    await fc.assert(
      fc.asyncProperty(coursesOf(false), async (course) => {
        expect((await run(course)).lost).toBe(0);
      }),
      { numRuns: 30 },
    );
  });

  it("never make more calls than the day's limit, and the slots that they lose are the day's again", async () => {
    const limited = (course: fc.Arbitrary<Course>) =>
      fc.record({ course, callsPerDay: fc.integer({ min: 1, max: 300 }) }).map(({ course, callsPerDay }) => ({
        ...course,
        callsPerDay,
      }));
    await fc.assert(
      fc.asyncProperty(limited(coursesOf(true)), async (course) => {
        const { calls, used, unused } = await run(course);
        expect(calls.length).toBeLessThanOrEqual(course.callsPerDay);
        expect(used).toBeGreaterThanOrEqual(calls.length + unused);
      }),
      { numRuns: 60 },
    );
    const alone = machineOf(true).map((machine) => ({ ...machine, loses: 0 }));
    const undisturbed = fc.record({ rate: rates, machines: fc.tuple(alone), deeds: fc.constant([]) });
    await fc.assert(
      fc.asyncProperty(limited(undisturbed), async (course) => {
        const { calls, used, unused } = await run(course);
        expect(used).toBe(calls.length + unused);
      }),
      { numRuns: 60 },
    );
  });
});
