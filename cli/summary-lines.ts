import { join } from "node:path";
import { counted, grouped } from "../shared/in-words.ts";
import { reportFileNames } from "../shared/ports/bucket-layout.ts";
import { costLines } from "../shared/report/cost-in-words.ts";
import type { Summary } from "../shared/report/summary.ts";

/** How many reasons are shown; the report has all of them. */
const reasonsShown = 10;

/** A finished campaign in a few lines: what became of its rows, why some were not sent, and where the report is. */
export function summaryLines(summary: Summary, directory: string | undefined): readonly string[] {
  const { name, rows, counts, rate } = summary;
  const figures = Object.entries(counts)
    .filter(([status, count]) => count > 0 || status === "submitted")
    .map(([status, count]) => `${grouped(count)} ${status}`)
    .join(", ");
  const reached = rate.reached === undefined ? "" : `; ${Math.round(rate.reached * 10) / 10} calls a second`;
  return [
    `${name}: ${counted(rows, "row")}: ${figures}${reached}.`,
    ...reasonLines(summary, "report.html has them all"),
    ...costLines(summary),
    ...summary.nextSteps,
    ...(directory === undefined
      ? []
      : [`The report is in ${join(directory, "/")}: ${readableFiles(summary).join(", ")}.`]),
  ];
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
