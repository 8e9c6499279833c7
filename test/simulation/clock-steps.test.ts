import { describe, expect, test } from "vitest";
import { latestMs } from "../../shared/account/slots.ts";
import { heldRate, mostInASecond } from "../bench/calls-in-time.ts";
import { type Scenario, scenarioOf } from "./scenario.ts";
import { type Run, simulate } from "./simulate.ts";

/*
 * One machine's clock, by which everything on it goes, is set while it sends: by a person, or by NTP after it had been wrong. (Summer
 * time sets no clock: they all count from 1970. A machine that slept is one that was frozen, with a clock that is right again.)
 */

const second = 1_000;
const minute = 60 * second;
const steps = [400, 900, 3 * second, 30 * second, 10 * minute, 60 * minute].flatMap((ms) => [ms, -ms]);

/**
 * What is measured by the world's time, which such a clock does not show: it says nothing here. So is how long the options of a list are
 * waited for, because the simulated S3 has the world's clock and not this machine's.
 */
const byTheWorldsTime = ["slots lost", "too slow", "renewed without need", "over the day's limit", "wrong options"];

const failuresOf = ({ failures }: Run) => failures.filter(({ invariant }) => !byTheWorldsTime.includes(invariant));

const withStep = (scenario: Scenario, afterMs: number, byMs: number): Scenario => ({
  ...scenario,
  clockSteps: [{ afterMs, byMs }],
});

describe.each(steps)("a clock that is set by %i ms", (byMs) => {
  test("makes nobody be texted twice or forgotten, and no report wrong, whatever else goes wrong", async () => {
    for (let seed = 0; seed < 8; seed++) {
      const number = 7_000 + 13 * steps.indexOf(byMs) + seed;
      const scenario = withStep(scenarioOf(number), 5_000 + 37_000 * seed, byMs);
      expect([number, failuresOf(await simulate(number, { scenario }))]).toEqual([number, []]);
    }
  });

  test.each([1, 10, 50])(
    "lets out at most half a second's calls more in any one second at %i calls a second, and makes it late by no more than it was put back",
    async (rate) => {
      const calm = [...Array(100).keys()].find((seed) => scenarioOf(seed).calm) ?? 0;
      const base = scenarioOf(calm);
      const campaign = { name: "spring", rows: 25 * rate, content: "list" as const, options: {}, uploadedAfterMs: 0 };
      const scenario = { ...base, ceiling: rate, campaigns: [campaign] };
      const undisturbed = callsOf(await simulate(calm, { scenario }));
      const afterMs = undisturbed[Math.floor(undisturbed.length / 2)] ?? 0;
      const run = await simulate(calm, { scenario: withStep(scenario, afterMs, byMs) });
      expect(failuresOf(run)).toEqual([]);
      const calls = callsOf(run);
      expect(heldRate(calls).worstSecond).toBeLessThanOrEqual(
        mostInASecond(rate) + Math.ceil((rate * latestMs) / second),
      );
      expect(calls.at(-1)).toBeGreaterThan(afterMs);
      // What it had claimed and could not call within a sender's time is in doubt: as after any crash, a few rows.
      expect(calls.length).toBeGreaterThanOrEqual(undisturbed.length - rate - 5);
      expect(calls.at(-1)).toBeLessThan((undisturbed.at(-1) ?? 0) + Math.max(0, -byMs) + 10 * second);
    },
  );
});

/** When calls were made, by the world's time: ms after the start. */
const callsOf = ({ trace }: Run): readonly number[] =>
  trace.flatMap((line) => {
    const [, since] = /^ *(\d+) \S+ calls spring row \d+ /.exec(line) ?? [];
    return since === undefined ? [] : [Number(since)];
  });
