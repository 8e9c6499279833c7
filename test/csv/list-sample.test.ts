import { expect, test } from "vitest";
import type { Options } from "../../shared/campaign/options.ts";
import { judgeCsv } from "../../shared/csv/judge-csv.ts";
import { readSample } from "../../shared/csv/list-sample.ts";
import { inChunks } from "./judged-csv.ts";

const sampleOf = (content: string, options: Options = {}, chunk = 20_000) =>
  readSample(async (assumed) => judgeCsv(inChunks(content, chunk), { options: assumed, defaults: {} }), options);

test("the first thousand rows of a list are read, whatever it lacks, and no more of it", async () => {
  const numbers = Array.from({ length: 20_000 }, (_, row) => `+4477${String(row).padStart(8, "0")},Ann\n`);
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
  expect(sample.columns.map(({ name }) => name)).toEqual(["who", "name"]);
  expect(read).toBeLessThan(content.length);
});

test("where no column is known to hold the numbers, the first that has a name stands for it", async () => {
  const sample = await sampleOf(" ,who,whom\nx,Ann,Ben\n", { message: "Hi", snumber: "1" });
  expect(sample).toMatchObject({
    kind: "sample",
    columns: [{ name: " " }, { name: "who", meaning: { kind: "cnumber" } }, { name: "whom" }],
    rows: [{ cells: ["x", "Ann", "Ben"] }],
  });
});

test("what is refused for another reason, or still lacks what was assumed, is handed on", async () => {
  expect(await sampleOf("to,text\n", { snumber: "1" })).toMatchObject({ kind: "refused" });
  const options = { message: "Hi {{name}}", snumber: "1" };
  expect(await sampleOf("to\n+447700900001\n", options)).toMatchObject({ kind: "refused" });
});
