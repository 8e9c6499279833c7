import { expect, it } from "vitest";
import type { CommittedCampaign } from "../../shared/campaign/campaign.ts";
import type { Options } from "../../shared/campaign/options.ts";
import { suppressedNow } from "../../shared/feed/suppressed-now.ts";
import { createSuppressions } from "../../shared/feed/suppression.ts";
import type { PlanHead } from "../../shared/plan/head.ts";
import { planHead } from "../../shared/plan/read-plan.ts";
import { createCurrentHeads } from "../../shared/reconcile/current-heads.ts";
import { liveSummary } from "../../shared/report/live-summary.ts";
import { planCampaign } from "../../shared/split/plan-campaign.ts";
import { running } from "../support/factories.ts";
import { createManualClock, nineOClock } from "../support/manual-clock.ts";
import { createMemoryBucket } from "../support/memory-bucket.ts";

const pause = { code: "approval" as const, reason: "It waits", at: nineOClock };
const defaults = {
  snumber: "441234",
  country: "GB",
  prices: { currency: "GBP", perSegment: { GB: 0.04, default: 1 } },
};
const csv = "to,text\n447700900001,Hello Ann\n447700900002,Hello Bob\n447700900003,Hello Cat\nnobody,Hello\n";

/** A campaign that waits for approval, planned when `suppressed` was on a list. */
async function waiting(
  suppressed: string,
  changes: Partial<CommittedCampaign> = {},
  { options = {}, list = csv }: { readonly options?: Options; readonly list?: string } = {},
) {
  const clock = createManualClock();
  const bucket = createMemoryBucket(clock);
  const suppressions = createSuppressions(bucket);
  bucket.store("suppression/stop.csv", `number\n${suppressed}\n`);
  const version = bucket.store("campaigns/spring.csv", list);
  const result = await planCampaign(
    { bucket, clock },
    {
      previewed: suppressedNow(await suppressions(), "GB"),
      name: "spring",
      key: "campaigns/spring.csv",
      ...{ version, options, defaults, batchRows: 2, rate: 10, run: "r1" },
    },
  );
  if (result.kind !== "planned") throw new Error(result.kind);
  const campaign = running({ state: "paused", pause, options, defaults, ...result.planned, ...changes });
  const heads = (of: CommittedCampaign): Promise<PlanHead | undefined> => planHead(bucket, of);
  const current = createCurrentHeads({ bucket, clock, suppressions, heads });
  return {
    bucket,
    clock,
    campaign,
    current,
    show: async () => liveSummary(campaign, { account: { rate: 10 } }, clock.now(), await current(campaign)),
  };
}

it("who is suppressed or opted out is not among those that somebody approves, nor paid for", async () => {
  const { show } = await waiting("+447700900002");
  expect(await show()).toMatchObject({
    stateText: "Waits for approval: 2 messages would be sent",
    rows: 4,
    remaining: 2,
    counts: { invalid: 1, skipped: 1 },
    segments: { total: 2, distribution: { "1": 2 } },
    cost: { estimated: { amount: 0.08 } },
    recipients: [{ country: "GB", messages: 2, segments: 2 }],
    countedAt: new Date(nineOClock).toISOString(),
    messages: [{ message: "Hello Ann" }, { message: "Hello Cat" }],
    problems: [
      { status: "skipped", count: 1, rows: [2], lines: [3] },
      { status: "invalid", count: 1 },
    ],
  });
});

it("who opted out after the list was planned is not among them either, as soon as it is looked again", async () => {
  const { show, bucket, clock } = await waiting("+447700900002");
  bucket.store("suppression/opt-outs.csv", "number,date,word,id\n+447700900001,2026-03-01T09:00:00Z,STOP,1\n");
  await clock.advance(60_000);
  expect(await show()).toMatchObject({
    remaining: 1,
    counts: { skipped: 2 },
    cost: { estimated: { amount: 0.04 } },
    countedAt: new Date(nineOClock + 60_000).toISOString(),
    messages: [{ message: "Hello Cat" }],
    problems: [{ status: "skipped", count: 2, rows: [1, 2], lines: [2, 3] }, { status: "invalid" }],
  });
  await bucket.delete(["suppression/stop.csv", "suppression/opt-outs.csv"]);
  await clock.advance(299_999);
  expect(await show()).toMatchObject({ remaining: 1 });
  await clock.advance(1);
  expect(await show()).toMatchObject({ remaining: 3, counts: { skipped: 0 } });
});

it("those left are counted in each zone, by the list's own lines", async () => {
  const hours = { from: "08:00", to: "20:00", timezone: "recipient" };
  const zoned = `${csv}+33612345678,Bonjour\n`;
  const { show, bucket, clock } = await waiting("+447700900002", {}, { options: { window: hours }, list: zoned });
  const rows = async () => (await show()).zones?.map(({ rows }) => rows);
  expect(await rows()).toEqual([2, 1]);
  bucket.store("suppression/more.csv", "+33612345678\n+447700900001\n");
  await clock.advance(60_000);
  // Zones in which nobody is left are not shown.
  expect(await rows()).toEqual([1]);
});

it("each row keeps its own zone when it is counted again, also behind rows that are not sent", async () => {
  const hours = { from: "08:00", to: "20:00", timezone: "recipient" };
  const list = "to,text\nnobody,Hello\n447700900001,Hello\n+33612345678,Bonjour\n+33612345679,Bonjour\n";
  const { show, bucket, clock } = await waiting("447700900009", {}, { options: { window: hours }, list });
  bucket.store("suppression/more.csv", "+33612345678\n");
  await clock.advance(60_000);
  expect((await show()).zones?.map(({ rows }) => rows)).toEqual([1, 1]);
});

