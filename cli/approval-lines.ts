import { counted, grouped, moment } from "../shared/in-words.ts";
import type { Preview } from "../shared/plan/head.ts";
import { costLines } from "../shared/report/cost-in-words.ts";
import type { Summary } from "../shared/report/summary.ts";
import { messageLines, warningLines } from "./check-lines.ts";

/** What somebody should see of a campaign before he approves it: how much goes where, as it will read, and what is in doubt. */
export const approvalLines = (summary: Summary): readonly string[] => [
  `${summary.name}: ${counted(summary.remaining, "message")}, ${counted(summary.segments.total, "segment")}${summary.recipients === undefined ? "" : `: ${recipientsInWords(summary.recipients)}`}.`,
  `${counted(summary.rows, "row")}: ${grouped(summary.remaining)} would be sent, ${grouped(summary.counts.invalid)} invalid, ${grouped(summary.counts.skipped)} skipped.`,
  ...(summary.countedAt === undefined ? [] : [countedInWords(summary.countedAt)]),
  ...costLines(summary),
  `Uploaded by ${summary.uploadedBy ?? "unknown"}.`,
  ...warningLines(summary.warnings ?? []),
  ...messageLines(summary.messages ?? []),
  "",
];

/** As of when people are left out who are on a suppression list or have opted out. */
const countedInWords = (at: string): string =>
  `Counted ${moment(Date.parse(at))}; who is suppressed or opts out later is left out, too.`;

/** "12,000 to GB, 400 to IE, 3 to unknown countries". */
export const recipientsInWords = (countries: Preview["countries"]): string =>
  countries
    .map(({ country, messages }) => `${grouped(messages)} to ${country === "" ? "unknown countries" : country}`)
    .join(", ");
