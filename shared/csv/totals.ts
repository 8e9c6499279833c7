import { type CountrySegments, createCountryCounter } from "../campaign/prices.ts";
import type { ZoneGroup } from "../campaign/recipient-hours.ts";
import type { SendRow } from "../plan/plan.ts";
import type { CountryOf } from "./destination-country.ts";
import { createProblemCounter, type ProblemCount } from "./problem-counts.ts";
import type { RowVerdict } from "./row-verdict.ts";
import { unicodeCauses } from "./segments.ts";

/** What becomes of a file's rows, for check and summary; bounded, however many rows there are. */
export interface Totals {
  readonly rows: number;
  readonly sendable: number;
  readonly invalid: number;
  readonly skipped: number;
  /** As a plan counts them, in which rows are sendable that suppression lists will keep from being sent. */
  readonly planned: Pick<Totals, "sendable" | "zones">;
  /** Of the sendable rows: their sum, and how many rows take how many segments. */
  readonly segments: { readonly total: number; readonly distribution: Readonly<Record<string, number>> };
  /** What of the segments goes to which country; undefined unless it is counted. */
  readonly countries: CountrySegments | undefined;
  /** The sendable rows by the recipients' zones, in the order in which rows name them; undefined where nobody asks. */
  readonly zones: readonly ZoneGroup[] | undefined;
  /** Sendable rows under whose text the stack's footer was put. */
  readonly footed: number;
  /** The most frequent first. */
  readonly problems: readonly ProblemCount[];
  /** Sendable rows that need UCS-2, and the characters that cause it, the most frequent first. */
  readonly unicode: {
    readonly rows: number;
    readonly causes: readonly { readonly character: string; readonly rows: number }[];
  };
}

/** Characters that are counted. */
const charactersKept = 50;

/** Counts verdicts. */
export interface TotalsCounter {
  add(verdict: RowVerdict, row: number, line: number): void;
  /** `zones`: those of each group that the rows name. */
  totals(zones?: readonly (readonly string[])[]): Totals;
}

/** No row counted yet. `countryOf`: countries are counted, too. */
export function createTotalsCounter(countryOf?: CountryOf): TotalsCounter {
  const counts = { send: 0, invalid: 0, skipped: 0 };
  let total = 0;
  let unicodeRows = 0;
  let footed = 0;
  const distribution = new Map<number, number>();
  const countries = createCountryCounter();
  const problems = createProblemCounter();
  const causes = new Map<string, number>();
  const sendable = createZonedCounter();
  const planned = createZonedCounter();

  return {
    add(verdict, row, line) {
      counts[verdict.kind]++;
      if (verdict.kind !== "send") {
        problems.add(verdict, row, line);
        if (verdict.planned !== undefined) planned.add(verdict.planned);
        return;
      }
      sendable.add(verdict.send);
      planned.add(verdict.send);
      total += verdict.segments;
      if (verdict.footed) footed++;
      distribution.set(verdict.segments, (distribution.get(verdict.segments) ?? 0) + 1);
      if (countryOf !== undefined) countries.add(countryOf(verdict.send.cnumber), verdict.segments);
      if (!verdict.unicode) return;
      unicodeRows++;
      for (const character of unicodeCauses(verdict.send.message)) {
        if (causes.has(character) || causes.size < charactersKept) {
          causes.set(character, (causes.get(character) ?? 0) + 1);
        }
      }
    },
    totals: (zones) => ({
      ...sendable.counted(zones),
      rows: counts.send + counts.invalid + counts.skipped,
      invalid: counts.invalid,
      skipped: counts.skipped,
      planned: planned.counted(zones),
      segments: {
        total,
        distribution: Object.fromEntries(distribution),
      },
      countries: countryOf && countries.all(),
      footed,
      problems: problems.all(),
      unicode: {
        rows: unicodeRows,
        causes: [...causes].map(([character, rows]) => ({ character, rows })).sort((a, b) => b.rows - a.rows),
      },
    }),
  };
}

/** Counts rows that can be sent, and those of each group of zones. */
function createZonedCounter() {
  let count = 0;
  const inGroup: number[] = [];
  return {
    add: ({ zone }: Pick<SendRow, "zone">): void => {
      count++;
      if (zone !== undefined) inGroup[zone] = (inGroup[zone] ?? 0) + 1;
    },
    counted: (zones: readonly (readonly string[])[] | undefined): Totals["planned"] => ({
      sendable: count,
      zones: zones?.map((names, group) => ({ zones: [...names], rows: inGroup[group] ?? 0 })),
    }),
  };
}
