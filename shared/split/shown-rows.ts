import type { Column } from "../csv/columns.ts";
import type { JudgedRow } from "../csv/judge-csv.ts";
import type { CheckedList } from "../report/summary.ts";

/** What a check shows of a list besides its figures. */
export type ShownOfList = Omit<CheckedList, "list" | "options" | "planned">;

/** How many rows are shown from the beginning. */
const firstShown = 3;

/** How many columns have the row with their longest cell shown, the first of those that texts can name. */
const longestOfColumns = 12;

/** Characters of a row that is shown: the page of a check is read whole. */
const mostCharacters = 4_000;

/** Columns that are shown: nobody picks one of more. */
const columnsShown = 200;

/**
 * Gathers what a text can be tried on from a list's rows: the first that can be sent, and for each column the row with the
 * longest cell, as the longest text is likely one of theirs. Bounded, however many rows there are.
 */
export function createShownRows(columns: readonly Column[]) {
  const first: JudgedRow[] = [];
  const named = columns
    .flatMap(({ meaning }, at) => (meaning.kind === "variable" || meaning.kind === "message" ? [at] : []))
    .slice(0, longestOfColumns);
  const longestCells = named.map((at): LongestCell => ({ at, length: 0 }));
  let longest: JudgedRow | undefined;

  const add = (rows: readonly JudgedRow[]): void => {
    for (const row of rows) {
      if (row.verdict.kind !== "send") continue;
      if (first.length < firstShown && isShort(row)) first.push(row);
      if (longest === undefined || row.verdict.segments > segmentsOf(longest)) longest = row;
      for (const kept of longestCells) {
        const { length = 0 } = row.cells[kept.at] ?? "";
        if (length <= kept.length || !isShort(row)) continue;
        kept.length = length;
        kept.row = row;
      }
    }
  };

  const shown = (): ShownOfList => {
    const kept = new Set([...first, ...longestCells.flatMap(({ row }) => row ?? [])]);
    return {
      columns: columns.slice(0, columnsShown).map(({ name, meaning }) => ({ name, meaning: meaning.kind })),
      rows: [...kept].map(({ line, cells }) => ({ line, cells: cells.slice(0, columnsShown) })),
      longest: longest === undefined ? undefined : messageOf(longest),
    };
  };
  return { add, shown };
}

const segmentsOf = ({ verdict }: JudgedRow) => verdict.segments;

const isShort = ({ cells }: JudgedRow) => cells.reduce((sum, { length }) => sum + length, 0) <= mostCharacters;

function messageOf({ row, line, verdict }: JudgedRow): CheckedList["longest"] {
  if (verdict.kind !== "send") return undefined;
  const { cnumber, message, snumber } = verdict.send;
  return { row, line, cnumber, message, snumber, segments: verdict.segments };
}

interface LongestCell {
  readonly at: number;
  length: number;
  row?: JudgedRow;
}
