/** A day of the week. */
export type Weekday = "mon" | "tue" | "wed" | "thu" | "fri" | "sat" | "sun";

/** The hours in which messages may be sent, by the clock of `timezone`. */
export interface SendingWindow {
  /** The days on which it opens; all, if there are none. */
  days?: Weekday[] | undefined;
  /** When it opens, such as "09:00". */
  from: string;
  /** When it closes, such as "20:00"; on the next day where that is not later than `from`. */
  to: string;
  /** An IANA time zone such as "Europe/London", or "recipient": by each recipient's own clock. */
  timezone: string;
  /** Days that have other hours. */
  hours?: { [day in Weekday]?: { from: string; to: string } | undefined } | undefined;
  /** Dates on which it does not open, such as "2026-12-25". */
  except?: string[] | undefined;
}

/**
 * A campaign's options, as people and programs write them; in JSON, the file beside the list. Unknown ones are refused. What is
 * `undefined` is absent, also to programs that tell the two apart.
 */
export interface GivenOptions {
  /** The text, with placeholders such as `{{first name|there}}`; each row's own text, if absent. */
  message?: string | undefined;
  /** The number or line to send from; the stack's, if absent. */
  snumber?: string | undefined;
  /** "phone": `snumber` is a telephone line; "": a number. */
  stype?: "" | "phone" | undefined;
  /** The customer in Enswitch to send as. */
  customer?: string | number | undefined;
  /** Which column means what, such as `{ cnumber: "Mobile 2" }`. */
  columns?: { [meaning: string]: string } | undefined;
  /** The country of national numbers: an ISO code such as "GB". */
  country?: string | undefined;
  /** How numbers are given to Enswitch. */
  numberFormat?: "as-is" | "e164" | "national" | "digits" | undefined;
  /** Whether a number must be in its country's numbering plan, or only have a length that the plan has. */
  numberCheck?: "valid" | "length" | undefined;
  /** Which later rows are left out: with the same number, only with the same text as well, or none. */
  duplicates?: "number" | "text" | "send" | undefined;
  /** When sending may start: ISO 8601 with a zone. */
  sendAfter?: string | undefined;
  /** When sending must end: ISO 8601 with a zone. */
  sendBefore?: string | undefined;
  /** The hours in which to send. */
  window?: SendingWindow | undefined;
  /** Pauses once at least `after` calls were made, and a share of `rate` or more of them failed. */
  stopAfterFailures?: { after: number; rate: number } | undefined;
  /** How many SMS one text may take, at most 255; 10, if absent. */
  maxSegments?: number | undefined;
  /** The file's encoding, if the guess is wrong. */
  encoding?: string | undefined;
  /** Which rows are left out: those whose cell in `column` is one of `is`, or none of `isNot`. */
  skipWhere?: { column: string; is?: string[] | undefined; isNot?: string[] | undefined } | undefined;
  /** The sheet of a workbook that is the list. */
  sheet?: string | undefined;
}
