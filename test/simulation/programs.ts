import type { Rates } from "../../infra/rates.ts";
import { createAccountStore } from "../../shared/account/account-store.ts";
import { createEachMessage } from "../../shared/aws/each-message.ts";
import { cachedSecret, type StoredCredentials } from "../../shared/aws/secret.ts";
import { createCampaigns } from "../../shared/campaign/campaigns.ts";
import { type Control, createControl } from "../../shared/campaign/control.ts";
import type { Defaults } from "../../shared/campaign/options.ts";
import type { Enswitch } from "../../shared/enswitch/enswitch.ts";
import { createFeed } from "../../shared/feed/feed.ts";
import { createSuppressions } from "../../shared/feed/suppression.ts";
import { createBatches } from "../../shared/ledger/batches.ts";
import type { Bucket } from "../../shared/ports/bucket.ts";
import type { FreshToken } from "../../shared/ports/clock.ts";
import type { Log } from "../../shared/ports/log.ts";
import type { Enqueue } from "../../shared/ports/queue.ts";
import type { Table } from "../../shared/ports/table.ts";
import { createMailer } from "../../shared/reconcile/mailer.ts";
import { createRefresh } from "../../shared/reconcile/refresh.ts";
import { createReporter } from "../../shared/reconcile/reporter.ts";
import { createSender, type SenderDeps } from "../../shared/send/sender.ts";
import { createAnnounce } from "../../shared/split/find-missed-uploads.ts";
import { createSplitUpload } from "../../shared/split/split-upload.ts";
import type { Handler } from "./lambda.ts";
import type { Machine } from "./machine.ts";

/** What the stack's settings are on the day a function is deployed. */
export interface Deployment {
  readonly ceiling: number;
  readonly rates: Rates;
  readonly defaults: Defaults;
  readonly retainDays: number;
}

/** The world as one machine reaches it. */
export interface Ports {
  readonly machine: Machine;
  readonly table: Table;
  readonly bucket: Bucket;
  readonly secret: { read(): Promise<StoredCredentials | undefined> };
  readonly uploads: Enqueue;
  readonly batches: Enqueue;
  readonly nudges: Enqueue;
  readonly changeVisibility: (queue: "uploads" | "batches") => (receipt: string, seconds: number) => Promise<void>;
  readonly mail: (subject: string, text: string) => Promise<void>;
  readonly connect: () => Enswitch;
  readonly freshToken: FreshToken;
  readonly log: Log;
}

const metrics = { add: () => {} };

/** The splitter, composed as `functions/splitter.ts` composes it. */
export function loadSplitter(ports: Ports, { ceiling, rates, defaults, retainDays }: Deployment): Handler {
  const { bucket, freshToken, log } = ports;
  const { clock } = ports.machine;
  const campaigns = createCampaigns(ports.table);
  const splitUpload = createSplitUpload({
    bucket,
    campaigns,
    feed: createFeed({ bucket, campaigns, enqueue: ports.batches, suppressions: createSuppressions(bucket), clock }),
    nudge: ports.nudges,
    mail: ports.mail,
    clock,
    freshToken,
    log,
    defaults,
    batchRows: rates.batchRows,
    ceiling,
    retainDays,
  });
  const eachMessage = createEachMessage({ changeVisibility: ports.changeVisibility("uploads"), clock, log });
  return (event, context) => eachMessage(event, context, ({ body, receiveCount }) => splitUpload(body, receiveCount));
}

/** The sender, composed as `functions/sender.ts` composes it. */
export function loadSender(
  ports: Ports,
  { ceiling, rates }: Deployment,
  more: Pick<SenderDeps, "takeSlots"> = {},
): Handler {
  const { table, bucket, log, freshToken } = ports;
  const { clock } = ports.machine;
  const begin = createSender({
    ...more,
    table,
    attachments: bucket,
    secret: cachedSecret(ports.secret),
    nudge: ports.nudges,
    endpoint: "https://pbx.example.com/api/json",
    ca: undefined,
    ceiling,
    consumers: rates.consumers,
    answerTimeoutMs: rates.answerTimeoutMs,
    clock,
    freshToken,
    metrics,
    log,
    connect: ports.connect,
  });
  const eachMessage = createEachMessage({ changeVisibility: ports.changeVisibility("batches"), clock, log });
  return async (event, context) => {
    await using execution = begin();
    return await eachMessage(event, context, execution.handle);
  };
}

/** The reporter, composed as `functions/reporter.ts` composes it. */
export function loadReporter(ports: Ports, { ceiling, rates }: Deployment): Handler {
  const { table, bucket, freshToken, log } = ports;
  const { clock } = ports.machine;
  const campaigns = createCampaigns(table);
  const account = createAccountStore({ table, clock, freshToken });
  const look = createReporter({
    bucket,
    campaigns,
    batches: createBatches({ table, clock, freshToken }),
    account,
    feed: createFeed({ bucket, campaigns, enqueue: ports.batches, suppressions: createSuppressions(bucket), clock }),
    refresh: createRefresh({ bucket, clock, ceiling }),
    mailer: createMailer({ mail: ports.mail, campaigns, account }),
    announce: createAnnounce({ bucket, enqueue: ports.uploads }),
    secret: ports.secret,
    nudge: ports.nudges,
    clock,
    metrics,
    log,
    ceiling,
    visibilityMs: rates.visibilitySeconds * 1000,
  });
  return async () => {
    await look();
    return { batchItemFailures: [] };
  };
}

/** What a person's command line can do. */
export function loadControl({ table, nudges, freshToken, machine }: Ports, ceiling: number): Control {
  const { clock } = machine;
  return createControl({
    campaigns: createCampaigns(table),
    account: createAccountStore({ table, clock, freshToken }),
    nudge: nudges,
    clock,
    by: "somebody",
    ceiling,
  });
}
