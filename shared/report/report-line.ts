import { quoteFor } from "../csv/csv-text.ts";
import { neutraliseFormula } from "../csv/neutralise-formula.ts";
import { keptColumns, sendColumns } from "../csv/send-columns.ts";
import { iso } from "../in-words.ts";
import type { RowLine } from "../plan/plan.ts";
import type { RowResult } from "./row-result.ts";

/**
 * The cells of a report's rows: the input's columns and then ours.
 *
 * Our columns stay in place whatever the row looks like: a row that is too short is padded with empty cells, and the
 * surplus cells of one that is too long are joined to its last cell with the delimiter, because most likely they were one
 * text whose quotes someone forgot.
 */
export function reportCells(header: readonly string[], delimiter: string) {
  const kept = keptColumns(header);

  const original = (cells: readonly string[]): string[] => {
    const all = kept.map((index) => cells[index] ?? "");
    if (cells.length > header.length && all.length > 0) {
      all.push([all.pop() ?? "", ...cells.slice(header.length)].join(delimiter));
    }
    return all;
  };

  return {
    header: (): readonly string[] => [...original(header), ...sendColumns],
    /** The column, from 0, of a row's status. */
    statusColumn: kept.length,
    row({ cells, segments, number = "" }: RowLine, result: RowResult): readonly string[] {
      const { status, code, key = "", detail, attempts, at } = result;
      const all = original(cells);
      all.push(status, code === undefined ? "" : String(code), key, detail, String(attempts));
      all.push(at === undefined ? "" : iso(at), segments > 0 ? String(segments) : "", number);
      return all;
    },
  };
}

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
