import { describe, expect, test } from "vitest";
import type { CsvEvent } from "../../shared/csv/read-records.ts";
import type { CsvRecord } from "../../shared/csv/record-parser.ts";
import { withFirstRows } from "../../shared/csv/with-first-rows.ts";

const layout = { delimiter: ",", lineEnding: "\n", hintLength: 0 };
const record = (line: number): CsvRecord => ({ line, cells: [String(line)] });
const header: CsvEvent = { kind: "header", record: record(1), layout };
const refused: CsvEvent = { kind: "refused", reason: "It is damaged." };

/** A header and so many rows, read so many at a time; every third reading is suspect. */
function* readIn(rows: number, size: number): Generator<CsvEvent> {
  yield header;
  for (let from = 0, reading = 0; from < rows; from += size, reading++) {
    const records = Array.from({ length: Math.min(size, rows - from) }, (_, at) => record(from + at + 2));
    yield { kind: "records", records, suspect: reading % 3 === 0 };
  }
}

/** What comes out: the lines that come with the header, and each row with the one below and whether it is suspect. */
async function ahead(events: Iterable<CsvEvent>) {
  const out: (readonly number[] | readonly [line: number, below: number | undefined, suspect: boolean] | string)[] = [];
  async function* source() {
    yield* events;
  }
  for await (const event of withFirstRows(source())) {
    if (event.kind === "refused") out.push(event.reason);
    else if (event.kind === "header") out.push(event.first.map(({ line }) => line));
    else {
      expect(event.records).not.toEqual([]);
      for (const [at, { line }] of event.records.entries()) {
        out.push([line, (event.records[at + 1] ?? event.below)?.line, event.suspect]);
      }
    }
  }
  return out;
}

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, at) => from + at);

describe("looking ahead", () => {
  test.each([1, 2, 3, 7, 29, 30, 31, 64, 100])("is the same for %s rows at a time", async (size) => {
    for (const rows of [1, 2, 29, 30, 31, 64]) {
      const [first, ...read] = await ahead(readIn(rows, size));
      expect(first).toEqual(range(2, Math.min(rows, 30) + 1));
      expect(read).toEqual(
        range(2, rows + 1).map((line) => [
          line,
          line === rows + 1 ? undefined : line + 1,
          Math.floor((line - 2) / size) % 3 === 0,
        ]),
      );
    }
  });

  test("waits for no more rows than it looks at", async () => {
    let read = 0;
    async function* endless(): AsyncGenerator<CsvEvent> {
      yield header;
      for (;;) yield { kind: "records", records: [record(++read + 1)], suspect: false };
    }
    for await (const event of withFirstRows(endless())) if (event.kind === "header") break;
    expect(read).toBe(30);
  });

  test("gives out what was read before a refusal, and nothing after it", async () => {
    expect(await ahead([refused, header])).toEqual(["It is damaged."]);
    expect(await ahead([header, refused])).toEqual([[], "It is damaged."]);
    expect(await ahead([...readIn(2, 1), refused, ...readIn(1, 1)])).toEqual([
      [2, 3],
      [2, 3, true],
      [3, undefined, false],
      "It is damaged.",
    ]);
    expect((await ahead([...readIn(40, 40), refused])).slice(-2)).toEqual([[41, undefined, true], "It is damaged."]);
  });

  test("takes no notice of readings without rows", async () => {
    const nothing: CsvEvent = { kind: "records", records: [], suspect: true };
    expect(await ahead([header, nothing, ...[...readIn(2, 2)].slice(1), nothing])).toEqual([
      [2, 3],
      [2, 3, true],
      [3, undefined, true],
    ]);
    expect(await ahead([])).toEqual([]);
    expect(await ahead([header])).toEqual([[]]);
  });
});
