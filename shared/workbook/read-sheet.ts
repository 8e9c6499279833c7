import { bounds, workbookBounds } from "../bounds.ts";
import { type CellReader, createCellReader, type ReadCell } from "./cell-reader.ts";
import { columnLetters } from "./cell-reference.ts";
import { type CellFormats, showCell } from "./cell-text.ts";
import { createMergeFiller, type FillMerged, type MergedRows } from "./merged-cells.ts";
import { damaged, TooLarge } from "./unreadable-workbook.ts";
import { isTrue } from "./workbook-parts.ts";
import { parseXml, type XmlEvents, type XmlWork } from "./xml.ts";

/** A row that is visible and not empty. */
export interface SheetRow {
  /** As the spreadsheet numbers it. */
  readonly line: number;
  /** Up to the last one that is not empty; columns that are hidden are left out. */
  readonly cells: readonly string[];
}

/** Something that was left out, filled in or understood in one way of several. */
export type Notice =
  | { readonly kind: "hidden-row" | "formula-without-result"; readonly line: number }
  /** Noted for the first cell of the column that is left out. */
  | { readonly kind: "hidden-column"; readonly line: number; readonly column: string; readonly text: string }
  | { readonly kind: "merged-cells"; readonly line: number; readonly filled: number }
  | { readonly kind: "date-by-country" | "decimal-by-country"; readonly line: number; readonly text: string };

/** Is told what a person should know about how a sheet was read. */
export type OnNotice = (notice: Notice) => void;

/** The last line of a sheet. */
const maxLine = 1_048_576;

/** Characters and cells of rows that are handed on at once. */
const handedOn = 2 * 1024 ** 2;

/** What a cell shows whose formula nobody calculated: an error, so that nothing is sent with it. */
const uncalculated = "#N/A";

/** How a sheet's rows are read: what its workbook has for them, and who is told of what. */
export interface SheetReading {
  readonly formats: CellFormats;
  readonly merges: readonly MergedRows[];
  readonly onNotice: OnNotice;
  readonly work: XmlWork;
}

/** Rows of a sheet as they come, a few hundred at a time. */
export async function* readSheet(
  chunks: AsyncIterable<string>,
  { formats, merges, onNotice, work }: SheetReading,
): AsyncGenerator<readonly SheetRow[]> {
  const rows = createRows(formats, createMergeFiller(merges), onNotice);
  for await (const taken of parseXml(chunks, sheetEvents(rows), rows.take, work)) {
    if (taken.length > 0) yield taken;
  }
}

type Rows = ReturnType<typeof createRows>;

/**
 * A cell as nearly all are: a number, a date or a shared text, without a formula. Its parts stand as every program writes them, so
 * that the events would say just this; all others come as events.
 */
const plainCell = /<c r="([A-Z]{1,3})\d+"(?: s="(\d+)")?(?: t="(s|n)")?><v>([\w.+-]+)<\/v><\/c>/y;

function sheetEvents(rows: Rows): XmlEvents {
  const { cell } = rows;
  let inCell = false;
  return {
    open: (name, attributes) => {
      if (name === "c") {
        // One within another would say something else by whichever ends first.
        if (inCell) throw damaged();
        inCell = true;
        cell.begin(attributes);
      } else if (name === "row") rows.begin(attributes);
      else if (name === "col") rows.column(attributes);
      else cell.open(name);
    },
    close: (name) => {
      if (name === "c") {
        inCell = false;
        rows.add(cell.end());
      } else if (name === "row") rows.end();
      else cell.close(name);
    },
    text: cell.text,
    full: rows.full,
    shortcut: (text, at) => {
      if (inCell) return -1;
      plainCell.lastIndex = at;
      const found = plainCell.exec(text);
      if (found === null) return -1;
      const [, letters = "", style, type, value = ""] = found;
      rows.add(cell.plain(letters, type, style, value));
      return plainCell.lastIndex;
    },
  };
}

