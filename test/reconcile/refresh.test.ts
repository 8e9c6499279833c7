import { expect, it } from "vitest";
import * as z from "zod";
import { liveOf } from "../../cli/follow-campaign.ts";
import { freshAccount } from "../../shared/account/account.ts";
import { createSuppressions } from "../../shared/feed/suppression.ts";
import { type Batches, createBatches } from "../../shared/ledger/batches.ts";
import type { Bucket } from "../../shared/ports/bucket.ts";
import { planKeys } from "../../shared/ports/bucket-layout.ts";
import type { Clock } from "../../shared/ports/clock.ts";
import { createHeads, createRefresh } from "../../shared/reconcile/refresh.ts";
import { sendingConditionsOf } from "../../shared/reconcile/sending-conditions.ts";
import { liveSummary } from "../../shared/report/live-summary.ts";
import { Summary } from "../../shared/report/summary.ts";
import { running, sendRow, storePlan, submitted } from "../support/factories.ts";
import { createManualClock, createTokens, nineOClock } from "../support/manual-clock.ts";
import { createMemoryBucket } from "../support/memory-bucket.ts";
import { createMemoryTable } from "../support/memory-table.ts";

const planned = z.looseObject({});
const tally = { submitted: 10, failed: 0, unknown: 0, skipped: 0, recentCalls: 0, recentFailed: 0 };
const pause = { code: "person" as const, reason: "Paused by anna.", at: nineOClock };
const mine = running({ name: "mine", sendable: 100, tally, retainUntil: Number.MAX_SAFE_INTEGER });
const campaigns = [
  mine,
  running({ ...mine, name: "other", sendable: 40 }),
  running({ ...mine, name: "paused", state: "paused", pause }),
  running({ ...mine, name: "later", options: { sendAfter: "2999-01-01T00:00:00Z" } }),
];

it("the rate is shared with the other campaigns that may send now, not with itself nor with those that wait", () => {
  expect(sendingConditionsOf(mine, freshAccount, { rate: 10 }, campaigns, nineOClock).othersUnsent).toEqual([30]);
});

it("status --watch estimates the end as the live page does", () => {
  const unused = { BucketName: "", SecretArn: "", TopicArn: "", Endpoint: "", TableName: "", NudgesQueueUrl: "" };
  const outputs = { ...unused, SendsPerSecond: 10 };
  const alone = liveOf({ stack: { outputs }, words: [] }, mine, freshAccount, [mine]);
  const shared = liveOf({ stack: { outputs }, words: [] }, mine, freshAccount, campaigns);
  const seconds = (live: typeof alone) => (Date.parse(live.estimatedEndAt ?? "") - Date.parse(live.updatedAt)) / 1000;
  expect([seconds(alone), seconds(shared)]).toEqual([9, 12]);
});

/** When it would be over, in seconds from now. */
const estimated = (changes: Partial<typeof mine>, maxPerDay: number | undefined, account = freshAccount) => {
  const campaign = running({ ...mine, ...changes });
  const conditions = sendingConditionsOf(campaign, account, { rate: 10, maxPerDay }, [campaign], nineOClock);
  const { estimatedEndAt } = liveSummary(campaign, conditions, nineOClock);
  return estimatedEndAt === undefined ? undefined : (Date.parse(estimatedEndAt) - nineOClock) / 1000;
};
const hour = 3600;

it("the end is estimated with the day's limit, as far as today's calls and the commands of people leave it", () => {
  const midnight = nineOClock + 15 * hour * 1000;
  const account = { ...freshAccount, day: { from: nineOClock - 9 * hour * 1000, until: midnight, used: 150 } };
  expect(estimated({}, 1_000, account)).toBe(9);
  expect(estimated({}, 200, account)).toBe(15 * hour + 4);
  expect(estimated({}, 1_000, { ...account, callsPerDay: 200 })).toBe(15 * hour + 4);
  expect(estimated({}, 40)).toBe(2 * 24 * hour - 9 * hour + 1);
  // Where today is full, sending goes on tomorrow, with all of that day.
  const dayFull = { from: nineOClock, until: midnight + 1_000, calls: 200 };
  expect(estimated({}, 200, { ...account, day: { ...account.day, used: 200 }, dayFull })).toBe(15 * hour + 1 + 9);
  // What is counted of yesterday is no longer.
  expect(estimated({}, 200, { ...account, day: { ...account.day, until: nineOClock - 1 } })).toBe(9);
});

it("a list that today's calls are just enough for does not wait for tomorrow while its last calls are counted", () => {
  const midnight = nineOClock + 15 * hour * 1000;
  // All hundred calls are made or planned, and forty are not counted yet.
  const day = { from: nineOClock - 9 * hour * 1000, until: midnight, used: 100 };
  const account = { ...freshAccount, day, nextFreeAt: nineOClock + 3_000 };
  const counted = { ...tally, submitted: 60, lastRecordAt: nineOClock - 1_000 };
  expect(estimated({ tally: counted }, 100, account)).toBe(4);
  expect(estimated({ tally: counted, sendable: 101 }, 100, account)).toBeGreaterThanOrEqual(15 * hour);
});

