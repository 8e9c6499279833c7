import * as z from "zod";
import { Summary } from "../../shared/report/summary.ts";

/** `summary.json` as a JSON Schema (draft 2020-12), as `docs/summary.schema.json` has it. */
export const summaryJsonSchema = (): string => `${JSON.stringify(z.toJSONSchema(Summary, { io: "input" }), null, 2)}\n`;
