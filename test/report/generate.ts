// Writes what is generated from the report's sources: `node test/report/generate.ts && npm run format`.
import { writeFile } from "node:fs/promises";
import { builtPageAssets, pageAssetsPath } from "./built-page-assets.ts";
import { eventJsonSchema } from "./event-json-schema.ts";
import { summaryJsonSchema } from "./summary-json-schema.ts";

await writeFile(new URL("../../docs/summary.schema.json", import.meta.url), summaryJsonSchema());
await writeFile(new URL("../../docs/events.schema.json", import.meta.url), eventJsonSchema());
await writeFile(pageAssetsPath, await builtPageAssets());
