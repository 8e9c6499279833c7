import { join } from "node:path";
import { counted, grouped, sentence } from "../shared/in-words.ts";
import { reportFileNames } from "../shared/ports/bucket-layout.ts";
import { costLines } from "../shared/report/cost-in-words.ts";
import { optedOutMeanwhile } from "../shared/report/headline.ts";
import type { Summary } from "../shared/report/summary.ts";

/** How many reasons are shown; the report has all of them. */
const reasonsShown = 10;

/**
 * A finished campaign in a few lines: what became of its rows, why some were not sent, where the report is, and what to do next, if that
 * is not what the report says.
 */
export function summaryLines(
  summary: Summary,
  directory: string | undefined,
  nextSteps: readonly string[] = summary.nextSteps,
): readonly string[] {
  const { name, rows, counts } = summary;
  const figures = Object.entries(counts)
    .filter(([status, count]) => count > 0 || status === "submitted")
    .map(([status, count]) => `${grouped(count)} ${status}`)
    .join(", ");
  return [
    `${name}${summary.simulated ? " (simulated)" : ""}: ${counted(rows, "row")}: ${figures}${rateInWords(summary)}.`,
    ...reasonLines(summary, "report.html has them all"),
    ...costLines(summary),
    ...optedOutLines(summary),
    ...nextSteps,
    ...(directory === undefined
      ? []
      : [`The report is in ${join(directory, "/")}: ${readableFiles(summary).join(", ")}.`]),
  ];
}

/** How many people opted out meanwhile, if there is anything to say. */
function optedOutLines(summary: Summary): readonly string[] {
  const people = optedOutMeanwhile(summary);
  return people === false ? [] : [sentence(people)];
}

/** Sending that takes less than this says nothing of a rate, in seconds. */
const shortestSeconds = 5;

/** The rate that was reached, against the one that was set at the end; nothing where there were too few calls for a rate. */
function rateInWords({ rate: { reached, set }, calls = 0 }: Summary): string {
  if (reached === undefined || calls < shortestSeconds * (set ?? 1)) return "";
  const of = set === undefined ? "" : `, ${set} set`;
  return `; ${Math.round(reached * 10) / 10} calls a second${of}`;
}

/** The files that people open; a list that is too long for a sheet has no workbook. */
const readableFiles = ({ files }: Summary): readonly string[] =>
  [reportFileNames.reportSheet, reportFileNames.page, reportFileNames.report].filter(
    (name) => name !== reportFileNames.reportSheet || files.some((file) => file.name === name),
  );

/**
 * Why rows were not sent, the most frequent reason first, with the lines of the first rows. `elsewhere` says where to
 * find the rest.
 */
export function reasonLines({ problems }: Pick<Summary, "problems">, elsewhere: string): readonly string[] {
  const lines = problems
    .slice(0, reasonsShown)
    .map(({ status, code, key, reason, count, rows, lines: at, examples }) => {
      const what = [status, code, key].filter((part) => part !== undefined && part !== "").join(" ");
      const place = placesInWords({ lines: at, rows }, count);
      const where = place === "" ? "" : ` (${place})`;
      const such = examples === undefined || examples.length === 0 ? "" : ` e.g. ${examples.join("; ")}`;
      return `  ${grouped(count)} ${what}: ${reason}${where}${such}`;
    });
  const more = problems.length - reasonsShown;
  return more > 0 ? [...lines, `  and ${counted(more, "other reason")}; ${elsewhere}.`] : lines;
}

/** How many places are named. */
const placesShown = 5;

/** "line 125", "lines 124, 756 …": as a spreadsheet shows them; rows in summaries of older versions. Empty without any. */
export function placesInWords(
  { lines, rows }: { readonly lines?: readonly number[]; readonly rows: readonly number[] },
  count: number,
): string {
  const [one, places] = lines === undefined ? ["row", rows] : ["line", lines];
  if (places.length === 0) return "";
  const more = count > Math.min(places.length, placesShown) ? " …" : "";
  return `${count === 1 ? one : `${one}s`} ${places.slice(0, placesShown).join(", ")}${more}`;
}
