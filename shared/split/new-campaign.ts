import { type ApprovalRule, waitsForApproval } from "../campaign/approval-rule.ts";
import type { Campaign, CommittedCampaign, Tally } from "../campaign/campaign.ts";
import { judgedEntry, remembering } from "../campaign/judged-uploads.ts";
import type { Defaults, Options } from "../campaign/options.ts";
import type { ObjectHead } from "../ports/bucket.ts";
import type { Planned } from "./plan-campaign.ts";

/** The upload that a campaign is made of. */
export interface PlannedUpload {
  readonly name: string;
  readonly csv: ObjectHead;
  readonly options: Options;
  /** Version of the options' object, when there is one. */
  readonly json: string | undefined;
  readonly by: string;
  /** What the ledger had under the name before: nothing, or a refusal. */
  readonly seen: Campaign | undefined;
}

/** The stack's settings that a campaign keeps, whatever is deployed later. */
export interface CampaignSettings {
  readonly defaults: Defaults;
  /** Rows per batch. */
  readonly batchRows: number;
  readonly retainDays: number;
  /** Set where everything goes to the built-in simulator. */
  readonly simulated?: true;
  /** Which campaigns wait for a second person; absent: none. */
  readonly approval?: ApprovalRule;
}

const dayMs = 24 * 3600_000;

/**
 * How long batch items outlive the time by which their campaign must have been closed: longer than the bucket keeps its
 * plan (`workSlackDays` in `infra/campaign-bucket.ts`), so that no report that can still be written lacks them.
 */
const itemsKeptDays = 14;

/** The item of a campaign that was just planned: running or waiting for approval, and nothing of it has been fed yet. */
export const newCampaign = (
  { name, csv, options, json, by, seen }: PlannedUpload,
  planned: Planned,
  { defaults, batchRows, retainDays, simulated, approval = "never" }: CampaignSettings,
  now: number,
): CommittedCampaign => ({
  ...planned,
  name,
  ...(waitsForApproval(approval, planned.sendable)
    ? { state: "paused", pause: { code: "approval", reason: approvalNeeded, at: now } }
    : { state: "running" }),
  judged: remembering(seen?.judged, judgedEntry({ csv: csv.version, json })),
  judgedAt: now,
  uploadedBy: by,
  createdAt: now,
  csvKey: csv.key,
  csvVersion: csv.version,
  jsonVersion: json,
  options,
  defaults,
  simulated,
  batchRows,
  retainUntil: now + retainDays * dayMs,
  itemsUntil: now + (retainDays + itemsKeptDays) * dayMs,
  pass: 1,
  passStartedAt: now,
  stalls: 0,
  pointer: 0,
  pointerRows: 0,
  mark: 0,
  markRows: 0,
  tally: emptyTally,
  history: [{ what: "uploaded", by, at: now }],
  ignored: [],
});

/** Why a campaign waits that nobody has approved. */
const approvalNeeded =
  "Nothing is sent before somebody else than who uploaded it approves the campaign: the stack's setting approval says so.";

const emptyTally: Tally = { submitted: 0, failed: 0, unknown: 0, skipped: 0, recentCalls: 0, recentFailed: 0 };
