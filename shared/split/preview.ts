import type { CommittedCampaign } from "../campaign/campaign.ts";
import type { Defaults, Options } from "../campaign/options.ts";
import { createCountryOf } from "../csv/destination-country.ts";
import type { Judged } from "../csv/judge-csv.ts";
import { createProblemCounter } from "../csv/problem-counts.ts";
import { suppressedRow } from "../csv/row-verdict.ts";
import { measureText } from "../csv/segments.ts";
import { type SuppressedNow, suppressedNow } from "../feed/suppressed-now.ts";
import type { Suppressions } from "../feed/suppression.ts";
import type { Preview } from "../plan/head.ts";
import type { SendRow } from "../plan/plan.ts";
import { planLines } from "../plan/read-plan.ts";
import type { Bucket } from "../ports/bucket.ts";

/** Messages that are kept: some more than are shown, as some of these people may be left out by then. */
const messagesKept = 12;

/**
 * Gathers what somebody who approves sees of a list, from its judged rows; bounded, however many there are. Without `left` the rows
 * that are to be sent are taken to be those that are sent.
 */
export function createPreview(options: Options, defaults: Defaults, left?: SuppressedNow) {
  const messages: Preview["messages"] = [];
  const figures = createFigures(options, defaults, left);
  return {
    /** Takes the next rows. */
    add: (rows: Extract<Judged, { kind: "rows" }>["rows"]): void => {
      for (const { row, line, verdict } of rows) {
        if (verdict.kind !== "send") continue;
        const { send, segments } = verdict;
        if (!figures.add(send, segments, line) || messages.length === messagesKept) continue;
        const { cnumber, message, snumber } = send;
        messages.push({ row, line, cnumber, message, snumber, segments });
      }
    },
    /** What was gathered; `at`: now, epoch milliseconds. */
    preview: (at: number): Preview => ({ ...figures.counted(at), messages: [...messages] }),
  };
}

/**
 * The preview of a plan by the suppression lists as they are now (`at`, epoch milliseconds). It reads the whole plan. Throws a PlanError
 * where that is not there.
 */
export async function previewAgain(
  bucket: Bucket,
  campaign: CommittedCampaign,
  { before, lists, at }: { readonly before: Preview; readonly lists: Suppressions; readonly at: number },
): Promise<Preview> {
  const { options, defaults } = campaign;
  const left = suppressedNow(lists, options.country ?? defaults.country);
  const figures = createFigures(options, defaults, left);
  for await (const { line } of planLines(bucket, campaign, 0)) {
    for (const row of line.rows) figures.add(row, measureText(row.message).segments);
  }
  const messages = before.messages.filter(({ cnumber }) => left.suppressed(cnumber) === undefined);
  return { ...figures.counted(at), messages };
}

/** Counts what is sent where, and who is left out. */
function createFigures(options: Options, defaults: Defaults, left: SuppressedNow | undefined) {
  const countryOf = createCountryOf(options, defaults);
  const countries = new Map<string, { messages: number; segments: number }>();
  const distribution = new Map<number, number>();
  const zones: number[] = [];
  const problems = createProblemCounter();
  let hasLines = true;

  const leftOut = (at: number): Preview["left"] => {
    if (left === undefined) return undefined;
    const problem = problems
      .all()
      .map(({ status, problem: reason, count, rows, lines, examples }) => ({
        ...{ status, reason, count, rows: [...rows], examples: [...examples] },
        lines: hasLines ? [...lines] : undefined,
      }))
      .at(0);
    return {
      lists: left.stamp,
      at,
      problem,
      distribution: Object.fromEntries([...distribution].sort(([a], [b]) => a - b)),
      zones: zones.length === 0 ? undefined : Array.from(zones, (rows = 0) => rows),
      warnings: left.warnings().map((warning) => ({ ...warning })),
    };
  };

  return {
    /** Counts a row, whose line is only known while the list is read; returns whether it is sent. */
    add: ({ row, cnumber, zone }: SendRow, segments: number, line?: number): boolean => {
      const detail = left?.suppressed(cnumber);
      if (line === undefined) hasLines = false;
      if (detail !== undefined) {
        problems.add(suppressedRow(detail, segments), row, line ?? 0);
        return false;
      }
      const country = countryOf(cnumber) ?? "";
      const known = countries.get(country) ?? { messages: 0, segments: 0 };
      countries.set(country, { messages: known.messages + 1, segments: known.segments + segments });
      distribution.set(segments, (distribution.get(segments) ?? 0) + 1);
      if (zone !== undefined) zones[zone] = (zones[zone] ?? 0) + 1;
      return true;
    },
    counted: (at: number): Omit<Preview, "messages"> => ({
      countries: [...countries]
        .map(([country, figures]) => ({ country, ...figures }))
        .sort((a, b) => b.messages - a.messages || (a.country < b.country ? -1 : 1)),
      left: leftOut(at),
    }),
  };
}
