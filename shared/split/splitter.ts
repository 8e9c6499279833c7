import { createAccountStore } from "../account/account-store.ts";
import type { DayLimit } from "../account/day-limit.ts";
import { type Campaigns, createCampaigns } from "../campaign/campaigns.ts";
import { createDeeds } from "../campaign/deeds.ts";
import { personTag } from "../campaign/identity.ts";
import { readUploadKey } from "../campaign/name.ts";
import { createUploaders } from "../campaign/uploaders.ts";
import { createFeed } from "../feed/feed.ts";
import { createSuppressions } from "../feed/suppression.ts";
import { createSenders } from "../opt-outs/senders.ts";
import type { Bucket } from "../ports/bucket.ts";
import type { Clock, FreshToken } from "../ports/clock.ts";
import type { Log } from "../ports/log.ts";
import type { Mail } from "../ports/mail.ts";
import type { TagOf } from "../ports/object-tags.ts";
import type { Enqueue, Handled, QueueMessage } from "../ports/queue.ts";
import type { Table } from "../ports/table.ts";
import { lookAtUpload } from "./look-at-upload.ts";
import type { CampaignSettings } from "./new-campaign.ts";
import { attemptsToRefuse, createPlanningAttempts } from "./planning-attempts.ts";
import { createRefuse, type Refuse } from "./refuse.ts";
import type { Looked } from "./split-upload.ts";
import { type Announcement, isKnownUploader, readUploadMessage } from "./upload-message.ts";

/** What the splitter depends on. */
export interface SplitterDeps extends CampaignSettings {
  readonly table: Table;
  readonly bucket: Bucket;
  readonly tagOf: TagOf;
  readonly enqueueBatches: Enqueue;
  readonly nudge: Enqueue;
  readonly mail: Mail;
  readonly clock: Clock;
  readonly freshToken: FreshToken;
  readonly log: Log;
  /** The stack's `sendsPerSecond`. */
  readonly ceiling: number;
  /** How long an upload waits that may lack its options or its list, seconds. */
  readonly graceSeconds: number;
  /** The reporter feeds new campaigns, once it has read what people have texted back. */
  readonly reporterFeedsFirst?: boolean;
  /** The stack's most calls of a day; absent: no limit. */
  readonly dayLimit?: DayLimit;
}

/** Handles one message of the uploads queue. At `deadline` (epoch milliseconds) the function is stopped. */
export type Splitter = (message: QueueMessage, deadline?: number) => Promise<Handled>;

/** The longest that a function runs: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const longestRunMs = 15 * 60_000;

/** The first wait after a failure, doubled by each that follows, and the longest. */
const retryMs = { first: 10_000, longest: 10 * 60_000 } as const;

/** How often planning starts over because CSV or options changed meanwhile, before the message is given back. */
const restarts = 3;

/** How long a message is given back when its upload keeps changing. */
const changingMs = 5_000;

/** How long after another execution must be over a message about the same upload comes back. */
const busyMs = 1_000;

/** A campaign waits for approval no longer than it may take, and the clock of what removes items is slow. */
const uploaderKeptMs = (retainDays: number) => (retainDays + 2) * 24 * 3600_000;

/** Turns uploads into campaigns. What failed and may succeed later is given back for a while. */
export function createSplitter(deps: SplitterDeps): Splitter {
  const { bucket, clock, log } = deps;
  const campaigns = createCampaigns(deps.table);
  const suppressions = createSuppressions(bucket);
  const account = createAccountStore(deps);
  const feed = createFeed({ bucket, campaigns, enqueue: deps.enqueueBatches, suppressions, account, clock });
  const refuse = createRefuse({ bucket, campaigns, mail: deps.mail, clock, log });
  const attempts = createPlanningAttempts(deps);
  const deeds = createDeeds(deps.table);
  const uploaders = createUploaders(deps.table);
  const senders = createSenders(deps);
  /** Before anything is made of it, so that nothing that was planned lacks it for good. */
  const noteUploader = async ({ key, version, by }: Announcement) => {
    if ((deps.approval ?? "never") === "never" || version === undefined || !isKnownUploader(by)) return;
    if (readUploadKey(key).kind !== "campaign" && readUploadKey(key).kind !== "options") return;
    // An empty tag says nothing.
    const person = (await deps.tagOf(key, version, personTag)) || undefined;
    await uploaders.note({ key, version, by, person }, clock.now() + uploaderKeptMs(deps.retainDays));
  };

  return async (message, deadline = clock.now() + longestRunMs) => {
    const { body } = message;
    // The first time may have been a wait.
    const receiveCount = deps.graceSeconds > 0 ? Math.max(1, message.receiveCount - 1) : message.receiveCount;
    const look = (announcement: Announcement) =>
      lookAtUpload({ ...deps, campaigns, feed, refuse, attempts, deeds, suppressions, senders }, announcement, {
        receiveCount,
        deadline,
      });
    const announcements = readUploadMessage(body);
    if (announcements === undefined) {
      log.error("A message in the uploads queue is not an announcement of an upload.", undefined);
      return { kind: "done" };
    }
    for (const announcement of announcements) {
      try {
        await noteUploader(announcement);
        const looked = await lookUntilOver(look, announcement);
        if (looked.kind === "again") return { kind: "give-back", afterMs: changingMs };
        if (looked.kind === "early") return { kind: "give-back", afterMs: looked.until - clock.now() };
        if (looked.kind === "busy") return { kind: "give-back", afterMs: looked.until - clock.now() + busyMs };
      } catch (error) {
        const handled = await afterFailure({ campaigns, refuse, log }, announcement, receiveCount, error);
        if (handled.kind === "give-back") return handled;
      }
    }
    return { kind: "done" };
  };
}

async function lookUntilOver(look: (announcement: Announcement) => Promise<Looked>, announcement: Announcement) {
  let looked: Looked = { kind: "again" };
  for (let round = 0; looked.kind === "again" && round < restarts; round++) looked = await look(announcement);
  return looked;
}

/** Gives the message back while the upload may still succeed, and refuses a campaign that failed too often. */
async function afterFailure(
  deps: { readonly campaigns: Pick<Campaigns, "read">; readonly refuse: Refuse; readonly log: Log },
  { key, version, by }: Announcement,
  receiveCount: number,
  error: unknown,
): Promise<Handled> {
  const upload = readUploadKey(key);
  if (receiveCount < attemptsToRefuse || upload.kind !== "campaign") {
    deps.log.error("An upload could not be judged; it is tried again.", error, { key, receiveCount });
    return { kind: "give-back", afterMs: Math.min(retryMs.first * 2 ** (receiveCount - 1), retryMs.longest) };
  }
  deps.log.error("An upload failed so often that it is refused.", error, { key, receiveCount });
  const seen = await deps.campaigns.read(upload.name, { consistent: true });
  const reason = `The file could not be processed, ${attemptsToRefuse} times in a row, because of a fault in the system itself; nothing was sent. Upload it again, and if that fails too, tell the people who run bulk-send.`;
  await deps.refuse({ name: upload.name, judged: version ?? key, by, reason }, seen);
  return { kind: "done" };
}
