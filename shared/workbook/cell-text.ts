import { dateToSerial } from "numfmt";
import type { LocalFormats } from "./local-formats.ts";
import { numberText } from "./number-text.ts";
import { plainText } from "./rich-text.ts";
import type { CellFormat } from "./styles.ts";
import type { TextStore } from "./text-store.ts";
import { damaged } from "./unreadable-workbook.ts";

/** What a cell's stored value is shown by. */
export interface CellFormats {
  readonly strings: TextStore;
  readonly styles: readonly CellFormat[];
  readonly date1904: boolean;
  readonly local: LocalFormats;
}

/** A cell as it is stored. */
export interface StoredCell {
  readonly type: string;
  readonly style: number;
  readonly value: string;
}

/** A cell's text as its sheet shows it; `guessed` where the workbook leaves it to the computer that shows it. */
export interface ShownCell {
  readonly text: string;
  readonly guessed?: "date" | "decimal";
}

/** Shows a cell. A spreadsheet's errors are texts such as `#N/A`. */
export function showCell({ type, style, value }: StoredCell, formats: CellFormats): ShownCell {
  switch (type) {
    case "s":
      return { text: sharedString(value, formats.strings) };
    case "inlineStr":
      return { text: value };
    case "str":
      return { text: plainText(value) };
    case "b":
      return { text: value.trim() === "1" || value.trim() === "true" ? "TRUE" : "FALSE" };
    case "e":
      return { text: value };
    case "d":
      return showNumber(value, serialOf(value), style, { ...formats, date1904: false });
    default:
      return showNumber(value, Number(value), style, formats);
  }
}

function showNumber(stored: string, value: number, style: number, formats: CellFormats): ShownCell {
  const trimmed = stored.trim();
  if (trimmed === "" || !Number.isFinite(value)) return { text: trimmed };
  // More digits than a spreadsheet keeps, written by another program: rounding them would make another number of them.
  if (/^\d{16,}$/.test(trimmed)) return { text: trimmed };
  const { date1904, local } = formats;
  const format = formats.styles[style] ?? { code: "General", local: undefined };
  const code = codeOf(format, local);
  const text = numberText(value, code, date1904, local);
  if (format.local !== undefined && format.local !== "money") return { text, guessed: "date" };
  const byDecimal = local.decimal !== "." && !Number.isInteger(value) && text.includes(local.decimal);
  return byDecimal ? { text, guessed: "decimal" } : { text };
}

function codeOf({ code, local }: CellFormat, formats: LocalFormats): string {
  switch (local) {
    case undefined:
      return code;
    case "date":
      return formats.date;
    case "date-and-time":
      return `${formats.date} hh:mm`;
    case "long-date":
      return formats.longDate;
    case "time":
      return formats.time;
    case "money":
      return formats.dollars ? code : code.replace(/"\$"|\\?\$/g, "");
    default:
      return local satisfies never;
  }
}

/** A date of the format's strict edition as the number that the older edition would store. */
function serialOf(iso: string): number {
  const [, year, month, day, hour, minute, second] =
    /^\s*(\d{4})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d))?)?/.exec(iso)?.map(Number) ?? [];
  if (year === undefined || month === undefined || day === undefined) return Number.NaN;
  return dateToSerial([year, month, day, hour || 0, minute || 0, second || 0]) ?? Number.NaN;
}

function sharedString(position: string, strings: TextStore): string {
  const text = strings.get(Number(position));
  if (text === undefined) throw damaged();
  return text;
}
