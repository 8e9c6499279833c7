import type { CountryEvidence } from "./country-by-cells.ts";
import { firstCell } from "./first-cells.ts";

/**
 * What a column of digits is beside the numbers: `part` of them by all that can be seen, perhaps (`watch`: later rows may show it), or
 * not at all.
 */
export type CodeDoubt = "part" | "watch" | "none";

/** How many of the first rows have one of these kinds of number. */
interface Counts {
  /** Only what stands in the number's own column is a number. */
  apart: number;
  /** Only both columns together are one. */
  together: number;
  /** Either is a number, another one. */
  both: number;
  /** Either is the same number. */
  same: number;
}

/**
 * Whether a column whose first cells are dialling codes, such as 39 and 44, is the beginning of the numbers. Ages and quantities
 * are such codes, too: what counts is which numbers there are. A name that may mean a code (`named`) needs less to be asked about.
 */
export function codeDoubt(at: number, named: boolean, evidence: CountryEvidence): CodeDoubt {
  const { apart, together, both, same } = countNumbers(at, evidence);
  if (apart * 3 > together + both + same) return "none";
  if (together + both === 0) return same > 0 ? "watch" : "none";
  return named || together > 0 || both > 1 ? "part" : "watch";
}

function countNumbers(at: number, { first, number, readNumber, home }: CountryEvidence): Counts {
  const counts = { apart: 0, together: 0, both: 0, same: 0 };
  for (const { cells } of first.records) {
    const callingCode = firstCell(cells, at);
    if (callingCode === "") continue;
    const cell = cells[number] ?? "";
    const own = readNumber(cell);
    const joined = readNumber(cell, { callingCode });
    // Without a country, digits are taken for anything.
    const isOwn = own.kind === "destination" && (home !== undefined || own.identity.startsWith("+"));
    if (joined.kind !== "destination") {
      if (own.kind === "destination") counts.apart++;
    } else if (!isOwn) counts.together++;
    else if (own.identity === joined.identity) counts.same++;
    else counts.both++;
  }
  return counts;
}
