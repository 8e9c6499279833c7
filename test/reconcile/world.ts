import { onTestFinished } from "vitest";
import { type Account, freshAccount } from "../../shared/account/account.ts";
import { createAccountStore } from "../../shared/account/account-store.ts";
import type { CommittedCampaign } from "../../shared/campaign/campaign.ts";
import { createCampaigns } from "../../shared/campaign/campaigns.ts";
import { createBatches } from "../../shared/ledger/batches.ts";
import type { Outcome } from "../../shared/ledger/outcome.ts";
import { BatchMessage } from "../../shared/plan/plan.ts";
import { createReporter, type ReporterDeps } from "../../shared/reconcile/reporter.ts";
import { createPlanningAttempts } from "../../shared/split/planning-attempts.ts";
import { createUploadSearches } from "../../shared/split/upload-searches.ts";
import { running, storePlan, submitted } from "../support/factories.ts";
import { createManualClock, createTokens, quiet } from "../support/manual-clock.ts";
import { createMemoryBucket } from "../support/memory-bucket.ts";
import { createMemoryTable } from "../support/memory-table.ts";
import { readCommitted } from "../support/read-committed.ts";
import {
  createRecordedEvents,
  createRecordedLog,
  createRecordedMails,
  createRecordedMetrics,
  createRecordedQueue,
} from "../support/recorders.ts";

/** Visibility time-out of the batches queue in these tests. */
export const visibilityMs = 60_000;

/** Everything the reporter works on, in memory, and the reporter. */
export function createWorld() {
  const clock = createManualClock();
  const table = createMemoryTable();
  const bucket = createMemoryBucket(clock);
  const freshToken = createTokens();
  const campaigns = createCampaigns(table);
  const batches = createBatches({ table, clock, freshToken });
  const account = createAccountStore({ table, clock, freshToken });
  const planning = createPlanningAttempts({ table, clock });
  const searches = createUploadSearches({ table, clock });
  const queue = createRecordedQueue();
  const uploads = createRecordedQueue();
  const nudges = createRecordedQueue();
  const { mails, mail } = createRecordedMails();
  const bus = createRecordedEvents();
  const { log, lines } = createRecordedLog();
  const { metrics, sums } = createRecordedMetrics();
  const secret = { version: "1" as string | undefined };
  const deps: ReporterDeps = {
    table,
    bucket,
    enqueueBatches: queue.enqueue,
    enqueueUploads: uploads.enqueue,
    nudge: nudges.enqueue,
    mail,
    publish: bus.publish,
    stack: { stack: "BulkSend", bucket: "bucket" },
    secret: {
      read: async () =>
        secret.version === undefined ? undefined : { username: "u", password: "p", version: secret.version },
    },
    clock,
    freshToken,
    metrics,
    log,
    ceiling: 10,
    visibilityMs,
    graceSeconds: 15,
    target: ["--stack", "texts"],
  };
  const reporter = () => createReporter(deps);

  const read = (name?: string) => readCommitted(campaigns, name);

  return {
    clock,
    table,
    bucket,
    campaigns,
    batches,
    account,
    planning,
    searches,
    queue,
    uploads,
    nudges,
    mails,
    mail,
    bus,
    lines,
    sums,
    secret,
    deps,
    reporter,
    look: reporter(),
    read,
    /** Commits a campaign and stores its plan. */
    commit: async (changes: Partial<CommittedCampaign> = {}, kindOf?: Parameters<typeof storePlan>[2]) => {
      const campaign = running(changes);
      await storePlan(bucket, campaign, kindOf);
      await campaigns.create(campaign, undefined);
      return campaign;
    },
    setAccount: (changes: Partial<Account>) =>
      account.change(() => ({ account: { ...freshAccount, nextFreeAt: clock.now(), ...changes }, result: undefined })),
    /** Has something happen just before the next change of a campaign that sets this attribute. */
    beforeChange: (attribute: string, act: () => Promise<unknown>) => {
      const { update } = table;
      table.update = async (key, change) => {
        if (key.pk === "campaigns" && change.set?.[attribute] !== undefined) {
          table.update = update;
          await act();
        }
        return update(key, change);
      };
    },
    /** Claims a batch of two rows. */
    claim: async (
      batch: number,
      leaseUntil = clock.now() + 30_000,
      name = "spring",
      firing: readonly number[] = [2 * batch - 1, 2 * batch],
    ) => {
      const request = { campaign: name, batch, prev: batch - 1, rows: 2, firing, leaseUntil };
      const seen = await batches.read(name, batch);
      const result = await batches.claim({ ...request, expiresAt: leaseUntil + 86_400_000 }, seen);
      if (result.kind !== "claimed") throw new Error(result.kind);
      return result.claim;
    },
    /** Claims and records a batch of two rows. */
    send: async (
      batch: number,
      outcomes: readonly Outcome[] = [submitted(2 * batch - 1), submitted(2 * batch)],
      { prev = batch - 1, name = "spring" } = {},
    ) => {
      const request = { campaign: name, batch, prev, rows: 2, firing: [2 * batch - 1, 2 * batch] };
      const lease = { leaseUntil: clock.now() + 30_000, expiresAt: clock.now() + 86_400_000 };
      const result = await batches.claim({ ...request, ...lease }, await batches.read(name, batch));
      if (result.kind !== "claimed") throw new Error(result.kind);
      await batches.record(result.claim, outcomes);
    },
    /** What is in the batches queue, by number. */
    fed: () => queue.bodies().map((body) => BatchMessage.parse(JSON.parse(body))),
  };
}

/** The rows of a CSV report as `[status, detail]`. */
export const statusesOf = (csv: string | undefined): string[] =>
  (csv ?? "")
    .split("\r\n")
    .slice(1, -1)
    .map((line) => line.split(",").at(2) ?? "");

/**
 * Holds the report of a campaign up until it is released, or the test is over. Reading the ledger takes a turn of the event loop
 * meanwhile: a look that goes round and round would leave the test no time to fail.
 */
export function holdReportUp(
  { bucket, table }: Pick<ReturnType<typeof createWorld>, "bucket" | "table">,
  name: string,
) {
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  const { put } = bucket;
  const { get } = table;
  bucket.put = async (key, ...rest) => {
    if (key === `reports/${name}/report.csv`) await released;
    return put(key, ...rest);
  };
  table.get = async (...asked) => {
    await quiet();
    return get(...asked);
  };
  onTestFinished(() => release());
  return release;
}
