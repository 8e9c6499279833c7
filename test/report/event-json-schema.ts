import * as z from "zod";
import { EventDetail } from "../../shared/report/event-detail.ts";

/** The detail of events as a JSON Schema (draft 2020-12), as `docs/events.schema.json` has it. */
export const eventJsonSchema = (): string =>
  `${JSON.stringify(z.toJSONSchema(EventDetail, { io: "input" }), null, 2)}\n`;
