import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import { sendColumns } from "../../shared/csv/send-columns.ts";
import { createWorkbookObject } from "../../shared/report/workbook-object.ts";
import { row, workbook as zippedWorkbook } from "../support/workbook.ts";
import type { Benchmark } from "./benchmark.ts";
import { decimal, median, whole } from "./figures.ts";
import { defineMeasurement, heapOf, smallHeap } from "./own-process.ts";
import { planList } from "./plan-list.ts";
import { partRows, reporting } from "./report.ts";
import { createStubS3 } from "./stub-s3.ts";

/** Memory of the splitter's function, MiB. */
const splitterMiB = 1024;

const Timed = z.object({ rows: z.number(), seconds: z.number(), cpuSeconds: z.number() });

/** Measures how long the work takes, and how much processor time in all threads. */
async function timed(work: () => Promise<number>): Promise<z.infer<typeof Timed>> {
  const began = performance.now();
  const before = process.cpuUsage();
  const rows = await work();
  const { user, system } = process.cpuUsage(before);
  return { rows, seconds: (performance.now() - began) / 1000, cpuSeconds: (user + system) / 1e6 };
}

const list = "campaigns/list.xlsx";

/** Plans a workbook as the splitter does, by ranges of the object, and keeps the plan under `directory`. */
const reading = defineMeasurement(
  import.meta.url,
  "read",
  { input: z.object({ file: z.string(), directory: z.string() }), output: Timed.extend({ parts: z.number() }) },
  async ({ file, directory }) => {
    let parts = 0;
    const measured = await timed(async () => {
      const bucket = createStubS3({ fileOf: (key) => (key === list ? file : undefined), keepIn: directory });
      const planned = await planList(bucket, "number", list);
      parts = planned.parts;
      return planned.sendable;
    });
    return { ...measured, parts };
  },
);

/** Writes `report.xlsx` on its own; the reporter writes it together with the other files. */
const writing = defineMeasurement(
  import.meta.url,
  "write",
  { input: z.object({ rows: z.number() }), output: Timed.extend({ stored: z.number() }) },
  async ({ rows }) => {
    const bucket = createStubS3({ fileOf: () => undefined });
    const sheet = { header: ["Mobile", "Name", "Town", "Voucher", "Balance", ...sendColumns], statusColumn: 5 };
    const measured = await timed(async () => {
      const object = createWorkbookObject(bucket, "reports/list/report.xlsx", "Report", sheet);
      for (let at = 1; at <= rows; at++) {
        const wait = object.add([
          ...textsOf(at),
          "submitted",
          "204",
          "",
          "",
          "1",
          sentAt,
          "1",
          `+447${400_000_000 + at}`,
        ]);
        if (wait !== undefined) await wait;
      }
      await object.end();
      await object.stored;
      return rows;
    });
    return { ...measured, stored: bucket.stored() };
  },
);

const sentAt = "2026-03-02T09:15:00.123Z";
const names = ["Ada", "Bénédicte", "Çelik", "Dorothy", "Emeka", "Fiona", "Grzegorz", "Hannah"];
const towns = ["Bath", "Leeds", "York", "Truro", "Whitby", "Oban", "Derby", "Stroud"];
const textsOf = (at: number): readonly string[] => [
  `447${400_000_000 + at}`,
  names[at % names.length] ?? "",
  towns[(at >> 3) % towns.length] ?? "",
  `SPRING-${String(at).padStart(8, "0")}`,
  `${at % 500}.${at % 90}`,
];

/** A list of five columns as Excel saves it: numbers as numbers, every text once in the table of shared strings. */
function listAsWorkbook(rows: number): Buffer {
  const strings = [...names, ...towns];
  const shared = (column: string, line: number, index: number) => `<c r="${column}${line}" t="s"><v>${index}</v></c>`;
  let xml = row(1, ["Mobile", "Name", "Town", "Voucher", "Balance"]);
  for (let at = 1; at <= rows; at++) {
    const line = at + 1;
    const [, , , voucher = ""] = textsOf(at);
    xml += row(line, [
      447_400_000_000 + at,
      shared("B", line, at % names.length),
      shared("C", line, names.length + ((at >> 3) % towns.length)),
      shared("D", line, strings.push(voucher) - 1),
      (at % 500) + (at % 90) / 100,
    ]);
  }
  return zippedWorkbook([{ name: "List", rows: xml }], { strings: strings.map((text) => `<t>${text}</t>`) });
}

/** How fast a workbook is read as a list and written as a report, and the memory that takes. */
export const workbook: Benchmark = {
  name: "workbook",
  run: async ({ directory, quick, progress }) => {
    const rows = quick ? partRows : Math.ceil(200_000 / partRows) * partRows;
    const reported = quick ? 20_000 : 1_000_000;
    const file = join(directory, "list.xlsx");
    await writeFile(file, listAsWorkbook(rows));
    progress("reading a list");
    const reads = [];
    for (let round = 0; round < (quick ? 1 : 3); round++) {
      reads.push(await reading({ file, directory }, heapOf(splitterMiB)));
    }
    if (reads.some(({ output }) => output.rows !== rows)) {
      throw new Error("Some rows of the workbook were not planned.");
    }
    const seconds = median(reads.map(({ output }) => output.seconds));
    const cpuSeconds = median(reads.map(({ output }) => output.cpuSeconds));
    const peakMiB = median(reads.map((read) => read.peakMiB));
    progress("reporting the list");
    const parts = reads[0]?.output.parts ?? 0;
    const fromPlan = await reporting({ directory, rows, parts }, smallHeap);
    progress("writing a report");
    const written = await writing({ rows: reported }, smallHeap);
    return {
      findings: [
        {
          what: `List of ${whole(rows)} rows × 5 cells as .xlsx, planned`,
          measured: `${decimal(seconds)} s, ${decimal(cpuSeconds)} s of processor time, ${whole(peakMiB)} MiB`,
          against: `a function of ${whole(splitterMiB)} MiB`,
          aim: "≤ 5 s, ≤ 450 MiB",
          met: seconds <= 5 && peakMiB <= 450,
        },
        {
          what: "The same list from upload to reports, report.xlsx among them, without its calls",
          measured: `${decimal(seconds + fromPlan.output.seconds)} s: ${decimal(seconds)} s planning, ${decimal(fromPlan.output.seconds)} s reporting; ${whole(Math.max(peakMiB, fromPlan.peakMiB))} MiB`,
          against: "each in a process of its own",
          aim: "≤ 450 MiB",
          met: Math.max(peakMiB, fromPlan.peakMiB) <= 450,
        },
        {
          what: `report.xlsx of ${whole(reported)} rows × ${5 + sendColumns.length} cells`,
          measured: `${decimal(written.output.seconds)} s, ${decimal(written.output.cpuSeconds)} s of processor time, ${whole(written.peakMiB)} MiB`,
          against: `a file of ${whole(written.output.stored / 2 ** 20)} MiB`,
          aim: "≤ 250 MB",
          met: written.peakMiB * 1.048576 <= 250,
        },
      ],
      notes: [
        "The workbook is planned like an upload: read in ranges, every row judged, the plan stored. Its texts are shared strings, as Excel writes them; one cell in five has a text of its own.",
      ],
    };
  },
};
