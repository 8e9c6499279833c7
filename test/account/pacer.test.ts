import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createPacer, type Pacer } from "../../shared/account/pacer.ts";
import { intervalMs, slotsAtOnce } from "../../shared/account/slots.ts";
import { heldRate, mostInASecond, worstSecondOf } from "../bench/calls-in-time.ts";
import { createManualClock, nineOClock } from "../support/manual-clock.ts";

const rate = 50;
const epoch = 1;
const slotAt = (index: number, of = rate) => nineOClock + index * intervalMs(of);
const slotsOf = (from: number, count: number, of = rate) =>
  Array.from({ length: count }, (_, index) => slotAt(from + index, of));

/** A pacer at 50 a second that has taken four seconds of slots, and a way to ask it for one `late` ms late. */
function world({ of = rate, seconds = 4 } = {}) {
  const clock = createManualClock();
  const pacer = createPacer(clock);
  const take = (from: number, count: number, again = true, under = epoch) =>
    pacer.took({ slots: slotsOf(from, count, of), rate: of, epoch: under }, again);
  take(0, seconds * of, false);
  /** Whether a call may go out `late` ms after its slot, which is that of so many seconds after nine. */
  const mayGo = async (second: number, late: number, toleranceMs?: number) => {
    const slot = slotAt(second * of, of);
    await clock.advanceTo(slot + late);
    using leave = await clock.run(pacer.wait(slot, of, toleranceMs));
    return leave?.use() ?? false;
  };
  return { clock, pacer, take, mayGo };
}

/** How many calls of six slots go out at 1,050 ms, three of them late: slots were taken from nine on, and others from `from` on. */
async function outOfSix(taken: { from: number; again: boolean; under?: number; before?: number }): Promise<number> {
  const clock = createManualClock();
  const pacer = createPacer(clock);
  const { from, again, under = epoch, before = rate } = taken;
  pacer.took({ slots: slotsOf(0, 45, before), rate: before, epoch }, false);
  pacer.took({ slots: slotsOf(from, 200), rate, epoch: under }, again);
  await clock.advanceTo(nineOClock + 1_050);
  const leaves = slotsOf(47, 6).map(async (slot) => {
    using leave = await pacer.wait(slot, rate);
    return leave?.use() === true && clock.now() <= nineOClock + 1_050;
  });
  return (await clock.run(Promise.all(leaves))).filter((now) => now).length;
}

describe("a call that is late", () => {
  it("goes out within half a second of its slot where nobody else has slots for a second around it", async () => {
    expect(await world().mayGo(2, 499)).toBe(true);
    expect(await world().mayGo(2, 500)).toBe(false);
    // Behind its last slot others' begin.
    expect(await world().mayGo(4, 499)).toBe(false);
  });

  it("goes by the tolerance alone where its slot is before the first that followed others'", async () => {
    expect(await outOfSix({ from: 47, again: false })).toBe(6);
    expect(await outOfSix({ from: 50, again: false })).toBe(3);
    expect(await outOfSix({ from: 50, again: true })).toBe(6);
  });

  it("goes out shortly before others' slots, too, and leaves room for them", async () => {
    /** When calls go out, ms from nine, each of them `late` ms late: those of two seconds of slots, and then others' on time. */
    const withOthers = async (late: number) => {
      const manual = createManualClock();
      const clock = {
        now: manual.now,
        sleepUntil: (at: number) => manual.sleepUntil(Math.max(manual.now(), at + late)),
      };
      const pacer = createPacer(clock);
      pacer.took({ slots: slotsOf(0, 100), rate, epoch }, false);
      const fire = async (slot: number) => {
        using leave = await pacer.wait(slot, rate);
        return leave?.use() ? [manual.now() - nineOClock] : [];
      };
      const own = (await manual.run(Promise.all(slotsOf(0, 100).map(fire)))).flat();
      return { own, all: [...own, ...slotsOf(100, 100).map((at) => at - nineOClock)] };
    };
    const punctual = await withOthers(0);
    expect(punctual.own).toHaveLength(100);
    const late = await withOthers(40);
    expect(late.own).toHaveLength(98);
    expect(late.own.at(-1)).toBe(1_980);
    expect(heldRate(late.all).worstSecond).toBe(50);
    const later = await withOthers(300);
    expect(later.own).toHaveLength(85);
    expect(heldRate(later.all).worstSecond).toBe(50);
  });

  it("leaves room for others' slots that have begun, for as long as its own may be used", async () => {
    const of = 150;
    const { clock, pacer, take } = world({ of, seconds: 2 });
    const fire = async (at: number, slot: number) => {
      await clock.advanceTo(nineOClock + at);
      using leave = await clock.run(pacer.wait(slotAt(slot, of), of));
      return leave?.use() ?? false;
    };
    for (let call = 0; call < 150; call++) await fire(1_001 + 6.62 * call, 105 + call);
    await clock.advanceTo(nineOClock + 2_000);
    take(10 * of, of, false);
    expect(await fire(2_001, 299)).toBe(false);
  });

  it("counts slots taken again as one span, a gap between them or not, under one epoch and at one rate", async () => {
    expect(await outOfSix({ from: 51, again: true })).toBe(6);
    expect(await outOfSix({ from: 51, again: true, under: epoch + 1 })).toBe(2);
    expect(await outOfSix({ from: 51, again: true, before: rate - 1 })).toBe(2);
  });

  it("goes by the tolerance alone at a rate that several executions share", async () => {
    expect(await world({ of: 201 }).mayGo(2, 9)).toBe(true);
    expect(await world({ of: 201 }).mayGo(2, 10)).toBe(false);
    expect(await world({ of: 200 }).mayGo(2, 10)).toBe(true);
  });

  it("goes by the tolerance alone where its slot is of another rate than those taken last", async () => {
    const { clock, pacer } = world();
    await clock.advanceTo(nineOClock + 2_300);
    expect(await clock.run(pacer.wait(nineOClock + 2_000, rate - 1))).toBeUndefined();
  });

  it("goes by its own tolerance, if it has one", async () => {
    expect(await world().mayGo(0, 999, 1_000)).toBe(true);
    expect(await world().mayGo(0, 1_000, 1_000)).toBe(false);
    expect(await world().mayGo(2, 999, 1_000)).toBe(true);
  });
});

