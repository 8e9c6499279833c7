import * as z from "zod";
import { PauseCode } from "../account/pause.ts";
import { type Campaign, RowStatus } from "../campaign/campaign.ts";
import { type CampaignEvent, EventState } from "../campaign/campaign-event.ts";
import { iso } from "../in-words.ts";
import { reportFileNames, reportKey } from "../ports/bucket-layout.ts";
import { shorten } from "../shorten.ts";
import { liveCounts } from "./live-counts.ts";

/** The version of the format of events. A change that breaks readers increments it. */
const eventVersion = 1;

const count = z.int().nonnegative();
const key = z.string().describe("A key in the bucket.");

/** The `detail` of an event: something that became of a campaign. */
export const EventDetail = z
  .object({
    schemaVersion: z.literal(eventVersion),
    stack: z.string().describe("The stack's name."),
    bucket: z.string().describe("The stack's bucket, in which the report's keys are."),
    name: z.string().describe("The campaign's name."),
    state: EventState.describe("What has become of it: the detail-type without `campaign.`."),
    at: z.iso
      .datetime()
      .describe(
        "When. An event of the same campaign that happened later has a later one; one that arrives twice has the same.",
      ),
    reason: z
      .string()
      .optional()
      .describe(
        "Why it was refused, waits for approval, is paused or was resumed, in a sentence without numbers or texts; of a complete one, how it ended: done, cancelled, sendBefore or retention.",
      ),
    code: PauseCode.optional().describe("The kind of a pause."),
    simulated: z.literal(true).optional().describe("Everything went to the built-in simulator."),
    rows: count.optional().describe("Data rows of the list; absent where it was refused."),
    counts: z
      .record(RowStatus, count)
      .optional()
      .describe(
        "Rows by status when the event was published. When complete they add up to rows; before that they are close, but not exact.",
      ),
    remaining: count.optional().describe("Rows that may still be sent."),
    report: z
      .object({ page: key, summary: key, csv: key.optional(), workbook: key.optional() })
      .describe("Where its report is; csv and workbook are there once it is complete."),
  })
  .describe("The detail of bulk-send's events on EventBridge's default bus; their source is bulk-send.");
export type EventDetail = z.infer<typeof EventDetail>;

/** Of most reasons nothing is lost; what is on the page is not needed here. */
const reasonCharacters = 1_000;

/** The detail of an event of a campaign as it is now. */
export function eventDetail(
  campaign: Campaign,
  event: CampaignEvent,
  stack: Pick<EventDetail, "stack" | "bucket">,
): EventDetail {
  const { name } = campaign;
  const { state, at, reason, code } = event;
  const complete = state === "complete";
  return {
    schemaVersion: eventVersion,
    ...stack,
    name,
    state,
    at: iso(at),
    reason: reason === undefined ? undefined : shorten(reason, reasonCharacters),
    code,
    ...(campaign.state !== "refused" && state !== "refused" && figuresOf(campaign)),
    report: {
      page: reportKey(name, reportFileNames.page),
      summary: reportKey(name, reportFileNames.summary),
      ...(complete && {
        csv: reportKey(name, reportFileNames.report),
        workbook: reportKey(name, reportFileNames.reportSheet),
      }),
    },
  };
}

const noRows = { submitted: 0, failed: 0, unknown: 0, invalid: 0, skipped: 0, cancelled: 0 };

function figuresOf(campaign: Exclude<Campaign, { state: "refused" }>) {
  const { rows, simulated, totals } = campaign;
  const live = liveCounts(campaign);
  return totals === undefined
    ? { simulated, rows, counts: live.counts, remaining: live.remaining }
    : { simulated, rows, counts: { ...noRows, ...totals }, remaining: 0 };
}
