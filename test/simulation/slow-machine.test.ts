import { expect, it } from "vitest";
import { heldRate, mostInASecond } from "../bench/calls-in-time.ts";
import { simulateSending } from "../bench/simulated-rate.ts";

it("a machine that cannot keep up with the rate sends more slowly, and not next to nothing", async () => {
  const rate = 200;
  const { calls } = await simulateSending({
    rate,
    rows: 1_000,
    stallEvery: Number.POSITIVE_INFINITY,
    shared: true,
    share: 0.25,
    withinSeconds: 60,
  });
  expect(calls).toHaveLength(1_000);
  expect(heldRate(calls.map(({ clockAt }) => clockAt)).worstSecond).toBeLessThanOrEqual(mostInASecond(rate));
});

it("executions that share a rate too high for one of them hold it together", async () => {
  const rate = 300;
  const { calls } = await simulateSending({
    rate,
    rows: 3_000,
    stallEvery: Number.POSITIVE_INFINITY,
    shared: false,
    withinSeconds: 60,
  });
  const times = calls.map(({ clockAt }) => clockAt).toSorted((a, b) => a - b);
  // They do not begin at once, and do not end at once.
  expect(heldRate(times.slice(rate, 8 * rate)).average).toBeGreaterThan(0.98 * rate);
  expect(heldRate(times).worstSecond).toBeLessThanOrEqual(mostInASecond(rate));
});
