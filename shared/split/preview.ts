import type { CommittedCampaign } from "../campaign/campaign.ts";
import type { Defaults, Options } from "../campaign/options.ts";
import { createCountryOf } from "../csv/destination-country.ts";
import type { Judged } from "../csv/judge-csv.ts";
import { createProblemCounter } from "../csv/problem-counts.ts";
import { suppressedRow } from "../csv/row-verdict.ts";
import { type SuppressedNow, suppressedNow } from "../feed/suppressed-now.ts";
import type { Suppressions } from "../feed/suppression.ts";
import type { Preview } from "../plan/head.ts";
import type { SendRow } from "../plan/plan.ts";
import { planLines, planRows } from "../plan/read-plan.ts";
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
  for await (const { row, line, segments } of plannedRows(bucket, campaign)) figures.add(row, segments, line);
  const messages = before.messages.filter(({ cnumber }) => left.suppressed(cnumber) === undefined);
  return { ...figures.counted(at), messages };
}

/** A row as figures count it. */
type CountedRow = Pick<SendRow, "row" | "cnumber" | "zone">;

/** The plan's sendable rows with their segments, in order; and their zones, where the campaign has any, which only its batches say. */
async function* plannedRows(
  bucket: Bucket,
  campaign: CommittedCampaign,
): AsyncGenerator<{ readonly row: CountedRow; readonly line: number; readonly segments: number }> {
  const zones = campaign.zones === undefined ? undefined : zonesOfRows(bucket, campaign);
  let row = 0;
  for await (const lines of planRows(bucket, campaign)) {
    for (const { unsent, line = 0, number = "", segments } of lines) {
      row++;
      if (unsent !== undefined) continue;
      const zone = (await zones?.next())?.value;
      yield { row: { row, cnumber: number, zone }, line, segments };
    }
  }
}

async function* zonesOfRows(
  bucket: Bucket,
  campaign: CommittedCampaign,
): AsyncGenerator<number | undefined, undefined> {
  for await (const { line } of planLines(bucket, campaign, 0)) for (const { zone } of line.rows) yield zone;
}

/** Counts what is sent where, and who is left out. */
function createFigures(options: Options, defaults: Defaults, left: SuppressedNow | undefined) {
  const countryOf = createCountryOf(options, defaults);
  const countries = new Map<string, { messages: number; segments: number }>();
  const distribution = new Map<number, number>();
  const zones: number[] = [];
  const problems = createProblemCounter();

  const leftOut = (at: number): Preview["left"] => {
    if (left === undefined) return undefined;
    const problem = problems
      .all()
      .map(({ status, problem: reason, count, rows, lines, examples }) => ({
        ...{ status, reason, count, rows: [...rows], lines: [...lines], examples: [...examples] },
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
    /** Counts a row in this line of the spreadsheet; returns whether it is sent. */
    add: ({ row, cnumber, zone }: CountedRow, segments: number, line: number): boolean => {
      const detail = left?.suppressed(cnumber);
      if (detail !== undefined) {
        problems.add(suppressedRow(detail, segments), row, line);
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
