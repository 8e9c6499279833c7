import { nearName } from "../near-name.ts";
import { quoted } from "../shorten.ts";
import { type Invalid, invalid } from "./problem.ts";

/** A time zone by its IANA name, or why a cell is none. */
export type ZoneName = { readonly kind: "zone"; readonly zone: string } | Invalid;

/** What the platform calls by a name that IANA has since replaced (https://github.com/eggert/tz/blob/main/backward). */
const renamed: ReadonlyMap<string, string> = new Map([
  ["Africa/Asmera", "Africa/Asmara"],
  ["America/Buenos_Aires", "America/Argentina/Buenos_Aires"],
  ["America/Catamarca", "America/Argentina/Catamarca"],
  ["America/Coral_Harbour", "America/Atikokan"],
  ["America/Cordoba", "America/Argentina/Cordoba"],
  ["America/Godthab", "America/Nuuk"],
  ["America/Indianapolis", "America/Indiana/Indianapolis"],
  ["America/Jujuy", "America/Argentina/Jujuy"],
  ["America/Louisville", "America/Kentucky/Louisville"],
  ["America/Mendoza", "America/Argentina/Mendoza"],
  ["Asia/Calcutta", "Asia/Kolkata"],
  ["Asia/Katmandu", "Asia/Kathmandu"],
  ["Asia/Rangoon", "Asia/Yangon"],
  ["Asia/Saigon", "Asia/Ho_Chi_Minh"],
  ["Atlantic/Faeroe", "Atlantic/Faroe"],
  ["Europe/Kiev", "Europe/Kyiv"],
  ["Pacific/Enderbury", "Pacific/Kanton"],
  ["Pacific/Ponape", "Pacific/Pohnpei"],
  ["Pacific/Truk", "Pacific/Chuuk"],
]);

/**
 * Abbreviations, and the zone that each most often means. Some of them are IANA's own names, but of clocks without summer
 * time, which is not what people mean who write "EST" beside somebody's name.
 */
const abbreviated: ReadonlyMap<string, string> = new Map(
  Object.entries({
    "America/New_York": "est edt et eastern",
    "America/Chicago": "cst cdt ct central",
    "America/Denver": "mst mdt mt mountain",
    "America/Los_Angeles": "pst pdt pt pacific",
    "America/Anchorage": "akst akdt",
    "Pacific/Honolulu": "hst",
    "America/Halifax": "ast adt",
    "America/Sao_Paulo": "brt",
    "Europe/London": "gmt bst",
    "Europe/Lisbon": "wet west",
    "Europe/Berlin": "cet cest met mest mez mesz",
    "Europe/Athens": "eet eest",
    "Europe/Moscow": "msk",
    "Asia/Kolkata": "ist",
    "Asia/Singapore": "sgt",
    "Asia/Tokyo": "jst",
    "Australia/Sydney": "aest aedt aet",
    "Australia/Adelaide": "acst acdt",
    "Australia/Perth": "awst",
    "Pacific/Auckland": "nzst nzdt",
    "Africa/Johannesburg": "sast",
  }).flatMap(([zone, names]) => names.split(" ").map((name) => [name, zone])),
);

const notKnown = "The time zone is not known; write its IANA name";

/**
 * Reads a zone as people write it, but without blanks around it: in any case, with blanks for underscores. Never reads what has two
 * meanings. `hint`: a name that may be meant is looked for, which takes a millisecond.
 */
export function zoneNamed(text: string, hint = true): ZoneName {
  if (text.length > longest) return unknownZone(text);
  const name = text.replace(/\s+/g, "_").replace(/_*\/_*/g, "/");
  const meant = abbreviated.get(name.toLowerCase());
  if (meant !== undefined) {
    return invalid(
      `The time zone is an abbreviation, which does not say where the clocks change; write its IANA name, such as ${meant}`,
      quoted(text),
    );
  }
  if (/^(?:utc|gmt|z)?[+-−]?\d[\d:.h]*$/i.test(name)) {
    return invalid(
      'The time zone is a distance from UTC, which does not say when the clocks change; write its IANA name, such as "Europe/Paris"',
      quoted(text),
    );
  }
  const posix = /^etc\/gmt([+-])0*([1-9]\d?)$/i.exec(name);
  if (posix !== null) {
    const [, sign = "", hours = ""] = posix;
    return invalid(
      `Etc/GMT${sign}${hours} has two readings: to IANA it is UTC${sign === "+" ? "-" : "+"}${hours}, and most who write it mean UTC${sign}${hours}; write the IANA name of the place, such as "Europe/Paris"`,
      quoted(text),
    );
  }
  const zone = resolved(name);
  if (zone !== undefined) return { kind: "zone", zone };
  const near = hint ? nearZone(name) : undefined;
  return near === undefined ? unknownZone(text) : invalid(`${notKnown}; perhaps ${near}`, quoted(text));
}

const unknownZone = (text: string) => invalid(`${notKnown}, such as "Europe/London"`, quoted(text));

/** Characters of the longest text that may be a zone's name. */
const longest = 60;

/** The name of a zone as IANA has it now, however it is spelt or was once called; `undefined` for what is none. */
function resolved(name: string): string | undefined {
  // What begins otherwise may be an offset, which the platform takes too.
  if (!/^[a-z][\w/+-]*$/i.test(name)) return undefined;
  try {
    const zone = new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone;
    return renamed.get(zone) ?? zone;
  } catch {
    return undefined;
  }
}

interface Names {
  readonly zones: readonly string[];
  /** Zones by their last part, in small letters. */
  readonly cities: ReadonlyMap<string, string>;
}

let known: Names | undefined;

function allNames(): Names {
  const zones = Intl.supportedValuesOf("timeZone").map((zone) => renamed.get(zone) ?? zone);
  return { zones, cities: new Map(zones.map((zone) => [zone.slice(zone.lastIndexOf("/") + 1).toLowerCase(), zone])) };
}

/** A zone that has the name, or nearly, with or without its continent: "New York", "America/NewYork". */
function nearZone(name: string): string | undefined {
  known ??= allNames();
  const { zones, cities } = known;
  const city = name.slice(name.lastIndexOf("/") + 1).toLowerCase();
  const spelt = cities.get(city) ?? nearName(name, zones);
  if (spelt !== undefined) return spelt;
  const near = city.length < 4 ? undefined : nearName(city, [...cities.keys()]);
  return near === undefined ? undefined : cities.get(near);
}
