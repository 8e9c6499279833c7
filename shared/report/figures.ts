import type { RowStatus } from "../campaign/campaign.ts";
import type { CountrySegments } from "../campaign/prices.ts";
import type { Quantiles } from "./answer-times.ts";
import type { Reason } from "./reasons.ts";
import type { Timeline } from "./timeline.ts";
import type { LeftOut } from "./workbook-object.ts";

/** A row that was not sent, or is in doubt, as the report's page lists it. */
export interface ProblemRow {
  readonly row: number;
  /** The line in which a spreadsheet shows it; absent where the plan is of an older version. */
  readonly line?: number;
  readonly status: RowStatus;
  readonly code?: number;
  readonly key?: string;
  readonly detail: string;
  /** Its number and the first few of its other original cells, shortened. */
  readonly cells: readonly string[];
}

/** Why a workbook of the report is left out although its CSV is there; `undefined` for one that was stored. */
export type Workbooks = Readonly<Record<"report" | "notSent" | "unknown", LeftOut | undefined>>;

/** Everything that the summary and the page need to know about the rows, gathered in one pass. */
export interface FinalFigures {
  /** Rows read; the counts add up to it. */
  readonly rows: number;
  readonly counts: Readonly<Record<RowStatus, number>>;
  /** Segments of the messages that Enswitch accepted; the distribution counts messages by their number of segments. */
  readonly segments: { readonly total: number; readonly distribution: Readonly<Record<string, number>> };
  /** The same by country; only where the stack had prices. */
  readonly countries?: CountrySegments;
  readonly reasons: readonly Reason[];
  /** Names of the columns that `problemRows[].cells` shows. */
  readonly problemColumns: readonly string[];
  /** The most urgent first; some of every status there is. */
  readonly problemRows: readonly ProblemRow[];
  readonly timeline: Timeline;
  readonly answers?: Quantiles;
  /** Calls in all, including repeated ones. */
  readonly calls: number;
  /** Epoch milliseconds; absent when there was no call. */
  readonly firstCallAt?: number;
  readonly lastCallAt?: number;
  /** Calls per second while there were calls. */
  readonly rateReached?: number;
  readonly completedAt: number;
  readonly workbooks: Workbooks;
}
