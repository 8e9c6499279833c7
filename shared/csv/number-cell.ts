import { plainNumberText } from "../number-text.ts";
import { quoted } from "../shorten.ts";
import { undoCalculation } from "../undo-calculation.ts";
import { isEmptyToken, isSpreadsheetError } from "./clean-cells.ts";
import { plainNumber } from "./destination.ts";
import { type Invalid, invalid } from "./problem.ts";

/** A cell that holds one number, without what spreadsheets and address books put around it. */
export interface NumberCell {
  readonly kind: "cell";
  /** As it was written, with visible characters only. */
  readonly text: string;
}

/** Longest cell that may be a number with a remark beside it, in characters. */
const longest = 200;

/** Strips what surrounds a number, undoes what spreadsheets do to it, and names the faults that can be seen. */
export function readNumberCell(cell: string): NumberCell | Invalid {
  if (plainNumber.test(cell)) return { kind: "cell", text: cell };
  const written = withoutScheme(withoutWrapping(plainNumberText(cell)));
  const example = quoted(cell.trim());
  // Before anything looks for blanks in it: for a megabyte of them that would take half an hour.
  if (written.length > longest) return invalid("The number is too long", example);
  const text = written.replace(/\s*[;,]$/, "");
  if (isSpreadsheetError(text)) return invalid("The cell has a spreadsheet's error in place of the number", example);
  if (text === "") return invalid("The row has no number");
  if (isEmptyToken(text)) return invalid("The row has no number", example);
  if (isDate(text)) return invalid("This is a date, not a number", example);
  const number = undoCalculation(text);
  if (number === "lost") {
    return invalid(
      "The spreadsheet shortened the number and its last digits are lost; format the column as text and export it again",
      example,
    );
  }
  if (/\d[.,]0+$/.test(number) && !/[.,]\d+[.,]/.test(number)) {
    return invalid("The number ends in a decimal place; format the column as text and export it again", example);
  }
  if (extension.test(number)) return invalid("The number has an extension, which no text message reaches", example);
  if (holdsSeveral(number)) return invalid("There is more than one number in the cell; give each its own row", example);
  if (hasRemark(number)) return invalid("There is a remark beside the number; remove the remark", example);
  if (/\p{L}/u.test(number)) return invalid("The number has letters in it", example);
  if (!/\d/.test(number)) return invalid("There are no digits in the number", example);
  return { kind: "cell", text: number };
}

const bracketedWords = /[([{][^()[\]{}]*\p{L}{2}[^()[\]{}]*[)\]}]/gu;
const wordsBefore = /^[^\d+(]*\p{L}{2}[^\d+(]*(?:(?<=\P{L})(?=\d)|(?=[+(]))/u;
const wordsBehind = /(?<=\d\)?)[^\d\p{L}]+\p{L}{2}\D*$/u;

/** With fewer digits, the words may be part of the number: "1-800 FLOWERS". */
const leastBesideRemark = 7;

/** Whether words stand beside a number that has no letters itself, such as "07700 900135 (mobile)". */
function hasRemark(text: string): boolean {
  const number = text.replace(bracketedWords, " ").replace(wordsBefore, "").replace(wordsBehind, "");
  // "07700 9001 OO": letters that look like digits may be some.
  const words = text.replace(/[^\p{L}]/gu, "");
  return (
    words !== "" &&
    !/^[oil]+$/iu.test(words) &&
    /^[\d+().\-/\s]+$/.test(number) &&
    number.replace(/\D/g, "").length >= leastBesideRemark
  );
}

/** The value of a cell without the apostrophe or `="…"` that keeps a spreadsheet from calculating with it. */
export function withoutWrapping(cell: string): string {
  const text = cell.replace(/\p{Cf}/gu, "").trim();
  const inner = /^="(.*)"$/.exec(text)?.[1] ?? /^["“”„«‹]([^"“”„«»‹›]*)["“”»›]$/.exec(text)?.[1];
  return (inner ?? text.replace(/^['‘’]/, "")).trim();
}

/** A number without the scheme of a link such as `tel:`. */
function withoutScheme(text: string): string {
  const link = /^(?:tel|callto|sms|smsto):(?:\/\/)?/i.exec(text)?.[0];
  return link === undefined ? text : text.slice(link.length).replace(/%2b/gi, "+").replaceAll("%20", " ").trim();
}

const extension =
  /\d[\s,;)]*(?:;\s*(?:ext|isub)=|ext(?:n|ension)?\b|x|#|durchwahl|dw|int(?:erno)?\b|poste)[\s.:=#]*\d{1,6}$/i;

/** Days and months in any order, with a year of two or four digits, or four between blanks; a time may follow. */
const dayFirst = /^(\d{1,2})([./-])\s?(\d{1,2})\2\s?(?:\d{2}|(?:19|20)\d{2})$/;
const yearFirst = /^(?:19|20)\d{2}([./-])(\d{1,2})\1(\d{1,2})$/;
const spacedOut = /^(\d{2})\s(\d{2})\s(?:19|20)\d{2}$/;
const timeOfDay = /[T\s]+\d{1,2}:\d{2}(?::\d{2})?(?:\.\d+)?\s*(?:[ap]m|z|[+-]\d{2}:?\d{2})?$/i;

function isDate(text: string): boolean {
  const day = text.replace(timeOfDay, "");
  const [, first, , second] = dayFirst.exec(day) ?? [];
  const [, , month, date] = yearFirst.exec(day) ?? [];
  const [, one, other] = spacedOut.exec(day) ?? [];
  return isDayAndMonth(first, second) || isDayAndMonth(month, date) || isDayAndMonth(one, other);
}

function isDayAndMonth(one: string | undefined, other: string | undefined): boolean {
  const [smaller = 0, larger = 0] = [Number(one), Number(other)].sort((a, b) => a - b);
  return smaller >= 1 && smaller <= 12 && larger <= 31;
}

/** A slash alone is no sign of a second number: "030/123456" is one. One or two digits behind it are. */
function holdsSeveral(text: string): boolean {
  const parts = (by: RegExp, digits: number) =>
    text.split(by).filter((part) => part.replace(/\D/g, "").length >= digits).length;
  return (
    parts(/[^\p{L}\d_+().\-/\s]+|[\n\r\v\f\u0085\u2028\u2029]|\s\+|\s(?:or|and|oder|und|ou|et|of|en|o|e|y)\s/iu, 3) >
      1 ||
    parts(/\//, 7) > 1 ||
    /\d{7,}\s+\+?\d{7,}/.test(text) ||
    /\d{3}.*\/\s*\d{1,2}$/.test(text)
  );
}
