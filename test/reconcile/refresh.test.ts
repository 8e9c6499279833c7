import { expect, it } from "vitest";
import { liveOf } from "../../cli/follow-campaign.ts";
import { freshAccount } from "../../shared/account/account.ts";
import { createRefresh, sendingConditionsOf } from "../../shared/reconcile/refresh.ts";
import { Summary } from "../../shared/report/summary.ts";
import { running } from "../support/factories.ts";
import { createManualClock, nineOClock } from "../support/manual-clock.ts";
import { createMemoryBucket } from "../support/memory-bucket.ts";

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
  expect(sendingConditionsOf(mine, freshAccount, 10, campaigns, nineOClock).othersUnsent).toEqual([30]);
});

it("status --watch estimates the end as the live page does", () => {
  const unused = { BucketName: "", SecretArn: "", TopicArn: "", Endpoint: "", TableName: "", NudgesQueueUrl: "" };
  const outputs = { ...unused, SendsPerSecond: 10 };
  const alone = liveOf({ outputs }, mine, freshAccount, [mine]);
  const shared = liveOf({ outputs }, mine, freshAccount, campaigns);
  const seconds = (live: typeof alone) => (Date.parse(live.estimatedEndAt ?? "") - Date.parse(live.updatedAt)) / 1000;
  expect([seconds(alone), seconds(shared)]).toEqual([9, 12]);
});

it("pages of a long list are written again for a thousandth of it, or when five minutes have passed, and only then", async () => {
  const bucket = createMemoryBucket();
  const clock = createManualClock();
  const refresh = createRefresh({ bucket, clock, ceiling: 1, older: { whole: async (campaign) => campaign } });
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
