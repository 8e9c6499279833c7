import { describe, expect, it } from "vitest";
import { createApprovals } from "../../shared/campaign/approvals.ts";
import type { CommittedCampaign } from "../../shared/campaign/campaign.ts";
import { createCampaigns } from "../../shared/campaign/campaigns.ts";
import { createUploaders } from "../../shared/campaign/uploaders.ts";
import { judgeApprovals } from "../../shared/reconcile/judge-approvals.ts";
import { running } from "../support/factories.ts";
import { createManualClock, nineOClock } from "../support/manual-clock.ts";
import { createMemoryTable } from "../support/memory-table.ts";
import { readCommitted } from "../support/read-committed.ts";
import { createRecordedLog } from "../support/recorders.ts";

const world = async () => {
  const clock = createManualClock();
  const table = createMemoryTable();
  const campaigns = createCampaigns(table);
  const approvals = createApprovals(table);
  const uploaders = createUploaders(table);
  const pause = { code: "approval", reason: "It waits.", at: nineOClock - 1 } as const;
  await campaigns.create(running({ state: "paused", pause, jsonVersion: "j1" }), undefined);
  const { log } = createRecordedLog();
  const uploaded = (by: string, key = "campaigns/spring.csv", version = "v1") =>
    uploaders.note({ key, version, by }, nineOClock + 1_000);
  const approve = (userId: string, run = "r1", at = nineOClock) =>
    approvals.give("spring", { approver: { kind: "person", userId }, run, at });
  const judge = async () => {
    await judgeApprovals({ approvals, uploaders, campaigns, clock, log }, await readCommitted(campaigns));
    return readCommitted(campaigns);
  };
  const judgeAsSeen = (seen: CommittedCampaign) =>
    judgeApprovals({ approvals, uploaders, campaigns, clock, log }, seen);
  return { table, campaigns, approvals, uploaded, approve, judge, judgeAsSeen };
};

