import * as z from "zod";
import { Pause } from "../account/pause.ts";
import { CampaignEvent } from "./campaign-event.ts";
import { Defaults, Options } from "./options.ts";
import { CountrySegments } from "./prices.ts";
import { ZoneGroup } from "./recipient-hours.ts";

/** What a row ends as. Terminal and exhaustive. */
export const RowStatus = z.enum(["submitted", "failed", "unknown", "invalid", "skipped", "cancelled"]);
export type RowStatus = z.infer<typeof RowStatus>;

/** Why a campaign is over: every batch done, cancelled by a person, `sendBefore` passed, or the ledger's retention near. */
export const EndReason = z.enum(["done", "cancelled", "sendBefore", "retention"]);
export type EndReason = z.infer<typeof EndReason>;

/** How the file was written, so that the report is written the same way. */
export const Dialect = z.object({
  encoding: z.string(),
  /** True when the encoding was inferred rather than declared or marked. */
  guessed: z.boolean(),
  delimiter: z.string(),
  /** The sheet that was read of a workbook; absent from CSVs. */
  sheet: z.string().optional(),
});
export type Dialect = z.infer<typeof Dialect>;

/** Something a person did to a campaign, or to the whole account while it was under way. */
export const HistoryEntry = z.object({
  what: z.enum([
    "uploaded",
    "paused",
    "resumed",
    "cancelled",
    "approved",
    "tried to approve",
    "paused all sending",
    "resumed all sending",
    "changed the rate",
    "changed the daily limit",
    "added opt-outs",
    "removed opt-outs",
    /** Enswitch did not answer, and all sending waited for it. */
    "held",
    /** The most calls of a day were made, and all sending waited for midnight. */
    "reached the daily limit",
  ]),
  /** Calls per second, of a changed rate. */
  rate: z.number().optional(),
  /** Calls per day, of a limit that was changed or reached. */
  callsPerDay: z.number().optional(),
  /** How many numbers were put on the list of opt-outs or taken off it. */
  numbers: z.number().optional(),
  /** Of what nobody did: why bulk-send paused or held it. */
  reason: z.string().optional(),
  by: z.string(),
  at: z.number(),
});
export type HistoryEntry = z.infer<typeof HistoryEntry>;

/** An upload that changed nothing, by the version of its object. */
export const IgnoredUpload = z.object({ version: z.string(), reason: z.string() });
export type IgnoredUpload = z.infer<typeof IgnoredUpload>;

const count = z.int().nonnegative();

/**
 * Running tallies, added by the sender after each record. Hints only: a crash may lose one, a retry may add one twice;
 * the ledger's batch items are the truth.
 */
export const Tally = z.object({
  submitted: count.default(0),
  failed: count.default(0),
  unknown: count.default(0),
  skipped: count.default(0),
  /** Calls and failures since start, resume or the last full window of `stopAfterFailures`. */
  recentCalls: z.int().default(0),
  recentFailed: z.int().default(0),
  lastRecordAt: z.number().optional(),
});
export type Tally = z.infer<typeof Tally>;

/**
 * Batches behind the low-water mark that follow each other and are all done, or wait for their recipients' hours: they
 * need not be read again, those that wait as long as nobody's hours change.
 */
export const DoneRun = z.object({
  /** The batch before the first of them in the plan. */
  prev: count,
  /** The last of them. */
  to: count,
  /** Their sendable rows. */
  rows: count,
  /** When one of them was last recorded, epoch milliseconds; 0: unknown. */
  recordedAt: z.number(),
  /** Where some are not done but wait for hours: the groups that their rows are in, and since when that is known, epoch ms. */
  waits: z.object({ groups: z.array(count), since: z.number() }).optional(),
});
export type DoneRun = z.infer<typeof DoneRun>;

/** What every campaign item has, whatever became of the upload. */
const uploaded = {
  name: z.string(),
  /** Uploads already judged, newest last, as `judgedEntry` writes them: nothing is judged twice. */
  judged: z.array(z.string()),
  /** When an upload under this name was last judged, epoch milliseconds. */
  judgedAt: z.number(),
  uploadedBy: z.string(),
  createdAt: z.number(),
  /** What became of it and was not announced yet, oldest first. */
  events: z.array(CampaignEvent).optional(),
  /** When the latest event happened, announced or not, epoch milliseconds. */
  latestEventAt: z.number().optional(),
};

/** An upload that was refused as a whole; the name stays free. */
export const RefusedCampaign = z.object({ ...uploaded, state: z.literal("refused"), reason: z.string() });
export type RefusedCampaign = z.infer<typeof RefusedCampaign>;

