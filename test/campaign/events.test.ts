import { describe, expect, test } from "vitest";
import type { CommittedCampaign } from "../../shared/campaign/campaign.ts";
import {
  approveCampaign,
  cancelCampaign,
  pauseCampaign,
  resumeCampaign,
} from "../../shared/campaign/campaign-commands.ts";
import { createCampaigns } from "../../shared/campaign/campaigns.ts";
import { eventsOfChange, eventsOfCreation, startOf } from "../../shared/campaign/events.ts";
import { refused, running } from "../support/factories.ts";
import { nineOClock } from "../support/manual-clock.ts";
import { createMemoryTable } from "../support/memory-table.ts";

const approval = { code: "approval" as const, reason: "It waits.", at: nineOClock };
const tally = { ...running().tally, submitted: 2, lastRecordAt: nineOClock - 5_000 };
const setOf = (command: typeof pauseCampaign, campaign: CommittedCampaign) => {
  const decision = command(campaign, "ben", nineOClock);
  if (decision.kind === "refused") throw new Error(decision.sentence);
  return decision.set;
};

describe("what becomes of a campaign", () => {
  test("at its creation: planned, and that it needs approval after that", () => {
    const at = running().createdAt;
    expect(eventsOfCreation(running(), undefined)).toEqual([{ state: "planned", at }]);
    expect(eventsOfCreation(running({ state: "paused", pause: approval }), undefined)).toEqual([
      { state: "planned", at },
      { state: "approval-needed", at: at + 1, reason: "It waits.", code: "approval" },
    ]);
    expect(eventsOfCreation(refused(), undefined)).toEqual([{ state: "refused", at, reason: "It has no rows." }]);
  });

  test("is later than all before it, though the clock is behind", () => {
    const before = refused({ latestEventAt: nineOClock + 60_000 });
    expect(eventsOfCreation(running(), before)).toEqual([{ state: "planned", at: nineOClock + 60_001 }]);
    const ahead = running({ latestEventAt: nineOClock + 60_000 });
    expect(eventsOfChange(ahead, setOf(pauseCampaign, ahead))).toMatchObject([{ at: nineOClock + 60_001 }]);
  });

  test("by a person: paused, resumed, approved; the end is announced with its report", () => {
    const paused = running({ state: "paused", pause: { code: "person", reason: "Paused by ben.", at: nineOClock } });
    expect(eventsOfChange(running(), setOf(pauseCampaign, running()))).toEqual([
      { state: "paused", at: nineOClock, reason: "Paused by ben.", code: "person" },
    ]);
    expect(eventsOfChange(paused, setOf(resumeCampaign, paused))).toEqual([{ state: "resumed", at: nineOClock }]);
    const waiting = running({ state: "paused", pause: approval });
    expect(eventsOfChange(waiting, setOf(approveCampaign("r1"), waiting))).toEqual([
      { state: "resumed", at: nineOClock, reason: "It was approved." },
    ]);
    expect(eventsOfChange(running(), setOf(cancelCampaign, running()))).toEqual([]);
    const ending = running({ state: "ending", end: { why: "cancelled", at: nineOClock } });
    expect(eventsOfChange(ending, { state: "complete", completedAt: nineOClock, reportedAt: nineOClock + 9 })).toEqual([
      { state: "complete", at: nineOClock + 9, reason: "cancelled" },
    ]);
  });

  test("is nothing where its state stays: a new pass, a mark, the reason of a pause", () => {
    const paused = running({ state: "paused", pause: approval });
    expect(eventsOfChange(running(), { pass: 2, pointer: 5 })).toEqual([]);
    expect(eventsOfChange(paused, { state: "paused", pause: { ...approval, reason: "By nobody else." } })).toEqual([]);
  });

  test("is that it has started once calls were made, before what follows, and only once", () => {
    const sending = running({ tally });
    expect(startOf(running())).toEqual({});
    expect(startOf(running({ tally: { ...running().tally, skipped: 3, lastRecordAt: 1 } }))).toEqual({});
    expect(startOf(running({ tally, started: true }))).toEqual({});
    expect(eventsOfChange(sending, { ...setOf(pauseCampaign, sending), ...startOf(sending) })).toMatchObject([
      { state: "started", at: nineOClock - 5_000 },
      { state: "paused", at: nineOClock },
    ]);
    // Where every tally was lost, the report knows.
    expect(startOf(running(), { ...counts, unknown: 1 })).toEqual({ started: true });
    expect(startOf(running(), { ...counts, invalid: 20 })).toEqual({});
  });
});

const counts = { submitted: 0, failed: 0, unknown: 0, invalid: 0, skipped: 0, cancelled: 0 };

describe("events in the ledger", () => {
  test("are written by the very change that they are of, and stay until they are taken away", async () => {
    const table = createMemoryTable();
    const campaigns = createCampaigns(table);
    const created = await campaigns.create(running(), undefined);
    if (created === undefined || created.state === "refused") throw new Error("It was not created.");
    const requests: unknown[] = [];
    const { update } = table;
    table.update = (key, change) => {
      requests.push(change);
      return update(key, change);
    };
    const paused = await campaigns.change(created, { state: "running", pass: 1 }, setOf(pauseCampaign, created));
    expect(requests).toHaveLength(1);
    expect(paused?.events?.map(({ state }) => state)).toEqual(["planned", "paused"]);

    // What came to be after they were read is not taken away with them.
    await campaigns.announced("spring", created.events ?? []);
    const left = await campaigns.read("spring", { consistent: true });
    expect(left?.events?.map(({ state }) => state)).toEqual(["paused"]);
  });

  test("of a change that is not made are not written", async () => {
    const campaigns = createCampaigns(createMemoryTable());
    await campaigns.create(running(), undefined);
    const set = setOf(pauseCampaign, running());
    expect(await campaigns.change(running(), { state: "running", pass: 7 }, set)).toBeUndefined();
    expect((await campaigns.read("spring", { consistent: true }))?.events).toHaveLength(1);
  });

  test("that nobody has are taken away without leaving an item", async () => {
    const table = createMemoryTable();
    await createCampaigns(table).announced("gone", [{ state: "planned", at: 1 }]);
    expect(table.item({ pk: "campaigns", sk: "gone" })).toBeUndefined();
  });
});
