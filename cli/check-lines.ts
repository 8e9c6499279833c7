import type { Judged } from "../shared/csv/judge-csv.ts";
import { counted, duration, grouped } from "../shared/in-words.ts";
import type { ListWarning } from "../shared/plan/head.ts";
import { characterInWords } from "../shared/report/character-in-words.ts";
import { costLines } from "../shared/report/cost-in-words.ts";
import type { Summary } from "../shared/report/summary.ts";
import type { CampaignFile } from "./campaign-file.ts";
import { placesInWords, reasonLines } from "./summary-lines.ts";
import { zoneLines } from "./zone-lines.ts";

type End = Extract<Judged, { kind: "end" }>;

/** What `check` found out about a list. */
export interface CheckReport {
  readonly summary: Summary;
  readonly end: End;
  readonly file: CampaignFile;
  /** Whether attachments were looked for beside the list. */
  readonly attachmentsThere: boolean;
  /** How long sending takes at `rate` calls per second. */
  readonly seconds: number;
  readonly rate: number;
  /** When it would be sent, and what it would wait for, in sentences. */
  readonly times: readonly string[];
}

/** How many characters are named that make messages longer. */
const charactersShown = 10;

/** The result of a check in lines for a person. */
export function checkLines(report: CheckReport): readonly string[] {
  const { summary, end, file, attachmentsThere, seconds, rate, times } = report;
  const { segments, unicode } = end.totals;
  const distribution = segmentsInWords(segments.distribution);
  const characters = unicode.causes
    .slice(0, charactersShown)
    .map(({ character, rows: count }) => `${characterInWords(character)} in ${counted(count, "row")}`)
    .join(", ");
  return [
    countsLine(summary, end),
    ...reasonLines(summary, "--json lists them"),
    ...warningLines(end.warnings),
    `${dialectInWords(end.dialect)}${guessInWords(end)}; ${optionsInWords(file)}.`,
    notLookedAt,
    ...(attachmentsThere ? ["Attachments were looked for in the folder attachments beside the list."] : []),
    `${counted(segments.total, "segment")}${distribution}; at ${rate} a second it takes ${duration(Math.max(1, Math.round(seconds)) * 1000)}.`,
    ...footerLines(summary),
    ...costLines(summary),
    ...times,
    ...zoneLines(summary),
    ...(unicode.rows === 0
      ? []
      : [`${counted(unicode.rows, "message")} can hold only 70 characters a segment because of: ${characters}.`]),
    ...messageLines(summary.messages ?? []),
  ];
}

/** A check knows the list alone. */
const notLookedAt =
  "Who is on the stack's suppression lists or has opted out is counted here, and left out when the list is sent.";

/** How many segments messages take: nothing where each takes one. */
function segmentsInWords(distribution: Readonly<Record<string, number>>): string {
  const sizes = Object.entries(distribution);
  if (sizes.every(([each]) => each === "1")) return "";
  return ` (${sizes.map(([each, messages]) => `${counted(messages, "message")} of ${each}`).join(", ")})`;
}

/** What a person should see of a list before it is sent. */
export function beforeSendingLines(summary: Summary, end: End, file: CampaignFile): readonly string[] {
  return [
    countsLine(summary, end),
    ...reasonLines(summary, "the report lists them"),
    ...doubtLines(end),
    ...footerLines(summary),
    ...costLines(summary),
    ...zoneLines(summary),
    ...(file.options === undefined || file.options.given.length === 0 ? [] : [`With ${optionsInWords(file)}.`]),
    ...messageLines(summary.messages ?? []),
    "",
  ];
}

/** What is put under texts that name no way to stop. */
const footerLines = ({ footer }: Summary): readonly string[] =>
  footer === undefined
    ? []
    : [
        `${counted(footer.messages, "message")} ${footer.messages === 1 ? "names" : "name"} no way to stop: "${footer.text}" is put under ${footer.messages === 1 ? "it" : "them"} (optOut.footer).`,
      ];

/** What is in doubt about a list: its warnings, and a guessed encoding. */
export function doubtLines(end: End): readonly string[] {
  const guess = guessInWords(end);
  return [...warningLines(end.warnings), ...(guess === "" ? [] : [`${dialectInWords(end.dialect)}${guess}.`])];
}

function countsLine({ name }: Summary, { totals }: End): string {
  const { rows, sendable, invalid, skipped } = totals;
  return `${name}: ${counted(rows, "row")}: ${grouped(sendable)} would be sent, ${grouped(invalid)} invalid, ${grouped(skipped)} skipped.`;
}

/** Warnings, one a line. */
export const warningLines = (warnings: readonly ListWarning[]): readonly string[] =>
  warnings.map(({ text, count = 0, lines = [], examples = [] }) => {
    const where = placesInWords({ lines, rows: [] }, count);
    const figures = [...(count > 1 ? [`${grouped(count)} times`] : []), ...(where === "" ? [] : [where])].join(", ");
    return `Warning: ${text}${figures === "" ? "" : ` (${figures})`}${examples.length === 0 ? "" : ` e.g. ${examples.join("; ")}`}`;
  });

/** Where a list's options come from, and which of them the command line replaces. */
export function optionsInWords({ options }: CampaignFile): string {
  if (options === undefined) return "options none";
  const { file, given, replacing } = options;
  if (given.length === 0) return `options from ${file}`;
  if (file === undefined) return `options from ${given.join(", ")}`;
  return `options from ${file} and ${given.join(", ")}${replacing.length === 0 ? "" : ` (the file says otherwise; ${replacing.join(", ")} counts)`}`;
}

function dialectInWords({ encoding, delimiter, sheet }: End["dialect"]): string {
  if (sheet !== undefined) return `Read from the sheet "${sheet}" of the workbook`;
  const between = delimiter === "\t" ? "tab" : `"${delimiter}"`;
  return `Read as ${encoding} with ${between} between cells`;
}

function guessInWords({ dialect, warnings }: End): string {
  if (!dialect.guessed || warnings.some(({ code }) => code === "encoding-guessed")) return "";
  const samples = dialect.samples.map((text) => `"${text}"`).join(", ");
  return ` (a guess; does this read well? ${samples}; if not, set "encoding" in the options)`;
}

/** The first messages as they will read. */
export const messageLines = (messages: NonNullable<Summary["messages"]>): readonly string[] =>
  messages.flatMap(({ row, line, cnumber, snumber, message, segments }) => [
    "",
    `${line === undefined ? `Row ${row}` : `Line ${line}`}, to ${cnumber} from ${snumber}, ${counted(segments ?? 0, "segment")}:`,
    ...message.split("\n").map((text) => `  ${text}`),
  ]);
