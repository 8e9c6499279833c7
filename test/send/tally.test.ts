import { describe, expect, it } from "vitest";
import { createCampaigns } from "../../shared/campaign/campaigns.ts";
import type { Options } from "../../shared/campaign/options.ts";
import { createTally } from "../../shared/send/tally.ts";
import { running, submitted } from "../support/factories.ts";
import { createManualClock } from "../support/manual-clock.ts";
import { createMemoryTable } from "../support/memory-table.ts";
import { createRecordedMetrics, createRecordedQueue } from "../support/recorders.ts";

async function counting(options: Options = {}) {
  const clock = createManualClock();
  const table = createMemoryTable();
  const campaigns = createCampaigns(table);
  const campaign = running({ options });
  await campaigns.create(campaign, undefined);
  const nudges = createRecordedQueue();
  const { metrics, sums } = createRecordedMetrics();
  const tally = createTally({ campaigns, nudge: nudges.enqueue, metrics, clock });
  table.calls.length = 0;
  return {
    campaigns,
    campaign,
    metrics,
    clock,
    nudges,
    sums,
    table,
    tally,
    count: (...rows: number[]) =>
      tally.add(
        campaign,
        rows.map((row) => submitted(row)),
      ),
    fail: (row: number) =>
      tally.add(campaign, [{ row, status: "failed", code: 400, key: "cnumber", detail: "", attempts: 1 }]),
    stored: async () => {
      const now = await campaigns.read(campaign.name, { consistent: true });
      return now?.state === "refused" ? undefined : now;
    },
  };
}