describe("a call that is not late", () => {
  it.each([10, 100, 250])(
    "goes out at %d a second whatever slots were taken since, and whoever took those between",
    async (of) => {
      const clock = createManualClock();
      const pacer = createPacer(clock);
      pacer.took({ slots: slotsOf(0, of, of), rate: of, epoch }, false);
      await clock.advance(100);
      pacer.took({ slots: slotsOf(2 * of, of, of), rate: of, epoch }, false);
      const leaves = slotsOf(of / 2, of / 2, of).map(async (slot) => {
        using leave = await pacer.wait(slot, of);
        return leave?.use();
      });
      expect((await clock.run(Promise.all(leaves))).filter((went) => went)).toHaveLength(of / 2);
    },
  );

  it("goes out late in an earlier span, too", async () => {
    const { pacer, mayGo } = world();
    pacer.took({ slots: slotsOf(10 * rate, rate), rate, epoch }, false);
    pacer.took({ slots: slotsOf(11 * rate, rate), rate, epoch }, true);
    expect(await mayGo(2, 499)).toBe(true);
  });

  it("waits for room for a second after one that was", async () => {
    const { clock, pacer } = world({ seconds: 6 });
    const fire = async (slot: number) => {
      using leave = await pacer.wait(slot, rate);
      return leave?.use() ? clock.now() - nineOClock : undefined;
    };
    /** How many of ten calls that are on time go out at once after one that was `late` ms late. */
    const atOnce = async (from: number, late: number) => {
      const at = slotAt(from) + late;
      await clock.advanceTo(at);
      await clock.run(fire(slotAt(from)));
      const times = await clock.run(Promise.all(Array.from({ length: 10 }, () => fire(at))));
      return times.filter((went) => went === at - nineOClock).length;
    };
    expect(await atOnce(100, 19)).toBe(10);
    expect(await atOnce(200, 20)).toBe(8);
  });

  it("goes out as its slot has it from a second after one that was", async () => {
    const { clock, pacer } = world({ seconds: 6 });
    const at = slotAt(100) + 20;
    const fire = async (slot: number) => {
      using leave = await pacer.wait(slot, rate);
      return leave?.use() ? clock.now() - at : undefined;
    };
    await clock.advanceTo(at);
    expect(await clock.run(fire(slotAt(100)))).toBe(0);
    await clock.advanceTo(at + 1_000);
    const times = await clock.run(Promise.all(Array.from({ length: 10 }, () => fire(at + 1_000))));
    expect(times).toEqual(Array.from({ length: 10 }, () => 1_000));
  });
});

