import { createReadStream } from "node:fs";
import { parse } from "csv-parse";
import * as z from "zod";
import { defineMeasurement } from "./own-process.ts";

/** csv-parse reading a file and discarding it: the baseline for a program that judges rows. */
export const csvParseAlone = defineMeasurement(
  import.meta.url,
  "csv-parse",
  { input: z.object({ file: z.string() }), output: z.object({ rows: z.number(), seconds: z.number() }) },
  async ({ file }) => {
    const began = performance.now();
    let rows = -1;
    const parser = createReadStream(file, { highWaterMark: 256 * 1024 }).pipe(parse());
    await new Promise<void>((resolve, reject) => {
      parser.on("data", () => rows++);
      parser.on("end", resolve);
      parser.on("error", reject);
    });
    return { rows, seconds: (performance.now() - began) / 1000 };
  },
);
