import { existsSync } from "node:fs";
import { basename, dirname, extname, join, resolve } from "node:path";
import { copyable } from "../shared/copyable.ts";
import { notSentSheetName, reportFileNames } from "../shared/ports/bucket-layout.ts";
import { nextSteps, simulationStep } from "../shared/report/next-steps.ts";
import type { Summary } from "../shared/report/summary.ts";
import { type CampaignFile, flagsOfCommands, type SayingMore } from "./campaign-file.ts";
import { Refused } from "./exit.ts";
import type { ListFlags } from "./list-flags.ts";

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
  { name, counts, files, simulated }: Summary,
  { file, told, directory }: { readonly file: CampaignFile; readonly told: Told; readonly directory: string },
): readonly string[] {
  const isThere = (workbook: string) => (files.some((one) => one.name === workbook) ? undefined : "size");
  const { reportSheet, notSentSheet, unknownSheet } = reportFileNames;
  const workbooks = {
    report: isThere(reportSheet),
    notSent: isThere(notSentSheet),
    unknown: isThere(unknownSheet),
  } as const;
  const again = (left: string) =>
    `send it under a new name: ${copyable("run", join(directory, left), "--name", `${name}-2`, ...wordsOf(file, told, left))}`;
  const withOptions = file.options !== undefined;
  return [...(simulated ? [simulationStep] : []), ...nextSteps(name, counts, withOptions, workbooks, again)];
}

function wordsOf({ options }: CampaignFile, told: Told, left: string): readonly string[] {
  const { message, from, country, endpoint, rate, replies, data } = told;
  // The rows are in a sheet of the report's now.
  const sheet = left === reportFileNames.notSentSheet && options?.read.sheet !== undefined;
  const flags = { options: options?.file, message, from, country, endpoint, rate, replies, data };
  return [
    ...Object.entries(flags).flatMap(([flag, value]) => (value === undefined ? [] : [`--${flag}`, String(value)])),
    ...(sheet ? ["--sheet", notSentSheetName] : []),
  ];
}

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
