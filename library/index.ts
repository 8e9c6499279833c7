/**
 * What programs may use of bulk-send, by `import … from "bulk-send"`. It keeps to semantic versioning: what is not exported here may
 * change at any time.
 */
export { Failure, Refused, Replaced } from "../cli/exit.ts";
export type { RefusedList } from "../cli/refused-list.ts";
export type { GivenSettings } from "../infra/given-settings.ts";
export type { GivenOptions, SendingWindow, Weekday } from "../shared/campaign/given-options.ts";
export type { Summary } from "../shared/report/summary.ts";
export { type CheckedSummary, type CheckingOptions, check } from "./check.ts";
export {
  type AskingOptions,
  type BulkSendClient,
  type CampaignStanding,
  type CopiedReport,
  connect,
  type StackAddress,
  type StackHere,
  type StackOnAws,
  type Uploaded,
  type UploadingOptions,
  type WaitingOptions,
  type WaitResult,
} from "./connect.ts";
export type { GivenList, ListContent } from "./list-file.ts";