it.each(["UTC", "recipient"])(
  "what is used of today is no matter to who waits for hours that begin with tomorrow (%s)",
  (timezone) => {
    const midnight = nineOClock + 15 * hour * 1000;
    const account = { ...freshAccount, day: { from: nineOClock - 9 * hour * 1000, until: midnight, used: 200 } };
    const options = { window: { from: "00:00", to: "08:00", timezone } };
    const zones = [{ zones: ["Europe/London"], rows: 100 }];
    expect(estimated({ options, zones, tally: { ...tally, submitted: 0 } }, 200, account)).toBe(15 * hour + 10);
  },
);

it("the end is estimated with the window's closing and sendBefore", () => {
  const window = { from: "08:00", to: "09:01", timezone: "UTC" };
  expect(estimated({ sendable: 1_000, options: { window } }, undefined)).toBe(23 * hour + 39);
  expect(
    estimated({ sendable: 1_000, options: { sendBefore: new Date(nineOClock + 30_000).toISOString() } }, undefined),
  ).toBe(30);
});

const refreshOf = (
  bucket: Bucket,
  clock: Clock,
  ceiling: number,
  given: { readonly batches?: Batches; readonly manual?: string; readonly maxPerDay?: number } = {},
) =>
  createRefresh({
    bucket,
    clock,
    ceiling,
    ...given,
    older: { whole: async (campaign) => campaign },
    suppressions: createSuppressions(bucket),
  });

it("pages of a long list are written again for a thousandth of it, or when five minutes have passed, and only then", async () => {
  const bucket = createMemoryBucket();
  const clock = createManualClock();
  const refresh = refreshOf(bucket, clock, 1);
  const long = running({ name: "long", rows: 100_000, sendable: 100_000, retainUntil: Number.MAX_SAFE_INTEGER });
  const shownAfter = async (submitted: number) => {
    await refresh([{ ...long, tally: { ...tally, submitted } }], freshAccount);
    return Summary.parse(bucket.json("reports/long/summary.json")).counts.submitted;
  };
  expect(await shownAfter(10)).toBe(10);
  expect(await shownAfter(99)).toBe(10);
  expect(await shownAfter(100)).toBe(100);
  await clock.advance(5 * 60_000 - 1);
  expect(await shownAfter(199)).toBe(100);
  await clock.advance(1);
  expect(await shownAfter(199)).toBe(199);
});

/** Pages of these campaigns, shown twice with something new in between. */
async function shown(campaign: typeof mine, account = freshAccount) {
  const bucket = createMemoryBucket();
  const clock = createManualClock();
  const refresh = refreshOf(bucket, clock, 4);
  return {
    bucket,
    clock,
    again: (changes: Partial<typeof mine> = {}) => refresh([{ ...campaign, ...changes }], account),
  };
}

it("a plan's head is read once, however often its campaign is shown", async () => {
  const { bucket, again } = await shown(mine);
  await storePlan(bucket, mine);
  const heads: string[] = [];
  bucket.fault = ({ method, key }) => {
    if (method === "get" && key.endsWith("head.json")) heads.push(key);
  };
  await again();
  await again({ tally: { ...tally, submitted: 50 } });
  expect(Summary.parse(bucket.json("reports/mine/summary.json")).counts.submitted).toBe(50);
  expect(heads).toHaveLength(1);
});

it("of a hundred plans at most the heads are kept", async () => {
  const bucket = createMemoryBucket();
  const gets: string[] = [];
  bucket.fault = ({ method, key }) => {
    if (method === "get") gets.push(key.split("/").at(2) ?? "");
  };
  const heads = createHeads(bucket);
  const plans = Array.from({ length: 101 }, (_, index) => running({ name: `plan-${index}`, run: `r${index}` }));
  for (const plan of plans) await storePlan(bucket, plan);
  for (const plan of [...plans, ...plans.slice(0, 1), ...plans.slice(100)]) await heads(plan);
  expect(gets.slice(100)).toEqual(["r100", "r0"]);
});

it("a campaign that waits for its last answers is shown as it is", async () => {
  const { bucket, again } = await shown(
    running({ ...mine, state: "ending", end: { why: "cancelled", at: nineOClock } }),
  );
  await again();
  expect(bucket.json("reports/mine/summary.json")).toMatchObject({ name: "mine", state: "ending" });
});

it("a bucket that does not answer is no plan that is gone", async () => {
  const { bucket, again } = await shown(mine);
  bucket.fault = ({ key }) => {
    if (key.endsWith("head.json")) throw new Error("S3 is away.");
  };
  await expect(again()).rejects.toThrow("S3 is away.");
  bucket.fault = () => {};
  await again();
  expect(bucket.json("reports/mine/summary.json")).toMatchObject({ state: "running" });
});