describe("an approval", () => {
  it("by somebody who uploaded neither list nor options lets the campaign go on", async () => {
    const { campaigns, uploaded, approve, judge, judgeAsSeen } = await world();
    await uploaded("AWS:AIDAANN");
    await uploaded("AWS:AIDACARL", "campaigns/spring.json", "j1");
    expect(await judge()).toMatchObject({ state: "paused", pause: { reason: "It waits." } });
    await approve("AIDABEN");
    const seen = await readCommitted(campaigns);
    expect(await judgeAsSeen(seen)).toMatchObject({ state: "running", pass: 2 });
    const approved = await readCommitted(campaigns);
    expect(approved).toMatchObject({ state: "running", pass: 2, approval: { by: "AWS:AIDABEN", at: nineOClock } });
    expect(approved.history.at(-1)).toEqual({ what: "approved", by: "AWS:AIDABEN", at: nineOClock });
  });

  it.each([
    ["of the list's uploader", "AIDAANN", "r1", "the same person uploaded it (campaigns/spring.csv)"],
    ["of the options' uploader", "AIDACARL", "r1", "the same person uploaded it (campaigns/spring.json)"],
    ["of another version", "AIDABEN", "r0", "it is of another upload than the one that would be sent"],
  ])("%s does not count, and is noted once", async (_, userId, run, why) => {
    const { uploaded, approve, judge } = await world();
    await uploaded("AWS:AIDAANN");
    await uploaded("AWS:AIDACARL", "campaigns/spring.json", "j1");
    await approve(userId, run);
    const refused = await judge();
    expect(refused).toMatchObject({ state: "paused", pause: { code: "approval" } });
    expect(refused.pause?.reason).toBe(`The approval by AWS:${userId} does not count: ${why}.`);
    expect(refused.history.at(-1)).toMatchObject({ what: "tried to approve", by: `AWS:${userId}` });
    expect(await judge()).toEqual(refused);
    await approve("AIDADAVE");
    expect(await judge()).toMatchObject({ state: "running", approval: { by: "AWS:AIDADAVE" } });
  });

  it("that does not count is noted beside others that do not, each once", async () => {
    const { uploaded, approve, judge } = await world();
    await uploaded("AWS:AIDAANN");
    await uploaded("AWS:AIDACARL", "campaigns/spring.json", "j1");
    await approve("AIDAANN");
    await approve("AIDACARL");
    const refused = await judge();
    expect(refused.refusedApprovals).toHaveLength(2);
    expect(refused.history.slice(-2).map(({ by }) => by)).toEqual(["AWS:AIDAANN", "AWS:AIDACARL"]);
    expect(await judge()).toEqual(refused);
  });

  it("does not count while S3 has not said who uploaded the options; a later one does", async () => {
    const { uploaded, approve, judge } = await world();
    await uploaded("AWS:AIDAANN");
    // Of another version of the same key.
    await uploaded("AWS:AIDAANN", "campaigns/spring.json", "j0");
    await approve("AIDABEN");
    expect((await judge()).pause?.reason).toContain("S3 has not said who uploaded campaigns/spring.json");
    await uploaded("AWS:AIDAANN", "campaigns/spring.json", "j1");
    await approve("AIDABEN", "r1", nineOClock + 1);
    expect(await judge()).toMatchObject({ state: "running" });
  });

  it.each([
    ["that counts", "AIDABEN"],
    ["that does not", "AIDAANN"],
  ])("%s changes nothing of a campaign that was cancelled meanwhile", async (_, userId) => {
    const { campaigns, uploaded, approve, judgeAsSeen } = await world();
    await uploaded("AWS:AIDAANN");
    await uploaded("AWS:AIDAANN", "campaigns/spring.json", "j1");
    await approve(userId);
    const seen = await readCommitted(campaigns);
    await campaigns.change(seen, {}, { state: "ending", end: { why: "cancelled", at: nineOClock } });
    const cancelled = await readCommitted(campaigns);
    expect(await judgeAsSeen(seen)).toEqual(seen);
    expect(await readCommitted(campaigns)).toEqual(cancelled);
  });

  it("is kept for thirty days, by the second as DynamoDB counts", async () => {
    const { approve, table } = await world();
    await approve("AIDABEN");
    const expiresAt = nineOClock / 1000 + 30 * 24 * 3600;
    for (const key of [
      { pk: "/approvals/person/AIDABEN", sk: "spring" },
      { pk: "/approvals", sk: "spring\tperson/AIDABEN" },
    ]) {
      expect(await table.get(key, { consistent: true })).toMatchObject({ expiresAt });
    }
  });

  it("is where IAM lets only the approver write: the list of approvals alone says nothing", async () => {
    const { uploaded, judge, table } = await world();
    await uploaded("AWS:AIDAANN");
    await uploaded("AWS:AIDAANN", "campaigns/spring.json", "j1");
    const item = { kind: "person", userId: "AIDABEN", run: "r1", at: nineOClock };
    await table.update({ pk: "/approvals", sk: "spring\tperson/AIDABEN" }, { when: {}, set: item });
    await table.update({ pk: "/approvals", sk: "spring\tnonsense" }, { when: {}, set: { kind: 1 } });
    await table.update({ pk: "/approvals/person/AIDABEN", sk: "spring" }, { when: {}, set: { run: 7 } });
    expect(await judge()).toMatchObject({ state: "paused", pause: { reason: "It waits." } });
  });

  it.each([
    ["that failures have paused", { code: "failures", reason: "30 of 50 calls failed.", at: nineOClock }],
    ["that a person has paused", { code: "person", reason: "Paused by carl.", at: nineOClock, by: "carl" }],
  ] as const)("changes nothing of a campaign %s since, nor is it noted", async (_, pause) => {
    const { campaigns, uploaded, approve, judge } = await world();
    await uploaded("AWS:AIDAANN");
    await uploaded("AWS:AIDAANN", "campaigns/spring.json", "j1");
    await approve("AIDAANN");
    await approve("AIDABEN");
    await campaigns.change(await readCommitted(campaigns), {}, { pause });
    const before = await readCommitted(campaigns);
    expect(await judge()).toEqual(before);
  });
});
