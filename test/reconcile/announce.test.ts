import { describe, expect, test } from "vitest";
import { createControl } from "../../shared/campaign/control.ts";
import { EventDetail } from "../../shared/report/event-detail.ts";
import { refused, running, submitted } from "../support/factories.ts";
import { createWorld } from "./world.ts";

const controlOf = ({ campaigns, account, clock, nudges }: ReturnType<typeof createWorld>) =>
  createControl({ campaigns, account, clock, nudge: nudges.enqueue, by: "dora", ceiling: 10 });

describe("a look announces", () => {
  test("everything that became of a campaign, in order and once, though it is read only now and then", async () => {
    const world = createWorld();
    const control = controlOf(world);
    await world.commit();
    await control.pause("spring");
    await control.resume("spring");
    await control.pause("spring");
    await world.look();
    expect(world.bus.told()).toEqual(["spring planned", "spring paused", "spring resumed", "spring paused"]);
    expect(world.bus.events.every(({ at, detail }) => new Date(at).toISOString() === detail["at"])).toBe(true);
    await world.look();
    expect(world.bus.events).toHaveLength(4);
    expect((await world.read()).events).toBeUndefined();
  });

  test("the start after its first answers, and the end with its figures after the report is written", async () => {
    const world = createWorld();
    const campaign = await world.commit({ rows: 2, sendable: 2, lastBatch: 1 });
    await world.look();
    await world.send(1);
    await world.campaigns.count(campaign, { submitted: 2 }, world.clock.now());
    let reported = false;
    world.bus.fault = () => {
      reported = world.bucket.text("reports/spring/report.csv") !== undefined;
    };
    await world.look();
    expect(world.bus.told()).toEqual(["spring planned", "spring started", "spring complete"]);
    expect(reported).toBe(true);
    const last = EventDetail.parse(world.bus.events.at(-1)?.detail);
    expect(last).toMatchObject({ state: "complete", reason: "done", rows: 2, counts: { submitted: 2 }, remaining: 0 });
    expect(world.bus.events.at(-1)?.type).toBe("campaign.complete");
  });

  test("the start before what a person makes of it, though no look has seen it", async () => {
    const world = createWorld();
    const campaign = await world.commit();
    await world.campaigns.count(campaign, { submitted: 2 }, world.clock.now());
    await controlOf(world).pause("spring");
    await world.look();
    expect(world.bus.told()).toEqual(["spring planned", "spring started", "spring paused"]);
  });

  test("the start once, though another reporter notes it at the same moment", async () => {
    const world = createWorld();
    const campaign = await world.commit();
    await world.campaigns.count(campaign, { submitted: 2 }, world.clock.now());
    world.beforeChange("started", async () => {
      await world.campaigns.count(campaign, { submitted: 1 }, world.clock.now() + 5);
      await world.campaigns.change(await world.read(), {}, { started: true });
    });
    await world.look();
    await world.look();
    expect(world.bus.told()).toEqual(["spring planned", "spring started"]);
  });

  test("a refusal that was not accepted at first, though nothing else is to be done for it", async () => {
    const world = createWorld();
    await world.campaigns.create(refused(), undefined);
    world.bus.fault = () => {
      throw new Error("EventBridge is away.");
    };
    await expect(world.look()).rejects.toThrow();
    world.bus.fault = () => {};
    await world.look();
    expect(world.bus.told()).toEqual(["spring refused"]);
    expect(await Array.fromAsync(world.campaigns.unsettled())).toEqual([]);
  });

  test("the start of one whose tallies were all lost, with its end", async () => {
    const world = createWorld();
    await world.commit({ rows: 2, sendable: 2, lastBatch: 1 });
    await world.send(1, [submitted(1), submitted(2)]);
    await world.look();
    expect(world.bus.told()).toEqual(["spring planned", "spring started", "spring complete"]);
  });

  test("nothing later before what was not accepted, and that again", async () => {
    const world = createWorld();
    const control = controlOf(world);
    await world.commit();
    await control.pause("spring");
    let calls = 0;
    world.bus.fault = () => {
      calls++;
      if (calls === 2) throw new Error("EventBridge is away.");
    };
    await expect(world.look()).rejects.toThrow();
    expect(world.bus.told()).toEqual(["spring planned"]);
    await control.resume("spring");
    await world.look();
    expect(world.bus.told()).toEqual(["spring planned", "spring planned", "spring paused", "spring resumed"]);
    const [first, again] = world.bus.events;
    expect(again?.at).toBe(first?.at);
  });

  test("other campaigns though one cannot be announced, and sends them", async () => {
    const world = createWorld();
    await world.commit({ name: "autumn" });
    await world.commit();
    world.bus.fault = () => {
      if (world.bus.events.length === 0) {
        world.bus.fault = () => {};
        throw new Error("EventBridge is away.");
      }
    };
    await expect(world.look()).rejects.toThrow();
    expect(world.bus.told()).toEqual(["spring planned"]);
    expect(world.fed().map(({ campaign }) => campaign)).toEqual(expect.arrayContaining(["autumn", "spring"]));
    await world.look();
    expect(world.bus.told()).toEqual(["spring planned", "autumn planned"]);
  });

  test("that calls are made once, though two reporters see at once that they are", async () => {
    const world = createWorld();
    await world.setAccount({});
    await world.commit({ pointer: 10, pointerRows: 20, tally: { ...running().tally, submitted: 1 } });
    const another = world.reporter();
    world.beforeChange("started", another);
    await world.look();
    await world.look();
    expect(world.bus.told().filter((event) => event === "spring started")).toHaveLength(1);
  });

  test("a refusal, with its reason; a campaign that follows under the name comes after it", async () => {
    const world = createWorld();
    await world.campaigns.create(refused(), undefined);
    const seen = await world.campaigns.read("spring", { consistent: true });
    await world.commit({});
    expect(seen?.state).toBe("refused");
    await world.look();
    expect(world.bus.told()).toEqual(["spring refused"]);
    expect(world.bus.events[0]?.detail).toMatchObject({ reason: "It has no rows.", stack: "BulkSend" });
    expect(world.bus.events[0]?.detail["rows"]).toBeUndefined();
  });

  test("what a look that died after publishing has not taken away, again with the same time", async () => {
    const world = createWorld();
    await world.commit();
    const { update } = world.table;
    world.table.update = async (key, change) => {
      if (change.remove?.some((name) => name.startsWith("event_"))) throw new Error("It died.");
      return update(key, change);
    };
    await expect(world.look()).rejects.toThrow();
    world.table.update = update;
    await world.look();
    expect(world.bus.told()).toEqual(["spring planned", "spring planned"]);
    expect(world.bus.events[0]).toEqual(world.bus.events[1]);
  });
});
