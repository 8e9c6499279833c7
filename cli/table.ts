import { fitted } from "./screen.ts";

/** A table's header and rows; the columns in `right` (counted from 0) are aligned to the right. */
export interface PrintedTable {
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly right?: readonly number[];
}

/**
 * The lines of a table, columns two spaces apart. Where they are wider than `columns` characters, each row is told in lines of its
 * own instead: its first cell, and below it the others, each after its column's name.
 */
export function tableLines(table: PrintedTable, columns: number): readonly string[] {
  const lines = sideBySide(table);
  if (lines.every((line) => line.length <= columns)) return lines;
  return table.rows.flatMap(([first = "", ...others]) => {
    const named = others.map((cell, at) => (cell === "" ? "" : `${table.header[at + 1]} ${cell}`));
    return [first, ...fitted(named, columns - indent.length).map((line) => indent + line)];
  });
}

const indent = "  ";

function sideBySide({ header, rows, right = [] }: PrintedTable): readonly string[] {
  const widths = header.map((name, at) => Math.max(name.length, ...rows.map((row) => (row[at] ?? "").length)));
  return [header, ...rows].map((row) =>
    widths
      .map((width, at) => (right.includes(at) ? (row[at] ?? "").padStart(width) : (row[at] ?? "").padEnd(width)))
      .join("  ")
      .trimEnd(),
  );
}
