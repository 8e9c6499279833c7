import { createAccountStore } from "../account/account-store.ts";
import { createApprovals } from "../campaign/approvals.ts";
import { createCampaigns } from "../campaign/campaigns.ts";
import { createOlderHistory } from "../campaign/older-history.ts";
import { createUploaders } from "../campaign/uploaders.ts";
import { createPublishPage, type PublishPageDeps } from "../console/publish-page.ts";
import { createFeed } from "../feed/feed.ts";
import { createSuppressions } from "../feed/suppression.ts";
import { createBatches } from "../ledger/batches.ts";
import { createOptOutCount } from "../opt-outs/opt-out-count.ts";
import { createReadReplies, createUnreadReplies, type ReadRepliesDeps } from "../opt-outs/read-replies.ts";
import type { Bucket } from "../ports/bucket.ts";
import type { Clock, FreshToken } from "../ports/clock.ts";
import type { Publish } from "../ports/events.ts";
import type { Log } from "../ports/log.ts";
import type { Mail } from "../ports/mail.ts";
import type { Metrics } from "../ports/metrics.ts";
import type { Enqueue } from "../ports/queue.ts";
import type { Table } from "../ports/table.ts";
import { findMissedUploads } from "../split/find-missed-uploads.ts";
import { createUploadSearches } from "../split/upload-searches.ts";
import { createAnnounce } from "./announce.ts";
import { createCampaignIndex } from "./campaign-index.ts";
import { createListing } from "./list-campaigns.ts";
import { createLook } from "./look.ts";
import { createMailer } from "./mailer.ts";
import type { SecretVersion } from "./new-credentials.ts";
import { createRefresh } from "./refresh.ts";

/** What the reporter depends on. */
export interface ReporterDeps {
  readonly table: Table;
  readonly bucket: Bucket;
  readonly enqueueBatches: Enqueue;
  readonly enqueueUploads: Enqueue;
  readonly nudge: Enqueue;
  readonly mail: Mail;
  readonly publish: Publish;
  /** By which its events are told from those of other stacks: the stack's name and its bucket's. */
  readonly stack: { readonly stack: string; readonly bucket: string };
  readonly secret: ReadRepliesDeps["secret"] & SecretVersion;
  readonly clock: Clock;
  readonly freshToken: FreshToken;
  readonly metrics: Metrics;
  readonly log: Log;
  /** The stack's `sendsPerSecond`. */
  readonly ceiling: number;
  /** The stack's `maxMessagesPerDay`; absent: no limit. */
  readonly maxPerDay?: number;
  /** After so many days lists and reports have expired; absent: never. */
  readonly keepDays?: number;
  /** Where people read the operations manual; absent: nowhere that could be linked to. */
  readonly manual?: string;
  /** Visibility time-out of the batches queue. */
  readonly visibilityMs: number;
  /** How much later what belongs to an upload may come, seconds. */
  readonly graceSeconds: number;
  /** How replies are read; absent: they are not. */
  readonly optOut?: Pick<ReadRepliesDeps, "listTexts" | "words" | "country" | "ownNumbers">;
  /** The console's page; absent: the stack has none. */
  readonly page?: PublishPageDeps;
  /** What names this stack in a command that pages and mails show, as words; absent: the default stack. */
  readonly target?: readonly string[];
}

/**
 * The reconciler: each call looks at the ledger and brings everything one step nearer to where it should be. It alone
 * decides that a campaign is over. Runs twice, late or at the same time as another without harm.
 */
export function createReporter(deps: ReporterDeps): () => Promise<void> {
  const { table, bucket, clock, freshToken, target } = deps;
  const campaigns = createCampaigns(table);
  const account = createAccountStore({ table, clock, freshToken });
  const suppressions = createSuppressions(bucket);
  const older = createOlderHistory({ table, campaigns, account });
  const index = createCampaignIndex(deps);
  const searches = createUploadSearches(deps);
  const batches = createBatches({ table, clock, freshToken });
  const countOptOuts = deps.optOut && createOptOutCount(bucket);
  return createLook({
    ...deps,
    campaigns,
    approvals: createApprovals(table),
    uploaders: createUploaders(table),
    index,
    older,
    list: createListing({ ...deps, campaigns, index }),
    account,
    batches,
    countOptOuts,
    feed: createFeed({ bucket, campaigns, enqueue: deps.enqueueBatches, suppressions, account, clock }),
    readReplies:
      deps.optOut === undefined
        ? createUnreadReplies({ account })
        : createReadReplies({ ...deps, ...deps.optOut, account }),
    reporterFeedsFirst: deps.optOut !== undefined,
    refresh: createRefresh({ ...deps, older, suppressions, batches, countOptOuts }),
    announce: createAnnounce({ ...deps, campaigns }),
    mailer: createMailer({ mail: deps.mail, bucket, campaigns, account, target, manual: deps.manual }),
    publishPage: deps.page && createPublishPage(deps.page),
    findMissedUploads: (listed, unreadable) => findMissedUploads({ ...deps, campaigns, searches }, listed, unreadable),
  });
}
