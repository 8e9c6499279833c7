import type { RowStatus } from "../campaign/campaign.ts";
import type { Quantiles } from "./answer-times.ts";
import type { Reason } from "./reasons.ts";
import type { Timeline } from "./timeline.ts";

/** A row that was not sent, or is in doubt, as the report's page lists it. */
export interface ProblemRow {
  readonly row: number;
  readonly status: RowStatus;
  readonly code?: number;
  readonly key?: string;
  readonly detail: string;
  /** The first few of its original cells, shortened. */
  readonly cells: readonly string[];
}

/** Everything that summary and page need to know of the rows: what one pass over them found. */
export interface FinalFigures {
  /** Rows read; the counts add up to it. */
  readonly rows: number;
  readonly counts: Readonly<Record<RowStatus, number>>;
  /** Segments of the messages that Enswitch accepted; the distribution counts messages by their number of segments. */
  readonly segments: { readonly total: number; readonly distribution: Readonly<Record<string, number>> };
  readonly reasons: readonly Reason[];
  /** Names of the columns that `problemRows[].cells` shows. */
  readonly problemColumns: readonly string[];
  readonly problemRows: readonly ProblemRow[];
  readonly timeline: Timeline;
  readonly answers?: Quantiles;
  /** Calls in all, repeated ones included. */
  readonly calls: number;
  /** Epoch milliseconds; absent when nothing was called. */
  readonly firstCallAt?: number;
  readonly lastCallAt?: number;
  /** Calls per second while there were calls. */
  readonly rateReached?: number;
  readonly completedAt: number;
}
