import { expect, test } from "vitest";
import { judgeCsv } from "../../shared/csv/judge-csv.ts";
import { readSample } from "../../shared/csv/list-sample.ts";
import { inChunks } from "./judged-csv.ts";

test("the first thousand rows of a list are read, whatever it lacks, and no more of it", async () => {
  const numbers = Array.from({ length: 60_000 }, (_, row) => `+4477${String(row).padStart(8, "0")},Ann\n`);
  const content = `who,name\n${numbers.join("")}`;
  let read = 0;
  async function* counted() {
    for await (const chunk of inChunks(content, 20_000)) {
      read += chunk.length;
      yield chunk;
    }
  }
  const sample = await readSample(async (options) => judgeCsv(counted(), { options, defaults: {} }), {});
  if (sample.kind !== "sample") throw new Error(sample.reason);
  expect([...sample.lacks]).toEqual(["cnumber", "message", "snumber"]);
  expect(sample.rows).toHaveLength(1_000);
  expect(read).toBeLessThan(content.length);
});
