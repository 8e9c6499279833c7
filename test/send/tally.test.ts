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

  it("are written every time when the campaign is to stop by itself", async () => {
    const { fail, stored } = await counting({ stopAfterFailures: { after: 2, rate: 0.5 } });
    await fail(1);
    expect((await stored())?.state).toBe("running");
    await fail(2);
    expect(await stored()).toMatchObject({ state: "paused", pause: { code: "failures" } });
  });
});
