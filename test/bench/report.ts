import { createReadStream } from "node:fs";
import { join } from "node:path";
import { Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { parse } from "csv-parse";
import { stringify } from "csv-stringify";
import * as z from "zod";
import { createBatches } from "../../shared/ledger/batches.ts";
import type { Outcome } from "../../shared/ledger/outcome.ts";
import { writeOutcomes } from "../../shared/ledger/outcome-text.ts";
import { batchesPerPart } from "../../shared/plan/plan.ts";
import { planKeys } from "../../shared/ports/bucket-layout.ts";
import type { Item, Table } from "../../shared/ports/table.ts";
import { finish } from "../../shared/reconcile/finish.ts";
import { running } from "../support/factories.ts";
import type { Benchmark } from "./benchmark.ts";
import { listOptions, writeList } from "./campaign-list.ts";
import { decimal, inTurn, rowsPerSecond, whole } from "./figures.ts";
import { defineMeasurement, smallHeap } from "./own-process.ts";
import { batchRows, planList, run } from "./plan-list.ts";
import { createStubS3 } from "./stub-s3.ts";

const name = "list";
const keys = planKeys(name, run);

/** A whole number of parts, so that a short list's plan can be read repeatedly as if it were a long one's. */
export const partRows = batchesPerPart(batchRows) * batchRows;

const Seconds = z.object({ seconds: z.number() });

const outcome = (row: number): Outcome =>
  row % 100 === 0
    ? { row, status: "failed", code: 400, key: "cnumber", detail: "Invalid number", attempts: 1, at: at(row), ms: 80 }
    : { row, status: "submitted", code: 204, attempts: 1, at: at(row), ms: 40 + (row % 300) };
const began = Date.UTC(2026, 2, 2, 9);
const at = (row: number) => began + row * 10;

/** A ledger in which every batch is done. It has only what a report reads. */
function createStubLedger(rows: number): Table {
  const nothing = async () => {
    throw new Error("A report changes no batch.");
  };
  return {
    get: nothing,
    update: nothing,
    query: async function* () {
      for (let first = 1, batch = 1; first <= rows; first += batchRows, batch++) {
        const outcomes = Array.from({ length: Math.min(batchRows, rows - first + 1) }, (_, index) =>
          outcome(first + index),
        );
        const item: Item = {
          v: 1,
          batch,
          prev: batch - 1,
          rows: outcomes.length,
          turn: 1,
          state: "done",
          outcomes: writeOutcomes(outcomes),
          recordedAt: at(first),
          recordedBy: "t1",
          expiresAt: Math.ceil(at(rows) / 1000),
        };
        yield { sk: `batch#${batch}`, item };
      }
    },
  };
}

/** Plans the list at `file` and keeps the plan under `directory`, for reports to read. */
const planning = defineMeasurement(
  import.meta.url,
  "plan",
  { input: z.object({ file: z.string(), directory: z.string() }), output: z.object({ parts: z.number() }) },
  async ({ file, directory }) => {
    const bucket = createStubS3({
      fileOf: (key) => (key === "campaigns/list.csv" ? file : undefined),
      keepIn: directory,
    });
    const { parts } = await planList(bucket);
    return { parts };
  },
);

/** Finishes a campaign as the reporter does, reading the plan in `directory` over and over until there are `rows` rows. */
export const reporting = defineMeasurement(
  import.meta.url,
  "report",
  {
    input: z.object({ directory: z.string(), rows: z.number(), parts: z.number() }),
    output: Seconds.extend({ stored: z.number(), submitted: z.number() }),
  },
  async ({ directory, rows, parts }) => {
    const many = rows / partRows;
    const files = new Map(
      Array.from({ length: many }, (_, index) => [
        keys.rows(index + 1),
        join(directory, keys.rows((index % parts) + 1)),
      ]),
    );
    files.set(keys.head, join(directory, keys.head));
    const bucket = createStubS3({ fileOf: (key) => files.get(key) });
    const campaign = running({
      name,
      run,
      batchRows,
      parts: many,
      rows,
      sendable: rows,
      lastBatch: rows / batchRows,
      state: "ending",
      options: listOptions,
      end: { why: "done", at: at(rows) + 1_000 },
    });
    const batches = createBatches({
      table: createStubLedger(rows),
      clock: { now: () => 0, sleepUntil: async () => {} },
      freshToken: () => "t",
    });
    const since = performance.now();
    const complete = await finish(
      {
        bucket: { ...bucket, list: async function* () {} },
        campaigns: { change: async (before, _when, set) => ({ ...before, ...set }), read: async () => campaign },
        batches,
        older: { whole: async (whole) => whole },
        clock: { now: () => at(rows) },
      },
      campaign,
      100,
    );
    return {
      seconds: (performance.now() - since) / 1000,
      stored: bucket.stored(),
      submitted: (complete !== "claimed" && complete.totals?.submitted) || 0,
    };
  },
);

/** csv-parse piped into csv-stringify, and nothing else. */
const copying = defineMeasurement(
  import.meta.url,
  "csv-parse and csv-stringify",
  { input: z.object({ file: z.string() }), output: Seconds.extend({ stored: z.number() }) },
  async ({ file }) => {
    let stored = 0;
    const since = performance.now();
    const forget = new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        stored += chunk.length;
        done();
      },
    });
    await pipeline(createReadStream(file, { highWaterMark: 256 * 1024 }), parse(), stringify(), forget);
    return { seconds: (performance.now() - since) / 1000, stored };
  },
);

/** How fast a report is written, compared with reading and writing the same CSV, and how much memory it takes. */
export const report: Benchmark = {
  name: "report",
  run: async ({ directory, quick, progress }) => {
    const rows = quick ? 20_000 : 1_000_000;
    const file = join(directory, "list.csv");
    await writeList(file, rows);
    const { parts } = (await planning({ file, directory })).output;
    progress("report against csv-parse and csv-stringify");
    const { ones, others } = await inTurn(
      quick ? 1 : 3,
      () => reporting({ directory, rows, parts }),
      () => copying({ file }),
    );
    progress("report for its memory");
    const small = await reporting({ directory, rows, parts }, smallHeap);
    const large = await reporting({ directory, rows: 5 * rows, parts }, smallHeap);
    const [first] = ones;
    if (first?.output.submitted !== rows - rows / 100) throw new Error("Some rows are not in the report.");
    const [ours, theirs] = [rowsPerSecond(rows, ones), rowsPerSecond(rows, others)];
    const growth = large.peakMiB / small.peakMiB;
    return {
      findings: [
        {
          what: `Report of ${whole(rows)} rows`,
          measured: `${whole(ours)} rows/s = ${decimal(ours / theirs)}`,
          against: `csv-parse and csv-stringify on the same file: ${whole(theirs)} rows/s`,
          aim: "≥ 0.5",
          met: ours / theirs >= 0.5,
        },
        {
          what: `Peak memory of a report of ${whole(5 * rows)} rows`,
          measured: `${whole(large.peakMiB)} MiB = ${decimal(growth)}`,
          against: `the same with ${whole(rows)} rows: ${whole(small.peakMiB)} MiB`,
          aim: "≤ 250 MB, ≤ 1.3",
          met: large.peakMiB * 1.048576 <= 250 && growth <= 1.3,
        },
      ],
      notes: [
        "The report's ledger is a stub that makes up its items as they are read, which counts as the report's work. The report of five times as many rows reads the same plan five times. It writes each row twice, as CSV and into a workbook, and csv-stringify once.",
      ],
    };
  },
};