it("the end is estimated by the stack's rate, or by that of people where it is lower", async () => {
  const seconds = async (account: typeof freshAccount) => {
    const { bucket, again } = await shown(mine, account);
    await again();
    const { estimatedEndAt, rate, optedOut } = Summary.parse(bucket.json("reports/mine/summary.json"));
    expect(optedOut).toBeUndefined();
    return [rate?.set, (Date.parse(estimatedEndAt ?? "") - nineOClock) / 1000];
  };
  expect(await seconds(freshAccount)).toEqual([4, 22.5]);
  expect(await seconds({ ...freshAccount, rate: 2 })).toEqual([2, 45]);
});

it("the end is estimated by what the stack allows in a day, too", async () => {
  const bucket = createMemoryBucket();
  await refreshOf(bucket, createManualClock(), 10, { maxPerDay: 40 })([mine], freshAccount);
  const { estimatedEndAt } = Summary.parse(bucket.json("reports/mine/summary.json"));
  expect((Date.parse(estimatedEndAt ?? "") - nineOClock) / 1000).toBe(2 * 24 * hour - 9 * hour + 1);
});

it("who waits for approval is counted again by the suppression lists of now", async () => {
  const waits = { code: "approval" as const, reason: "It waits.", at: nineOClock };
  const campaign = running({ name: "mine", state: "paused", pause: waits });
  const { bucket, again } = await shown(campaign);
  await storePlan(bucket, campaign);
  const { head } = planKeys("mine", "r1");
  const preview = { countries: [{ country: "GB", messages: 20, segments: 20 }], messages: [] };
  bucket.store(head, JSON.stringify({ ...planned.parse(bucket.json(head)), preview }));
  bucket.store("suppression/stop.csv", `number\n+${sendRow(3).cnumber}\n`);
  await again();
  expect(bucket.json("reports/mine/summary.json")).toMatchObject({ remaining: 19, counts: { skipped: 1 } });
});

it("pages say why rows have failed where the ledger can be asked, and do without where not", async () => {
  const failed = { ...mine, tally: { ...tally, failed: 1 }, pointer: 1, pointerRows: 2 };
  for (const batches of [
    undefined,
    createBatches({ table: createMemoryTable(), clock: createManualClock(), freshToken: createTokens() }),
  ]) {
    const bucket = createMemoryBucket();
    const clock = createManualClock();
    if (batches !== undefined) {
      const request = { campaign: "mine", batch: 1, prev: 0, rows: 2, firing: [1, 2] };
      const claimed = await batches.claim(
        { ...request, leaseUntil: nineOClock + 1, expiresAt: nineOClock + 86_400_000 },
        undefined,
      );
      if (claimed.kind !== "claimed") throw new Error(claimed.kind);
      const no = { status: "failed", code: 400, key: "cnumber", detail: "No such number" } as const;
      await batches.record(claimed.claim, [submitted(1), submitted(2, no)]);
    }
    const refresh = refreshOf(bucket, clock, 4, { batches });
    await refresh([failed], freshAccount);
    const { problems } = Summary.parse(bucket.json("reports/mine/summary.json"));
    expect(problems.some(({ reason }) => reason.includes("No such number"))).toBe(batches !== undefined);
  }
});

it("a live page leads to the manual's entry where people read it", async () => {
  const bucket = createMemoryBucket();
  const manual = "https://wiki.example.com/ops";
  const refresh = refreshOf(bucket, createManualClock(), 4, { manual });
  const failures = { code: "failures" as const, reason: "12 of the last 20 calls failed.", at: nineOClock };
  await refresh([{ ...mine, state: "paused", pause: failures }], freshAccount);
  expect(bucket.text("reports/mine/report.html")).toContain(`${manual}#pause-failures`);
});

it("the index says what stops all sending, and no longer than it does", async () => {
  const held = { since: nineOClock, until: nineOClock + 60_000, step: 1, reason: "five calls were not answered" };
  const notice = async (account: typeof freshAccount) => {
    const { bucket, again } = await shown(mine, account);
    await again();
    return /All sending[^<]*/u.exec(bucket.text("reports/index.html") ?? "")?.[0];
  };
  expect(await notice({ ...freshAccount, pause })).toBe("All sending is paused: Paused by anna.");
  expect(await notice({ ...freshAccount, hold: held })).toBe("All sending waits: five calls were not answered");
  expect(await notice({ ...freshAccount, hold: { ...held, until: nineOClock } })).toBeUndefined();
  expect(await notice(freshAccount)).toBeUndefined();
});

it("pages that say the same are not put again, neither a campaign's nor the index", async () => {
  const { bucket, clock, again } = await shown(mine);
  await again();
  bucket.puts.length = 0;
  await clock.advance(5 * 60_000);
  await again();
  expect(bucket.puts).toEqual([]);
  await again({ tally: { ...tally, submitted: 50 } });
  expect(bucket.puts).toContain("reports/mine/summary.json");
});
