import { existsSync } from "node:fs";
import { basename, dirname, extname, join, resolve } from "node:path";
import { copyable } from "../shared/copyable.ts";
import { notSentSheetName, reportFileNames } from "../shared/ports/bucket-layout.ts";
import { nextSteps, simulationStep } from "../shared/report/next-steps.ts";
import type { Summary } from "../shared/report/summary.ts";
import { type CampaignFile, flagsOfCommands, type SayingMore } from "./campaign-file.ts";
import { defaultRates } from "./defaults.ts";
import { Refused } from "./exit.ts";
import type { ListFlags } from "./list-flags.ts";
import type { Stack } from "./stack.ts";
import type { OpenStack } from "./target.ts";

/** What a command that sent a list was told besides the list. */
type Told = ListFlags & {
  readonly endpoint?: string;
  readonly rate?: number;
  readonly replies?: number;
  readonly data?: string;
};

/**
 * What to do when a campaign is over that was sent by `run`, whose report is in `directory`: rows that were not sent have the command
 * that sends them, with the options and flags of the first.
 */
export function stepsAfterRun(
  summary: Summary,
  { file, told, directory }: { readonly file: CampaignFile; readonly told: Told; readonly directory: string },
): readonly string[] {
  const { message, from, country, endpoint, rate, replies, data } = told;
  const { options } = file;
  return steps(summary, directory, (left) => ({
    words: [
      ...["run", ...left.words],
      ...flags({ options: options?.file, message, from, country, endpoint, rate, replies, data }),
      ...left.sheet(options?.read.sheet),
    ],
  }));
}

/** Where a campaign was sent. */
interface Sent extends Pick<OpenStack, "atRest" | "simulated" | "words"> {
  readonly stack: Pick<Stack, "local"> & {
    readonly outputs: Pick<Stack["outputs"], "Endpoint" | "SendsPerSecond">;
  };
}

/**
 * The same for a campaign of which only what was planned is known: on this machine a command, which goes on with all that the campaign
 * was sent by; on AWS what the report says.
 */
export function stepsHere(
  summary: Summary,
  { stack, atRest, simulated, words }: Sent,
  directory: string,
): readonly string[] {
  if (!stack.local) return summary.nextSteps;
  const { message, snumber: from, country, sheet, ...others } = summary.options;
  const { Endpoint: endpoint, SendsPerSecond: rate } = stack.outputs;
  const usual = simulated ? defaultRates.simulator : defaultRates.endpoint;
  const through = flags({ endpoint: simulated ? undefined : endpoint, rate: rate === usual ? undefined : rate });
  const unsaid = Object.keys(others);
  const json = `${summary.name}.json`;
  return steps(summary, directory, (left) => ({
    words: [
      ...[atRest ? "run" : "upload", ...left.words],
      ...flags({ options: unsaid.length > 0 ? json : undefined, message, from, country }),
      ...[...left.sheet(sheet), ...(atRest ? through : []), ...words],
    ],
    note: unsaid.length > 0 ? ` (${json}: a file with its other options, ${unsaid.join(", ")})` : "",
  }));
}

/** A file of rows that were not sent, in words of a command: the list with its new name, and the sheet that has the rows now. */
interface LeftRows {
  readonly words: readonly string[];
  sheet(before: string | undefined): readonly string[];
}

function steps(
  { name, counts, files, simulated }: Summary,
  directory: string,
  again: (left: LeftRows) => { readonly words: readonly string[]; readonly note?: string },
): readonly string[] {
  const isThere = (workbook: string) => (files.some((one) => one.name === workbook) ? undefined : "size");
  const { reportSheet, notSentSheet, unknownSheet } = reportFileNames;
  const workbooks = {
    report: isThere(reportSheet),
    notSent: isThere(notSentSheet),
    unknown: isThere(unknownSheet),
  } as const;
  const sending = (left: string) => {
    const { words, note = "" } = again({
      words: [join(directory, left), "--name", `${name}-2`],
      // The rows are in a sheet of the report's now.
      sheet: (before) => (left === notSentSheet && before !== undefined ? ["--sheet", notSentSheetName] : []),
    });
    return `send it under a new name${note}: ${copyable(...words)}`;
  };
  return [...(simulated ? [simulationStep] : []), ...nextSteps(name, counts, false, workbooks, sending)];
}

const flags = (values: Readonly<Record<string, string | number | undefined>>): readonly string[] =>
  Object.entries(values).flatMap(([flag, value]) => (value === undefined ? [] : [`--${flag}`, String(value)]));

const { report, notSent, unknown } = reportFileNames;
const stem = (file: string) => basename(file, extname(file));

/**
 * Throws a Refused for a list that is a file of a report and has no name but that file's: one campaign called "not-sent" is all that
 * there could ever be, and nobody would know of what.
 */
export function checkNotNamedByReport(
  list: string,
  name: string | undefined,
  says: Pick<SayingMore, "name"> = flagsOfCommands,
): void {
  const called = stem(list);
  if (name !== undefined || ![report, notSent, unknown].map(stem).includes(called)) return;
  const folder = dirname(resolve(list));
  const inReport = existsSync(join(folder, reportFileNames.summary));
  if (!inReport && called !== stem(notSent)) return;
  const doubt = called === stem(notSent) ? "" : " It has rows that were sent, or may have been.";
  const example = inReport ? `${basename(folder)}-2` : "spring-2";
  throw new Refused(
    `${list} is a report's file, and "${called}" no name for a campaign.${doubt} Name it with ${says.name}, such as ${example}.`,
  );
}
