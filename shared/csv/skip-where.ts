import type { Options } from "../campaign/options.ts";
import { quoted } from "../shorten.ts";
import type { Columns } from "./columns.ts";
import { type RefusedFile, refused } from "./refused-file.ts";
import { tagsIn } from "./tags.ts";

/** Says why a row is left out by the options' `skipWhere`; undefined for rows that are not. */
export interface SkippedRows {
  readonly kind: "skipped-rows";
  readonly column: number | undefined;
  readonly reason: (cells: readonly string[]) => string | undefined;
}

/** Compiles `skipWhere`; refuses a column that does not exist or that several columns are called. */
export function createSkippedRows(columns: Columns, skipWhere: Options["skipWhere"]): SkippedRows | RefusedFile {
  if (skipWhere === undefined) return { kind: "skipped-rows", column: undefined, reason: () => undefined };
  const found = columns.find(skipWhere.column);
  if (typeof found !== "number") {
    const name = quoted(skipWhere.column, 40);
    return refused(
      found === "several"
        ? `"skipWhere" in the options names the column ${name}, but several columns have that name. Rename them in the first line.`
        : `"skipWhere" in the options names the column ${name}, but no column has that name. ${columns.inWords}`,
    );
  }
  const { is, isNot = [] } = skipWhere;
  const values = new Set((is ?? isNot).map(comparable));
  return {
    kind: "skipped-rows",
    column: found,
    reason: (cells) => {
      const cell = cells[found] ?? "";
      const listed = is === undefined ? values.has(comparable(cell)) : hasOneOf(cell, values);
      return listed === (is !== undefined)
        ? `The column ${quoted(skipWhere.column.trim(), 40)} says ${quoted(cell.trim())}, which "skipWhere" in the options leaves out`
        : undefined;
    },
  };
}

/** Whether a cell is one of the values, or lists one of them among others: `vip;opted-out`. */
const hasOneOf = (cell: string, values: ReadonlySet<string>) =>
  values.has(comparable(cell)) || tagsIn(cell).some((tag) => values.has(comparable(tag)));

/** What values of `skipWhere` and cells are compared by: case, blanks around them and full-width letters do not count. */
export const comparable = (text: string) => text.normalize("NFKC").trim().toLowerCase();
