/** A number with thousands separators, as people read it. */
export const grouped = (value: number): string =>
  // The locale's own data take tens of milliseconds to load, which every start would pay.
  Number.isSafeInteger(value) ? String(value).replace(/\B(?=(?:\d{3})+$)/gu, ",") : value.toLocaleString("en-GB");

/** "1 row", "2 rows", "12,000 rows". */
export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${grouped(count)} ${count === 1 ? one : many}`;

/** An instant in ISO 8601, UTC. */
export const iso = (at: number): string => new Date(at).toISOString();

/** The text with a full stop, unless it already ends in punctuation. */
export const sentence = (text: string): string => (/[.!?…]$/.test(text) ? text : `${text}.`);

/** An instant for a sentence: "2026-03-01 09:00 UTC". */
export const moment = (at: number): string => `${iso(at).slice(0, 16).replace("T", " ")} UTC`;

/** An instant to the second, for what is about to happen: "2026-03-01 09:00:05 UTC". */
export const momentToSecond = (at: number): string => `${iso(at).slice(0, 19).replace("T", " ")} UTC`;

/** A span of time in its two largest units, rounded down below them: "40 ms", "3 min 20 s", "2 h 5 min", "1 d". `ms` in milliseconds. */
export function duration(ms: number): string {
  if (ms === 0) return "0 s";
  if (ms < 1000) return `${Math.round(ms)} ms`;
  const seconds = Math.round(ms / 1000);
  const units: readonly (readonly [number, string])[] = [
    [86_400, "d"],
    [3_600, "h"],
    [60, "min"],
    [1, "s"],
  ];
  const first = units.findIndex(([size]) => seconds >= size);
  let rest = seconds;
  return units
    .slice(first, first + 2)
    .flatMap(([size, name]) => {
      const count = Math.floor(rest / size);
      rest -= count * size;
      return count > 0 ? [`${count} ${name}`] : [];
    })
    .join(" ");
}
