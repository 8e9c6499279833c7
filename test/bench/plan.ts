import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import type { Suppressions } from "../../shared/feed/suppression.ts";
import { systemClock } from "../../shared/ports/clock.ts";
import { writeCheck } from "../../shared/split/check-upload.ts";
import type { Benchmark } from "./benchmark.ts";
import { listOptions, writeList } from "./campaign-list.ts";
import { csvParseAlone } from "./csv-parse-alone.ts";
import { decimal, inTurn, median, rowsPerSecond, whole } from "./figures.ts";
import { defineMeasurement, smallHeap } from "./own-process.ts";
import { planList } from "./plan-list.ts";
import { createStubS3 } from "./stub-s3.ts";

const Planned = z.object({ rows: z.number(), sendable: z.number(), seconds: z.number(), stored: z.number() });

/** Plans a list as the splitter does. */
const planning = defineMeasurement(
  import.meta.url,
  "plan",
  { input: z.object({ file: z.string(), duplicates: z.enum(["number", "send"]) }), output: Planned },
  async ({ file, duplicates }) => {
    const bucket = createStubS3({ fileOf: (key) => (key === "campaigns/list.csv" ? file : undefined) });
    const began = performance.now();
    const { rows, sendable } = await planList(bucket, duplicates);
    return { rows, sendable, seconds: (performance.now() - began) / 1000, stored: bucket.stored() };
  },
);

/** Judges a list in the way an upload under `check/` is judged. */
const noLists: Suppressions = { kind: "lists", stamp: "", detail: () => undefined };

const checking = defineMeasurement(
  import.meta.url,
  "check",
  { input: z.object({ file: z.string(), options: z.string() }), output: z.object({ seconds: z.number() }) },
  async ({ file, options }) => {
    const files = new Map([
      ["check/list.csv", file],
      ["check/list.json", options],
    ]);
    const bucket = createStubS3({ fileOf: (key) => files.get(key) });
    const began = performance.now();
    const csv = { key: "check/list.csv", version: "1", tag: "1", size: 0, modifiedAt: 0 };
    const stack = { defaults: {}, ceiling: 100, retainDays: 90, suppressions: async () => noLists };
    await writeCheck(
      { ...stack, bucket, clock: systemClock, deeds: { note: async () => {} } },
      { name: "list", csv, options: [], by: "the benchmark", receiveCount: 1 },
    );
    if (bucket.stored() === 0) throw new Error("The check wrote nothing.");
    return { seconds: (performance.now() - began) / 1000 };
  },
);

/** How fast a list is planned and checked, compared with csv-parse alone, and how much memory planning takes. */
export const plan: Benchmark = {
  name: "plan",
  run: async ({ directory, quick, progress }) => {
    const rows = quick ? 20_000 : 1_000_000;
    const times = quick ? 1 : 3;
    const file = join(directory, "list.csv");
    const options = join(directory, "list.json");
    await writeList(file, rows);
    await writeFile(options, JSON.stringify(listOptions));
    progress("planning against csv-parse");
    const against = await inTurn(
      times,
      () => planning({ file, duplicates: "number" }),
      () => csvParseAlone({ file }),
    );
    progress("checking against csv-parse");
    const checked = await inTurn(
      times,
      () => checking({ file, options }),
      () => csvParseAlone({ file }),
    );
    progress("planning for its memory");
    const small = await planning({ file, duplicates: "send" }, smallHeap);
    const smallWithSet = await planning({ file, duplicates: "number" }, smallHeap);
    await writeList(file, 5 * rows);
    const large = await planning({ file, duplicates: "send" }, smallHeap);
    const largeWithSet = await planning({ file, duplicates: "number" }, smallHeap);
    await rm(file);

    const [first] = against.ones;
    if (first?.output.rows !== rows || first.output.sendable !== rows || against.others[0]?.output.rows !== rows) {
      throw new Error("Some rows of the list were not planned.");
    }
    const planned = rowsPerSecond(rows, against.ones);
    const parsed = rowsPerSecond(rows, against.others);
    const judged = rowsPerSecond(rows, checked.ones);
    const parsedToo = rowsPerSecond(rows, checked.others);
    const growth = large.peakMiB / small.peakMiB;
    const set = Math.max(0, largeWithSet.peakMiB - large.peakMiB);
    const setOfOne = Math.max(0, smallWithSet.peakMiB - small.peakMiB);
    return {
      findings: [
        {
          what: `Plan of ${whole(rows)} rows, duplicates looked for`,
          measured: `${whole(planned)} rows/s = ${decimal(planned / parsed)}`,
          against: `csv-parse alone on the same file: ${whole(parsed)} rows/s`,
          aim: "≥ 0.5",
          met: planned / parsed >= 0.5,
        },
        {
          what: `check of ${whole(rows)} rows`,
          measured: `${whole(judged)} rows/s = ${decimal(judged / parsedToo)}`,
          against: `csv-parse alone on the same file: ${whole(parsedToo)} rows/s`,
          aim: "≥ 0.5",
          met: judged / parsedToo >= 0.5,
        },
        {
          what: `Peak memory of a plan of ${whole(5 * rows)} rows`,
          measured: `${whole(large.peakMiB)} MiB = ${decimal(growth)}`,
          against: `the same with ${whole(rows)} rows: ${whole(small.peakMiB)} MiB`,
          aim: "≤ 200 MB, ≤ 1.3",
          met: large.peakMiB * 1.048576 <= 200 && growth <= 1.3,
        },
      ],
      notes: [
        `Memory is that of the whole process, Node included, with the heap settings of a function of 256 MiB; left to itself, Node takes ${whole(median(against.ones.map(({ peakMiB }) => peakMiB)))} MiB for the plan on this machine. Looking for duplicates takes ${whole(setOfOne)} MiB more for ${whole(rows)} rows and ${whole(set)} MiB more for ${whole(5 * rows)}.`,
        "S3 is a stub below the SDK: requests are signed and checksums computed, but nothing goes over a network.",
        "A plan takes longer than a check because of what it stores: every text, ready to be sent, and every row's cells, so that the report does not have to read and parse the upload again. csv-parse itself takes nearly half of a plan's time.",
      ],
    };
  },
};
