import { describe, expect, it } from "vitest";
import type { Table } from "../../shared/ports/table.ts";
import { attemptsToRefuse, createPlanningAttempts, receivesToRefuse } from "../../shared/split/planning-attempts.ts";
import { createManualClock } from "../support/manual-clock.ts";
import { createMemoryTable } from "../support/memory-table.ts";

const run = 15 * 60_000;

const world = () => {
  const clock = createManualClock();
  const memory = createMemoryTable();
  /** What happens just before the next change of an upload's own note. */
  let before: (() => Promise<unknown>) | undefined;
  const update: Table["update"] = async (key, change) => {
    const happens = key.sk.startsWith("/") ? undefined : before;
    if (happens !== undefined) before = undefined;
    await happens?.();
    return memory.update(key, change);
  };
  const attempts = createPlanningAttempts({ table: { ...memory, update }, clock });
  let tokens = 0;
  const begin = async (name: string, receiveCount = 1, entry = "v1") => {
    const attempt = { name, entry, token: `t${++tokens}`, receiveCount, deadline: clock.now() + run };
    return { ...(await attempts.begin(attempt)), end: () => attempts.end(attempt) };
  };
  /** Lets the function of every attempt be stopped by its time-out. */
  const timeOut = () => clock.advance(run + 30_000);
  const beforeNextChange = (happens: () => Promise<unknown>) => {
    before = happens;
  };
  return { clock, memory, begin, timeOut, beforeNextChange };
};

describe("uploads of which planning never comes to an end", () => {
  it("are tried again one at a time, and never hold up an upload that is tried for the first time", async () => {
    const { clock, begin, timeOut } = world();
    expect(await begin("a")).toMatchObject({ kind: "begun" });
    expect(await begin("b")).toMatchObject({ kind: "begun" });
    await timeOut();
    expect(await begin("a", 2)).toMatchObject({ kind: "begun" });
    expect(await begin("b", 2)).toMatchObject({ kind: "busy", until: clock.now() + run + 5_000 });
    expect(await begin("fresh")).toMatchObject({ kind: "begun" });
    await timeOut();
    expect(await begin("b", 3)).toMatchObject({ kind: "begun" });
    expect(await begin("a", 3)).toMatchObject({ kind: "busy" });
  });

  it("leave the turn when they come to an end after all", async () => {
    const { begin, timeOut } = world();
    await begin("a");
    await begin("b");
    await timeOut();
    const again = await begin("a", 2);
    expect(await begin("b", 2)).toMatchObject({ kind: "busy" });
    await again.end();
    expect(await begin("b", 3)).toMatchObject({ kind: "begun" });
  });

  it("leave the turn when somebody else was faster at the same upload", async () => {
    const { begin, timeOut, beforeNextChange } = world();
    await begin("a");
    await begin("b");
    await timeOut();
    // Another message about it, which has waited so often that it need not wait for a turn.
    beforeNextChange(() => begin("a", 6));
    expect(await begin("a", 2)).toMatchObject({ kind: "busy" });
    expect(await begin("b", 2)).toMatchObject({ kind: "begun" });
  });

  it("wait for each other four times at most: all are refused before the queue gives their messages up", async () => {
    const { begin, timeOut } = world();
    const names = ["a", "b", "c", "d"];
    const receives = new Map<string, number>();
    const refused = new Set<string>();
    for (let round = 0; refused.size < names.length && round < 100; round++) {
      for (const name of names) {
        if (refused.has(name)) continue;
        const receiveCount = (receives.get(name) ?? 0) + 1;
        receives.set(name, receiveCount);
        expect(receiveCount).toBeLessThanOrEqual(receivesToRefuse);
        if ((await begin(name, receiveCount)).kind === "worn-out") refused.add(name);
      }
      await timeOut();
    }
    expect([...refused].toSorted()).toEqual(names);
    expect(Math.min(...receives.values())).toBeGreaterThan(attemptsToRefuse);
  });

  it("are begun, and counted once, when the ledger applied that and its answer was lost", async () => {
    const { memory, begin, timeOut } = world();
    let lost = 0;
    memory.fault = ({ method, key }) =>
      method === "update" && key.sk === "a" && lost++ === 0 ? "repeated" : undefined;
    expect(await begin("a")).toMatchObject({ kind: "begun" });
    expect(lost).toBe(1);
    for (let attempt = 2; attempt <= attemptsToRefuse; attempt++) {
      await timeOut();
      expect(await begin("a", attempt)).toMatchObject({ kind: "begun" });
    }
    await timeOut();
    expect(await begin("a", attemptsToRefuse + 1)).toMatchObject({ kind: "worn-out" });
  });

  it("make room for another upload under their name at once", async () => {
    const { begin, timeOut } = world();
    await begin("a");
    await begin("b");
    await timeOut();
    await begin("a", 2);
    expect(await begin("b", 1, "v2")).toMatchObject({ kind: "begun" });
  });
});
