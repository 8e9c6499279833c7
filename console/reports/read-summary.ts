import { readJson } from "../../shared/read-json.ts";
import { Summary } from "../../shared/report/summary.ts";

/** A summary as it is stored; `undefined` for what an older or newer version may have written that this one cannot read. */
export const readSummary = (text: string): Summary | undefined => Summary.safeParse(readJson(text)).data;
