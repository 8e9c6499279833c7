import { phoneZones } from "./phone-zones.ts";

/** In which zones (IANA) numbers are that begin with the digits; `undefined` where nobody knows. */
export type FindNumberZones = (digits: string) => readonly string[] | undefined;

/** libphonenumber's map, read once: the zones of the longest beginning that it has of some digits. */
export function createNumberZones(): FindNumberZones {
  const byPrefix = new Map<string, readonly string[]>();
  for (const line of phoneZones.split("\n")) {
    const [zones = "", ...prefixes] = line.split(" ");
    const names = zones.split(",");
    for (const prefix of prefixes) byPrefix.set(prefix, names);
  }
  const longest = Math.max(...[...byPrefix.keys()].map(({ length }) => length));
  return (digits) => {
    for (let length = longest; length > 0; length--) {
      const found = byPrefix.get(digits.slice(0, length));
      if (found !== undefined) return found;
    }
    return undefined;
  };
}
