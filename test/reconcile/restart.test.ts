import { describe, expect, it } from "vitest";
import { admissionOf } from "../../shared/account/account.ts";
import type { DoneRun } from "../../shared/campaign/campaign.ts";
import type { Outcome } from "../../shared/ledger/outcome.ts";
import { clearShutdown, isStopped, restart, resumeAfterFix, stopSending } from "../../shared/reconcile/restart.ts";
import { attemptsToRefuse } from "../../shared/split/planning-attempts.ts";
import { open, refused, submitted } from "../support/factories.ts";
import { nineOClock } from "../support/manual-clock.ts";
import { createWorld } from "./world.ts";

describe("a machine that starts again", () => {
  it("settles every claim, live leases too: their holders died with it", async () => {
    const world = createWorld();
    await world.commit({ pointer: 10, pointerRows: 20 });
    await world.claim(1, nineOClock + 600_000);
    await restart(world);
    expect((await world.batches.read("spring", 1))?.outcomes.map(({ status }) => status)).toEqual([
      "unknown",
      "unknown",
    ]);
  });

  it("lets a list be judged again at once, and after the fifth time in a row later and later, but never gives it up", async () => {
    const { bucket, clock, ...world } = createWorld();
    bucket.store("campaigns/spring.csv", "x");
    const begin = (start: number, entry = "v1|") => {
      const attempt = { name: "spring", entry, token: `t${start}`, receiveCount: 1 };
      return world.planning.begin({ ...attempt, deadline: clock.now() + 900_000 });
    };
    const waits: number[] = [];
    for (let start = 1; start <= 14; start++) {
      await restart(world);
      // The event was lost with the queue.
      await world.reporter()();
      expect(world.uploads.calls).toHaveLength(start);
      const first = await begin(start);
      const wait = first.kind === "busy" ? first.until - clock.now() : 0;
      waits.push(wait / 60_000);
      if (wait > 0) {
        // A start while it waits changes nothing.
        await restart(world);
        expect(await begin(start)).toEqual(first);
        await clock.advance(wait);
        expect(await begin(start)).toEqual({ kind: "begun" });
      }
      await clock.advance(1_000);
    }
    expect(waits).toEqual([0, 0, 0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 60, 60]);
    await restart(world);
    expect(await begin(15, "v2|"), "another upload").toEqual({ kind: "begun" });
    await restart(world);
    expect(await begin(16, "v2|"), "another upload that was cut off once").toEqual({ kind: "begun" });
  });

  it("forgets how often the judging of a list was cut off when it came to an end", async () => {
    const { clock, planning, ...world } = createWorld();
    const begin = (token: string) =>
      planning.begin({ name: "spring", entry: "v1|", token, receiveCount: 1, deadline: clock.now() + 900_000 });
    for (let start = 1; start <= 5; start++) {
      await begin(`t${start}`);
      await restart({ ...world, planning });
    }
    await begin("t6");
    await planning.end({ name: "spring", token: "t6" });
    await begin("t7");
    await restart({ ...world, planning });
    expect(await begin("t8")).toEqual({ kind: "begun" });
  });

  it("still counts that a list was judged in vain while the machine ran, and forgets who tried it again", async () => {
    const { clock, planning, ...world } = createWorld();
    let receives = 0;
    const begin = (name = "spring") => {
      const attempt = { name, entry: "v1|", token: `t${++receives}`, receiveCount: receives };
      return planning.begin({ ...attempt, deadline: clock.now() + 900_000 });
    };
    for (let died = 0; died < attemptsToRefuse - 1; died++) {
      expect(await begin()).toEqual({ kind: "begun" });
      await clock.advance(1_000_000);
    }
    receives = 0;
    await begin("summer");
    await clock.advance(1_000_000);
    receives = 1;
    expect(await begin()).toEqual({ kind: "begun" });
    expect(await begin("summer")).toMatchObject({ kind: "busy" });
    await restart({ ...world, planning });
    expect(await begin("summer")).toEqual({ kind: "begun" });
    receives = 0;
    // Of the five times, the machine's end cut the last one off.
    expect(await begin("spring")).toEqual({ kind: "begun" });
    await clock.advance(1_000_000);
    expect(await begin("spring")).toEqual({ kind: "worn-out" });
  });

  it("counts at once what the dead had not, so that nobody sees less in doubt than there is", async () => {
    const world = createWorld();
    const at = nineOClock;
    const campaign = await world.commit({ pointer: 10, pointerRows: 20 });
    // Batch 1 and a row of batch 2 were counted; then batch 3, the rest of 2, and one that was left out came, and batch 5 was in the air.
    await world.send(1);
    await world.send(2, [submitted(3), open(4)]);
    await world.clock.advance(1_000);
    await world.campaigns.count(campaign, { submitted: 3 }, world.clock.now());
    await world.clock.advance(1_000);
    await world.send(2, [submitted(3), submitted(4, { at: at + 1_500, status: "failed" })]);
    await world.send(3, [submitted(5, { at: at + 900 }), { row: 6, status: "skipped", attempts: 0 }]);
    await world.claim(5);
    const counts = { submitted: 4, failed: 1, unknown: 2, skipped: 1 };
    expect(await restart(world)).toMatchObject([{ tally: counts }]);
    expect((await world.read()).tally).toMatchObject(counts);
    // Once, however often it starts.
    await restart(world);
    expect((await world.read()).tally).toMatchObject(counts);
  });

  it("counts no row twice that was left out, refused unsent or put in doubt before its batch was last claimed", async () => {
    const world = createWorld();
    const campaign = await world.commit({ pointer: 10, pointerRows: 20 });
    const leftOut: Outcome = { row: 1, status: "skipped", attempts: 0 };
    const unsent: Outcome = { row: 3, status: "failed", key: "file", attempts: 0 };
    await world.send(1, [leftOut, open(2)]);
    await world.send(2, [unsent, open(4)]);
    await world.clock.advance(1_000);
    await world.campaigns.count(campaign, { skipped: 1, failed: 1 }, world.clock.now());
    await world.claim(3, undefined, "spring", [5]);
    await restart(world);
    const counts = { submitted: 0, failed: 1, unknown: 1, skipped: 1 };
    expect((await world.read()).tally).toMatchObject(counts);
    // The other rows of the three are sent, and the sender dies again before it counts them; in the last, before it notes it.
    await world.clock.advance(1_000);
    const at = world.clock.now();
    await world.send(1, [leftOut, submitted(2, { at })]);
    await world.send(2, [unsent, submitted(4, { at })]);
    await world.claim(3, undefined, "spring", [6]);
    await restart(world);
    expect((await world.read()).tally).toMatchObject({ ...counts, submitted: 2, unknown: 2 });
  });

  it("counts once what was recorded uncounted when its batch was claimed again, and noted under that claim", async () => {
    const world = createWorld();
    await world.commit({ pointer: 10, pointerRows: 20 });
    await world.clock.advance(1_000);
    await world.send(1, [submitted(1, { at: world.clock.now() }), open(2)]);
    await world.claim(1, undefined, "spring", [2]);
    await restart(world);
    expect((await world.read()).tally).toMatchObject({ submitted: 1, unknown: 1 });
  });

  it("counts what is in doubt, once, where the clock was put back meanwhile", async () => {
    const world = createWorld();
    const campaign = await world.commit({ pointer: 10, pointerRows: 20 });
    const later = world.clock.now() + 3_600_000;
    await world.campaigns.count(campaign, { submitted: 0 }, later);
    await world.claim(1);
    for (let start = 0; start < 2; start++) await restart(world);
    expect((await world.read()).tally).toMatchObject({ unknown: 2, lastRecordAt: later });
  });

  it("counts what was recorded before tallies were written that did not have it: by another sender, or a moment later", async () => {
    const world = createWorld();
    const campaign = await world.commit({ pointer: 10, pointerRows: 20 });
    await world.send(1);
    await world.send(2, [submitted(3), submitted(4, { status: "failed" })]);
    await world.clock.advance(1_000);
    await world.campaigns.count(campaign, { submitted: 2 }, world.clock.now());
    for (let start = 0; start < 2; start++) await restart(world);
    expect((await world.read()).tally).toMatchObject({ submitted: 3, failed: 1, unknown: 0, skipped: 0 });
  });

  it.each<[string, Parameters<ReturnType<typeof createWorld>["commit"]>[0]]>([
    ["below the mark", { mark: 2, markRows: 4 }],
    [
      "in a run that is known to be done",
      { ahead: [{ prev: 1, to: 3, rows: 4, recordedAt: nineOClock }], mark: 1, markRows: 2 },
    ],
  ])("counts what was lost of batches %s", async (_, changes) => {
    const world = createWorld();
    const campaign = await world.commit({ pointer: 10, pointerRows: 20, ...changes });
    for (const batch of [1, 2, 3]) await world.send(batch);
    await world.claim(4);
    await world.campaigns.count(campaign, { submitted: 1 }, world.clock.now());
    for (let start = 0; start < 2; start++) await restart(world);
    expect((await world.read()).tally).toMatchObject({ submitted: 6, unknown: 2 });
  });

  it.each<[string, Parameters<ReturnType<typeof createWorld>["commit"]>[0], Partial<DoneRun>]>([
    ["waits for hours", { pointer: 10, pointerRows: 20 }, { waits: { groups: [1], since: nineOClock } }],
    ["the pointer is in", { pointer: 2, pointerRows: 4 }, {}],
  ])("counts no row of a run twice that %s, and is read again", async (_, changes, run) => {
    const world = createWorld();
    const ahead = [{ prev: 1, to: 3, rows: 4, recordedAt: nineOClock, ...run }];
    const campaign = await world.commit({ ...changes, ahead, mark: 1, markRows: 2 });
    for (const batch of [1, 2, 3]) await world.send(batch);
    await world.campaigns.count(campaign, { submitted: 5 }, world.clock.now());
    await restart(world);
    expect((await world.read()).tally).toMatchObject({ submitted: 6, failed: 0, unknown: 0, skipped: 0 });
  });

  it("takes those for lost that were known last, where rows below the mark do not let it tell by their status", async () => {
    const world = createWorld();
    const at = nineOClock;
    const campaign = await world.commit({ pointer: 10, pointerRows: 20, mark: 2, markRows: 4 });
    const doubtful: Outcome = { row: 5, status: "unknown", attempts: 1 };
    const leftOut: Outcome = { row: 7, status: "skipped", attempts: 0 };
    await world.send(3, [doubtful, open(6)]);
    await world.send(4, [leftOut, open(8)]);
    // Two of the rows below the mark were taken, two are in doubt.
    const counted = { submitted: 3, failed: 0, unknown: 3, skipped: 1 };
    await world.campaigns.count(campaign, counted, at);
    await world.clock.advance(10_000);
    await world.send(3, [doubtful, submitted(6, { at: at + 5_000 })]);
    await world.send(5, [submitted(9, { at: at + 1_000 }), submitted(10, { at: at + 6_000, status: "failed" })]);
    await world.claim(4, undefined, "spring", [8]);
    await restart(world);
    expect((await world.read()).tally).toMatchObject({ submitted: 4, failed: 1, unknown: 4, skipped: 1 });
  });

  it.each([2, 3])("counts nothing where nothing was lost, or %d are counted of two", async (submitted) => {
    const world = createWorld();
    const campaign = await world.commit({ pointer: 10, pointerRows: 20 });
    await world.send(1);
    await world.clock.advance(1_000);
    await world.campaigns.count(campaign, { submitted }, world.clock.now());
    const { tally } = await world.read();
    await restart(world);
    expect((await world.read()).tally).toEqual(tally);
  });

  it("lets every campaign that is not over begin its next pass, because the queues are empty", async () => {
    const world = createWorld();
    await world.setAccount({});
    await world.commit({ pointer: 10, pointerRows: 20 });
    await world.commit({ name: "old", state: "complete", cleaned: true });
    await world.campaigns.create(refused({ name: "bad" }), undefined);
    await world.send(1);
    expect(await restart(world)).toMatchObject([{ name: "spring", parked: 1 }]);
    await world.look();
    expect(await world.read()).toMatchObject({ pass: 2, mark: 1 });
    expect(world.fed().map(({ batch }) => batch)).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });

  it("takes a dead probe's place, keeps holds, and people's pauses", async () => {
    const world = createWorld();
    await world.setAccount({ probe: { token: "dead", leaseUntil: nineOClock + 35_000 } });
    await restart(world);
    expect(admissionOf(await world.account.read(), nineOClock).kind).toBe("probe-due");
    const hold = { since: nineOClock, until: nineOClock + 60_000, step: 1, reason: "silent" };
    await world.setAccount({ hold });
    await restart(world);
    expect((await world.account.read()).hold).toEqual(hold);
    const pause = { code: "person" as const, reason: "Paused by anna.", at: nineOClock, by: "anna" };
    await world.setAccount({ pause });
    await restart(world);
    expect((await world.account.read()).pause).toEqual(pause);
  });

  it("ends its own stop, which made every slot worthless", async () => {
    const world = createWorld();
    await world.setAccount({});
    await stopSending(world.account);
    expect(isStopped(await world.account.read())).toBe(true);
    expect(admissionOf(await world.account.read(), nineOClock).kind).toBe("paused");
    await restart(world);
    expect(admissionOf(await world.account.read(), nineOClock).kind).toBe("open");
    expect((await world.account.read()).epoch).toBe(2);
  });

  it("that is stopped while paused keeps the person's pause", async () => {
    const world = createWorld();
    const pause = { code: "person" as const, reason: "Paused by anna.", at: nineOClock, by: "anna" };
    await world.setAccount({ pause });
    await stopSending(world.account);
    expect((await world.account.read()).pause).toEqual(pause);
  });

  it("ends the pauses whose cause was fixed, and no others", async () => {
    const world = createWorld();
    const pause = { code: "endpoint" as const, reason: "404", at: nineOClock };
    await world.setAccount({ pause });
    await resumeAfterFix(world.account, ["credentials"]);
    expect((await world.account.read()).pause).toEqual(pause);
    await resumeAfterFix(world.account, ["credentials", "endpoint"]);
    expect(admissionOf(await world.account.read(), nineOClock).kind).toBe("probe-due");
  });

  it("can have its stop undone for a look around, and people's pauses stay", async () => {
    const world = createWorld();
    await world.setAccount({});
    await stopSending(world.account);
    await clearShutdown(world.account);
    expect(await world.account.read()).toMatchObject({ epoch: 2 });
    expect(admissionOf(await world.account.read(), nineOClock).kind).toBe("open");
    const pause = { code: "person" as const, reason: "Paused by anna.", at: nineOClock, by: "anna" };
    await world.setAccount({ pause });
    await clearShutdown(world.account);
    expect(await world.account.read()).toMatchObject({ pause, epoch: 0 });
  });

  it("fixes nothing of an account that is not paused", async () => {
    const world = createWorld();
    await world.setAccount({});
    const before = await world.account.read();
    await resumeAfterFix(world.account, ["credentials"]);
    expect(await world.account.read()).toEqual(before);
  });

  it("goes on where a campaign was changed at this moment", async () => {
    const world = createWorld();
    await world.commit({ pointer: 10, pointerRows: 20 });
    world.beforeChange("parked", async () => world.campaigns.change(await world.read(), {}, { pass: 2 }));
    expect(await restart(world)).toMatchObject([{ name: "spring", pass: 1 }]);
    expect((await world.read()).parked).toBeUndefined();
  });
});
