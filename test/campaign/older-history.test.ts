import { describe, expect, it } from "vitest";
import { freshAccount } from "../../shared/account/account.ts";
import { createAccountStore } from "../../shared/account/account-store.ts";
import type { CommittedCampaign } from "../../shared/campaign/campaign.ts";
import { createCampaigns } from "../../shared/campaign/campaigns.ts";
import { createControl } from "../../shared/campaign/control.ts";
import { createOlderHistory } from "../../shared/campaign/older-history.ts";
import { running } from "../support/factories.ts";
import { createManualClock, createTokens, nineOClock } from "../support/manual-clock.ts";
import { createMemoryTable } from "../support/memory-table.ts";
import { readCommitted } from "../support/read-committed.ts";
import { createRecordedQueue } from "../support/recorders.ts";

const hour = 3_600_000;

async function world(changes: Partial<CommittedCampaign> = {}) {
  const clock = createManualClock();
  const table = createMemoryTable();
  const campaigns = createCampaigns(table);
  const account = createAccountStore({ table, clock, freshToken: createTokens() });
  const older = createOlderHistory({ table, campaigns, account });
  const campaign = running(changes);
  await campaigns.create(campaign, undefined);
  const control = createControl({
    campaigns,
    account,
    nudge: createRecordedQueue().enqueue,
    clock,
    by: "anna",
    ceiling: 10,
  });
  return { clock, table, campaigns, account, older, campaign, control, read: () => readCommitted(campaigns) };
}

const deeds = (many: number): CommittedCampaign["history"] =>
  Array.from({ length: many }, (_, index) => ({
    what: index % 2 === 0 ? "paused" : "resumed",
    by: "somebody with a name that fills an item",
    at: nineOClock + index,
  }));
const ignored = (many: number) =>
  Array.from({ length: many }, (_, index) => ({ version: `v${index}`, reason: "It has been sent before." }));
const bytes = (item: unknown) => Buffer.byteLength(JSON.stringify(item));

describe("a campaign's older history", () => {
  it("moves into an item of its own, and a summary has all of it", async () => {
    const { clock, table, older, campaign, read } = await world({ history: deeds(50), ignored: ignored(20) });
    const before = bytes(table.item({ pk: "campaigns", sk: "spring" }));
    expect(await older.moveOf(campaign, clock.now())).toBe(campaign);
    await clock.advance(2 * hour + 100);
    const moved = await older.moveOf(campaign, clock.now());
    expect(moved).toMatchObject({ history: [], ignored: [], hasOlder: true });
    expect(bytes(table.item({ pk: "campaigns", sk: "spring" }))).toBeLessThan(Math.min(1_500, before / 3));
    expect(await older.whole(await read())).toMatchObject({ history: deeds(50), ignored: ignored(20) });
    // Nothing more to move, nothing more to write.
    table.calls.length = 0;
    await older.moveOf(moved, clock.now());
    expect(table.calls).toEqual([]);
  });

  it("stays where it is while it is short, as that of most campaigns", async () => {
    const { clock, table, older, campaign } = await world({ history: deeds(3) });
    await clock.advance(100 * hour);
    table.calls.length = 0;
    expect(await older.moveOf(campaign, clock.now())).toBe(campaign);
    expect(await older.whole(campaign)).toBe(campaign);
    expect(table.calls).toEqual([]);
  });

  it("goes on growing, its oldest forgotten, and keeps the order", async () => {
    const { clock, older, read, control } = await world({ history: deeds(48) });
    await clock.advance(3 * hour);
    await older.moveOf(await read(), clock.now());
    for (let round = 0; round < 5; round++) {
      await control.pause("spring");
      await control.resume("spring");
    }
    await clock.advance(3 * hour);
    await older.moveOf(await read(), clock.now());
    const { history } = await older.whole(await read());
    expect(history).toHaveLength(50);
    expect(history.map(({ at }) => at)).toEqual(history.map(({ at }) => at).toSorted((a, b) => a - b));
    expect(history.at(-1)).toMatchObject({ what: "resumed", by: "anna" });
  });

  it("loses nothing when it is cut off in between, nor to a command or an upload at the same moment", async () => {
    const { clock, table, older, campaign, read, control, campaigns } = await world({ history: deeds(10) });
    await clock.advance(3 * hour);
    const { update } = table;
    table.update = async (key, change) => {
      if (key.pk === "campaigns") throw new Error("Cut off.");
      return update(key, change);
    };
    await expect(older.moveOf(campaign, clock.now())).rejects.toThrow("Cut off.");
    table.update = update;
    expect((await older.whole(await read())).history).toEqual(deeds(10));
    await control.pause("spring");
    expect((await older.moveOf(campaign, clock.now())).history).toEqual(deeds(10));
    const again = { judgedAt: clock.now(), ignored: ignored(1) };
    const paused = await read();
    await campaigns.change(paused, { state: "paused" }, again);
    await older.moveOf(paused, clock.now());
    expect(await older.whole(await read())).toMatchObject({
      history: [...deeds(10), { what: "paused", by: "anna" }],
      ignored: ignored(1),
    });
  });
});

it("the account's older history moves into an item of its own, and the throttle's stays small", async () => {
  const { clock, table, account, older, control } = await world();
  await account.change(() => ({ account: { ...freshAccount, nextFreeAt: clock.now() }, result: undefined }));
  for (let round = 0; round < 25; round++) {
    await control.pauseAccount();
    await control.resumeAccount();
  }
  const { history } = await account.read();
  expect(history).toHaveLength(50);
  const before = bytes(table.item({ pk: "account", sk: "throttle" }));
  await older.moveOfAccount(await account.read(), clock.now());
  expect((await account.read()).history).toEqual(history);
  await clock.advance(hour + 1);
  await control.setRate(5);
  await older.moveOfAccount(await account.read(), clock.now());
  expect((await account.read()).history).toMatchObject([{ what: "rate 5" }]);
  expect(bytes(table.item({ pk: "account", sk: "throttle" }))).toBeLessThan(Math.min(1_000, before / 3));
  expect(table.item({ pk: "account", sk: "history" })).toMatchObject({ history: history.slice(1) });
});