it("segments and cost are counted again for those left, whose messages come back with them", async () => {
  const list = `to,text\n447700900001,${"Hello ".repeat(40)}\n447700900002,Hello Bob\n447700900003,Hello Cat\n`;
  const { show, bucket, clock } = await waiting("447700900009", {}, { list });
  bucket.store("suppression/more.csv", "447700900002\n");
  await clock.advance(60_000);
  expect(await show()).toMatchObject({
    segments: { total: 3, distribution: { "1": 1, "2": 1 } },
    cost: { estimated: { amount: 0.12 } },
    recipients: [{ country: "GB", messages: 2, segments: 3 }],
  });
  bucket.store("suppression/more.csv", "447700900003\n");
  await clock.advance(5 * 60_000);
  const { messages } = await show();
  expect(messages?.slice(1)).toMatchObject([{ message: "Hello Bob" }]);
  // It is not read again at every look after the first time either.
  await bucket.delete(["suppression/more.csv"]);
  await clock.advance(5 * 60_000 - 1);
  expect((await show()).remaining).toBe(2);
});

it("messages are there to look at when the first of them are left out later, and what goes to no known country is counted as that", async () => {
  const list = `to,text\n${Array.from({ length: 14 }, (_, at) => `${at + 70_000},Hello ${at}\n`).join("")}`;
  const { show, bucket, clock } = await waiting("+447700900002", {}, { options: { numberFormat: "as-is" }, list });
  expect(await show()).toMatchObject({ recipients: [{ country: "", messages: 14 }] });
  bucket.store("suppression/more.csv", `${Array.from({ length: 9 }, (_, at) => at + 70_000).join("\n")}\n`);
  await clock.advance(60_000);
  const { messages } = await show();
  expect(messages?.map(({ message }) => message)).toEqual(["Hello 9", "Hello 10", "Hello 11"]);
});

it("who is suppressed is told by the list's own country, also when they are counted again", async () => {
  const list = "to,text\n0612345678,Bonjour\n0612345679,Bonjour\n";
  const options = { country: "FR", numberFormat: "as-is" } as const;
  const { show, bucket, clock } = await waiting("+33612345670", {}, { options, list });
  bucket.store("suppression/more.csv", "+33612345678\n");
  await clock.advance(60_000);
  expect(await show()).toMatchObject({ remaining: 1, counts: { skipped: 1 } });
});

it("a list that is too long to be read again says as of when it was counted, and one that was approved is shown as planned", async () => {
  const long = await waiting("+447700900002", { sendable: 100_001 });
  long.bucket.store("suppression/more.csv", "+447700900001\n");
  await long.clock.advance(60_000);
  expect(await long.show()).toMatchObject({
    remaining: 2,
    countedAt: new Date(nineOClock).toISOString(),
  });
  const { show } = await waiting("+447700900002", { state: "running", pause: undefined });
  const summary = await show();
  expect([summary.remaining, summary.countedAt, summary.recipients]).toEqual([3, undefined, undefined]);
});

it("a campaign whose plan was removed meanwhile is shown as it was counted", async () => {
  const { show, bucket, campaign } = await waiting("+447700900002");
  bucket.store("suppression/more.csv", "+447700900001\n");
  await bucket.delete(bucket.keys("work/").filter((key) => !key.endsWith("head.json")));
  expect(campaign.parts).toBe(1);
  expect(await show()).toMatchObject({ remaining: 2 });
});

it("what was counted is shown as it was as long as the lists are the same", async () => {
  const { show, bucket, clock } = await waiting("+447700900002");
  bucket.store("suppression/more.csv", "+447700900001\n");
  for (const _look of ["counting", "the same lists", "the same lists"]) {
    expect(await show()).toMatchObject({ remaining: 1 });
    await clock.advance(5 * 60_000);
  }
});

it("what was counted of one campaign is kept while others are counted", async () => {
  const { bucket, campaign, current } = await waiting("+447700900002");
  for (const key of bucket.keys("work/spring/r1/")) bucket.store(key.replace("/r1/", "/r2/"), bucket.text(key) ?? "");
  bucket.store("suppression/opt-outs.csv", "number,date,word,id\n+447700900001,2026-03-01T09:00:00Z,STOP,1\n");
  for (const run of ["r1", "r2"]) await current({ ...campaign, run });
  const plans: string[] = [];
  bucket.fault = ({ method, key }) => {
    if (method === "get" && key.includes("/plan/")) plans.push(key);
  };
  bucket.store("suppression/opt-outs.csv", "number,date,word,id\n+447700900003,2026-03-01T09:00:00Z,STOP,1\n");
  for (const run of ["r1", "r2"]) await current({ ...campaign, run });
  expect(plans).toEqual([]);
});

it("what was counted last is shown as long as it is not counted again, also when the plan was removed meanwhile", async () => {
  const { show, bucket, clock } = await waiting("+447700900002");
  bucket.store("suppression/more.csv", "+447700900001\n");
  expect(await show()).toMatchObject({ remaining: 1 });
  await bucket.delete(bucket.keys("work/").filter((key) => !key.endsWith("head.json")));
  bucket.store("suppression/more.csv", "+447700900001\n+447700900003\n");
  for (const _look of ["counting", "too soon", "counting"]) {
    await clock.advance(150_000);
    expect(await show()).toMatchObject({ remaining: 1 });
  }
});
