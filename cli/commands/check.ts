import { existsSync } from "node:fs";
import { stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { readSettings } from "../../infra/settings.ts";
import type { Defaults } from "../../shared/campaign/options.ts";
import { type Judged, judgeCsv } from "../../shared/csv/judge-csv.ts";
import { checkSummary } from "../../shared/report/check-summary.ts";
import { outlook } from "../../shared/report/outlook.ts";
import type { Summary } from "../../shared/report/summary.ts";
import { headOf } from "../../shared/split/judge-upload.ts";
import { type CampaignFile, findCampaignFile, listBytes } from "../campaign-file.ts";
import { checkLines } from "../check-lines.ts";
import { type ExitCode, exitCodes, Refused } from "../exit.ts";
import { projectContext } from "../project-settings.ts";
import type { Terminal } from "../terminal.ts";

/** The options of the command line. */
export interface CheckOptions {
  readonly options?: string;
  readonly rate?: number;
  readonly json?: boolean;
}

/** How many messages are shown as they will read. */
const messagesShown = 3;

/** Judges a CSV as a campaign would be, on this machine and without sending anything. Throws a Refused for a refused file. */
export async function check(csv: string, options: CheckOptions, terminal: Terminal): Promise<ExitCode> {
  const file = await findCampaignFile(csv, options);
  const { settings } = readSettings(await projectContext());
  const { snumber, stype, customer, country, window } = settings;
  const defaults: Defaults = { snumber, stype, customer, country, window };
  const rate = options.rate ?? settings.sendsPerSecond;
  const attachments = join(dirname(csv), "attachments");
  const attachmentsThere = existsSync(attachments);

  const judged = await judge(file, defaults, attachmentsThere ? dirname(csv) : undefined);
  if (judged.kind === "refused") {
    if (options.json) terminal.say(JSON.stringify({ name: file.name, state: "refused", reason: judged.reason }));
    throw new Refused(judged.reason);
  }
  const { header, messages, end } = judged;
  const now = Date.now();
  const campaignOptions = file.options?.read ?? {};
  const { rows, sendable, invalid, skipped } = end.totals;
  const { encoding, guessed, delimiter, sheet } = end.dialect;
  const summary = checkSummary({
    name: file.name,
    head: headOf(header, end),
    rows,
    sendable,
    invalid,
    skipped,
    options: campaignOptions,
    defaults,
    dialect: { encoding, guessed, delimiter, sheet },
    messages,
    rate,
    at: now,
  });
  if (options.json) {
    terminal.say(JSON.stringify(summary));
    return exitCodes.complete;
  }
  const seconds = sendable / rate;
  const times = outlook(campaignOptions, defaults, now, seconds);
  const lines = checkLines({ summary, end, optionsFile: file.options?.file, attachmentsThere, seconds, rate, times });
  for (const line of lines) terminal.say(line);
  return exitCodes.complete;
}

type JudgedFile =
  | { readonly kind: "refused"; readonly reason: string }
  | {
      readonly kind: "judged";
      readonly header: readonly string[];
      /** The first messages that would be sent. */
      readonly messages: NonNullable<Summary["messages"]>;
      readonly end: Extract<Judged, { kind: "end" }>;
    };

/** `directory` has the folder `attachments/`; without one, attachments are not looked for. */
async function judge(file: CampaignFile, defaults: Defaults, directory: string | undefined): Promise<JudgedFile> {
  const messages: NonNullable<Summary["messages"]> = [];
  let header: readonly string[] = [];
  const judged = judgeCsv(listBytes(file), {
    options: file.options?.read ?? {},
    defaults,
    // Those in the bucket are unknown here; a folder beside the list stands in for them.
    attachmentSize: directory === undefined ? undefined : (key) => sizeOf(join(directory, key)),
  });
  for await (const event of judged) {
    switch (event.kind) {
      case "opened":
        header = event.header;
        break;
      case "rows":
        for (const { row, line, verdict } of messages.length < messagesShown ? event.rows : []) {
          if (verdict.kind !== "send" || messages.length >= messagesShown) continue;
          const { cnumber, message, snumber } = verdict.send;
          messages.push({ row, line, cnumber, message, snumber, segments: verdict.segments });
        }
        break;
      case "refused":
        return event;
      case "end":
        return { kind: "judged", header, messages, end: event };
      default:
        event satisfies never;
    }
  }
  throw new Error("Judging the file ended without a result.");
}

async function sizeOf(path: string): Promise<number | undefined> {
  const found = await stat(path).catch(() => undefined);
  return found?.isFile() ? found.size : undefined;
}
