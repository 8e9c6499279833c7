import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Account, freshAccount, type SlotGrant, takeSlots } from "../../shared/account/account.ts";
import { endOf, firstSlot, laneFor, lanesFrom, neglectedFrom } from "../../shared/account/lanes.ts";
import { slotsAtOnce } from "../../shared/account/slots.ts";
import { nineOClock } from "../support/manual-clock.ts";

const used: Account = { ...freshAccount, nextFreeAt: nineOClock };

const ask = (account: Account, holder: string, rate: number, now: number, laneRate?: number): SlotGrant =>
  takeSlots(
    account,
    {
      rows: slotsAtOnce(rate, laneRate),
      laneRate,
      latest: nineOClock + 600_000,
      ceiling: rate,
      holder,
      probeToken: "probe",
      probeLeaseMs: 35_000,
      answerStats: { answered: false, accepted: false, answerMs: 0 },
    },
    now,
  );

/** What so many executions get in `seconds`, each asking again whenever it may, at instants that `late` puts off. */
function share(rate: number, executions: number, seconds: number, late: (turn: number) => number) {
  let account = used;
  const slots: { readonly at: number; readonly by: string }[] = [];
  const asking = Array.from({ length: executions }, (_, index) => ({ by: `e${index}`, at: nineOClock }));
  for (let turn = 0; ; turn++) {
    const next = asking.reduce((first, one) => (one.at < first.at ? one : first));
    if (next.at > nineOClock + seconds * 1000) break;
    const grant = ask(account, next.by, rate, next.at);
    if (grant.kind === "slots") {
      account = grant.account;
      slots.push(...grant.slots.map((at) => ({ at, by: next.by })));
      next.at += 5;
    } else if (grant.kind === "ask-again") next.at = Math.max(next.at + 1, grant.at);
    next.at += late(turn);
  }
  return slots.toSorted((a, b) => a.at - b.at);
}

describe("a rate that needs several executions", () => {
  it("is held by as many as send side by side, each at its part of it", () => {
    const slots = share(1000, 5, 20, () => 0).filter(({ at }) => at < nineOClock + 15_000);
    expect(slots.length).toBeGreaterThan(0.98 * 15_000);
    const second = slots.filter(({ at }) => at >= nineOClock + 5_000 && at < nineOClock + 6_000);
    const counts = Map.groupBy(second, ({ by }) => by);
    expect([...counts.values()].map(({ length }) => length)).toEqual([200, 200, 200, 200, 200]);
  });

  it("is held by one alone while no others are there", () => {
    const slots = share(1000, 1, 20, () => 0).filter(({ at }) => at < nineOClock + 15_000);
    expect(slots.length).toBeGreaterThan(0.98 * 15_000);
  });

  it("is never exceeded, however many ask and whenever they do: no two slots are nearer than the rate allows", () => {
    const lateness = fc.array(fc.nat(2_000), { minLength: 1, maxLength: 50 });
    fc.assert(
      fc.property(fc.constantFrom(201, 500, 640, 1000), fc.integer({ min: 1, max: 11 }), lateness, (rate, n, late) => {
        const slots = share(rate, n, 8, (turn) => late[turn % late.length] ?? 0);
        const gaps = slots.slice(1).map(({ at }, index) => at - (slots[index]?.at ?? 0));
        expect(Math.min(...gaps, 1000)).toBeGreaterThanOrEqual(1000 / rate - 0.001);
      }),
      { numRuns: 50 },
    );
  });

  it("begins anew behind everything taken when the next free slot was moved, or the rate is another", () => {
    const first = ask(used, "a", 1000, nineOClock);
    if (first.kind !== "slots") throw new Error(first.kind);
    const moved = ask({ ...first.account, nextFreeAt: nineOClock + 1_400 }, "b", 1000, nineOClock);
    expect(moved).toMatchObject({ kind: "slots" });
    if (moved.kind === "slots") expect(moved.slots[0]).toBe(nineOClock + 1_400);
    const slower = ask(first.account, "b", 100, nineOClock);
    if (slower.kind === "slots") expect(slower.slots[0]).toBe(first.account.nextFreeAt);
    expect(slower).toMatchObject({ kind: "slots", account: { lanes: undefined } });
  });

  it("is one execution's alone where each may send as fast, behind all that was taken in lanes", () => {
    const lane = ask(used, "a", 1000, nineOClock);
    if (lane.kind !== "slots") throw new Error(lane.kind);
    const alone = ask(lane.account, "b", 1000, nineOClock, 1000);
    if (alone.kind !== "slots") throw new Error(alone.kind);
    expect(alone.slots).toHaveLength(1000);
    expect(alone.slots[0]).toBe(lane.account.nextFreeAt);
    expect(alone.account).toMatchObject({ nextFreeAt: lane.account.nextFreeAt + 1_000, lanes: undefined });
  });

  it("has a lane taken by somebody else once its next slot is fifty milliseconds from being lost, and no sooner", () => {
    const lanes = lanesFrom(1000, 5, nineOClock);
    const next = lanes.next.map((lane, index) => (index === 1 ? { at: lane.at + 1_000, holder: "a" } : lane));
    expect(laneFor({ rate: 1000, next }, "a", nineOClock - 50)).toBe(0);
    expect(laneFor({ rate: 1000, next }, "a", nineOClock - 51)).toBe(1);
    expect(neglectedFrom({ rate: 1000, next }, 30)).toBe(nineOClock - 80);
  });

  it("lets an execution go on in the lane that it has taken furthest, or in the one that is least far taken", () => {
    const taken = [3, 1, 2, 4, 5].map((seconds) => nineOClock + seconds * 1_000);
    const lanes = { rate: 1000, next: taken.map((at, index) => ({ at, holder: index < 3 ? "a" : "b" })) };
    expect(laneFor(lanes, "a", nineOClock)).toBe(0);
    expect(laneFor(lanes, "b", nineOClock)).toBe(4);
    expect(laneFor(lanes, "c", nineOClock)).toBe(1);
    expect(endOf(lanes)).toBe(nineOClock + 5_000);
    const [lane] = lanesFrom(1000, 5, nineOClock).next;
    if (lane === undefined) throw new Error("There are no lanes.");
    expect(firstSlot(lane, lanes, nineOClock + 12)).toBe(nineOClock + 15);
    expect(firstSlot(lane, lanes, nineOClock - 12)).toBe(nineOClock);
  });

  it("lets an execution reserve three seconds ahead in a lane of its own, and others half of that", () => {
    let account = used;
    const take = (holder: string) => {
      for (;;) {
        const grant = ask(account, holder, 1000, nineOClock);
        if (grant.kind !== "slots") return account.lanes?.next.map(({ at, holder }) => [at - nineOClock, holder]);
        account = grant.account;
      }
    };
    expect(take("a")).toEqual([
      [1_200, "a"],
      [1_201, "a"],
      [1_202, "a"],
      [1_203, "a"],
      [3_204, "a"],
    ]);
    expect(take("b")).toEqual([
      [3_200, "b"],
      [1_201, "a"],
      [1_202, "a"],
      [1_203, "a"],
      [3_204, "a"],
    ]);
  });

  it("has new lanes behind those of a division into another number", () => {
    const five = ask(used, "a", 1000, nineOClock);
    if (five.kind !== "slots") throw new Error(five.kind);
    const two = ask(five.account, "b", 1000, nineOClock, 500);
    if (two.kind !== "slots") throw new Error(two.kind);
    expect(two.slots[0]).toBe(five.account.nextFreeAt);
    expect(two.account.lanes?.next).toHaveLength(2);
  });
});
