import { createBlocks } from "./blocks.ts";
import { cellXml, columnLetters, headerStyle, sheetEnd, sheetStart, statusStyle, textStyle } from "./workbook-parts.ts";

/** The first rows decide how wide the columns are: so many rows, or characters of their XML. */
const measuredRows = 200;
const measuredCharacters = 256 * 1024;

/** Widths, in characters; a longer text is still all there. */
const narrowest = 9;
const widest = 60;

/** The arrow of the filter takes this much of a header's width. */
const arrow = 3;

/** What a sheet shows. */
export interface Sheet {
  readonly header: readonly string[];
  /** The column (from 0) whose cells are rows' statuses, coloured so. */
  readonly statusColumn?: number;
}

/** Writes a sheet row by row, its header first, as XML in UTF-8 that it hands to `write` in blocks. */
export function createSheetWriter({ header, statusColumn }: Sheet, write: (bytes: Uint8Array) => void) {
  const blocks = createBlocks(write);
  const letters = header.map((_, column) => columnLetters(column));
  const widths = header.map(() => narrowest);
  let rows = 0;
  /** The first rows, until the widths are known. */
  let first: string | undefined = "";

  const rowXml = (cells: readonly string[]) => {
    rows += 1;
    const number = String(rows);
    let xml = "";
    for (let column = 0; column < cells.length; column += 1) {
      const text = cells[column] ?? "";
      if (text === "") continue;
      const letter = letters[column] ?? columnLetters(column);
      const style = rows === 1 ? headerStyle : column === statusColumn ? statusStyle(text) : textStyle;
      xml += cellXml(letter + number, text, style);
    }
    // A row of empty cells is a row all the same.
    return `<row r="${number}">${xml || cellXml(`A${number}`, "", textStyle)}</row>`;
  };

  const measure = (cells: readonly string[], more: number) => {
    for (let column = 0; column < widths.length; column += 1) {
      const width = longestLine(cells[column] ?? "") + more;
      if (width > (widths[column] ?? 0)) widths[column] = Math.min(width, widest);
    }
  };

  const start = (rowsXml: string) => {
    first = undefined;
    blocks.add(sheetStart(widths) + rowsXml);
  };

  const add = (cells: readonly string[]) => {
    const xml = rowXml(cells);
    if (first === undefined) {
      blocks.add(xml);
      return;
    }
    measure(cells, rows === 1 ? arrow : 1);
    first += xml;
    if (rows > measuredRows || first.length > measuredCharacters) start(first);
  };
  add(header);

  return {
    add,
    /** Rows so far, the header among them. */
    rows: () => rows,
    /** Nothing more comes. */
    end(): void {
      if (first !== undefined) start(first);
      blocks.add(sheetEnd(`${columnLetters(Math.max(header.length, 1) - 1)}${rows}`));
      blocks.end();
    },
  };
}

function longestLine(text: string): number {
  if (text.length <= narrowest) return text.length;
  const shown = text.slice(0, 1_000);
  return shown.includes("\n") ? Math.max(...shown.split("\n").map((line) => line.length)) : shown.length;
}
