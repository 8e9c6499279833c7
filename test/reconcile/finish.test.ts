import { describe, expect, it } from "vitest";
import { tidy } from "../../shared/reconcile/finish.ts";
import { running } from "../support/factories.ts";
import { nineOClock } from "../support/manual-clock.ts";
import { createWorld, statusesOf } from "./world.ts";

const minute = 60_000;
const day = 24 * 60 * minute;

/** A campaign of three batches that was cancelled. */
const cancelled = {
  rows: 6,
  sendable: 6,
  lastBatch: 3,
  pointer: 3,
  pointerRows: 6,
  state: "ending",
  end: { why: "cancelled", at: nineOClock, by: "anna" },
} as const;

it("a report that two reporters write at once is written once: what the faster one has noted stays", async () => {
  const { commit, look, bucket, clock, read } = createWorld();
  await commit(cancelled);
  const { put } = bucket;
  let others = 0;
  bucket.put = async (key, ...rest) => {
    const version = await put(key, ...rest);
    if (key.endsWith("report.html") && others++ === 0) {
      await look();
      await clock.advance(minute);
    }
    return version;
  };
  await look();
  expect(others).toBe(2);
  expect(await read()).toMatchObject({ state: "complete", reportedAt: nineOClock });
});

describe("a report", () => {
  it.each([
    [0, "cancelled"],
    [1, "unknown"],
  ])("begun twenty minutes and %i ms before the records expire calls a row without one %s", async (late, status) => {
    const { commit, look, bucket, clock } = createWorld();
    const itemsUntil = nineOClock + 100 * day;
    await commit({ ...cancelled, itemsUntil });
    await clock.advanceTo(itemsUntil - 20 * minute + late);
    await look();
    expect(new Set(statusesOf(bucket.text("reports/spring/report.csv")))).toEqual(new Set([status]));
  });

  it("that lacks its plan is not taken for written: that fails, and the campaign does not end", async () => {
    const { commit, look, bucket, read } = createWorld();
    await commit(cancelled);
    await bucket.delete(bucket.keys("work/"));
    await expect(look()).rejects.toThrow("1 turns of the reporter failed");
    expect((await read()).state).toBe("ending");
  });

  it("whose plan is gone because the name has another campaign by now is no report of this one", async () => {
    const { commit, look, bucket, read, table } = createWorld();
    await commit(cancelled);
    const { get } = bucket;
    bucket.get = async (key, ...rest) => {
      if (!key.endsWith("head.json")) return get(key, ...rest);
      const item = { pk: "campaigns", sk: "spring" };
      table.store(item, { ...table.item(item), run: "r2", state: "complete" });
      return undefined;
    };
    await expect(look()).rejects.toThrow("1 turns of the reporter failed");
    expect(await read()).toMatchObject({ run: "r2", state: "complete" });
  });
});

it("a report whose plan another reporter has removed is the one that this one has written", async () => {
  const { commit, look, bucket, read, table, lines } = createWorld();
  await commit(cancelled);
  const { get } = bucket;
  bucket.get = async (key, ...rest) => {
    if (!key.endsWith("head.json")) return get(key, ...rest);
    const item = { pk: "campaigns", sk: "spring" };
    const complete = { state: "complete", completedAt: nineOClock, reportedAt: nineOClock };
    table.store(item, { ...table.item(item), ...complete });
    return undefined;
  };
  await look();
  expect((await read()).state).toBe("complete");
  expect(lines.filter((line) => line.startsWith("error"))).toEqual([]);
});

describe("a plan", () => {
  it("of thousands of objects is removed whole, a thousand at a time as S3 takes them", async () => {
    const { commit, look, bucket } = createWorld();
    await commit(cancelled);
    for (let number = 0; number < 2_050; number++) bucket.store(`work/spring/r1/plan/x${number}.ndjson`, "");
    const sizes: number[] = [];
    const { delete: remove } = bucket;
    bucket.delete = async (keys) => {
      sizes.push(keys.length);
      await remove(keys);
    };
    await look();
    expect(bucket.keys("work/")).toEqual([]);
    expect(Math.max(...sizes)).toBe(1_000);
    expect(sizes).toHaveLength(3);
  });

  it("of another upload of the name is left alone", async () => {
    const { commit, look, bucket } = createWorld();
    await commit(cancelled);
    bucket.store("work/spring/r2/head.json", "{}");
    await look();
    expect(bucket.keys("work/")).toEqual(["work/spring/r2/head.json"]);
  });
});

describe("what a slow splitter leaves behind", () => {
  const complete = { ...cancelled, state: "complete", completedAt: nineOClock } as const;

  /** Whether anything is looked at when it is tidied so long after nine. */
  const tidied = async (changes: Parameters<typeof running>[0], ms: number) => {
    const { bucket, campaigns, table, read } = createWorld();
    await campaigns.create(running({ ...complete, ...changes }), undefined);
    bucket.store("work/spring/r1/plan/000009.ndjson", "late");
    const lists: string[] = [];
    bucket.fault = ({ method, key }) => {
      if (method === "list") lists.push(key);
    };
    const calls = table.calls.length;
    await tidy({ bucket, campaigns }, running({ ...complete, ...changes }), nineOClock + ms);
    const touched = lists.length + table.calls.length - calls > 0;
    expect(touched).toBe(bucket.keys("work/").length === 0);
    if (touched) expect((await read()).cleaned).toBe(true);
    return touched;
  };

  it("is removed once, twenty minutes after the report", async () => {
    const reportedAt = nineOClock + minute;
    expect(await tidied({ reportedAt }, 21 * minute)).toBe(false);
    expect(await tidied({ reportedAt }, 21 * minute + 1)).toBe(true);
    expect(await tidied({ reportedAt, cleaned: true }, day)).toBe(false);
  });

  it("is removed of campaigns of older versions, which say only when they were completed", async () => {
    expect(await tidied({}, 20 * minute)).toBe(false);
    expect(await tidied({}, 20 * minute + 1)).toBe(true);
  });
});
