import type { CommittedCampaign, RowStatus } from "../campaign/campaign.ts";
import { reportKey } from "../campaign/name.ts";
import { byteOrderMark, csvLine, quoteFor } from "../csv/csv-text.ts";
import type { PlanHead } from "../plan/head.ts";
import type { RowLine } from "../plan/plan.ts";
import type { Bucket } from "../ports/bucket.ts";
import { createTextObject, type TextObject } from "../ports/text-object.ts";
import type { FinalFigures } from "./figures.ts";
import { createOutcomeCursor, type Outcomes } from "./outcome-cursor.ts";
import { createProblemRows } from "./problem-rows.ts";
import { createReasons } from "./reasons.ts";
import { reportWriter } from "./report-line.ts";
import { rowResult } from "./row-result.ts";
import { createTimeline } from "./timeline.ts";

/** What the report is made of. */
export interface ReportInput {
  /** A campaign whose end is written. */
  readonly campaign: CommittedCampaign;
  readonly head: PlanHead;
  /** Every data row, in order, in runs. */
  readonly rows: AsyncIterable<readonly RowLine[]>;
  /** In row order, only of rows that were tried, skipped or are in doubt; `open` is proven not accepted. */
  readonly outcomes: Outcomes;
  /** Epoch milliseconds. */
  readonly completedAt: number;
}

/**
 * Writes `report.csv`, `not-sent.csv` and `unknown.csv` of a campaign in one pass, and returns what the pass found.
 *
 * Written again from the same rows and outcomes, the files are the same byte for byte. Throws, without leaving a file
 * half written (the bucket aborts what it was storing), when rows, outcomes and campaign contradict each other, when one
 * of them cannot be read, or when one file cannot be stored.
 */
export async function writeReport({ bucket }: { bucket: Bucket }, input: ReportInput): Promise<FinalFigures> {
  const { name } = input.campaign;
  const fileOf = (file: string) => createTextObject(bucket, reportKey(name, file), "text/csv; charset=utf-8");
  const files = { report: fileOf("report.csv"), notSent: fileOf("not-sent.csv"), unknown: fileOf("unknown.csv") };
  const all = Object.values(files);
  const stored = all.map((file) => file.stored);
  const written = writeRows(files, input);
  try {
    // Whatever fails first, a source or a file, ends all the others.
    const [figures] = await Promise.all([written, ...stored]);
    return figures;
  } catch (error) {
    for (const file of all) file.fail(error);
    await Promise.allSettled(stored);
    throw error;
  }
}

type Files = Record<"report" | "notSent" | "unknown", TextObject>;

/** The pass over the rows. Ends soon after a file failed, at the next thing that it would have written there. */
async function writeRows(files: Files, input: ReportInput): Promise<FinalFigures> {
  const { campaign, head, completedAt } = input;
  const { end } = campaign;
  if (!end) throw new Error(`Campaign ${campaign.name} has not ended; its report cannot be written yet.`);

  const { delimiter } = campaign.dialect;
  const writer = reportWriter(head.header, delimiter);
  const quote = quoteFor(delimiter);
  const originalHeader = byteOrderMark + csvLine(head.header, quote, delimiter);
  files.report.add(byteOrderMark + writer.header());
  files.notSent.add(originalHeader);
  files.unknown.add(originalHeader);

  const counts: Record<RowStatus, number> = {
    submitted: 0,
    failed: 0,
    unknown: 0,
    invalid: 0,
    skipped: 0,
    cancelled: 0,
  };
  const planned = { invalid: 0, skipped: 0 };
  const distribution = new Map<number, number>();
  const reasons = createReasons();
  const problems = createProblemRows(head.header);
  const timeline = createTimeline();
  const outcomes = createOutcomeCursor(input.outcomes);
  let row = 0;
  let segmentsSent = 0;
  let calls = 0;

  try {
    for await (const run of input.rows) {
      for (const line of run) {
        row += 1;
        if (outcomes.empty()) await outcomes.fill();
        const outcome = outcomes.take(row);
        const result = rowResult(row, line, outcome, end);
        const [cells, segments] = line;

        const wait = files.report.add(writer.line(cells, segments, result));
        if (wait) await wait;
        const again = fileFor(result.status);
        const waitAgain = again && files[again].add(csvLine(cells, quote, delimiter));
        if (waitAgain) await waitAgain;

        counts[result.status] += 1;
        if (outcome) {
          calls += outcome.attempts;
          timeline.add(outcome);
        }
        if (result.status === "submitted") {
          segmentsSent += segments;
          distribution.set(segments, (distribution.get(segments) ?? 0) + 1);
          continue;
        }
        problems.add(row, cells, result);
        if (line.length === 4) planned[line[2]] += 1;
        else reasons.add(row, result.status, result.reason, result.code, result.key);
      }
    }
    await outcomes.fill();
    if (!outcomes.finished())
      throw new Error(`The ledger of ${campaign.name} has outcomes beyond its last row, ${row}.`);
    if (row !== campaign.rows) {
      throw new Error(
        `The plan of ${campaign.name} has ${row} rows where ${campaign.rows} were read; nothing is reported.`,
      );
    }
    await Promise.all(Object.values(files).map((file) => file.end()));
  } finally {
    outcomes.close();
  }

  const span = timeline.span();
  return {
    rows: row,
    counts,
    segments: {
      total: segmentsSent,
      distribution: Object.fromEntries([...distribution].sort(([a], [b]) => a - b)),
    },
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
}

/** Where the original cells of such a row go, to be mended and uploaded again. */
function fileFor(status: RowStatus): "notSent" | "unknown" | undefined {
  switch (status) {
    case "failed":
    case "invalid":
    case "cancelled":
      return "notSent";
    case "unknown":
      return "unknown";
    case "submitted":
    case "skipped":
      return undefined;
    default:
      return status satisfies never;
  }
}