describe("an execution's tallies", () => {
  it("count every outcome by its status, for the campaign that it is of and for the metrics", async () => {
    const { clock, table, tally, sums, stored } = await counting();
    const campaigns = createCampaigns(table);
    const other = running({ name: "autumn" });
    await campaigns.create(other, undefined);
    const [spring] = [await stored()];
    if (spring === undefined) throw new Error("There is no campaign.");
    const rows = (["failed", "unknown", "skipped", "open", "unknown"] as const).map((status, index) => ({
      row: index + 1,
      status,
      attempts: 1,
    }));
    await tally.add(spring, rows);
    await tally.add(other, [submitted(1)]);
    await tally.add(spring, rows);
    await clock.advance(3_000);
    await tally.flush();
    expect((await stored())?.tally).toMatchObject({ submitted: 0, failed: 2, unknown: 4, skipped: 2, recentCalls: 6 });
    expect(await campaigns.read("autumn", { consistent: true })).toMatchObject({ tally: { submitted: 1, unknown: 0 } });
    expect(
      ["Submitted", "Failed", "Unknown", "NotSent"].map((name) => [...sums].find(([key]) => key === name)?.[1]),
    ).toEqual([1, 2, 4, 2]);
  });

  it("are written at once when nothing was for three seconds", async () => {
    const { clock, count, stored } = await counting();
    await count(1);
    expect((await stored())?.tally).toMatchObject({ submitted: 1, recentCalls: 1 });
    await clock.advance(3_000);
    await count(2, 3);
    expect((await stored())?.tally).toMatchObject({ submitted: 3, recentCalls: 3 });
  });

  it("are written together when they come faster, and lose nothing", async () => {
    const { clock, count, fail, stored, sums, table, tally } = await counting();
    for (let row = 1; row <= 10; row++) {
      await (row === 5 ? fail(row) : count(row));
      await clock.advance(450);
    }
    expect(table.calls.filter(({ method }) => method === "update")).toHaveLength(2);
    expect(sums.get("Submitted")).toBe(9);
    await tally.flush();
    expect((await stored())?.tally).toMatchObject({ submitted: 9, failed: 1, recentCalls: 10, recentFailed: 1 });
    table.calls.length = 0;
    await tally.flush();
    expect(table.calls).toEqual([]);
  });

  it("have the reporter look with the last row, though it was not written at once", async () => {
    const { count, nudges, tally } = await counting();
    await count(...Array.from({ length: 18 }, (_, index) => index + 1));
    await count(19, 20);
    expect(nudges.bodies()).toEqual([]);
    await tally.flush();
    expect(nudges.bodies()).toHaveLength(1);
  });

  it("of several executions count each window once, and pause with figures that are true", async () => {
    const { campaigns, campaign, metrics, nudges, clock, stored } = await counting({
      stopAfterFailures: { after: 100, rate: 0.5 },
    });
    const executions = Array.from({ length: 10 }, () =>
      createTally({ campaigns, nudge: nudges.enqueue, metrics, clock }),
    );
    let row = 0;
    const round = (status: "submitted" | "failed") =>
      Promise.all(
        executions.map((execution) =>
          execution.add(
            campaign,
            Array.from({ length: 25 }, () => submitted(++row, { status })),
          ),
        ),
      );
    for (let rounds = 0; rounds < 40; rounds++) {
      await round("submitted");
      const { recentCalls = -1 } = (await stored())?.tally ?? {};
      expect(recentCalls).toBeGreaterThanOrEqual(0);
      expect(recentCalls).toBeLessThan(500);
    }
    let failed = 0;
    while ((await stored())?.state === "running") {
      await round("failed");
      failed += 250;
    }
    // At most as many as the window that began with good calls has of those, and what was under way when it ended.
    expect(failed).toBeLessThanOrEqual(500);
    const reason = (await stored())?.pause?.reason ?? "";
    const [, bad = "", all = ""] = /^(\d+) of the last (\d+) calls failed/u.exec(reason) ?? [];
    expect(Number(all)).toBeGreaterThanOrEqual(100);
    expect(Number(bad)).toBeLessThanOrEqual(failed);
    expect(Number(bad) / Number(all)).toBeGreaterThanOrEqual(0.5);
  });

  it("keep a window that has had no failure until it is full", async () => {
    const { count, stored } = await counting({ stopAfterFailures: { after: 4, rate: 0.5 } });
    await count(1, 2);
    await count(3);
    expect((await stored())?.tally).toMatchObject({ recentCalls: 3, recentFailed: 0 });
    await count(4);
    expect((await stored())?.tally).toMatchObject({ recentCalls: 0, recentFailed: 0 });
  });

  it.each([
    [-975, -3],
    [0, -3],
  ])("recover from counts that an older version left below nothing: %i calls, %i failed", async (calls, failed) => {
    const { campaigns, campaign, fail, stored, clock } = await counting({ stopAfterFailures: { after: 2, rate: 0.5 } });
    await campaigns.count(campaign, { recentCalls: calls, recentFailed: failed }, clock.now());
    for (const row of [1, 2, 3]) await fail(row);
    expect(await stored()).toMatchObject({ state: "paused", pause: { code: "failures" } });
  });

  it("go on where only a few of many calls fail", async () => {
    const { count, fail, stored } = await counting({ stopAfterFailures: { after: 10, rate: 0.5 } });
    for (const row of [1, 2, 3, 4]) await fail(row);
    await count(5, 6, 7, 8, 9, 10);
    expect(await stored()).toMatchObject({ state: "running", tally: { recentCalls: 0, recentFailed: 0 } });
  });

  it("have the reporter look when rows have failed, too", async () => {
    const { campaign, nudges, tally } = await counting();
    const statuses = Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? "failed" : "unknown"));
    await tally.add(
      campaign,
      statuses.map((status, index) => submitted(index + 1, { status })),
    );
    expect(nudges.bodies()).toHaveLength(1);
  });

  it("name the latest failure also when a call after it was accepted", async () => {
    const { count, fail, stored } = await counting({ stopAfterFailures: { after: 2, rate: 0.5 } });
    await fail(1);
    await count(2);
    expect((await stored())?.pause?.reason).toContain("The latest: 400 cnumber.");
  });

  it("have the reporter look when what is left was skipped", async () => {
    const { campaign, count, nudges, tally, clock } = await counting();
    await count(...Array.from({ length: 18 }, (_, index) => index + 1));
    await clock.advance(3_000);
    await tally.add(
      campaign,
      [19, 20].map((row) => ({ row, status: "skipped", detail: "opted out", attempts: 0 })),
    );
    expect(nudges.bodies()).toHaveLength(1);
  });

  it("have the start announced before the pause that too many failures make", async () => {
    const { clock, fail, stored, tally } = await counting({ stopAfterFailures: { after: 2, rate: 0.5 } });
    await fail(1);
    await fail(2);
    await clock.advance(3_000);
    await tally.flush();
    expect((await stored())?.events?.map(({ state }) => state)).toEqual(["planned", "started", "paused"]);
  });

  it("leave a campaign that was cancelled when its failures had been counted as it is", async () => {
    const { campaigns, campaign, clock, fail, stored, table } = await counting({
      stopAfterFailures: { after: 2, rate: 0.5 },
    });
    const { update } = table;
    table.update = async (key, change) => {
      if (change.set?.["state"] === "paused") {
        table.update = update;
        await campaigns.change(campaign, {}, { state: "ending", end: { why: "cancelled", at: clock.now() } });
      }
      return update(key, change);
    };
    for (const row of [1, 2]) await fail(row);
    expect((await stored())?.state).toBe("ending");
    expect((await stored())?.pause).toBeUndefined();
  });

  it("name as the latest failure what is known of it, and none that another execution has seen", async () => {
    const { campaigns, campaign, metrics, nudges, clock, stored, tally, count } = await counting({
      stopAfterFailures: { after: 2, rate: 0.5 },
    });
    const another = createTally({ campaigns, nudge: nudges.enqueue, metrics, clock });
    await another.add(campaign, [{ row: 1, status: "failed", code: 403, attempts: 1 }]);
    await count(2);
    expect((await stored())?.pause?.reason).not.toContain("latest");
    await campaigns.change(campaign, {}, { state: "running", pause: undefined });
    await tally.add(campaign, [{ row: 3, status: "failed", code: 403, attempts: 1 }]);
    expect((await stored())?.pause?.reason).toContain("The latest: 403. Look");
  });

  it("are written every time when the campaign is to stop by itself", async () => {
    const { fail, stored } = await counting({ stopAfterFailures: { after: 2, rate: 0.5 } });
    await fail(1);
    expect((await stored())?.state).toBe("running");
    await fail(2);
    expect(await stored()).toMatchObject({ state: "paused", pause: { code: "failures" } });
    expect((await stored())?.pause?.reason).toContain("The latest: 400 cnumber.");
  });
});
