import type { CommittedCampaign } from "../campaign/campaign.ts";
import { createPricedCountryOf } from "../csv/destination-country.ts";
import type { PlanHead } from "../plan/head.ts";
import type { RowLine } from "../plan/plan.ts";
import type { Bucket } from "../ports/bucket.ts";
import { createFigures } from "./create-figures.ts";
import type { CampaignEnd } from "./explain.ts";
import type { FinalFigures } from "./figures.ts";
import { createOutcomeCursor, type Outcomes } from "./outcome-cursor.ts";
import { openResultFiles, type ResultFiles } from "./result-files.ts";
import { rowResult } from "./row-result.ts";

/** What a report is made from. */
interface ReportInput {
  /** A campaign whose end has been recorded. */
  readonly campaign: CommittedCampaign;
  readonly head: PlanHead;
  /** Every data row, in order, in runs. */
  readonly rows: AsyncIterable<readonly RowLine[]>;
  /** In row order; only for rows that were tried, skipped or are in doubt. `open` means proven not accepted. */
  readonly outcomes: Outcomes;
  /** Epoch milliseconds. */
  readonly completedAt: number;
  /** Whether batch items may have expired by now: then a row without an outcome may have been sent. */
  readonly forgotten?: boolean;
}

/**
 * Writes a campaign's `report`, `not-sent` and `unknown`, as CSV and as workbooks, in one pass, and returns the figures it
 * gathered.
 *
 * Written again from the same rows and outcomes, the files are identical byte for byte. Throws when rows, outcomes and
 * campaign contradict each other, when one of them cannot be read, or when a file cannot be stored; no file is left half
 * written, because the bucket aborts the uploads in progress.
 */
export async function writeReport({ bucket }: { bucket: Bucket }, input: ReportInput): Promise<FinalFigures> {
  const { name, dialect, end } = input.campaign;
  if (!end) throw new Error(`Campaign ${name} has not ended; its report cannot be written yet.`);
  const files = openResultFiles(bucket, { name, header: input.head.header, delimiter: dialect.delimiter });
  const written = writeRows(files, input, end);
  try {
    // Whichever fails first, a source or a file, ends all the others.
    const [figures] = await Promise.all([written, ...files.stored]);
    return figures;
  } catch (error) {
    files.fail(error);
    await Promise.allSettled(files.stored);
    throw error;
  }
}

/** The pass over the rows. Once a file has failed, it stops the next time it would write to that file. */
async function writeRows(files: ResultFiles, input: ReportInput, end: CampaignEnd): Promise<FinalFigures> {
  const { name, rows, mark, batchRows, options, defaults, simulated } = input.campaign;
  const { forgotten = false } = input;
  const figures = createFigures(input.head, createPricedCountryOf(options, defaults));
  const outcomes = createOutcomeCursor(input.outcomes);
  let row = 0;
  try {
    for await (const run of input.rows) {
      for (const line of run) {
        row += 1;
        if (outcomes.empty()) await outcomes.fill();
        const outcome = outcomes.take(row);
        const recorded = row <= mark * batchRows;
        const result = rowResult(row, line, outcome, end, { recorded, forgotten }, simulated);
        const { cells } = line;
        // Awaited only when there is something to wait for: a promise per row would cost more than the row.
        const wait = files.addResult(line, result);
        if (wait) await wait;
        const waitAgain = files.addOriginal(cells, result.status);
        if (waitAgain) await waitAgain;
        figures.add(row, line, outcome, result);
      }
    }
    await outcomes.fill();
    if (!outcomes.finished()) throw new Error(`The ledger of ${name} has outcomes beyond its last row, ${row}.`);
    if (row !== rows) {
      throw new Error(`The plan of ${name} has ${row} rows where ${rows} were read; nothing is reported.`);
    }
    return { ...figures.all(row, input.completedAt), workbooks: await files.end() };
  } finally {
    outcomes.close();
  }
}
