import { expect, test } from "vitest";
import { mistakes } from "./mistakes.ts";
import { scenarioOf } from "./scenario.ts";
import { type Run, simulate } from "./simulate.ts";
import { traceOf } from "./trace-of.ts";

/** A run in which a row was called without a claim. */
async function brokenRun(): Promise<Run> {
  const mistake = mistakes.find(({ name }) => name === "claim after the call");
  // The fourth shows it soonest; where it no longer does, a later one will.
  for (let seed = 4; ; seed++) {
    const run = await simulate(seed, { mistake });
    if (run.failures.some(({ cnumber }) => cnumber !== undefined)) return run;
  }
}

test("the trace of a failure tells of its row, its batch and its machines, and leaves the rest out", async () => {
  const run = await brokenRun();
  const cnumber = run.failures.find((failure) => failure.cnumber !== undefined)?.cnumber ?? "";
  const lines = traceOf(run);
  expect(lines.length).toBeLessThan(run.trace.length);
  expect(lines.filter((line) => line.includes(cnumber)).length).toBeGreaterThan(0);
  expect(lines.some((line) => line.includes("BROKEN"))).toBe(true);
  expect(lines[0]).toContain("scenario");
  const others = lines.filter((line) => / calls /.test(line) && !line.includes(cnumber));
  expect(others).toEqual([]);
});

test("the trace of a failure without a row is what happened just before", () => {
  const trace = [
    ...Array.from({ length: 100 }, (_, index) => `${index} something`),
    "100 BROKEN not completed: it is not",
  ];
  const lines = traceOf({
    failures: [{ invariant: "not completed", message: "it is not" }],
    trace,
    scenario: scenarioOf(1),
  });
  expect(lines).toEqual(trace.slice(40));
});
