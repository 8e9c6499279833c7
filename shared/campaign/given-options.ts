/** A day of the week. */
export type Weekday = "mon" | "tue" | "wed" | "thu" | "fri" | "sat" | "sun";

/** The hours in which messages may be sent, by the clock of `timezone`. */
export interface SendingWindow {
  /** The days on which it opens; all, if there are none. */
  days?: Weekday[];
  /** When it opens, such as "09:00". */
  from: string;
  /** When it closes, such as "20:00"; on the next day where that is not later than `from`. */
  to: string;
  /** An IANA time zone such as "Europe/London", or "recipient": by each recipient's own clock. */
  timezone: string;
  /** Days that have other hours. */
  hours?: { [day in Weekday]?: { from: string; to: string } };
  /** Dates on which it does not open, such as "2026-12-25". */
  except?: string[];
}

/** A campaign's options, as people and programs write them; in JSON, the file beside the list. Unknown ones are refused. */
export interface GivenOptions {
  /** The text, with placeholders such as `{{first name|there}}`; each row's own text, if absent. */
  message?: string;
  /** The number or line to send from; the stack's, if absent. */
  snumber?: string;
  /** "phone": `snumber` is a telephone line; "": a number. */
  stype?: "" | "phone";
  /** The customer in Enswitch to send as. */
  customer?: string | number;
  /** Which column means what, such as `{ cnumber: "Mobile 2" }`. */
  columns?: { [meaning: string]: string };
  /** The country of national numbers: an ISO code such as "GB". */
  country?: string;
  /** How numbers are given to Enswitch. */
  numberFormat?: "as-is" | "e164" | "national" | "digits";
  /** Whether a number must be in its country's numbering plan, or only have a length that the plan has. */
  numberCheck?: "valid" | "length";
  /** Which later rows are left out: with the same number, only with the same text as well, or none. */
  duplicates?: "number" | "text" | "send";
  /** When sending may start: ISO 8601 with a zone. */
  sendAfter?: string;
  /** When sending must end: ISO 8601 with a zone. */
  sendBefore?: string;
  /** The hours in which to send. */
  window?: SendingWindow;
  /** Pauses once at least `after` calls were made, and a share of `rate` or more of them failed. */
  stopAfterFailures?: { after: number; rate: number };
  /** How many SMS one text may take, at most 255; 10, if absent. */
  maxSegments?: number;
  /** The file's encoding, if the guess is wrong. */
  encoding?: string;
  /** Which rows are left out: those whose cell in `column` is one of `is`, or none of `isNot`. */
  skipWhere?: { column: string; is?: string[]; isNot?: string[] };
  /** The sheet of a workbook that is the list. */
  sheet?: string;
}
