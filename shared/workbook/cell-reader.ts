import { columnOf } from "./cell-reference.ts";
import { createRichText } from "./rich-text.ts";
import { damaged } from "./unreadable-workbook.ts";

/** A cell as a sheet's XML stores it. */
export interface ReadCell {
  readonly column: number;
  readonly type: string;
  readonly style: number;
  readonly value: string;
  /** It has a formula whose result was not stored: no program calculated it yet. */
  readonly uncalculated: boolean;
}

/** Reads one cell after the other out of what a sheet's XML says. */
export interface CellReader {
  beginRow(): void;
  begin(attributes: Readonly<Record<string, string>>): void;
  open(name: string): void;
  close(name: string): void;
  text(text: string): void;
  end(): ReadCell;
  /** A cell of nothing but a value, which is read at once; `letters` are its column's. */
  plain(letters: string, type: string | undefined, style: string | undefined, value: string): ReadCell;
}

/** A reader before the first cell. Cells without a reference follow the one before them. */
export function createCellReader(): CellReader {
  let column = -1;
  let type = "n";
  let style = 0;
  let value: string | undefined;
  let formula = false;
  let reading = false;
  const rich = createRichText();
  return {
    beginRow: () => {
      column = -1;
    },
    begin: ({ r, t, s }) => {
      column = r === undefined ? column + 1 : columnIn(r);
      type = t ?? "n";
      style = s === undefined ? 0 : Number(s);
      value = undefined;
      formula = false;
      rich.begin();
    },
    open: (name) => {
      if (name === "v") {
        reading = true;
        value = "";
      } else if (name === "f") formula = true;
      else rich.open(name);
    },
    close: (name) => {
      if (name === "v") reading = false;
      else rich.close(name);
    },
    text: (text) => {
      if (reading) value += text;
      else rich.add(text);
    },
    end: () => ({
      column,
      type,
      style,
      value: type === "inlineStr" ? rich.text() : (value ?? ""),
      // A result that is an empty text is stored as such.
      uncalculated: formula && (value ?? "") === "" && !(type === "str" && value === ""),
    }),
    plain: (letters, type = "n", style, value) => {
      column = columnOf(letters);
      return { column, type, style: style === undefined ? 0 : Number(style), value, uncalculated: false };
    },
  };
}

function columnIn(reference: string): number {
  const letters = /^\$?([A-Za-z]{1,3})\$?\d+$/.exec(reference)?.[1];
  if (letters === undefined) throw damaged();
  return columnOf(letters.toUpperCase());
}
