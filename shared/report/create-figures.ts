import type { RowStatus } from "../campaign/campaign.ts";
import { createCountryCounter } from "../campaign/prices.ts";
import type { CountryOf } from "../csv/destination-country.ts";
import type { Outcome } from "../ledger/outcome.ts";
import type { PlanHead } from "../plan/head.ts";
import type { RowLine } from "../plan/plan.ts";
import type { FinalFigures } from "./figures.ts";
import { createProblemRows } from "./problem-rows.ts";
import { createReasons } from "./reasons.ts";
import type { RowResult } from "./row-result.ts";
import { createTimeline } from "./timeline.ts";

/**
 * Gathers the figures of a campaign row by row, in bounded memory. `head` is that of its plan; with `countryOf`, what was
 * submitted is also counted by country.
 */
export function createFigures(head: PlanHead, countryOf?: CountryOf) {
  const counts: Record<RowStatus, number> = {
    submitted: 0,
    failed: 0,
    unknown: 0,
    invalid: 0,
    skipped: 0,
    cancelled: 0,
  };
  const planned = { invalid: 0, skipped: 0 };
  const sent = createSegments(countryOf);
  const reasons = createReasons();
  const problems = createProblemRows(head);
  const timeline = createTimeline();
  let calls = 0;

  return {
    /** Counts row number `row`, once each, in order. */
    add(row: number, line: RowLine, outcome: Outcome | undefined, result: RowResult): void {
      const { unsent } = line;
      counts[result.status] += 1;
      if (outcome) {
        calls += outcome.attempts;
        timeline.add(outcome);
      }
      if (result.status === "submitted") {
        sent.add(line);
        return;
      }
      problems.add(row, line, result);
      if (unsent !== undefined) planned[unsent.status] += 1;
      else reasons.add({ row, line: line.line }, result.status, result.reason, result.code, result.key);
    },

    /** The figures of the `rows` rows counted. `completedAt` in epoch milliseconds. */
    all(rows: number, completedAt: number): Omit<FinalFigures, "workbooks"> {
      const span = timeline.span();
      return {
        rows,
        counts,
        ...sent.all(),
        reasons: reasons.all(head.problems, planned),
        problemColumns: problems.columns,
        problemRows: problems.all(),
        timeline: timeline.timeline(),
        answers: timeline.answers(),
        calls,
        firstCallAt: span?.first,
        lastCallAt: span?.last,
        rateReached: timeline.rate(),
        completedAt,
      };
    },
  };
}

/** Counts the segments of rows, and with `countryOf` where they went. */
function createSegments(countryOf: CountryOf | undefined) {
  let total = 0;
  const distribution = new Map<number, number>();
  const countries = createCountryCounter();
  return {
    add({ segments, number }: RowLine): void {
      total += segments;
      distribution.set(segments, (distribution.get(segments) ?? 0) + 1);
      if (countryOf !== undefined) countries.add(number === undefined ? undefined : countryOf(number), segments);
    },
    all: (): Pick<FinalFigures, "segments" | "countries"> => ({
      segments: { total, distribution: Object.fromEntries([...distribution].sort(([a], [b]) => a - b)) },
      countries: countryOf && countries.all(),
    }),
  };
}
