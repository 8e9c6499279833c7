import type { RowStatus } from "../campaign/campaign.ts";
import { meaningByName } from "../csv/column-meaning.ts";
import { columnKey } from "../csv/column-name.ts";
import { keptColumns } from "../csv/send-columns.ts";
import type { PlanHead } from "../plan/head.ts";
import type { RowLine } from "../plan/plan.ts";
import { shorten } from "../shorten.ts";
import type { ProblemRow } from "./figures.ts";
import type { RowResult } from "./row-result.ts";

/** How many rows the page lists; the report's other files have all of them. */
const maxProblemRows = 500;

/** So many rows of every status are listed, however many there are of more urgent ones. */
const quota = 50;

/** The statuses of rows to look at, the most urgent first: what may have been sent, what was refused, what can be corrected. */
export const byUrgency = [
  "unknown",
  "failed",
  "invalid",
  "cancelled",
  "skipped",
] as const satisfies readonly RowStatus[];

/** Columns beside the number. */
const shownColumns = 3;
const shownCharacters = 80;
const shownDetail = 400;

/** Collects rows that were not accepted or are in doubt, in bounded memory. The first cell of each is its number. */
export function createProblemRows({ header, numberColumn }: Pick<PlanHead, "header" | "numberColumn">) {
  const number = numberColumn ?? numberColumnByName(header);
  const others = keptColumns(header)
    .filter((index) => index !== number)
    .slice(0, shownColumns);
  const lists = new Map(byUrgency.map((status): [RowStatus, ProblemRow[]] => [status, []]));

  return {
    columns: [
      number === undefined ? "Number" : (header[number] ?? ""),
      ...others.map((index) => header[index] ?? ""),
    ].map((name) => shorten(name, shownCharacters)),

    add(row: number, { line, cells, number: handed }: RowLine, { status, code, key, detail }: RowResult): void {
      const list = lists.get(status);
      if (list === undefined || list.length >= maxProblemRows) return;
      const first = number === undefined ? handed : cells[number];
      const shown = [first, ...others.map((index) => cells[index])].map((cell) => shorten(cell ?? "", shownCharacters));
      list.push({ row, line, status, code, key, detail: shorten(detail, shownDetail), cells: shown });
    },

    /** The most urgent first, and in row order within a status; at most 500. */
    all(): readonly ProblemRow[] {
      let left = maxProblemRows - [...lists.values()].reduce((sum, list) => sum + Math.min(quota, list.length), 0);
      return [...lists.values()].flatMap((list) => {
        const more = Math.min(left, Math.max(0, list.length - quota));
        left -= more;
        return list.slice(0, quota + more);
      });
    },
  };
}

/** For plans of older versions, which do not say which column it is. */
function numberColumnByName(header: readonly string[]): number | undefined {
  const index = header.findIndex((name) => meaningByName(columnKey(name), false)?.kind === "cnumber");
  return index < 0 ? undefined : index;
}
