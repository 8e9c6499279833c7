import { createHash } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { Campaign, type CommittedCampaign, type Tally } from "../campaign/campaign.ts";
import type { Campaigns } from "../campaign/campaigns.ts";
import { readUploadKey } from "../campaign/name.ts";
import type { Defaults } from "../campaign/options.ts";
import type { Bucket } from "../ports/bucket.ts";
import { optionsKey, planKeys } from "../ports/bucket-layout.ts";
import type { Clock, FreshToken } from "../ports/clock.ts";
import type { Log } from "../ports/log.ts";
import { type Enqueue, type Handled, nudgeBody } from "../ports/queue.ts";
import { writeCheck } from "./check-upload.ts";
import { type OptionsFile, readOptionsFile } from "./options-file.ts";
import { planCampaign } from "./plan-campaign.ts";
import { noteRefusal, reportRefusal } from "./refuse.ts";
import { type Announcement, readUploadMessage } from "./upload-message.ts";

/** What the splitter needs of the world. */
export interface SplitDeps {
  readonly bucket: Bucket;
  readonly campaigns: Pick<Campaigns, "read" | "create" | "change">;
  /** Puts a campaign's first batches into the queue. */
  readonly feed: (campaign: CommittedCampaign, rows: number, done: ReadonlySet<number>) => Promise<CommittedCampaign>;
  readonly nudge: Enqueue;
  readonly mail: (subject: string, text: string) => Promise<void>;
  readonly clock: Clock;
  readonly freshToken: FreshToken;
  readonly log: Log;
  readonly defaults: Defaults;
  readonly batchRows: number;
  /** The stack's `sendsPerSecond`. */
  readonly ceiling: number;
  readonly retainDays: number;
}

/** An upload that failed so often is refused: it would fail for ever. */
const attempts = 5;

/** The first wait after a failure, doubled by each that follows. */
const retryMs = 10_000;

/** Seconds of sending that are fed at once after the commit; the reporter feeds the rest. */
const firstFeedSeconds = 120;

/** Uploads that are remembered as judged or ignored. */
const remembered = 20;

/** How often planning starts over because CSV or options changed meanwhile, before the message is given back. */
const restarts = 3;

