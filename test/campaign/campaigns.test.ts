import { describe, expect, it } from "vitest";
import type { CommittedCampaign } from "../../shared/campaign/campaign.ts";
import { createCampaigns } from "../../shared/campaign/campaigns.ts";
import { refused, running } from "../support/factories.ts";
import { nineOClock } from "../support/manual-clock.ts";
import { createMemoryTable } from "../support/memory-table.ts";

const world = () => {
  const table = createMemoryTable();
  return { table, campaigns: createCampaigns(table) };
};

/** A campaign as it is kept right after its creation: with what is to be announced. */
const planned = (campaign: CommittedCampaign): CommittedCampaign => ({
  ...campaign,
  events: [{ state: "planned", at: campaign.createdAt }],
  latestEventAt: campaign.createdAt,
});

describe("a campaign's item", () => {
  it("reads back as it was written", async () => {
    const { campaigns } = world();
    const campaign = running({
      tally: { ...running().tally, submitted: 3, lastRecordAt: 5 },
      options: { country: "GB" },
    });
    expect(await campaigns.create(campaign, undefined)).toEqual(planned(campaign));
    expect(await campaigns.read("spring", { consistent: true })).toEqual(planned(campaign));
  });

  it("is created once: the name is taken for ever", async () => {
    const { campaigns } = world();
    const results = await Promise.all(["r1", "r2", "r3"].map((run) => campaigns.create(running({ run }), undefined)));
    expect(results.filter((result) => result !== undefined)).toHaveLength(1);
    expect(await campaigns.create(running({ run: "r4", state: "complete" }), undefined)).toBeUndefined();
  });

  it("takes a refusal's place only as that refusal was seen", async () => {
    const { campaigns } = world();
    await campaigns.create(refused(), undefined);
    expect(await campaigns.create(running(), refused({ createdAt: 1 }))).toBeUndefined();
    const seen = await campaigns.read("spring", { consistent: true });
    const created = await campaigns.create(running(), seen);
    expect(created).toMatchObject(running());
    expect(created?.events?.map(({ state }) => state)).toEqual(["refused", "planned"]);
    expect(await campaigns.create(running({ run: "r2" }), refused())).toBeUndefined();
  });

  it("may be refused again, with the newer reason", async () => {
    const { campaigns } = world();
    await campaigns.create(refused(), undefined);
    expect(await campaigns.create(refused({ reason: "No header." }), refused())).toMatchObject({
      reason: "No header.",
    });
  });

  it("is not changed for another run of the same name", async () => {
    const { campaigns } = world();
    await campaigns.create(running(), undefined);
    expect(await campaigns.change(running({ run: "r0" }), {}, { state: "ending" })).toBeUndefined();
    expect(await campaigns.count({ name: "spring", run: "r0" }, { submitted: 1 }, 1)).toBeUndefined();
    expect(await campaigns.read("spring", { consistent: true })).toEqual(planned(running()));
  });

  it("loses attributes that are set to nothing", async () => {
    const { campaigns } = world();
    const pause = { code: "person" as const, reason: "Paused.", at: 1 };
    await campaigns.create(running({ state: "paused", pause, parked: 1 }), undefined);
    const changed = await campaigns.change(
      running(),
      { pass: 1 },
      { state: "running", pause: undefined, parked: undefined },
    );
    expect(changed).toEqual(planned(running()));
  });

  it("counts tallies of many at once without losing one", async () => {
    const { campaigns } = world();
    await campaigns.create(running(), undefined);
    await Promise.all(
      Array.from({ length: 20 }, () => campaigns.count(running(), { submitted: 2, recentCalls: 2 }, nineOClock)),
    );
    expect(await campaigns.read("spring", { consistent: true })).toMatchObject({
      tally: { submitted: 40, recentCalls: 40, failed: 0, lastRecordAt: nineOClock },
    });
  });

  it("is listed with all others, the finished and refused ones too, by name", async () => {
    const { campaigns } = world();
    await campaigns.create(running({ name: "b", state: "complete" }), undefined);
    await campaigns.create(refused({ name: "c" }), undefined);
    await campaigns.create(running({ name: "a" }), undefined);
    const names: string[] = [];
    for await (const { name } of campaigns.all()) names.push(name);
    expect(names).toEqual(["a", "b", "c"]);
  });

  it("of a form that is not known is refused", async () => {
    const { table, campaigns } = world();
    table.store({ pk: "campaigns", sk: "spring" }, { state: "flying" });
    await expect(campaigns.read("spring", { consistent: true })).rejects.toThrow(
      expect.objectContaining({ name: "UnreadableItem" }),
    );
  });

  it("says which format it has, and one without is of the first", async () => {
    const { table, campaigns } = world();
    await campaigns.create(running(), undefined);
    const { v, ...former } = table.item({ pk: "campaigns", sk: "spring" }) ?? {};
    expect(v).toBe(1);
    table.store({ pk: "campaigns", sk: "spring" }, former);
    expect(await campaigns.read("spring", { consistent: true })).toEqual(planned(running()));
  });

  it("of another format is refused by name, and left out of the list where somebody is told of it", async () => {
    const { table, campaigns } = world();
    for (const name of ["a", "b", "c"]) await campaigns.create(running({ name }), undefined);
    table.store({ pk: "campaigns", sk: "b" }, { ...table.item({ pk: "campaigns", sk: "b" }), v: 2 });
    await expect(campaigns.read("b", { consistent: true })).rejects.toThrow(
      /^The campaign b is in the ledger in format 2, .* format 1;/u,
    );
    const names: string[] = [];
    const unreadable: string[] = [];
    for await (const { name } of campaigns.all((name) => unreadable.push(name))) names.push(name);
    expect(names).toEqual(["a", "c"]);
    expect(unreadable).toEqual(["b"]);
    await expect(Array.fromAsync(campaigns.all())).rejects.toThrow("The campaign b");
  });
});
