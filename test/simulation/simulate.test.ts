import { expect, test } from "vitest";
import { scenarioOf } from "./scenario.ts";
import { simulate } from "./simulate.ts";

const seedsWhere = (wanted: (scenario: ReturnType<typeof scenarioOf>) => boolean, count: number): number[] => {
  const seeds: number[] = [];
  for (let seed = 1; seeds.length < count; seed++) if (wanted(scenarioOf(seed))) seeds.push(seed);
  return seeds;
};

test("the same seed makes the same run, byte for byte", async () => {
  for (const seed of seedsWhere(({ chaos, service }) => chaos.die > 0 && service.lost > 0, 5)) {
    const [first, second] = [await simulate(seed), await simulate(seed)];
    expect(second.trace.join("\n")).toBe(first.trace.join("\n"));
    expect(first.events).toBeGreaterThan(100);
  }
});

test("another seed makes another run", async () => {
  const [first, second] = [await simulate(1), await simulate(2)];
  expect(second.trace).not.toEqual(first.trace);
});

test("without faults every row is called once and every invariant holds", async () => {
  for (const seed of seedsWhere(({ calm }) => calm, 10)) {
    const { failures, calls, trace } = await simulate(seed);
    expect(failures, `seed ${seed}`).toEqual([]);
    const called = trace.flatMap((line) => / calls .*\((\d+)\)$/u.exec(line)?.[1] ?? []);
    expect(called).toHaveLength(calls);
    expect(new Set(called).size).toBe(calls);
  }
});

test("with faults every invariant holds", async () => {
  // CI goes on with hundreds of other seeds, as whoever changes the core does (`npm run simulate`).
  for (const seed of seedsWhere(({ calm }) => !calm, 12)) {
    const { failures } = await simulate(seed);
    expect(failures, `seed ${seed}: npm run simulate -- --seed ${seed}`).toEqual([]);
  }
});

test("an upload that nobody can read is refused, and a ledger that has forgotten rows is not taken at its word", async () => {
  const rare = [
    ...seedsWhere(({ poison }) => poison !== undefined, 6),
    ...seedsWhere(({ deaf }) => deaf !== undefined, 6),
  ];
  for (const seed of rare) {
    const { failures } = await simulate(seed);
    expect(failures, `seed ${seed}: npm run simulate -- --seed ${seed}`).toEqual([]);
  }
});

test.each([
  ["answered with 429", 12_285],
  ["refused for the snumber of all rows", 2_000_160],
])("a campaign whose only call was %s is not announced as started", async (_answer, seed) => {
  const { failures, trace } = await simulate(seed);
  expect(failures).toEqual([]);
  expect(trace.filter((line) => line.includes(" calls spring row "))).toHaveLength(1);
  expect(trace.some((line) => line.includes("announced: spring complete"))).toBe(true);
  expect(trace.some((line) => line.includes("announced: spring started"))).toBe(false);
});

test("a refusal that is the last thing to happen is announced", async () => {
  expect((await simulate(207_186)).failures).toEqual([]);
});

test("a reporter that has read replies for long does not end a campaign which another has completed", async () => {
  expect((await simulate(6_000_835)).failures).toEqual([]);
});

test("a campaign of two thousand rows goes through restarts, outages and people", async () => {
  const [seed = 1] = seedsWhere(
    ({ chaos, outages, deeds, ceiling }) => ceiling >= 50 && chaos.die > 0 && outages.length > 0 && deeds.length > 0,
    1,
  );
  const { failures } = await simulate(seed, { rows: 2_000 });
  expect(failures).toEqual([]);
});
