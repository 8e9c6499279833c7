import { existsSync } from "node:fs";
import { stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { footerOf } from "../functions/environment.ts";
import { readSettings, type Settings } from "../infra/settings.ts";
import type { DayLimit } from "../shared/account/day-limit.ts";
import type { Defaults } from "../shared/campaign/options.ts";
import { type Judged, judgeCsv } from "../shared/csv/judge-csv.ts";
import type { RefusedFile } from "../shared/csv/refused-file.ts";
import type { FoundAttachment } from "../shared/csv/row-files.ts";
import { suppressedNow } from "../shared/feed/suppressed-now.ts";
import type { Suppressions } from "../shared/feed/suppression.ts";
import type { Preview } from "../shared/plan/head.ts";
import { type Check, checkSummary } from "../shared/report/check-summary.ts";
import type { Summary } from "../shared/report/summary.ts";
import { headOf } from "../shared/split/judge-upload.ts";
import { createPreview } from "../shared/split/preview.ts";
import { type CampaignFile, listBytes } from "./campaign-file.ts";
import { Refused } from "./exit.ts";
import { projectContext, settingsFileName } from "./project-settings.ts";
import { wholeRefusal } from "./refusal.ts";
import type { RefusedList } from "./refused-list.ts";
import { settingsForSimulator } from "./simulator-at-rest.ts";

/** A list that was judged on this machine, as the splitter would judge it. */
export interface JudgedList {
  readonly kind: "judged";
  readonly header: readonly string[];
  /** The first messages that would be sent. */
  readonly messages: NonNullable<Summary["messages"]>;
  /** What goes where, if that was to be counted. */
  readonly countries: Preview["countries"] | undefined;
  readonly end: Extract<Judged, { kind: "end" }>;
}

/** How a list is judged. */
export interface ListJudgement {
  readonly defaults: Defaults;
  /** The folder that has `attachments/`; without one, attachments are taken to be in the bucket. */
  readonly attachmentsIn?: string;
  /** Judging ends early, with an exception, when it aborts. */
  readonly signal?: AbortSignal;
  /** Whether to count what goes to which country. */
  readonly previewed?: boolean;
  /** The suppression lists of the stack that would send it; absent: nobody knows them. */
  readonly lists?: Suppressions;
}

/** How many messages are shown as they will read. */
const messagesShown = 3;

/** Settings, and what they say where neither row nor options do. */
export interface JudgingSettings {
  readonly settings: Settings;
  readonly defaults: Defaults;
  readonly dayLimit: DayLimit | undefined;
}

/** Those of the file for them. `simulated`: as they hold for the simulator. Throws as `judgingSettings`. */
export async function settingsHere(
  simulated = false,
  given?: { readonly [setting: string]: unknown },
): Promise<JudgingSettings> {
  const context = given ?? (await projectContext());
  return judgingSettings(simulated ? settingsForSimulator(context) : context, `In ${settingsFileName}`);
}

/** Reads settings that lists are judged by. Throws a Refused, beginning with `where` they are, if any of them is wrong. */
export function judgingSettings(context: { readonly [setting: string]: unknown }, where: string): JudgingSettings {
  const { settings, problems } = readSettings(context);
  // Nothing is judged by a setting's default where the owner meant something else, such as fewer countries.
  const wrong = problems.filter(({ setting }) => setting !== "endpoint");
  if (wrong.length > 0) throw new Refused(`${where}: ${wrong.map(({ sentence }) => sentence).join(" ")}`);
  const { snumber, stype, customer, country, window, countries, prices } = settings;
  const optOut = footerOf(settings.optOut);
  const calls = settings.maxMessagesPerDay;
  const dayLimit = calls === undefined ? undefined : { calls, timezone: window?.timezone ?? "UTC" };
  return { settings, dayLimit, defaults: { snumber, stype, customer, country, window, countries, prices, optOut } };
}

/** The folder beside the list that stands in for the attachments in the bucket, if it is there. */
export function attachmentsBeside(csv: string): string | undefined {
  const directory = dirname(csv);
  return existsSync(join(directory, "attachments")) ? directory : undefined;
}

/** Judges every row of a list, without sending anything. */
export async function judgeList(
  file: CampaignFile,
  { defaults, attachmentsIn, signal, previewed, lists }: ListJudgement,
): Promise<JudgedList | RefusedFile> {
  const messages: NonNullable<Summary["messages"]> = [];
  let header: readonly string[] = [];
  const options = file.options?.read ?? {};
  const preview = previewed ? createPreview(options, defaults) : undefined;
  const left = lists && suppressedNow(lists, options.country ?? defaults.country);
  const judged = judgeCsv(listBytes(file), {
    options,
    defaults,
    suppressed: left?.suppressed,
    at: Date.now(),
    lookUpAttachment: attachmentsIn === undefined ? undefined : (key) => fileAt(join(attachmentsIn, key)),
  });
  for await (const event of judged) {
    signal?.throwIfAborted();
    switch (event.kind) {
      case "opened":
        header = event.header;
        break;
      case "rows":
        preview?.add(event.rows);
        for (const { row, line, verdict } of messages.length < messagesShown ? event.rows : []) {
          if (verdict.kind !== "send" || messages.length >= messagesShown) continue;
          const { cnumber, message, snumber } = verdict.send;
          messages.push({ row, line, cnumber, message, snumber, segments: verdict.segments });
        }
        break;
      case "refused":
        return event;
      case "end":
        return {
          kind: "judged",
          header,
          messages,
          countries: preview?.preview(Date.now()).countries,
          end: { ...event, warnings: [...(left?.warnings() ?? []), ...event.warnings] },
        };
      default:
        event satisfies never;
    }
  }
  throw new Error("Judging the file ended without a result.");
}

/** The same, for a list that is to be sent: throws a Refused for a list that is refused. */
export async function judgeToSend(file: CampaignFile, judgement: ListJudgement): Promise<JudgedList> {
  const judged = await judgeList(file, judgement);
  if (judged.kind === "refused") throw new Refused(await wholeRefusal(file, judged, judgement.defaults));
  return judged;
}

/**
 * Judges a list as a stack might whose settings are not known: what of it only settings could give is taken to be given. So a
 * list that is refused here is refused by every stack.
 */
export const judgeForAnyStack = (
  file: CampaignFile,
  defaults: Defaults,
  signal?: AbortSignal,
): Promise<JudgedList | RefusedFile> => judgeList(file, { defaults: ofAnyStack(defaults), signal });

/** Settings with what a stack might say where none is known. */
export const ofAnyStack = (defaults: Defaults): Defaults => ({
  ...defaults,
  snumber: defaults.snumber ?? "0",
  country: defaults.country ?? "GB",
});

/** Why nothing of a list can be sent, for a sentence; `undefined` where something can. */
export function whyNothing({ csv }: Pick<CampaignFile, "csv">, { end }: JudgedList): string | undefined {
  return end.totals.sendable > 0 ? undefined : `every row of ${csv} is invalid or skipped`;
}

/**
 * Why no stack can send anything of a list, whatever its settings, for a sentence; `undefined` where one might. Where the options
 * name no country nobody knows the stack's, so the numbers are taken, too, as they are.
 */
export async function whyNothingAnywhere(
  file: CampaignFile,
  defaults: Defaults,
  signal?: AbortSignal,
): Promise<string | undefined> {
  const anywhere = { ...ofAnyStack(defaults), countries: undefined, window: undefined, optOut: undefined };
  const judged = await judgeList(file, { defaults: anywhere, signal });
  const why = judged.kind === "refused" ? undefined : whyNothing(file, judged);
  if (why === undefined || file.options?.read.country !== undefined) return why;
  const asTheyAre = await judgeList(withoutCountry(file), { defaults: { ...anywhere, country: undefined }, signal });
  return asTheyAre.kind === "refused" ? undefined : whyNothing(file, asTheyAre);
}

/** The list without the options for which its numbers' country has to be known. */
const withoutCountry = ({ options, ...file }: CampaignFile): CampaignFile => ({
  ...file,
  options: options && { ...options, read: { ...options.read, numberFormat: undefined, window: undefined } },
});

/** A refused list, for programs. */
export const refusedList = ({ name }: CampaignFile, { reason, warnings = [] }: RefusedFile): RefusedList => ({
  name,
  state: "refused",
  reason,
  warnings: [...warnings],
});

/** A judged list in figures and in words. `rate`: calls per second; `at`: epoch milliseconds. */
export function summaryOf(
  file: CampaignFile,
  { header, messages, end }: JudgedList,
  known: Pick<Check, "defaults" | "rate" | "dayLimit" | "at">,
): Summary {
  const { rows, sendable, invalid, skipped } = end.totals;
  const { encoding, guessed, delimiter, sheet } = end.dialect;
  return checkSummary({
    name: file.name,
    head: headOf(header, end),
    rows,
    sendable,
    invalid,
    skipped,
    options: file.options?.read ?? {},
    ...known,
    dialect: { encoding, guessed, delimiter, sheet },
    messages,
  });
}

async function fileAt(path: string): Promise<FoundAttachment | undefined> {
  const found = await stat(path).catch(() => undefined);
  return found?.isFile() ? { size: found.size } : undefined;
}
