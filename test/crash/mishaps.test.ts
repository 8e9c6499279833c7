import { mkdtempDisposable } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { findCampaignFile } from "../../cli/campaign-file.ts";
import { followCampaign } from "../../cli/follow-campaign.ts";
import { type LocalCloud, startLocalCloud } from "../../cli/local-cloud.ts";
import { copyReport, readFinalSummary } from "../../cli/report-files.ts";
import { uploadFiles } from "../../cli/upload-files.ts";
import type { CloudFaults } from "../../infra/local/embedded-cloud.ts";
import { until } from "../support/until.ts";
import { compareWithRecord } from "./compare-with-record.ts";
import { writeTellingList } from "./telling-list.ts";

const rate = 25;

/** More than all executions take at once, so that some messages remain in the queue. */
const rows = 300;

/** What one execution may have claimed when it dies: what is in the air, and a batch or two, on a busy machine. */
const inDoubtByExecution = 1.5 * rate;

/** Sends a list on an embedded cloud of its own, lets something happen in the middle, and compares. */
async function sendThrough(mishap: (cloud: LocalCloud, mishaps: CloudFaults) => Promise<void>) {
  await using directory = await mkdtempDisposable(join(tmpdir(), "bulk-send-crash-"));
  const list = await writeTellingList(directory.path, "mishap", rows);
  const file = await findCampaignFile(list.csv, {});
  const data = join(directory.path, "data");
  const out = join(directory.path, "out");
  const logged: string[] = [];
  await using cloud = await startLocalCloud({
    dataDir: data,
    endpoint: undefined,
    rate,
    onLog: (line) => logged.push(line),
    prepare: async ({ bucket }) => {
      await uploadFiles(bucket, file);
      return true;
    },
  });
  const submitted = async () => {
    const campaign = await cloud.stack.campaigns.read(list.name, { consistent: true });
    return campaign === undefined || campaign.state === "refused" ? 0 : campaign.tally.submitted;
  };
  await until("a tenth is accepted", async () => (await submitted()) >= rows / 10);
  await mishap(cloud, cloud.access.faults);
  const since = performance.now();
  const signal = AbortSignal.timeout(400_000);
  const followed = await followCampaign(cloud.stack, list.name, { target: [], show: () => {}, signal, nudges: true });
  if (followed.kind !== "complete") throw new Error(`The campaign is ${followed.kind}.\n${logged.join("\n")}`);
  await readFinalSummary(cloud.stack.bucket, list.name);
  await copyReport(cloud.stack.bucket, list.name, out);
  const comparison = await compareWithRecord(list, out, join(data, "simulator", "calls.ndjson"));
  expect(comparison.problems).toEqual([]);
  return { ...comparison, passes: followed.campaign.pass, completeMs: Math.round(performance.now() - since) };
}

describe.concurrent("in the middle of a campaign", () => {
  test("senders that die leave no more in doubt than they had claimed, and the rest is sent", async () => {
    const { unknown, completeMs } = await sendThrough(async (cloud, mishaps) => {
      const sender = cloud.access.stack.functions.find(({ logicalId }) => logicalId.startsWith("Sender"));
      expect(await mishaps.endEnvironments(sender?.logicalId ?? "")).toBeGreaterThan(0);
    });
    console.log(`Senders died: ${unknown.length} rows in doubt, complete ${completeMs} ms later.`);
    expect(unknown.length).toBeLessThanOrEqual(2 * inDoubtByExecution);
  });

  test("a queue that loses every message is filled again, and nothing is in doubt", async () => {
    const { unknown, passes, completeMs } = await sendThrough((_, mishaps) => mishaps.loseMessages());
    console.log(`Every message lost: complete ${completeMs} ms later.`);
    expect(unknown).toEqual([]);
    expect(passes).toBeGreaterThan(1);
  });

  test("a ledger that refuses writes for ten seconds delays, and nothing is in doubt", async () => {
    const { unknown, completeMs } = await sendThrough(async (_, mishaps) => {
      mishaps.refuseLedgerWrites(true);
      await sleep(10_000);
      mishaps.refuseLedgerWrites(false);
    });
    console.log(`Writes refused for ten seconds: complete ${completeMs} ms later.`);
    expect(unknown).toEqual([]);
  });
});
