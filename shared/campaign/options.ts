import * as z from "zod";
import { bounds } from "../bounds.ts";
import { Prices } from "./prices.ts";

const weekday = z.enum(["mon", "tue", "wed", "thu", "fri", "sat", "sun"]);
const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time such as "09:00"');
const date = z.string().refine(isDate, 'a date such as "2026-12-25"');
const hours = z.strictObject({ from: timeOfDay, to: timeOfDay });

/** In place of a window's zone: that of each recipient. */
export const recipientZone = "recipient";

/**
 * When messages may be sent: on these days, from `from` until `to` (over midnight when `to` is not later), in `timezone`.
 * `hours` has the days that have others, and `except` the dates on which no window opens, both by the clock of the zone.
 */
export const Window = z.strictObject({
  days: z.array(weekday).min(1).optional(),
  from: timeOfDay,
  to: timeOfDay,
  timezone: z
    .string()
    .overwrite((zone) => (zone.trim().toLowerCase() === recipientZone ? recipientZone : zone))
    .refine(
      (zone) => zone === recipientZone || isTimeZone(zone),
      'an IANA time zone such as "Europe/London", or "recipient" for that of each recipient',
    ),
  hours: z.partialRecord(weekday, hours).optional(),
  except: z.array(date).max(bounds.exceptDates).optional(),
});
export type Window = z.infer<typeof Window>;

/** IANA's names of clocks that few mean who write them: without summer time, or with the sign the other way round. */
const misleadingZone = /^(?:est|mst|hst|etc\/gmt[+-]0*[1-9]\d?)$/i;

/**
 * A window that somebody gives now: hours of a day that `days` leaves out would have no effect, and a zone that has two readings
 * the other hours, which nobody means.
 */
export const GivenWindow = Window.superRefine(({ days, hours = {}, timezone }, context) => {
  if (misleadingZone.test(timezone.trim())) {
    const message =
      'the name of a place, such as "America/New_York": "EST" has no summer time, and "Etc/GMT+2" is two hours behind UTC';
    context.addIssue({ code: "custom", path: ["timezone"], message });
  }
  for (const day of weekday.options) {
    if (hours[day] === undefined || days === undefined || days.includes(day)) continue;
    context.addIssue({ code: "custom", path: ["hours", day], message: 'for a day that is in "window.days"' });
  }
});

/** Zones known to exist: every read of a campaign asks, and asking the platform takes long. */
const zones = new Set<string>();

function isTimeZone(zone: string): boolean {
  if (zones.has(zone)) return true;
  try {
    new Intl.DateTimeFormat("en", { timeZone: zone });
    zones.add(zone);
    return true;
  } catch {
    return false;
  }
}

/** Whether a text is a date that the calendar has, as ISO 8601 writes it. */
function isDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const at = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text);
}

const instant = z.iso.datetime({ offset: true, message: 'an instant with a zone such as "2026-03-01T09:00:00+01:00"' });

const customer = (text: z.ZodString) =>
  z.union([text.regex(/^\d+$/), z.int().nonnegative().transform(String).pipe(text)]);

/** A campaign's options, as its JSON file gives them. Unknown keys are refused by name. */
export const Options = z.strictObject({
  message: z.string().optional(),
  snumber: z.string().optional(),
  stype: z.enum(["", "phone"]).optional(),
  customer: customer(z.string()).optional(),
  columns: z.record(z.string(), z.string()).optional(),
  country: z
    .string()
    .regex(/^[A-Z]{2}$/, 'an ISO country code such as "GB"')
    .optional(),
  numberFormat: z.enum(["as-is", "e164", "national", "digits"]).optional(),
  numberCheck: z.enum(["valid", "length"]).optional(),
  duplicates: z.enum(["number", "text", "send"]).optional(),
  sendAfter: instant.optional(),
  sendBefore: instant.optional(),
  window: Window.optional(),
  stopAfterFailures: z.strictObject({ after: z.int().positive(), rate: z.number().gt(0).max(1) }).optional(),
  maxSegments: z.int().positive().optional(),
  encoding: z.string().optional(),
  skipWhere: z
    .strictObject({
      column: z.string(),
      is: z.array(z.string()).min(1).optional(),
      isNot: z.array(z.string()).min(1).optional(),
    })
    .refine(({ is, isNot }) => (is === undefined) !== (isNot === undefined), 'a "column" with either "is" or "isNot"')
    .optional(),
  sheet: z.string().optional(),
});
export type Options = z.infer<typeof Options>;

/** Options as they may be uploaded; those of a campaign that an older version committed may be larger, or have such hours. */
export const UploadedOptions = Options.extend({
  window: GivenWindow.optional(),
  snumber: z.string().max(bounds.snumber).optional(),
  customer: customer(z.string().max(bounds.customer)).optional(),
  maxSegments: z.int().positive().max(bounds.segments).optional(),
});

/** What the stack's settings say where neither row nor options do. */
export const Defaults = z.strictObject({
  snumber: z.string().optional(),
  stype: z.enum(["", "phone"]).optional(),
  customer: z.string().optional(),
  country: z.string().optional(),
  window: Window.optional(),
  /** The only countries (ISO codes) that may be texted; absent: all. */
  countries: z.array(z.string()).min(1).optional(),
  /** What segments cost; absent: costs are not shown. */
  prices: Prices.optional(),
  /** The sentence that is put under texts which name no way to stop, and the words that stop, where the stack has its own. */
  optOut: z.strictObject({ footer: z.string(), words: z.array(z.string()).optional() }).optional(),
});
export type Defaults = z.infer<typeof Defaults>;
