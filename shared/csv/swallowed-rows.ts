import { excerpt } from "../shorten.ts";
import type { Problem } from "./problem.ts";

/** A list's shape, by which rows inside a cell are recognised. */
export interface ListShape {
  readonly delimiter: string;
  /** Cells of the header. */
  readonly width: number;
}

/**
 * The doubt that a cell with line breaks has taken in the rows after it, because of a stray quotation mark. By the letter
 * it is one cell; but its lines are cut into as many cells as the list's rows, with a number where numbers stand. A text
 * of several lines, even with commas and a number in it, is not built so. In a record that is `misquoted` anyway, parts of
 * rows count, too.
 */
export function swallowedRows(
  cells: readonly string[],
  { delimiter, width }: ListShape,
  misquoted: boolean,
): Problem | undefined {
  if (width < 2) return undefined;
  for (const [at, cell] of cells.entries()) {
    if (!/[\r\n]/.test(cell) || !cell.includes(delimiter)) continue;
    const lines = cell.split(/\r\n|[\r\n]/);
    const rows = lines.slice(1).filter((line, index, inner) => {
      const inside = line.split(delimiter);
      // The last line goes on in the cells after this one.
      const after = index === inner.length - 1 ? cells.length - at - 1 : 0;
      if (inside.length < 2 || (!misquoted && inside.length + after !== width)) return false;
      return inside.some((part, place) => isNumber(part) && (place >= at || isNumber(cells[place] ?? "")));
    });
    // Text or number may stand before the break: a bare number as a part of its own is a row's wherever it stands.
    const first =
      rows[0] ?? lines.find((line) => line.split(delimiter).slice(1).some(isBareNumber) || startsBare(line, delimiter));
    if (first === undefined) continue;
    return {
      problem:
        "A quotation mark takes the rows after it into one cell; remove the mark, or double it if it belongs to the text",
      example: `the cell holds ${rows.length <= 1 ? "a further row" : `${rows.length} further rows`}, from ${excerpt(first, 40)}`,
    };
  }
  return undefined;
}

const isBareNumber = (part: string) => /^\s*\+?\d{8,15}"?\s*$/.test(part);
const startsBare = (line: string, delimiter: string) => {
  const [start = "", ...others] = line.split(delimiter);
  return others.length > 0 && isBareNumber(start);
};

/** Whether a cell holds a telephone number and nothing else. */
const isNumber = (cell: string) => /^[\s"'=]*[+(]?(?:[\s().\-/+]*\d){6,17}[\s)"']*$/.test(cell);
