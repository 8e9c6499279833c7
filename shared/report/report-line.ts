import { quoteFor } from "../csv/csv-text.ts";
import { neutraliseFormula } from "../csv/neutralise-formula.ts";
import { keptColumns, sendColumns } from "../csv/send-columns.ts";
import { iso } from "../in-words.ts";
import type { RowLine } from "../plan/plan.ts";
import type { RowResult } from "./row-result.ts";

/**
 * Formats `report.csv`: the input's columns and then ours, with formulas neutralised.
 *
 * Our columns stay in place whatever the row looks like: a row that is too short is padded with empty cells, and the
 * surplus cells of one that is too long are joined to its last cell with the delimiter, because most likely they were one
 * text whose quotes someone forgot.
 */
export function reportWriter(header: readonly string[], delimiter: string) {
  const quote = quoteFor(delimiter);
  const kept = keptColumns(header);
  const cell = (text: string) => quote(neutraliseFormula(text));
  const join = (cells: readonly string[]) => cells.join(delimiter);

  const original = (cells: readonly string[]) => {
    let line = "";
    for (let place = 0; place < kept.length; place += 1) {
      const index = kept[place] ?? 0;
      const surplus = place === kept.length - 1 && cells.length > header.length;
      const text = cells[index] ?? "";
      line += cell(surplus ? join([text, ...cells.slice(header.length)]) : text) + delimiter;
    }
    return line;
  };

  return {
    header: () => `${original(header)}${join(sendColumns)}\r\n`,
    line({ cells, segments, number = "" }: RowLine, result: RowResult): string {
      const { status, code, key, detail, attempts, at } = result;
      return `${original(cells)}${status}${delimiter}${code ?? ""}${delimiter}${key ? cell(key) : ""}${delimiter}${cell(detail)}${delimiter}${attempts}${delimiter}${at === undefined ? "" : quote(iso(at))}${delimiter}${segments > 0 ? segments : ""}${delimiter}${cell(number)}\r\n`;
    },
  };
}
