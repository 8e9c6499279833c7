import { expect, it } from "vitest";
import { liveOf } from "../../cli/follow-campaign.ts";
import { freshAccount } from "../../shared/account/account.ts";
import { sendingConditionsOf } from "../../shared/reconcile/refresh.ts";
import { running } from "../support/factories.ts";
import { nineOClock } from "../support/manual-clock.ts";

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
  const alone = liveOf({ stack: { outputs }, words: [] }, mine, freshAccount, [mine]);
  const shared = liveOf({ stack: { outputs }, words: [] }, mine, freshAccount, campaigns);
  const seconds = (live: typeof alone) => (Date.parse(live.estimatedEndAt ?? "") - Date.parse(live.updatedAt)) / 1000;
  expect([seconds(alone), seconds(shared)]).toEqual([9, 12]);
});
