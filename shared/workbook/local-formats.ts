import { getLocale } from "numfmt";

/** How the computers of a country show what a workbook leaves to them. */
export interface LocalFormats {
  /** Names the locale for the names of months and days. */
  readonly locale: string;
  /** A short date, such as `dd/mm/yyyy`. */
  readonly date: string;
  /** A date in words, such as `dddd d mmmm yyyy`. */
  readonly longDate: string;
  readonly time: string;
  /** What stands before a number's decimals. */
  readonly decimal: string;
  /** The country's currency is the one that built-in formats write as `$`. */
  readonly dollars: boolean;
}

const withoutCountry: LocalFormats = {
  locale: "en",
  date: "yyyy-mm-dd",
  longDate: "yyyy-mm-dd",
  time: "hh:mm:ss",
  decimal: ".",
  dollars: true,
};

/** Scripts whose names of months are written as they are; elsewhere they are English, and so are the digits. */
const scripts = new Set(["Latn", "Cyrl", "Grek"]);

/** The formats of a country by its ISO code; without one, dates are ISO dates, which nobody can mistake. */
export function localFormats(country: string | undefined): LocalFormats {
  if (country === undefined) return withoutCountry;
  const { language, script = "" } = new Intl.Locale(`und-${country}`).maximize();
  const locale = `${scripts.has(script) ? language : "en"}-${country}`;
  return {
    locale,
    date: datePattern(locale, { dateStyle: "short" }),
    longDate: datePattern(locale, { dateStyle: "full" }),
    time: country === "US" ? "h:mm:ss AM/PM" : "hh:mm:ss",
    decimal: getLocale(locale)?.decimal ?? ".",
    dollars: country === "US",
  };
}

/** A spreadsheet's format code for a date as the platform's own tables show it, with all digits of the year. */
function datePattern(locale: string, style: Intl.DateTimeFormatOptions): string {
  const format = new Intl.DateTimeFormat(`${locale}-u-ca-gregory-nu-latn`, { ...style, timeZone: "UTC" });
  return format
    .formatToParts(new Date(Date.UTC(2026, 2, 4)))
    .map(({ type, value }) => {
      const long = !/^\d+$/.test(value);
      switch (type) {
        case "year":
          return "yyyy";
        case "month":
          return long ? "mmmm" : "m".repeat(value.length);
        case "day":
          return "d".repeat(value.length);
        case "weekday":
          return "dddd";
        default:
          return value.replace(/[\u200e\u200f]/g, "").replace(/[\p{L}",]+/gu, (text) => `"${text.replace(/"/g, "")}"`);
      }
    })
    .join("");
}
