import { quoted } from "../shorten.ts";
import { plainNumber, type ReadNumber } from "./destination.ts";
import { type Invalid, invalid } from "./problem.ts";

/** Strips what spreadsheets and address books put around a number, and names the faults that can be seen. */
export function readingCells(read: ReadNumber): ReadNumber {
  return (cell) => {
    if (plainNumber.test(cell)) return read(cell);
    const text = withoutWrapping(cell);
    return visibleFault(text) ?? read(text);
  };
}

const invisible = /[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;

/** The value of a cell without the leading apostrophe or `="…"` that keeps a spreadsheet from calculating with it. */
export function withoutWrapping(cell: string): string {
  const text = cell.replace(invisible, "").trim();
  return (/^="(.*)"$/.exec(text)?.[1] ?? text.replace(/^['‘’]/, "")).trim();
}

function visibleFault(text: string): Invalid | undefined {
  if (text === "") return invalid("The row has no number");
  const example = quoted(text);
  if (text.length > 200) return invalid("The number is too long", example);
  if (/^[+-]?\d+([.,]\d+)?e[+-]?\d+$/i.test(text)) {
    return invalid(
      "The spreadsheet shortened the number and its last digits are lost; format the column as text and export it again",
      example,
    );
  }
  if (/\d[.,]0+$/.test(text) && !/[.,]\d+[.,]/.test(text)) {
    return invalid("The number ends in a decimal place; format the column as text and export it again", example);
  }
  if (holdsSeveral(text)) return invalid("There is more than one number in the cell; give each its own row", example);
  if (/\p{L}/u.test(text)) return invalid("The number has letters in it", example);
  if (!/\p{Nd}/u.test(text)) return invalid("There are no digits in the number", example);
  return undefined;
}

/** A slash alone is no sign of a second number: "030/123456" is one. */
function holdsSeveral(text: string): boolean {
  const parts = (by: RegExp, digits: number) =>
    text.split(by).filter((part) => part.replace(/\D/g, "").length >= digits).length;
  return parts(/[,;|&\n\r]|\s\+|\bor\b|\band\b/i, 3) > 1 || parts(/\//, 7) > 1 || /\d{7,}\s+\+?\d{7,}/.test(text);
}
