import { existsSync } from "node:fs";
import { stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { readSettings } from "../../infra/settings.ts";
import type { Defaults } from "../../shared/campaign/options.ts";
import { type Judged, judgeCsv } from "../../shared/csv/judge-csv.ts";
import { counted, duration, grouped } from "../../shared/in-words.ts";
import { characterInWords } from "../../shared/report/character-in-words.ts";
import { checkSummary } from "../../shared/report/check-summary.ts";
import { outlook } from "../../shared/report/outlook.ts";
import type { Summary } from "../../shared/report/summary.ts";
import { headOf } from "../../shared/split/judge-upload.ts";
import { findCampaignFile, openCsv } from "../campaign-file.ts";
import { type ExitCode, exitCodes, Refused } from "../exit.ts";
import { projectContext } from "../project-settings.ts";
import { reasonLines } from "../summary-lines.ts";
import type { Terminal } from "../terminal.ts";

/** What the command line says. */
export interface CheckOptions {
  readonly options?: string;
  readonly rate?: number;
  readonly json?: boolean;
}

/** Messages shown as they will read, and characters named that make messages longer. */
const shown = { messages: 3, characters: 10 } as const;

type End = Extract<Judged, { kind: "end" }>;

/** Judges a CSV as a campaign would be, here and without sending anything. Refused files are exit 2. */
export async function check(csv: string, options: CheckOptions, terminal: Terminal): Promise<ExitCode> {
  const file = await findCampaignFile(csv, options);
  const { settings } = readSettings(await projectContext());
  const { snumber, stype, customer, country, window } = settings;
  const defaults: Defaults = { snumber, stype, customer, country, window };
  const rate = options.rate ?? settings.sendsPerSecond;
  const beside = dirname(csv);
  const attachments = existsSync(join(beside, "attachments"));

  const messages: NonNullable<Summary["messages"]> = [];
  let header: readonly string[] = [];
  let end: End | undefined;
  const judged = judgeCsv(openCsv(csv), {
    options: file.options?.read ?? {},
    defaults,
    // The bucket's own are not known here; those in a folder beside the list stand for them.
    attachmentSize: attachments ? (key) => sizeOf(join(beside, key)) : undefined,
  });
  for await (const event of judged) {
    switch (event.kind) {
      case "opened":
        header = event.header;
        break;
      case "rows":
        for (const { row, verdict } of messages.length < shown.messages ? event.rows : []) {
          if (verdict.kind !== "send" || messages.length >= shown.messages) continue;
          const { cnumber, message, snumber: sender } = verdict.send;
          messages.push({ row, cnumber, message, snumber: sender, segments: verdict.segments });
        }
        break;
      case "refused":
        if (options.json) terminal.say(JSON.stringify({ name: file.name, state: "refused", reason: event.reason }));
        throw new Refused(event.reason);
      case "end":
        end = event;
        break;
      default:
        event satisfies never;
    }
  }
  if (end === undefined) throw new Error("Judging the file ended without a result.");
  const now = Date.now();
  const { rows, sendable, invalid, skipped } = end.totals;
  const { encoding, guessed, delimiter } = end.dialect;
  const summary = checkSummary({
    name: file.name,
    head: headOf(header, end),
    rows,
    sendable,
    invalid,
    skipped,
    options: file.options?.read ?? {},
    defaults,
    dialect: { encoding, guessed, delimiter },
    messages,
    rate,
    at: now,
  });
  if (options.json) terminal.say(JSON.stringify(summary));
  else {
    const seconds = sendable / rate;
    const times = outlook(file.options?.read ?? {}, defaults, now, seconds);
    const lines = linesOf(summary, end, file.options?.file, attachments, seconds, rate, times);
    for (const line of lines) terminal.say(line);
  }
  return exitCodes.complete;
}

function linesOf(
  summary: Summary,
  { dialect, totals }: End,
  optionsFile: string | undefined,
  attachments: boolean,
  seconds: number,
  rate: number,
  times: readonly string[],
): readonly string[] {
  const { rows, sendable, invalid, skipped, segments, unicode } = totals;
  const delimiter = dialect.delimiter === "\t" ? "tab" : `"${dialect.delimiter}"`;
  const guess = dialect.guessed
    ? ` (a guess; does this read well? ${dialect.samples.map((text) => `"${text}"`).join(", ")}; else say "encoding" in the options)`
    : "";
  const distribution = Object.entries(segments.distribution)
    .map(([each, messages]) => `${grouped(messages)} of ${each}`)
    .join(", ");
  const characters = unicode.causes
    .slice(0, shown.characters)
    .map(({ character, rows: count }) => `${characterInWords(character)} in ${counted(count, "row")}`)
    .join(", ");
  return [
    `${summary.name}: ${counted(rows, "row")}: ${grouped(sendable)} would be sent, ${grouped(invalid)} invalid, ${grouped(skipped)} skipped.`,
    ...reasonLines(summary, "--json lists them"),
    `Read as ${dialect.encoding} with ${delimiter} between cells${guess}; options ${optionsFile === undefined ? "none" : `from ${optionsFile}`}.`,
    ...(attachments ? ["Attachments were looked for in the folder attachments beside the list."] : []),
    `${counted(segments.total, "segment")}${distribution === "" ? "" : ` (messages by segments: ${distribution})`}; at ${rate} a second it takes ${duration(Math.round(seconds) * 1000)}.`,
    ...times,
    ...(unicode.rows === 0
      ? []
      : [`${counted(unicode.rows, "message")} can hold only 70 characters a segment because of: ${characters}.`]),
    ...(summary.messages ?? []).flatMap(({ row, cnumber, snumber, message, segments: each }) => [
      "",
      `Row ${row}, to ${cnumber} from ${snumber}, ${counted(each ?? 0, "segment")}:`,
      ...message.split("\n").map((line) => `  ${line}`),
    ]),
  ];
}

async function sizeOf(path: string): Promise<number | undefined> {
  const found = await stat(path).catch(() => undefined);
  return found?.isFile() ? found.size : undefined;
}
