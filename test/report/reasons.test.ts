import { expect, test } from "vitest";
import type { PlanHead } from "../../shared/plan/head.ts";
import { createReasons } from "../../shared/report/reasons.ts";

const none = { invalid: 0, skipped: 0 };
/** A row, and the line below it, in which a spreadsheet shows it. */
const place = (row: number) => ({ row, line: row + 1 });

test("rows with the same status, code, key and words are one reason, and others are not", () => {
  const reasons = createReasons();
  reasons.add(place(1), "failed", "Refused.", 400, "message");
  reasons.add(place(2), "failed", "Refused.", 400, "cnumber");
  reasons.add(place(3), "failed", "Refused.", 403, "cnumber");
  reasons.add(place(4), "unknown", "Refused.", 400, "cnumber");
  reasons.add(place(5), "failed", "Not at all.", 400, "cnumber");
  reasons.add(place(6), "failed", "Refused.", 400, "cnumber");
  reasons.add(place(7), "failed", "Refused.");
  expect(reasons.all([], none)).toEqual([
    { status: "failed", code: 400, key: "cnumber", reason: "Refused.", count: 2, rows: [2, 6], lines: [3, 7] },
    { status: "failed", code: 400, key: "message", reason: "Refused.", count: 1, rows: [1], lines: [2] },
    { status: "failed", code: 403, key: "cnumber", reason: "Refused.", count: 1, rows: [3], lines: [4] },
    { status: "unknown", code: 400, key: "cnumber", reason: "Refused.", count: 1, rows: [4], lines: [5] },
    { status: "failed", code: 400, key: "cnumber", reason: "Not at all.", count: 1, rows: [5], lines: [6] },
    { status: "failed", code: undefined, key: undefined, reason: "Refused.", count: 1, rows: [7], lines: [8] },
  ]);
});

test("rows in turn are counted with their own reason each, by their first ten places", () => {
  const reasons = createReasons();
  for (let row = 1; row <= 24; row += 1) reasons.add(place(row), row % 2 === 0 ? "failed" : "unknown", "Lost.");
  expect(reasons.all([], none)).toMatchObject([
    {
      status: "unknown",
      count: 12,
      rows: [1, 3, 5, 7, 9, 11, 13, 15, 17, 19],
      lines: [2, 4, 6, 8, 10, 12, 14, 16, 18, 20],
    },
    { status: "failed", count: 12, rows: [2, 4, 6, 8, 10, 12, 14, 16, 18, 20] },
  ]);
});

test("a number within makes no other reason, and a row without a line has none", () => {
  const reasons = createReasons();
  reasons.add({ row: 1, line: undefined }, "failed", "447700900001 is barred in zone 4711.");
  reasons.add({ row: 2, line: undefined }, "failed", "447700900002 is barred in zone 4711.");
  reasons.add({ row: 3, line: undefined }, "failed", "447700900002 is barred in zone 4712.");
  expect(reasons.all([], none)).toMatchObject([
    { reason: "… is barred in zone 4711.", count: 2, rows: [1, 2], lines: [] },
    { reason: "… is barred in zone 4712.", count: 1, rows: [3], lines: [] },
  ]);
});

test("of more than a hundred reasons the rest are counted together, by status", () => {
  const reasons = createReasons();
  const word = (index: number) => `Reason ${index}.`;
  for (let index = 0; index < 100; index += 1) reasons.add(place(index + 1), "failed", word(index), 400, "cnumber");
  for (let index = 100; index < 103; index += 1) reasons.add(place(index + 1), "failed", word(index), 400, "cnumber");
  for (let index = 100; index < 102; index += 1) reasons.add(place(index + 4), "unknown", word(index));
  reasons.add(place(106), "failed", word(7), 400, "cnumber");
  const all = reasons.all([], none);
  expect(all).toHaveLength(102);
  expect(all.slice(0, 4)).toEqual([
    { status: "failed", reason: "Other reasons.", count: 3, rows: [101, 102, 103], lines: [102, 103, 104] },
    expect.objectContaining({ reason: "Reason 7.", count: 2, rows: [8, 106] }),
    { status: "unknown", reason: "Other reasons.", count: 2, rows: [104, 105], lines: [105, 106] },
    expect.objectContaining({ reason: "Reason 0.", count: 1 }),
  ]);
  expect(all.reduce((sum, { count }) => sum + count, 0)).toBe(106);
});

test("the most frequent come first, the plan's among them, and of equals the one whose row does", () => {
  const planned = (reason: string, count: number, ...rows: number[]): PlanHead["problems"][number] => ({
    status: "invalid",
    reason,
    count,
    rows,
    examples: [],
  });
  const reasons = createReasons();
  reasons.add(place(9), "failed", "B.");
  reasons.add(place(4), "failed", "C.");
  for (const row of [6, 7]) reasons.add(place(row), "failed", "A.");
  const problems = [planned("D.", 2, 5, 8), planned("E.", 3, 10, 11, 12), planned("G.", 1, 4), planned("F.", 1, 4)];
  const order = reasons.all(problems, { invalid: 8, skipped: 1 }).map(({ reason, count }) => `${count} ${reason}`);
  expect(order).toEqual([
    "3 E.",
    "2 D.",
    "2 A.",
    "1 Other reasons.",
    "1 Other reasons.",
    "1 C.",
    "1 F.",
    "1 G.",
    "1 B.",
  ]);
});
