import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { makeReportDirectory, tryReportDirectory, UnusableDirectory } from "../infra/local/make-directory.ts";
import { formsOf } from "../shared/campaign/name.ts";
import { type Bucket, smallText } from "../shared/ports/bucket.ts";
import { reportFileNames, reportKey } from "../shared/ports/bucket-layout.ts";
import { Summary } from "../shared/report/summary.ts";
import { isDenied } from "./aws-fault.ts";
import { Failure } from "./exit.ts";
import type { Terminal } from "./terminal.ts";
import { writeWhole } from "./whole-file.ts";

/** The folder of all reports, where none is named. */
export const reportsFolder = "reports";

/** Where a campaign's report goes unless another directory is named. */
export const reportDirectory = (name: string): string => join(reportsFolder, name);

/** The summary in a campaign's report; `undefined` when there is none yet. Throws a Failure for an unknown format. */
async function readSummary(bucket: Bucket, name: string): Promise<Summary | undefined> {
  const key = reportKey(name, reportFileNames.summary);
  const text = await smallText(bucket, key).catch((error: unknown) => absentIfNotListed(bucket, key, error));
  if (text === undefined) return undefined;
  const summary = Summary.safeParse(JSON.parse(text));
  if (!summary.success) throw new Failure(`${key} is in a format that this version cannot read.`);
  return summary.data;
}

/**
 * S3 answers 403 for a missing object, unless the caller may list the whole bucket. Who may read reports may list them:
 * what the listing lacks does not exist. Throws the error where that is not so.
 */
async function absentIfNotListed(bucket: Bucket, key: string, error: unknown): Promise<undefined> {
  if (!isDenied(error)) throw error;
  try {
    for await (const listed of bucket.list(key)) if (listed.key === key) throw error;
  } catch {
    throw error;
  }
}

/** The summary of a complete campaign. Throws a Failure when it was deleted. */
export async function readFinalSummary(bucket: Bucket, name: string): Promise<Summary> {
  const summary = await readSummary(bucket, name);
  if (summary === undefined) {
    throw new Failure(
      `${name} is complete, but ${reportKey(name, reportFileNames.summary)} has expired (keepDays), or somebody has deleted it.`,
    );
  }
  return summary;
}

/** The report of a campaign whose name an older version may have kept in another form; without one, the name as it was asked. */
export async function readUnderAnyForm(bucket: Bucket, asked: string) {
  for (const name of formsOf(asked)) {
    const summary = await readSummary(bucket, name);
    if (summary !== undefined) return { name, summary };
  }
  return { name: asked, summary: undefined };
}

/**
 * Throws a Failure where no report can be put into `directory`, for a command that sends and has the option `--out`: when all is sent it
 * is too late to say so.
 */
export async function checkReportPlace(directory: string): Promise<void> {
  await tryReportDirectory(directory).catch((cause: unknown) => {
    if (!(cause instanceof UnusableDirectory)) throw cause;
    throw new Failure(`${cause.message} Nothing is sent until its report has a place (--out).`, { cause });
  });
}

/** Copies the files of a report into `directory`, each completely or not at all. Returns their names. */
export async function copyReport(bucket: Bucket, name: string, directory: string): Promise<readonly string[]> {
  const prefix = reportKey(name, "");
  const copied: string[] = [];
  // Numbers and texts of many people: nobody else on this machine reads them.
  await makeReportDirectory(directory);
  for await (const { key } of bucket.list(prefix)) {
    const file = key.slice(prefix.length);
    // Deeper files belong to another campaign, whose name begins with this one's.
    if (file === "" || /[/\\]/u.test(file)) continue;
    const object = await bucket.get(key);
    if (object === undefined) continue;
    await writeWhole(join(directory, file), object.body, 0o600);
    copied.push(file);
  }
  return copied;
}

/** Says where the page of a copied report is, to somebody at a terminal, who may click on it. */
export function sayWhereThePageIs(directory: string, terminal: Terminal): void {
  const page = join(directory, reportFileNames.page);
  if (terminal.interactive) terminal.sayLink("Look at it: ", page, pathToFileURL(page).href);
}
