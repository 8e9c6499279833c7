import { keptColumns } from "../csv/send-columns.ts";
import type { RowPlace } from "../plan/plan.ts";
import { shorten } from "../shorten.ts";
import type { ProblemRow } from "./figures.ts";
import type { RowResult } from "./row-result.ts";

/** How many rows the page lists; the CSV files have all of them. */
const maxProblemRows = 500;

const shownColumns = 4;
const shownCharacters = 80;
const shownDetail = 400;

/**
 * Collects the first rows that were not accepted or are in doubt. Rows skipped on purpose only fill the space that is left:
 * a list of duplicates must not hide what went wrong.
 */
export function createProblemRows(header: readonly string[]) {
  const columns = keptColumns(header).slice(0, shownColumns);
  const problems: ProblemRow[] = [];
  const skipped: ProblemRow[] = [];

  return {
    columns: columns.map((index) => shorten(header[index] ?? "", shownCharacters)),
    add({ row, line }: RowPlace, cells: readonly string[], { status, code, key, detail }: RowResult): void {
      const list = status === "skipped" ? skipped : problems;
      if (list.length >= maxProblemRows) return;
      const shown = columns.map((index) => shorten(cells[index] ?? "", shownCharacters));
      list.push({ row, line, status, code, key, detail: shorten(detail, shownDetail), cells: shown });
    },
    /** In row order. */
    all: (): readonly ProblemRow[] => [...problems, ...skipped].slice(0, maxProblemRows).sort((a, b) => a.row - b.row),
  };
}
