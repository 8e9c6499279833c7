/** The byte order mark by which spreadsheets know UTF-8. */
export const byteOrderMark = "\uFEFF";

/** Quotes a cell where `delimiter`, a quote or a line break in it asks for that. */
export type Quote = (cell: string) => string;

/** The quoting that a file with this one-character delimiter needs. */
export function quoteFor(delimiter: string): Quote {
  const special = new RegExp(`["\\r\\n${delimiter.replace(/[\\\]^|-]/g, "\\$&")}]`);
  return (cell) => (special.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
}

/** One line with its CRLF. A lone empty cell is quoted: a blank line would be no row at all. */
export function csvLine(cells: readonly string[], quote: Quote, delimiter: string): string {
  if (cells.length === 1 && cells[0] === "") return '""\r\n';
  let line = "";
  for (let index = 0; index < cells.length; index += 1) {
    if (index > 0) line += delimiter;
    line += quote(cells[index] ?? "");
  }
  return `${line}\r\n`;
}
