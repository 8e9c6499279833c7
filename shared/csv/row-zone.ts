import type { Defaults, Options } from "../campaign/options.ts";
import { byRecipient, windowsIn, zonesInWords } from "../campaign/recipient-hours.ts";
import { nextOpening } from "../campaign/window.ts";
import { knownResults } from "../known-results.ts";
import { type NumberPlace, placeOfNumber, planOf } from "../numbering-plan.ts";
import { quoted } from "../shorten.ts";
import { isEmptyToken } from "./clean-cells.ts";
import type { Columns } from "./columns.ts";
import { countryNamed } from "./country-names.ts";
import type { Destination } from "./destination.ts";
import type { FindNumberZones } from "./number-zones.ts";
import { type Invalid, invalid } from "./problem.ts";
import { zoneNamed } from "./zone-name.ts";

/** The group of a row (its place among the groups), or why nobody can say when the row may be sent. */
type RowZone = { readonly kind: "group"; readonly group: number } | Invalid;

/** Tells in which zones the recipients of a list are. */
export interface RowZones {
  read(cells: readonly string[], destination: Destination): RowZone;
  /** The zones of each group so far. */
  groups(): readonly (readonly string[])[];
}

/** Different wrong names for which those are looked for that may be meant: it takes time, and nobody reads more of them. */
const mostHints = 200;

const unknownPlace =
  "The recipient's time zone cannot be told from the number; write the number with its country code, or the zone into a column timezone";

const neverTogether =
  "The number may be in several time zones, and the window is never open in all of them; write the recipient's zone into a column timezone";

const neverOpen = "The window is never open in the recipient's time zone together with the stack's; change window";

/**
 * Zones by the column `timezone`, else by the number, else by the country; `undefined` where no window is by the
 * recipients' clocks. `at`: as of when a window must still open (epoch ms); absent: not looked at.
 */
export function createRowZones(settings: {
  readonly columns: Columns;
  readonly options: Options;
  readonly defaults: Defaults;
  readonly find: FindNumberZones;
  readonly at: number | undefined;
}): RowZones | undefined {
  const { columns, options, defaults, find, at } = settings;
  const hours = { options, defaults };
  if (!byRecipient(hours)) return undefined;
  const home = options.country ?? defaults.country;
  const { groups, groupOf, groupOfFound } = createGroups(hours, at);

  let hints = 0;
  const named = knownResults((cell) => {
    const zone = zoneNamed(cell, hints < mostHints);
    if (zone.kind === "invalid") hints++;
    return zone;
  });

  /** The zones of a whole country, by its ISO code. */
  const zonesOf = (country: string | undefined): readonly string[] | undefined => {
    const plan = country === undefined ? undefined : planOf(country);
    return plan === undefined ? undefined : find(plan.callingCode);
  };

  return {
    read: (cells, { identity }) => {
      const cell = columns.timezone === undefined ? "" : (cells[columns.timezone] ?? "").trim();
      if (cell !== "" && !isEmptyToken(cell)) {
        const zone = named(cell);
        return zone.kind === "invalid" ? zone : groupOf([zone.zone]);
      }
      const rowCountry = columns.country === undefined ? undefined : countryNamed(cells[columns.country] ?? "");
      const place = placeOfNumber(identity);
      const zones =
        place === undefined || place.anywhere ? zonesOf(rowCountry ?? home) : zonesOfNumber(identity, place, find);
      return zones === undefined ? invalid(unknownPlace, quoted(identity)) : groupOfFound(zones);
    },
    groups: () => groups,
  };
}

/** Groups as rows come to need them. `at`: as of when the window must still open in them, where that is looked at. */
function createGroups(hours: Parameters<typeof windowsIn>[0], at: number | undefined) {
  const groups: (readonly string[])[] = [];
  const byZones = new Map<string, RowZone>();
  const byFound = new Map<readonly string[], RowZone>();

  const groupOf = (names: readonly string[]): RowZone => {
    const zones = [...new Set(names)].toSorted();
    const key = zones.join();
    const known = byZones.get(key);
    if (known !== undefined) return known;
    const opens = at === undefined || nextOpening(windowsIn(hours, zones), at) !== undefined;
    const zone: RowZone = opens
      ? { kind: "group", group: groups.push(zones) - 1 }
      : invalid(zones.length > 1 ? neverTogether : neverOpen, zonesInWords(zones));
    byZones.set(key, zone);
    return zone;
  };

  /** The same for the map's own lists, each of which is put together once. */
  const groupOfFound = (zones: readonly string[]): RowZone => {
    const group = byFound.get(zones) ?? groupOf(zones.map(current));
    byFound.set(zones, group);
    return group;
  };
  return { groups, groupOf, groupOfFound };
}

/** As a column would name it. */
function current(zone: string): string {
  const named = zoneNamed(zone);
  return named.kind === "zone" ? named.zone : zone;
}

/** The zones of a number in E.164, as libphonenumber tells them: by its area where it has one, else those of its calling code. */
const zonesOfNumber = (number: string, { callingCode, hasArea }: NumberPlace, find: FindNumberZones) =>
  find(hasArea ? number.slice(1) : callingCode);
