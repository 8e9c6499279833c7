import { readFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { eventJsonSchema } from "./event-json-schema.ts";
import { summaryJsonSchema } from "./summary-json-schema.ts";

it("docs/summary.schema.json is what the schema in the source says (node test/report/generate.ts writes it)", async () => {
  const documented = await readFile(new URL("../../docs/summary.schema.json", import.meta.url), "utf8");
  expect(JSON.parse(documented)).toEqual(JSON.parse(summaryJsonSchema()));
});

it("so is docs/events.schema.json", async () => {
  const documented = await readFile(new URL("../../docs/events.schema.json", import.meta.url), "utf8");
  expect(JSON.parse(documented)).toEqual(JSON.parse(eventJsonSchema()));
});