/** Asks for every slot of seconds two to three at `at`, and says when each went out, in ms from nine; undefined: not at all. */
async function afterStandstill(at: number, of: number) {
  const { clock, pacer } = world({ of });
  await clock.advanceTo(nineOClock + at);
  return clock.run(
    Promise.all(
      slotsOf(2 * of, of, of).map(async (slot) => {
        using leave = await pacer.wait(slot, of);
        return leave?.use() ? clock.now() - nineOClock : undefined;
      }),
    ),
  );
}

describe("calls after a standstill", () => {
  it("follow each other by half as fast again as the rate, in the order of their slots, and none is lost that is in time", async () => {
    const times = await afterStandstill(2_200, 50);
    const went = times.filter((at) => at !== undefined);
    expect(went).toHaveLength(50);
    expect(went.slice(0, 9)).toEqual(Array.from({ length: 9 }, () => 2_200));
    expect(went[9]).toBe(2_300);
    expect(went).toEqual(went.toSorted((a, b) => a - b));
    // From 2.4 s on there is nothing left to catch up with.
    expect(went.slice(-25)).toEqual(slotsOf(125, 25).map((at) => at - nineOClock));
  });

  it.each([
    [50, 51],
    [100, 101],
    [150, 152],
  ])(
    "are never more in a second than the rate of %i and one more, above 100/s another 1 %%, whatever there is to catch up with",
    async (of, most) => {
      const { clock, pacer } = world({ of, seconds: 6 });
      const went: number[] = [];
      const ask = async (index: number) => {
        if (index >= 2 * of && index < 2.2 * of) await clock.sleepUntil(nineOClock + 2_430);
        using leave = await pacer.wait(slotAt(index, of), of);
        if (leave?.use()) went.push(clock.now());
      };
      await clock.run(Promise.all(Array.from({ length: 6 * of }, (_, index) => ask(index))));
      expect(heldRate(went).worstSecond).toBe(most);
      // What could not be made up for until the last second is lost there.
      expect(went.length).toBeGreaterThan(5.7 * of);
      expect(went.length).toBeLessThan(6 * of);
    },
  );

  it("wait one after the other, so that a machine that is late already is not woken for all of them", async () => {
    const manual = createManualClock();
    let sleeps = 0;
    const clock = {
      now: manual.now,
      sleepUntil: (at: number) => {
        if (at > manual.now()) sleeps++;
        return manual.sleepUntil(at);
      },
    };
    const pacer = createPacer(clock);
    pacer.took({ slots: slotsOf(0, 300), rate, epoch }, false);
    await manual.advanceTo(nineOClock + 2_490);
    await manual.run(Promise.all(slotsOf(100, 24).map((slot) => pacer.wait(slot, rate))));
    expect(sleeps).toBeLessThan(4);
  });

  it("make room for others when they come to nothing", async () => {
    const afterNine = async (toNothing: boolean) => {
      const { clock, pacer } = world();
      await clock.advanceTo(nineOClock + 2_400);
      const leaves = await clock.run(Promise.all(slotsOf(100, 9).map((slot) => pacer.wait(slot, rate))));
      for (const leave of toNothing ? leaves : []) leave?.[Symbol.dispose]();
      await clock.run(pacer.wait(slotAt(109), rate));
      return clock.now() - nineOClock;
    };
    expect(await afterNine(false)).toBe(2_500);
    expect(await afterNine(true)).toBe(2_400);
  });

  it("are judged again when they go out, however long their connection took", async () => {
    const { clock, pacer } = world({ seconds: 6 });
    await clock.advanceTo(nineOClock + 2_000);
    const leave = await clock.run(pacer.wait(slotAt(100), rate));
    await clock.advance(499);
    expect(leave?.use()).toBe(true);
    const other = await clock.run(pacer.wait(slotAt(124), rate));
    await clock.advance(500);
    expect(other?.use()).toBe(false);
    // Nine at once fill a tenth of a second; those that have leave are among them.
    const many = await clock.run(Promise.all(slotsOf(130, 9).map((slot) => pacer.wait(slot, rate))));
    await clock.advance(150);
    const more = await clock.run(Promise.all(slotsOf(139, 9).map((slot) => pacer.wait(slot, rate))));
    const used = [...more, ...many].map((leave) => leave?.use() ?? false);
    expect(used.filter((went) => went)).toHaveLength(9);
  });

  it("are not held up by calls of a time that the clock was put back from", async () => {
    let ahead = 3_600_000;
    const manual = createManualClock();
    const clock = { now: () => manual.now() + ahead, sleepUntil: (at: number) => manual.sleepUntil(at - ahead) };
    const pacer = createPacer(clock);
    const fire = async (slot: number) => {
      using leave = await pacer.wait(slot, rate);
      return leave?.use() ?? false;
    };
    /** How many calls go out of those that are 100 ms late. */
    const late = async (from: number) => {
      const slots = Array.from({ length: 9 }, (_, index) => from + index);
      pacer.took({ slots: [...slots, from + 5_000], rate, epoch }, false);
      await manual.advance(150);
      return (await manual.run(Promise.all(slots.map(fire)))).filter((went) => went).length;
    };
    expect(await late(clock.now())).toBe(9);
    ahead = 0;
    expect(await late(clock.now())).toBe(9);
  });
});

