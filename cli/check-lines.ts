import type { Judged } from "../shared/csv/judge-csv.ts";
import { counted, duration, grouped } from "../shared/in-words.ts";
import { characterInWords } from "../shared/report/character-in-words.ts";
import type { Summary } from "../shared/report/summary.ts";
import { reasonLines } from "./summary-lines.ts";

/** What `check` found out about a list. */
export interface CheckReport {
  readonly summary: Summary;
  readonly end: Extract<Judged, { kind: "end" }>;
  readonly optionsFile: string | undefined;
  /** Whether attachments were looked for beside the list. */
  readonly attachmentsThere: boolean;
  /** How long sending takes at `rate` calls per second. */
  readonly seconds: number;
  readonly rate: number;
  /** When it would be sent, in sentences. */
  readonly times: readonly string[];
}

/** How many characters are named that make messages longer. */
const charactersShown = 10;

/** The result of a check in lines for a person. */
export function checkLines({
  summary,
  end,
  optionsFile,
  attachmentsThere,
  seconds,
  rate,
  times,
}: CheckReport): readonly string[] {
  const { rows, sendable, invalid, skipped, segments, unicode } = end.totals;
  const distribution = Object.entries(segments.distribution)
    .map(([each, messages]) => `${grouped(messages)} of ${each}`)
    .join(", ");
  const characters = unicode.causes
    .slice(0, charactersShown)
    .map(({ character, rows: count }) => `${characterInWords(character)} in ${counted(count, "row")}`)
    .join(", ");
  return [
    `${summary.name}: ${counted(rows, "row")}: ${grouped(sendable)} would be sent, ${grouped(invalid)} invalid, ${grouped(skipped)} skipped.`,
    ...reasonLines(summary, "--json lists them"),
    `${dialectInWords(end.dialect)}; options ${optionsFile === undefined ? "none" : `from ${optionsFile}`}.`,
    ...(attachmentsThere ? ["Attachments were looked for in the folder attachments beside the list."] : []),
    `${counted(segments.total, "segment")}${distribution === "" ? "" : ` (messages by segments: ${distribution})`}; at ${rate} a second it takes ${duration(Math.max(1, Math.round(seconds)) * 1000)}.`,
    ...times,
    ...(unicode.rows === 0
      ? []
      : [`${counted(unicode.rows, "message")} can hold only 70 characters a segment because of: ${characters}.`]),
    ...messageLines(summary.messages ?? []),
  ];
}

function dialectInWords({ encoding, delimiter, guessed, samples, sheet }: CheckReport["end"]["dialect"]): string {
  if (sheet !== undefined) return `Read from the sheet "${sheet}" of the workbook`;
  const between = delimiter === "\t" ? "tab" : `"${delimiter}"`;
  const guess = guessed
    ? ` (a guess; does this read well? ${samples.map((text) => `"${text}"`).join(", ")}; if not, set "encoding" in the options)`
    : "";
  return `Read as ${encoding} with ${between} between cells${guess}`;
}

const messageLines = (messages: NonNullable<Summary["messages"]>): readonly string[] =>
  messages.flatMap(({ row, cnumber, snumber, message, segments }) => [
    "",
    `Row ${row}, to ${cnumber} from ${snumber}, ${counted(segments ?? 0, "segment")}:`,
    ...message.split("\n").map((line) => `  ${line}`),
  ]);