/** A campaign that was committed: what was planned is what is sent, whatever is uploaded or deployed later. */
export const CommittedCampaign = z.object({
  ...uploaded,
  state: z.enum(["running", "paused", "ending", "complete"]),
  /** The planning run whose objects under `work/` are this campaign's plan. */
  run: z.string(),
  csvKey: z.string(),
  csvVersion: z.string(),
  jsonVersion: z.string().optional(),
  /** SHA-256 of the CSV's bytes, in hexadecimal. */
  digest: z.string(),
  options: Options,
  defaults: Defaults,
  /** Everything goes to the built-in simulator: no message leaves the machine. */
  simulated: z.literal(true).optional(),
  dialect: Dialect,
  /** Batch size n. */
  batchRows: z.int().positive(),
  parts: count,
  rows: count,
  sendable: count,
  /** Rows found invalid or skipped by the plan. */
  invalid: count,
  skipped: count,
  segments: count,
  /** What of that goes to which country; only counted where the stack has prices. */
  countries: CountrySegments.optional(),
  /** The recipients' zones, where hours are by their clocks: `zone` of a row is a place in this list. */
  zones: z.array(ZoneGroup).optional(),
  /** Batch number of the plan's last line; 0 when nothing is sendable. */
  lastBatch: count,
  /** When the campaign must have been closed, epoch milliseconds. */
  retainUntil: z.number(),
  /** When its batch items expire, epoch milliseconds; absent from campaigns of older versions, whose items expire at `retainUntil`. */
  itemsUntil: z.number().optional(),

  /** Which feeding of the queue is valid; messages of another pass are acknowledged unread. */
  pass: z.int().positive(),
  passStartedAt: z.number(),
  /** The pass in which a message found that sending must wait: the next pass starts once it may go on. */
  parked: z.int().optional(),
  /** Passes in a row that recorded nothing: doubles the patience before the next. */
  stalls: count,
  /** The last batch put into the queue in this pass, and the sendable rows up to it. */
  pointer: count,
  pointerRows: count,
  /** Of those rows, how many this pass left out of the queue because it was nobody's hours, in batches nobody had begun. */
  passedOver: count.optional(),
  /** As of when this pass tells whose hours it is, epoch ms; absent: since it began. */
  hoursAt: z.number().optional(),
  /** The rate, calls per second, by which what was fed last is delayed until its turn; absent: it is not delayed. */
  pacedRate: z.number().optional(),
  /** Low-water mark: every batch up to this one is done, and the sendable rows up to it. */
  mark: count,
  markRows: count,
  /** The longest runs of done batches beyond the mark, in order: what is read at each look while a batch before them is stuck. */
  ahead: z.array(DoneRun).optional(),

  tally: Tally,
  /** It was announced that calls are made, or will be with the other events. */
  started: z.literal(true).optional(),
  pause: Pause.optional(),
  /** Who approved it, and when; absent where none was needed, or while it is waited for. */
  approval: z.object({ by: z.string(), at: z.number() }).optional(),
  /** Approvals that do not count, as the reporter told them apart; newest last. */
  refusedApprovals: z.array(z.string()).optional(),
  end: z.object({ why: EndReason, at: z.number(), by: z.string().optional() }).optional(),
  completedAt: z.number().optional(),
  /** When the report had been written, which may be long after `completedAt`, the instant of the end. */
  reportedAt: z.number().optional(),
  /** Rows by status, as the report has them; set when complete. */
  totals: z.record(RowStatus, count).optional(),
  /** Nothing of it is left under `work/`. */
  cleaned: z.boolean().optional(),
  /** What people were last mailed about this campaign. */
  mailed: z.string().optional(),
  history: z.array(HistoryEntry),
  /** Uploads under this name that changed nothing, with one sentence each; newest last. */
  ignored: z.array(IgnoredUpload),
  /** Older history and ignored uploads are in an item of their own (`createOlderHistory`). */
  hasOlder: z.boolean().optional(),
});
export type CommittedCampaign = z.infer<typeof CommittedCampaign>;

/** When the campaign's batch items expire, epoch milliseconds: from then on one that is missing tells nothing. */
export const itemsExpireAt = ({ itemsUntil, retainUntil }: CommittedCampaign): number => itemsUntil ?? retainUntil;

/** The ledger's item of a campaign name. A complete campaign's item stays for ever: the name is the identity. */
export const Campaign = z.discriminatedUnion("state", [RefusedCampaign, CommittedCampaign]);
export type Campaign = z.infer<typeof Campaign>;
