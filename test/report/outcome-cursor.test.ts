import { expect, test } from "vitest";
import type { Outcome } from "../../shared/ledger/outcome.ts";
import { createOutcomeCursor } from "../../shared/report/outcome-cursor.ts";
import { accepted, stream } from "./factories.ts";

/** The rows from 1 to `last` that have an outcome. */
async function rowsWithOne(cursor: ReturnType<typeof createOutcomeCursor>, last: number): Promise<readonly number[]> {
  const found: number[] = [];
  for (let row = 1; row <= last; row += 1) {
    if (cursor.empty()) await cursor.fill();
    const outcome = cursor.take(row);
    if (outcome !== undefined) found.push(outcome.row);
  }
  return found;
}

test("each outcome is given to its row, one by one or in runs", async () => {
  const cursor = createOutcomeCursor(
    stream<Outcome | readonly Outcome[]>(accepted(2), [], [accepted(3), accepted(5)], accepted(7)),
  );
  expect(await rowsWithOne(cursor, 6)).toEqual([2, 3, 5]);
  await cursor.fill();
  expect(cursor.finished()).toBe(false);
  expect(cursor.take(7)?.row).toBe(7);
  await cursor.fill();
  expect(cursor.finished()).toBe(true);
});

test.each([
  ["come twice", [accepted(1), accepted(2), accepted(2)]],
  ["come twice in a run", [[accepted(1), accepted(1)]]],
  ["come after later ones", [accepted(3), accepted(2)]],
  ["come after later ones in a run", [[accepted(3), accepted(2)]]],
])("outcomes that %s are no report", async (_, outcomes) => {
  const cursor = createOutcomeCursor(stream<Outcome | readonly Outcome[]>(...outcomes));
  await expect(rowsWithOne(cursor, 5)).rejects.toThrow(/not in row order: row \d came when row \d was due/);
});

test("an outcome is taken once, its source is asked no more than it has, and is let go of when nothing more is wanted", async () => {
  let asked = 0;
  let letGo = false;
  const source = {
    [Symbol.asyncIterator]: () => ({
      next: async () => {
        asked += 1;
        if (asked > 2) throw new Error("It was over.");
        return asked === 1 ? { done: false as const, value: [accepted(1)] } : { done: true as const, value: undefined };
      },
      return: async () => {
        letGo = true;
        throw new Error("It could not be closed.");
      },
    }),
  };
  const cursor = createOutcomeCursor(source);
  expect(cursor.empty()).toBe(true);
  await cursor.fill();
  await cursor.fill();
  expect([asked, cursor.empty(), cursor.finished()]).toEqual([1, false, false]);
  expect(cursor.take(1)?.row).toBe(1);
  expect(cursor.finished()).toBe(false);
  await cursor.fill();
  await cursor.fill();
  expect([asked, cursor.empty(), cursor.finished()]).toEqual([2, false, true]);
  cursor.close();
  expect(letGo).toBe(true);
});
