import { withoutWrapping } from "./number-cell.ts";
import type { CsvRecord } from "./record-parser.ts";

/** What the first rows of a list hold, column by column: how doubtful names in the header are decided. */
export interface FirstCells {
  /** The cells of a column that are not blank. */
  readonly of: (column: number) => readonly string[];
  /** How many of them look like complete phone numbers. */
  readonly numbers: (column: number) => number;
  readonly records: readonly CsvRecord[];
}

/** Rows that are looked at. */
export const firstRowsRead = 30;

/** The columns of the first rows. */
export function createFirstCells(records: readonly CsvRecord[]): FirstCells {
  const of = (column: number) =>
    records.flatMap(({ cells }) => {
      const cell = firstCell(cells, column);
      return cell === "" ? [] : [cell];
    });
  return { of, numbers: (column) => of(column).filter(looksLikeNumber).length, records };
}

/** The beginning of one of a row's cells, without what spreadsheets put around it. */
export const firstCell = (cells: readonly string[], column: number): string =>
  withoutWrapping((cells[column] ?? "").slice(0, 200));

/** Whether a cell looks like a phone number; a date or an amount does not. */
export function looksLikeNumber(cell: string): boolean {
  if (!/^(?:tel:)?[+(\d][\d\s().\-–‑/\u00a0\u202f]*$/i.test(cell)) return /^\d(?:[.,]\d+)?e\+?\d{1,2}$/i.test(cell);
  if (/^\d{1,4}([./-])\d{1,2}\1\d{1,4}$/.test(cell)) return false;
  const digits = cell.replace(/\D/g, "").length;
  return digits >= 7 && digits <= 17;
}
