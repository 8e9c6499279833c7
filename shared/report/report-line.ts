import { quoteFor } from "../csv/csv-text.ts";
import { neutraliseFormula, restoreFormula } from "../csv/neutralise-formula.ts";
import { isReportHeader, keptColumns, sendColumns } from "../csv/send-columns.ts";
import { iso } from "../in-words.ts";
import type { RowLine } from "../plan/plan.ts";
import type { RowResult } from "./row-result.ts";

/**
 * The cells of a report's rows: the input's columns and then ours.
 *
 * Our columns stay in place whatever the row looks like: a row that is too short is padded with empty cells, and the
 * surplus cells of one that is too long are joined to its last cell with the delimiter, because most likely they were one
 * text whose quotes someone forgot. The cells of a report uploaded again are what they were before that report
 * neutralised them, or they would gain an apostrophe each time.
 */
export function reportCells(header: readonly string[], delimiter: string) {
  const kept = keptColumns(header);
  const again = isReportHeader(header);

  const original = (cells: readonly string[]): string[] => {
    const all = kept.map((index) => cells[index] ?? "");
    if (cells.length > header.length && all.length > 0) {
      all.push([all.pop() ?? "", ...cells.slice(header.length)].join(delimiter));
    }
    return again ? all.map(restoreFormula) : all;
  };

  let second = Number.NaN;
  let secondText = "";
  /** As `iso`, whose Date costs more than the rest of a row: the rows of one second share all but the milliseconds. */
  const isoOf = (at: number): string => {
    const ms = Math.floor(at);
    const now = Math.floor(ms / 1000);
    if (now !== second) {
      second = now;
      secondText = iso(now * 1000).slice(0, -"000Z".length);
    }
    return `${secondText}${String(ms - now * 1000).padStart(3, "0")}Z`;
  };

  return {
    /** The header, and the column (from 0) of a row's status. */
    sheet: { header: [...original(header), ...sendColumns], statusColumn: kept.length },
    row({ cells, segments, number = "" }: RowLine, result: RowResult): readonly string[] {
      const { status, code, key = "", detail, attempts, at } = result;
      const all = original(cells);
      all.push(status, code === undefined ? "" : String(code), key, detail, String(attempts));
      all.push(at === undefined ? "" : isoOf(at), segments > 0 ? String(segments) : "", number);
      return all;
    },
  };
}

/**
 * The cells as the report's workbook has them: a text is never run there, so nothing is neutralised, but for the few texts
 * that would be taken for neutralised ones when the workbook is uploaded.
 */
export const workbookCells = (cells: readonly string[]): readonly string[] =>
  cells.some((cell) => cell.includes("'") && restoreFormula(cell) !== cell)
    ? cells.map((cell) => (restoreFormula(cell) === cell ? cell : neutraliseFormula(cell)))
    : cells;

/** Formats the cells of a line of `report.csv`, with formulas neutralised. */
export function reportLine(delimiter: string) {
  const quote = quoteFor(delimiter);
  return (cells: readonly string[]): string => {
    let line = "";
    for (let index = 0; index < cells.length; index += 1) {
      if (index > 0) line += delimiter;
      line += quote(neutraliseFormula(cells[index] ?? ""));
    }
    return `${line}\r\n`;
  };
}
