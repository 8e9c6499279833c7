import { wordKey } from "./column-name.ts";

/**
 * How a number stands that nobody writes so: a date as its count of days, a result with the tail that binary fractions leave, or
 * scientific notation.
 */
export type SpreadsheetNumber = "date-number" | "calculated" | "scientific";

/** Days since 1900 from 1954 to 2064, with a fraction for the time: what dates in lists are. */
const days = /^(?:[2-5]\d{4}|60000)(?:[.,]\d{1,12})?$/;

/** `12.500000000000002` and `0.30000000000000004`; prices per litre and coordinates have fewer digits, or others. */
const tail = /^[+-]?\d*[.,]\d*(?:0{6,}[1-9]\d?|9{6,}\d{0,2})$/;

/** `1.2345E+3`; codes of products such as `12E5` have no such signs. */
const scientific = /^[+-]?\d+(?:[.,]\d+E[+-]?|E\+)\d{1,3}$/i;

const dateName =
  /(?<!up|candi|man|vali|consoli)date$|^date|datum|^due|duedate|deadline|expir|birthday|geburtstag|geboren|termin(?:e|am)?$|faellig|fallig|f\u00e4llig|appointment$|fecha|^dia$|echeance|naissance|scadenza|nascita|^dataora|^datadi|vencimiento|vencimento|nacimiento|^termijn|vervaldag|дата|срок/;

/** What a trimmed cell of a column of this name is, if it is such a number; `undefined` for nearly all. */
export function spreadsheetNumber(column: string, cell: string): SpreadsheetNumber | undefined {
  if (days.test(cell)) return dateName.test(wordKey(column)) ? "date-number" : undefined;
  if (scientific.test(cell)) return "scientific";
  return cell.length >= 12 && tail.test(cell) ? "calculated" : undefined;
}
