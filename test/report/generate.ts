// Writes what is generated from the report's sources: `node test/report/generate.ts && npm run format`.
import { writeFile } from "node:fs/promises";
import { builtPageAssets, pageAssetsPath } from "./built-page-assets.ts";
import { summaryJsonSchema } from "./summary-json-schema.ts";

await writeFile(new URL("../../docs/summary.schema.json", import.meta.url), summaryJsonSchema());
await writeFile(pageAssetsPath, await builtPageAssets());