/** Gathers rows of cells. */
function createRows(formats: CellFormats, fillMerged: FillMerged, onNotice: OnNotice) {
  const cell: CellReader = createCellReader();
  const columns = createHiddenColumns(onNotice);
  let rows: SheetRow[] = [];
  let line = 0;
  let hidden = false;
  /** Those of the row that has begun and not ended. */
  let cells: string[] | undefined;
  const sizes = createSizes();

  return {
    cell,
    column: columns.add,
    begin: ({ r, ht, hidden: attribute }: Readonly<Record<string, string>>) => {
      const next = r === undefined ? line + 1 : Number(r);
      // A row within another one would take its cells' place.
      if (cells !== undefined || !(Number.isInteger(next) && next > line && next <= maxLine)) throw damaged();
      line = next;
      hidden = isTrue(attribute) || (ht !== undefined && Number(ht) === 0);
      cells = [];
      cell.beginRow();
    },
    add: (read: ReadCell) => {
      if (cells === undefined) throw damaged();
      if (read.uncalculated) onNotice({ kind: "formula-without-result", line });
      if (read.value === "" && !read.uncalculated) return;
      const { text, guessed } = read.uncalculated ? { text: uncalculated } : showCell(read, formats);
      if (text === "") return;
      if (read.column >= workbookBounds.columns) throw tooManyColumns(line, read.column);
      if (guessed !== undefined && !hidden) onNotice({ kind: `${guessed}-by-country`, line, text });
      while (cells.length < read.column) cells.push("");
      cells[read.column] = text;
      sizes.add(line, text);
    },
    end: () => {
      const ended = cells ?? [];
      cells = undefined;
      const filled = fillMerged(line, ended);
      sizes.end(line, ended, filled);
      if (ended.every((text) => text.trim() === "")) return;
      if (hidden) {
        onNotice({ kind: "hidden-row", line });
        return;
      }
      if (filled > 0) onNotice({ kind: "merged-cells", line, filled });
      const visible = columns.leftOut(line, ended);
      if (visible.length > 0) rows.push({ line, cells: visible });
    },
    full: sizes.full,
    take: () => {
      const taken = rows;
      rows = [];
      sizes.taken();
      return taken;
    },
  };
}

/** Keeps count of what rows take, so that none is larger than a record of a CSV, and no more are gathered than have room. */
function createSizes() {
  let row = 0;
  let gathered = 0;
  let shown = 0;
  const grow = (line: number, text: string) => {
    row += text.length;
    if (row > bounds.recordBytes) throw rowTooLarge(line);
  };
  return {
    add: grow,
    /** Ends a row of these cells, of which so many came by merges. */
    end: (line: number, cells: readonly string[], filled: number) => {
      if (filled > 0) {
        row = 0;
        for (const text of cells) grow(line, text);
      }
      gathered += row + cells.length;
      shown += row;
      row = 0;
      if (shown > workbookBounds.shownCharacters) throw new TooLarge(sheetTooLarge);
    },
    full: () => gathered > handedOn,
    taken: () => {
      gathered = 0;
    },
  };
}

/** Columns that are hidden, and those of them that had something in them. */
function createHiddenColumns(onNotice: OnNotice) {
  const hidden = new Set<number>();
  const noticed = new Set<number>();
  return {
    add: ({ min, max, width, hidden: attribute }: Readonly<Record<string, string>>) => {
      if (!isTrue(attribute) && Number(width ?? 1) !== 0) return;
      for (let column = Number(min) - 1; column < Math.min(Number(max), workbookBounds.columns); column++)
        hidden.add(column);
    },
    /** The cells of a row without those that are hidden; none when nothing else is in it. */
    leftOut: (line: number, cells: readonly string[]): readonly string[] => {
      if (hidden.size === 0) return cells;
      for (const column of hidden) {
        const text = cells[column] ?? "";
        if (text === "" || noticed.has(column)) continue;
        noticed.add(column);
        onNotice({ kind: "hidden-column", line, column: columnLetters(column), text });
      }
      const visible = cells.filter((_, column) => !hidden.has(column));
      return visible.slice(0, visible.findLastIndex((text) => text.trim() !== "") + 1);
    },
  };
}

const rowTooLarge = (line: number) =>
  new TooLarge(
    `Line ${line} of the sheet has more than 1 MiB of text, far more than a row of a list. Shorten its cells or remove what stands there.`,
  );

const sheetTooLarge =
  "The rows of this sheet have more than 1 GiB of text altogether, far more than a list has. Copy the list into a new workbook, or save it as CSV.";

const tooManyColumns = (line: number, column: number) =>
  new TooLarge(
    `Line ${line} of the sheet has something in column ${columnLetters(column)}, but a list has at most ${workbookBounds.columns} columns. Remove what stands there.`,
  );