/** Turns uploads into campaigns: judge, plan, commit, first feed. Every step can be repeated without harm. */
export function createSplitUpload(deps: SplitDeps) {
  const { bucket, campaigns, clock, freshToken, log } = deps;

  /** The newest version of the campaign's CSV, whatever case its ending has. */
  const findCsv = async (name: string, of: "campaign" | "check") => {
    const prefix = of === "check" ? "check/" : "campaigns/";
    for await (const { key } of bucket.list(`${prefix}${name}.`)) {
      const upload = readUploadKey(key);
      if (upload.kind === of && upload.name === name) return bucket.head(key);
    }
    return undefined;
  };

  /** Remembers an upload as judged although it changes nothing. */
  const remember = (campaign: CommittedCampaign, pair: string, ignored?: { version: string; reason: string }) =>
    campaigns.change(
      campaign,
      { state: campaign.state },
      {
        judged: [...campaign.judged, pair].slice(-remembered),
        judgedAt: clock.now(),
        ...(ignored === undefined ? {} : { ignored: [...campaign.ignored, ignored].slice(-remembered) }),
      },
    );

  /** An upload under the name of a campaign that was committed before. */
  const judgeAgain = async (
    campaign: CommittedCampaign,
    key: string,
    version: string,
    file: OptionsFile,
    by: string,
  ) => {
    const pair = pairOf(version, file.version);
    const note = async (about: string, reason: string, nextStep: string) => {
      const nextSteps = [nextStep];
      await noteRefusal(bucket, { name: campaign.name, reason, at: clock.now(), uploadedBy: by, nextSteps }, about);
      await remember(campaign, pair, { version: about, reason });
    };
    const sameCsv = version === campaign.csvVersion || (await digestOf(bucket, key, version)) === campaign.digest;
    if (!sameCsv) {
      return note(
        version,
        `${campaign.name} has been sent before, with other content; give the corrected list another name, or upload reports/${campaign.name}/not-sent.csv under a new one.`,
        "Upload the list under another name. To send only what is missing, mend not-sent.csv and upload that under a new name.",
      );
    }
    const sameOptions = file.kind === "options" && isDeepStrictEqual(file.options, campaign.options);
    if (file.version !== undefined && file.version !== campaign.jsonVersion && !sameOptions) {
      return note(
        file.version,
        `${campaign.name} had been planned before these options came; it goes on with those it was planned with.`,
        "To send with other options, cancel the campaign and upload its not-sent.csv under a new name with the new options.",
      );
    }
    await remember(campaign, pair);
    await deps.nudge([nudgeBody({ kind: "look" })]);
  };

  const refuse = async (
    seen: Campaign | undefined,
    name: string,
    pair: string,
    by: string,
    reason: string,
  ): Promise<void> => {
    if (seen !== undefined && seen.state !== "refused") return;
    const now = clock.now();
    const item = Campaign.parse({
      name,
      state: "refused",
      reason,
      judged: [...(seen?.judged ?? []), pair].slice(-remembered),
      judgedAt: now,
      uploadedBy: by,
      createdAt: now,
    });
    // Told first: after the item is written nobody looks at this upload again.
    await reportRefusal(bucket, { name, reason, at: now, uploadedBy: by });
    const created = await campaigns.create(item, seen);
    if (created === undefined) return;
    log.warn("An upload was refused.", { campaign: name });
    await deps.mail(
      `Refused: ${name}`,
      `Nothing was sent of ${name}: ${reason}\n\nMend it and upload it again; the name is still free.\n`,
    );
  };

  /** One look at a campaign's upload; `again` when it changed meanwhile. */
  const split = async (name: string, by: string): Promise<"over" | "again"> => {
    const csv = await findCsv(name, "campaign");
    if (csv === undefined) return "over";
    const file = await readOptionsFile(bucket, csv.key);
    const pair = pairOf(csv.version, file.version);
    const seen = await campaigns.read(name, { consistent: true });
    if (seen?.judged.includes(pair)) {
      if (seen.state === "running") await deps.nudge([nudgeBody({ kind: "look" })]);
      return "over";
    }
    if (seen !== undefined && seen.state !== "refused") {
      await judgeAgain(seen, csv.key, csv.version, file, by);
      return "over";
    }
    if (file.kind === "refused") {
      await refuse(seen, name, pair, by, file.reason);
      return "over";
    }
    const run = freshToken();
    const result = await planCampaign(bucket, {
      name,
      key: csv.key,
      version: csv.version,
      options: file.options,
      defaults: deps.defaults,
      batchRows: deps.batchRows,
      run,
    });
    const changed = result.kind === "gone" || (await hasChanged(csv.key, csv.version, file));
    if (changed || result.kind === "refused") await discard(name, run);
    if (changed) return "again";
    if (result.kind === "refused") {
      await refuse(seen, name, pair, by, result.reason);
      return "over";
    }
    const now = clock.now();
    const campaign: CommittedCampaign = {
      ...result.planned,
      name,
      state: "running",
      judged: [...(seen?.judged ?? []), pair].slice(-remembered),
      judgedAt: now,
      uploadedBy: by,
      createdAt: now,
      csvKey: csv.key,
      csvVersion: csv.version,
      jsonVersion: file.version,
      options: file.options,
      defaults: deps.defaults,
      batchRows: deps.batchRows,
      retainUntil: now + deps.retainDays * 24 * 3600_000,
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
    };
    const committed = await commit(campaign, seen);
    if (committed === undefined) {
      await discard(name, run);
      return "again";
    }
    log.info("A campaign was planned.", { campaign: name, rows: committed.rows, sendable: committed.sendable });
    await deps.feed(committed, Math.max(1, deps.ceiling * firstFeedSeconds), new Set());
    if (committed.sendable === 0) await deps.nudge([nudgeBody({ kind: "look" })]);
    return "over";
  };

  /** Creates the campaign's item; the answer may have been lost on the way, so the run tells whether it is ours. */
  const commit = async (
    campaign: CommittedCampaign,
    seen: Campaign | undefined,
  ): Promise<CommittedCampaign | undefined> => {
    const created =
      (await campaigns.create(campaign, seen)) ?? (await campaigns.read(campaign.name, { consistent: true }));
    return created !== undefined && created.state !== "refused" && created.run === campaign.run ? created : undefined;
  };

  const hasChanged = async (csvKey: string, version: string, file: OptionsFile) => {
    const [csv, json] = await Promise.all([bucket.head(csvKey), bucket.head(optionsKey(csvKey))]);
    return csv?.version !== version || json?.version !== file.version;
  };

  const discard = async (name: string, run: string) => {
    const keys: string[] = [];
    for await (const { key } of bucket.list(planKeys(name, run).prefix)) keys.push(key);
    await bucket.delete(keys);
  };

  const announced = async ({ key, by }: Announcement): Promise<"over" | "again"> => {
    const upload = readUploadKey(key);
    switch (upload.kind) {
      case "nothing":
        return "over";
      case "refused": {
        const seen = await campaigns.read(upload.name, { consistent: true });
        if (seen === undefined) await refuse(seen, upload.name, key, by, upload.reason);
        return "over";
      }
      case "check":
        return checked(upload.name, by);
      case "options":
        return upload.of === "check" ? checked(upload.name, by) : split(upload.name, by);
      case "campaign":
        return split(upload.name, by);
      default:
        return upload satisfies never;
    }
  };

  const checked = async (name: string, by: string): Promise<"over"> => {
    const csv = await findCsv(name, "check");
    if (csv !== undefined) await writeCheck(deps, { name, csv, by });
    return "over";
  };

  /** One message of the uploads queue; what failed and may succeed later is given back for a while. */
  return async (body: string, receiveCount: number): Promise<Handled> => {
    const announcements = readUploadMessage(body);
    if (announcements === undefined) {
      log.error("A message in the uploads queue is no announcement of an upload.", undefined);
      return { kind: "done" };
    }
    for (const announcement of announcements) {
      try {
        let outcome: "over" | "again" = "again";
        for (let round = 0; outcome === "again" && round < restarts; round++) outcome = await announced(announcement);
        if (outcome === "again") return { kind: "give-back", afterMs: 5_000 };
      } catch (error) {
        const upload = readUploadKey(announcement.key);
        const key = { key: announcement.key, receiveCount };
        if (receiveCount < attempts || upload.kind !== "campaign") {
          log.error("An upload could not be judged; it is tried again.", error, key);
          return { kind: "give-back", afterMs: Math.min(retryMs * 2 ** (receiveCount - 1), 10 * 60_000) };
        }
        log.error("An upload failed so often that it is refused.", error, key);
        const seen = await campaigns.read(upload.name, { consistent: true });
        const reason = `The file could not be processed, ${attempts} times in a row, for a reason of the system's own; nothing was sent. Upload it again, and if that fails too, tell whoever runs bulk-send.`;
        await refuse(seen, upload.name, announcement.version ?? announcement.key, announcement.by, reason);
      }
    }
    return { kind: "done" };
  };
}

const emptyTally: Tally = { submitted: 0, failed: 0, unknown: 0, skipped: 0, recentCalls: 0, recentFailed: 0 };

const pairOf = (csvVersion: string, jsonVersion: string | undefined) => `${csvVersion}|${jsonVersion ?? ""}`;

/** SHA-256 of an object's bytes; `undefined` when it is gone. */
async function digestOf(bucket: Bucket, key: string, version: string): Promise<string | undefined> {
  const object = await bucket.get(key, version);
  if (object === undefined) return undefined;
  const digest = createHash("sha256");
  for await (const chunk of object.body) digest.update(chunk);
  return digest.digest("hex");
}
