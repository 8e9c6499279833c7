import { format, isDateFormat } from "numfmt";
import type { LocalFormats } from "./local-formats.ts";

/** How many days the calendar that begins in 1904 is behind the one that begins in 1900. */
const days1904 = 1462;

/** The first day that a spreadsheet's calendar does not have, which is in the year 10000. */
const endOfDays = 2_958_466;

/** What is shown for a date that is none: an error, so that nothing is sent with it. */
const noDate = "#VALUE!";

/** A number of a cell as its sheet shows it, except that no digit is hidden: none behind an exponent, none for want of width. */
export function numberText(value: number, code: string, date1904: boolean, local: LocalFormats): string {
  if (isGeneral(code) || /E[+-]/i.test(unquoted(code))) return localDecimal(fullDigits(value), local);
  if (!isDateFormat(code)) return shown(code, value, local) ?? localDecimal(fullDigits(value), local);
  const days = date1904 ? value + days1904 : value;
  if (days < 0 || days >= endOfDays) return noDate;
  return shown(code, days, local) ?? noDate;
}

/** The value by its format; `undefined` for a format that cannot be understood. */
function shown(code: string, value: number, { locale }: LocalFormats): string | undefined {
  try {
    // Blanks that do not break are blanks: in a text message they would cost more than twice the segments.
    return format(code, value, { locale, leap1900: true })
      .replace(/[\u00a0\u202f]/g, " ")
      .trim();
  } catch {
    return undefined;
  }
}

const localDecimal = (digits: string, { decimal }: LocalFormats) =>
  decimal === "." ? digits : digits.replace(".", decimal);

/** Whether a format says nothing of its own about how a number is shown. */
const isGeneral = (code: string) => code === "" || code === "@" || /^general$/i.test(code);

/** A format without its literal parts. */
const unquoted = (code: string) => code.replace(/"[^"]*"|\\.|\[[^\]]*\]/g, "");

/** All digits that a spreadsheet keeps of a number, which are 15, and never an exponent. */
function fullDigits(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e15) return String(value);
  const rounded = Number(value.toPrecision(15));
  const plain = String(rounded);
  if (!/e/i.test(plain)) return plain;
  const [mantissa = "", exponent = "0"] = plain.split(/e/i);
  const [whole = "", fraction = ""] = mantissa.replace("-", "").split(".");
  const digits = whole + fraction;
  const point = whole.length + Number(exponent);
  const sign = rounded < 0 ? "-" : "";
  return point <= 0 ? `${sign}0.${"0".repeat(-point)}${digits}` : `${sign}${digits.padEnd(point, "0")}`;
}