/** One of several executions that take slots in turn, on a machine that stands still at times. */
interface Executing {
  readonly pacer: Pacer;
  /** When it wakes that is to wake at `at`. */
  readonly wakes: (at: number) => number;
}

const standstills = fc.array(fc.record({ after: fc.nat({ max: 1_500 }), lasts: fc.nat({ max: 900 }) }), {
  maxLength: 12,
});

/** Wakes at the end of the standstill that an instant is in. */
function wakesOf(stills: readonly { readonly after: number; readonly lasts: number }[]) {
  let at = nineOClock;
  const spans = stills.map(({ after, lasts }) => {
    const from = at + after;
    at = from + lasts;
    return { from, until: at };
  });
  return (instant: number) => spans.find(({ from, until }) => from <= instant && instant < until)?.until ?? instant;
}

/** Lets executions take turns at one of these rates, on machines that stand still now and then, and counts each second's calls. */
async function neverTooMany(rates: readonly number[], { laneRate, numRuns }: { laneRate?: number; numRuns: number }) {
  const executions = fc.array(standstills, { minLength: 1, maxLength: 3 });
  const turns = fc.array(fc.record({ by: fc.nat({ max: 2 }), seconds: fc.integer({ min: 1, max: 5 }) }), {
    minLength: 1,
    maxLength: 3,
  });
  const connecting = fc.nat({ max: 60 });
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...rates),
      executions,
      turns,
      connecting,
      async (of, machines, order, connectMs) => {
        const clock = createManualClock();
        const all = machines.map((stills): Executing => {
          const wakes = wakesOf(stills);
          const sleepUntil = (at: number) => clock.sleepUntil(wakes(Math.max(at, clock.now())));
          return { wakes, pacer: createPacer({ now: clock.now, sleepUntil }, laneRate) };
        });
        const went: number[] = [];
        const calling: Promise<void>[] = [];
        let next = 5;
        let last: Executing | undefined;
        for (const { by, seconds } of order) {
          const one = all[by % all.length];
          if (one === undefined) continue;
          for (let block = 0; block < seconds; block++) {
            const slots = slotsOf(next, slotsAtOnce(of, laneRate), of);
            next += slots.length;
            one.pacer.took({ slots, rate: of, epoch }, one === last);
            last = one;
            for (const slot of slots) {
              const call = async () => {
                using leave = await one.pacer.wait(slot, of);
                await clock.sleepUntil(one.wakes(clock.now() + (Math.floor(slot) % (connectMs + 1))));
                if (leave?.use()) went.push(clock.now());
              };
              calling.push(call());
            }
          }
        }
        await clock.run(Promise.all(calling));
        expect(worstSecondOf(went)).toBeLessThanOrEqual(mostInASecond(of));
      },
    ),
    { numRuns },
  );
}

it("no second has more calls than the promise, whoever takes slots and however machines stand still", () =>
  neverTooMany([0.7, 2, 3.999, 9.5, 20, 60, 99.9, 100, 130], { numRuns: 60 }));

it("nor has one where a single execution sends as fast as any may", () =>
  neverTooMany([500, 1000], { laneRate: 1000, numRuns: 4 }));

it("at a fast rate a call may be late only where its execution sends alone", async () => {
  const late = async (laneRate: number | undefined) => {
    const clock = createManualClock();
    const pacer = createPacer(clock, laneRate);
    pacer.took({ slots: slotsOf(0, 3_000, 1000), rate: 1000, epoch }, false);
    await clock.advanceTo(nineOClock + 1_100);
    using leave = await clock.run(pacer.wait(slotAt(1_000, 1000), 1000));
    return leave?.use() ?? false;
  };
  expect(await late(1000)).toBe(true);
  expect(await late(undefined)).toBe(false);
});
