import type { Rates } from "../../infra/rates.ts";
import { createAccountStore } from "../../shared/account/account-store.ts";
import type { DayLimit } from "../../shared/account/day-limit.ts";
import { createEachMessage } from "../../shared/aws/each-message.ts";
import { cachedSecret, type StoredCredentials } from "../../shared/aws/secret.ts";
import type { ApprovalRule } from "../../shared/campaign/approval-rule.ts";
import { createCampaigns } from "../../shared/campaign/campaigns.ts";
import { type Control, createControl } from "../../shared/campaign/control.ts";
import type { Defaults } from "../../shared/campaign/options.ts";
import type { Enswitch } from "../../shared/enswitch/enswitch.ts";
import type { ListTexts } from "../../shared/enswitch/list-texts.ts";
import type { Bucket } from "../../shared/ports/bucket.ts";
import type { FreshToken } from "../../shared/ports/clock.ts";
import type { Publish } from "../../shared/ports/events.ts";
import type { Log } from "../../shared/ports/log.ts";
import type { Enqueue } from "../../shared/ports/queue.ts";
import type { Table } from "../../shared/ports/table.ts";
import { createReporter } from "../../shared/reconcile/reporter.ts";
import { createSender, type SenderDeps } from "../../shared/send/sender.ts";
import { createSplitter } from "../../shared/split/splitter.ts";
import type { Handler } from "./lambda.ts";
import type { Machine } from "./machine.ts";

/** What the stack's settings are on the day a function is deployed. */
export interface Deployment {
  readonly ceiling: number;
  readonly rates: Rates;
  readonly defaults: Defaults;
  readonly retainDays: number;
  readonly approval: ApprovalRule;
  readonly dayLimit?: DayLimit;
  readonly graceSeconds: number;
  /** Whether replies are read. */
  readonly readsReplies: boolean;
  readonly noteEveryMs?: number;
  readonly laneRate?: number;
  readonly afterOthersMs?: number;
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
  readonly publish: Publish;
  readonly connect: () => Enswitch;
  readonly listTexts: ListTexts;
  readonly freshToken: FreshToken;
  readonly log: Log;
}

const metrics = { add: () => {} };

/** The splitter, on this machine's ports. */
export function loadSplitter(
  ports: Ports,
  { ceiling, rates, defaults, retainDays, approval, dayLimit, readsReplies, graceSeconds }: Deployment,
): Handler {
  const { table, bucket, mail, freshToken, log } = ports;
  const { clock } = ports.machine;
  const split = createSplitter({
    table,
    bucket,
    tagOf: async () => undefined,
    enqueueBatches: ports.batches,
    nudge: ports.nudges,
    mail,
    clock,
    freshToken,
    log,
    defaults,
    batchRows: rates.batchRows,
    ceiling,
    retainDays,
    graceSeconds,
    approval,
    reporterFeedsFirst: readsReplies,
    dayLimit,
  });
  const eachMessage = createEachMessage({ changeVisibility: ports.changeVisibility("uploads"), clock, log });
  return (event, context) => eachMessage(event, context, split);
}

/** The sender, on this machine's ports. */
export function loadSender(
  ports: Ports,
  { ceiling, rates, dayLimit, noteEveryMs, laneRate, afterOthersMs }: Deployment,
  more: Pick<SenderDeps, "takeSlots" | "createPacer"> = {},
): Handler {
  const { table, bucket, log, freshToken } = ports;
  const { clock } = ports.machine;
  const { begin } = createSender({
    ...more,
    table,
    attachments: bucket,
    secret: cachedSecret(ports.secret),
    nudge: ports.nudges,
    endpoint: "https://pbx.example.com/api/json",
    ca: undefined,
    ceiling,
    dayLimit,
    noteEveryMs,
    laneRate,
    afterOthersMs,
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

/** The reporter, on this machine's ports. */
export function loadReporter(
  ports: Ports,
  { ceiling, rates, dayLimit, readsReplies, graceSeconds }: Deployment,
): Handler {
  const { table, bucket, mail, publish, secret, freshToken, log } = ports;
  const look = createReporter({
    table,
    bucket,
    enqueueBatches: ports.batches,
    enqueueUploads: ports.uploads,
    nudge: ports.nudges,
    mail,
    publish,
    stack: { stack: "BulkSend", bucket: "bucket" },
    secret,
    clock: ports.machine.clock,
    freshToken,
    metrics,
    log,
    ceiling,
    maxPerDay: dayLimit?.calls,
    visibilityMs: rates.visibilitySeconds * 1000,
    graceSeconds,
    ...(readsReplies ? { optOut: { listTexts: ports.listTexts, country: "GB", ownNumbers: ["442079460000"] } } : {}),
  });
  return async () => {
    await look();
    return { batchItemFailures: [] };
  };
}

/** What a person's command line can do. */
export function loadControl(
  { table, nudges, freshToken, machine }: Ports,
  { ceiling, dayLimit }: Pick<Deployment, "ceiling" | "dayLimit">,
): Control {
  const { clock } = machine;
  return createControl({
    campaigns: createCampaigns(table),
    account: createAccountStore({ table, clock, freshToken }),
    nudge: nudges,
    clock,
    by: "somebody",
    ceiling,
    maxPerDay: dayLimit?.calls,
  });
}
