/** CloudWatch namespace of the functions' metrics; each has the one dimension `service`. */
export const metricsNamespace = "BulkSend";

/**
 * What is counted while sending. `Submitted`, `Failed`, `Unknown` and `NotSent` are rows; `CallMs` is how long one
 * call took, in milliseconds; `AccountPaused` is 1 or 0; `CampaignsActive` and `CampaignsStalled` are how many there are. `OptOuts` are numbers that were
 * opted out by a reply; `OptOutsUnread` is 1 while replies cannot be read, else 0.
 */
export type MetricName =
  | "Submitted"
  | "Failed"
  | "Unknown"
  | "NotSent"
  | "CallMs"
  | "AccountPaused"
  | "CampaignsActive"
  | "CampaignsStalled"
  | "OptOuts"
  | "OptOutsUnread";

/** Where the core reports its figures. Never throws and never waits. */
export interface Metrics {
  add(name: MetricName, value: number): void;
}
