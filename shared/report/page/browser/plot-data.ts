/** The data of the page's script, in arrays as a plot takes them; one entry for each point in time. */
export interface PlotData {
  /** Seconds since the epoch. */
  readonly at: readonly number[];
  /** Calls per minute. */
  readonly accepted: readonly number[];
  readonly failed: readonly number[];
  readonly unknown: readonly number[];
  /** Calls per minute that the account may make. */
  readonly rate?: number;
  /** Milliseconds; null where there was no answer. */
  readonly median: readonly (number | null)[];
  readonly p95: readonly (number | null)[];
  readonly p99: readonly (number | null)[];
  /** IANA name of the zone in which times are shown. */
  readonly timezone: string;
}
