import { expect, test } from "vitest";
import { createVirtualTime } from "./virtual-time.ts";

test("the limit comes when nothing is scheduled before it, and what is scheduled later happens in the next run", async () => {
  const time = createVirtualTime(1_000);
  const happened: number[] = [];
  for (const at of [1_500, 3_000]) time.at(at, () => happened.push(time.now()));
  await time.run(() => false, 2_000);
  expect({ happened, now: time.now() }).toEqual({ happened: [1_500], now: 2_000 });
  await time.run(() => false, 4_000);
  expect({ happened, now: time.now() }).toEqual({ happened: [1_500, 3_000], now: 4_000 });
});

test("a run is over at the event that says so", async () => {
  const time = createVirtualTime(1_000);
  let over = false;
  time.at(1_200, () => {
    over = true;
  });
  await time.run(() => over, 2_000);
  expect(time.now()).toBe(1_200);
});
