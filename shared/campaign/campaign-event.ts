import * as z from "zod";
import { PauseCode } from "../account/pause.ts";

/** What has become of a campaign, as events call it. */
export const EventState = z.enum([
  /** It will be sent. */
  "planned",
  /** The upload was refused as a whole; the name is still free. */
  "refused",
  /** It will be sent once somebody else than who uploaded it approves it. */
  "approval-needed",
  /** The first calls were made. */
  "started",
  "paused",
  "resumed",
  /** Its report is written. */
  "complete",
]);
export type EventState = z.infer<typeof EventState>;

/** Something that became of a campaign and is to be announced. */
export const CampaignEvent = z.object({
  state: EventState,
  /** Epoch milliseconds; a later event of the same campaign has a later one, whatever the clocks said. */
  at: z.number(),
  /** Why, as one sentence without numbers or texts. */
  reason: z.string().optional(),
  /** Of a pause. */
  code: PauseCode.optional(),
});
export type CampaignEvent = z.infer<typeof CampaignEvent>;
