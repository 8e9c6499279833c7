import { expect, it } from "vitest";
import { createClaimWindow, type Place } from "../../shared/send/claim-window.ts";
import { createManualClock, nineOClock } from "../support/manual-clock.ts";

const latest = nineOClock + 60_000;

/** A window into which as many batches go as there is room for. */
const world = () => {
  const clock = createManualClock();
  const window = createClaimWindow(clock);
  const inside: Place[] = [];
  return {
    clock,
    window,
    inside,
    /** Batches that ask; those that have entered are inside. */
    ask: async (count: number) => {
      for (let batch = 0; batch < count; batch++) {
        const place = window.place();
        void place.enter(latest).then((entered) => {
          if (!entered) return;
          place.granted();
          inside.push(place);
        });
      }
      await clock.advance(0);
    },
    /** The batch that has been inside longest leaves. */
    leave: async (usefully: boolean | undefined) => {
      inside.shift()?.leave(usefully);
      await clock.advance(0);
    },
  };
};

it("any number of batches is on its way while claims are of use", async () => {
  const { inside, ask, leave } = world();
  await ask(300);
  expect(inside).toHaveLength(300);
  for (let batch = 0; batch < 50; batch++) await leave(true);
  await ask(1_000);
  expect(inside).toHaveLength(1_250);
});

it("a moment in which the machine stood still narrows nothing: what is claimed after it is of use", async () => {
  const { inside, ask, leave } = world();
  await ask(16);
  for (let batch = 0; batch < 16; batch++) await leave(false);
  await ask(2);
  await leave(true);
  await leave(false);
  await ask(300);
  expect(inside).toHaveLength(300);
});

it("claims for nothing, one after another, halve what is on its way, once for all that entered before", async () => {
  const { inside, ask, leave } = world();
  await ask(1);
  await leave(false);
  await ask(16);
  await leave(false);
  await ask(20);
  expect(inside).toHaveLength(15);
  // Half of the sixteen, whatever comes of the others.
  for (let batch = 0; batch < 8; batch++) await leave(false);
  expect(inside).toHaveLength(8);
  for (let batch = 0; batch < 7; batch++) await leave(undefined);
  expect(inside).toHaveLength(8);
  // The first of those that entered since: four.
  await leave(false);
  for (let batch = 0; batch < 4; batch++) await leave(undefined);
  expect(inside).toHaveLength(4);
});

it("half of an odd number is the smaller half", async () => {
  const { inside, ask, leave } = world();
  await ask(1);
  await leave(false);
  await ask(17);
  await leave(false);
  await ask(20);
  for (let batch = 0; batch < 8; batch++) await leave(undefined);
  expect(inside).toHaveLength(8);
  for (let batch = 0; batch < 3; batch++) await leave(undefined);
  expect(inside).toHaveLength(8);
});

it("each place that is left lets one batch in, also when several are left at once, or one twice", async () => {
  const { clock, inside, ask, leave } = world();
  await ask(1);
  for (let claim = 0; claim < 5; claim++) {
    await leave(false);
    await ask(1);
  }
  await ask(9);
  const [one, two, three] = inside.splice(0);
  one?.leave(undefined);
  two?.leave(undefined);
  await clock.advance(0);
  expect(inside).toHaveLength(2);
  three?.leave(undefined);
  three?.leave(undefined);
  three?.[Symbol.dispose]();
  await clock.advance(0);
  expect(inside).toHaveLength(3);
});

it("three batches are on their way in any case, and each useful claim lets one more in", async () => {
  const { inside, ask, leave } = world();
  await ask(1);
  for (let claim = 0; claim < 5; claim++) {
    await leave(false);
    await ask(1);
  }
  await ask(9);
  expect(inside).toHaveLength(3);
  await leave(true);
  expect(inside).toHaveLength(4);
  await leave(true);
  expect(inside).toHaveLength(5);
});

it("batches enter in the order in which they asked, and one that cannot in time does not", async () => {
  const { clock, window } = world();
  const first = window.place();
  for (let claim = 0; claim < 2; claim++) {
    await first.enter(latest);
    first.granted();
    first.leave(false);
  }
  await first.enter(latest);
  await window.place().enter(latest);
  await window.place().enter(latest);
  const entered: string[] = [];
  const ask = (name: string, until: number) => {
    const place = window.place();
    void place.enter(until).then((may) => entered.push(`${name} ${may}`));
    return place;
  };
  using _late = ask("late", nineOClock + 1_000);
  using second = ask("second", latest);
  using _third = ask("third", latest);
  await clock.advance(1_000);
  expect(entered).toEqual(["late false"]);
  first.leave(undefined);
  await clock.advance(0);
  expect(entered).toEqual(["late false", "second true"]);
  second.leave(undefined);
  await clock.advance(0);
  expect(entered).toEqual(["late false", "second true", "third true"]);
});

it("a batch whose handling fails leaves its place to others", async () => {
  const { clock, window } = world();
  const first = window.place();
  for (let claim = 0; claim < 2; claim++) {
    await first.enter(latest);
    first.granted();
    first.leave(false);
  }
  await window.place().enter(latest);
  await window.place().enter(latest);
  const second = window.place();
  {
    using failing = window.place();
    await failing.enter(latest);
    void second.enter(latest);
  }
  let third = false;
  void window
    .place()
    .enter(latest)
    .then((may) => {
      third = may;
    });
  await clock.advance(0);
  expect(third).toBe(false);
  second.leave(undefined);
  await clock.advance(0);
  expect(third).toBe(true);
});
