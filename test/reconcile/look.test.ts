import { describe, expect, it } from "vitest";
import { createApprovals } from "../../shared/campaign/approvals.ts";
import { createUploaders } from "../../shared/campaign/uploaders.ts";
import type { ReceivedText, TextsAnswer } from "../../shared/enswitch/read-texts.ts";
import { itemVersion } from "../../shared/ledger/read-item.ts";
import { createReporter, type ReporterDeps } from "../../shared/reconcile/reporter.ts";
import { Summary } from "../../shared/report/summary.ts";
import { refused } from "../support/factories.ts";
import { nineOClock } from "../support/manual-clock.ts";
import { createMemoryBucket } from "../support/memory-bucket.ts";
import { until } from "../support/until.ts";
import { createWorld, holdReportUp } from "./world.ts";

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** A world with a reporter that is made with these changes. */
function createChanged(changes: Partial<ReporterDeps>) {
  const world = createWorld();
  return { ...world, look: createReporter({ ...world.deps, ...changes }) };
}

/** A world whose reporter reads replies. */
const createReading = (listTexts: () => Promise<TextsAnswer>) =>
  createChanged({ optOut: { listTexts, country: "GB", ownNumbers: [] } });

describe("a look", () => {
  it("at which nothing has happened writes nothing", async () => {
    const { commit, setAccount, look, table, bucket, clock, send } = createWorld();
    await setAccount({});
    await commit({ pointer: 10, pointerRows: 20 });
    await send(2);
    for (const _ of [1, 2]) {
      await look();
      await clock.advance(1_000);
    }
    table.calls.length = 0;
    bucket.puts.length = 0;
    await look();
    expect(table.calls.filter(({ method }) => method === "update")).toEqual([]);
    expect(bucket.puts).toEqual([]);
  });

  it("goes on with a campaign that somebody changes while its history is noted, and notes it the next time", async () => {
    const { commit, setAccount, look, read, beforeChange, campaigns, fed } = createWorld();
    await commit();
    await setAccount({ history: [{ what: "paused", by: "anna", at: nineOClock }] });
    beforeChange("history", async () => campaigns.change(await read(), {}, { pass: 2 }));
    await look();
    expect((await read()).history).toHaveLength(1);
    await look();
    expect((await read()).history.at(-1)).toMatchObject({ what: "paused all sending", by: "anna" });
    expect(fed().length).toBeGreaterThan(0);
  });

  it("remembers batches done behind a stuck one when they are twenty more, and not for fewer", async () => {
    const { commit, setAccount, look, read, claim, send } = createWorld();
    await setAccount({});
    await commit({ lastBatch: 100, rows: 200, sendable: 200, pointer: 100, pointerRows: 200 });
    await claim(1, nineOClock + hour);
    const reach = async (to: number) => {
      for (let batch = (reached ?? 1) + 1; batch <= to; batch++) await send(batch);
      reached = to;
      await look();
      return (await read()).ahead?.at(-1)?.to;
    };
    let reached: number | undefined;
    expect(await reach(20)).toBeUndefined();
    expect(await reach(21)).toBe(21);
    expect(await reach(40)).toBe(21);
    expect(await reach(41)).toBe(41);
  });

  it("remembers a second run of done batches when both together are twenty more", async () => {
    const { commit, setAccount, look, read, claim, send } = createWorld();
    await setAccount({});
    const run = (prev: number, to: number) => ({ prev, to, rows: 2 * (to - prev), recordedAt: nineOClock });
    const ahead = [run(1, 30), run(40, 69)];
    await commit({ lastBatch: 100, rows: 200, sendable: 200, pointer: 100, pointerRows: 200, ahead });
    await claim(1, nineOClock + hour);
    for (let batch = 70; batch < 89; batch++) await send(batch);
    await look();
    expect((await read()).ahead).toEqual(ahead);
    await send(89);
    await look();
    expect((await read()).ahead).toEqual([run(1, 30), run(40, 89)]);
  });

  it("leaves a campaign alone that has begun another pass while it was found to be over", async () => {
    const { commit, setAccount, look, read, send, beforeChange, campaigns } = createWorld();
    await setAccount({});
    await commit({ rows: 2, sendable: 2, lastBatch: 1, pointer: 1, pointerRows: 2 });
    await send(1);
    beforeChange("end", async () => campaigns.change(await read(), {}, { pass: 2 }));
    await look();
    expect(await read()).toMatchObject({ state: "running", pass: 2 });
    await look();
    expect((await read()).state).toBe("complete");
  });

  it("counts a paused account", async () => {
    const { setAccount, look, sums } = createWorld();
    await setAccount({ pause: { code: "privilege", reason: "No privilege.", at: nineOClock } });
    await look();
    expect(sums.get("AccountPaused")).toBe(1);
  });

  it("feeds again at once where a deployment has raised the day's limit that was reached", async () => {
    const world = createChanged({ maxPerDay: 20 });
    const { commit, setAccount, look, fed, account } = world;
    await commit();
    const until = nineOClock + 15 * hour;
    const day_ = { from: until - day, until, used: 20 };
    const dayFull = { from: nineOClock, until, calls: 20 };
    await setAccount({ day: day_, dayFull });
    await look();
    expect(fed()).toEqual([]);
    expect((await account.read()).dayFull).toEqual(dayFull);
    await createReporter({ ...world.deps, maxPerDay: 21 })();
    expect(fed().length).toBeGreaterThan(0);
    expect((await account.read()).dayFull).toBeUndefined();
  });

  it("puts what is fed to a pass that begins into the queue without delay, however slow the rate", async () => {
    const { commit, setAccount, look, queue } = createWorld();
    await setAccount({ rate: 0.05 });
    await commit({ parked: 1, pointer: 10, pointerRows: 20 });
    await look();
    expect(queue.calls[0]?.delaySeconds ?? 0).toBe(0);
  });

  it.each([
    ["the rate of now: behind that", 10, 15],
    ["a faster rate: behind that", 20, 15],
    ["a slower rate, so that it comes late: beside it", 5, 0],
  ])("puts what is fed behind rows that were queued for %s", async (_, pacedRate, delay) => {
    const { commit, setAccount, look, queue } = createWorld();
    await setAccount({});
    const long = { rows: 2_000, sendable: 2_000, lastBatch: 1_000 };
    await commit({ ...long, pacedRate, pointer: 100, pointerRows: 200 });
    await look();
    expect(queue.calls[0]?.delaySeconds ?? 0).toBe(delay);
  });

  it("leaves what is complete as its report says it is, whatever is found out later", async () => {
    const { commit, setAccount, look, read } = createWorld();
    await setAccount({ history: [{ what: "paused", by: "anna", at: nineOClock - 1 }] });
    const end = { why: "done", at: nineOClock } as const;
    await commit({ state: "complete", end, completedAt: nineOClock, reportedAt: nineOClock });
    const { history } = await read();
    await look();
    expect((await read()).history).toEqual(history);
  });

  it("feeds one batch at a time where the rate is very slow, and no more", async () => {
    const { commit, setAccount, look, fed } = createWorld();
    await setAccount({ rate: 0.001 });
    await commit({ batchRows: 1, lastBatch: 20 });
    await look();
    expect(fed().map(({ batch }) => batch)).toEqual([1]);
  });

  it("feeds a campaign at once that is in a later pass, however new it is: the splitter feeds only the first", async () => {
    const { commit, setAccount, look, fed } = createWorld();
    await setAccount({});
    await commit({ createdAt: nineOClock, pass: 2 });
    await look();
    expect(fed()).toHaveLength(10);
  });

  it("lets a campaign go on that somebody else than who uploaded it has approved", async () => {
    const { commit, setAccount, look, read, fed, table } = createWorld();
    await setAccount({});
    const pause = { code: "approval", reason: "It waits.", at: nineOClock } as const;
    await commit({ state: "paused", pause });
    const approver = { kind: "person", userId: "AIDABEN" } as const;
    await createApprovals(table).give("spring", { approver, run: "r1", at: nineOClock });
    await look();
    expect((await read()).pause?.reason).toContain("S3 has not said who uploaded");
    await createUploaders(table).note({ key: "campaigns/spring.csv", version: "v1", by: "AWS:AIDAANN" }, nineOClock);
    await createApprovals(table).give("spring", { approver, run: "r1", at: nineOClock + 1 });
    await look();
    expect((await read()).state).toBe("running");
    expect(fed().length).toBeGreaterThan(0);
  });

  it("begins a pass that another reporter has just begun no second time", async () => {
    const { commit, setAccount, look, reporter, fed, read, beforeChange } = createWorld();
    await setAccount({});
    await commit({ parked: 1, pointer: 10, pointerRows: 20 });
    beforeChange("pass", reporter());
    await look();
    expect((await read()).pass).toBe(2);
    expect(fed().map(({ batch }) => batch)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });

  it("ends a pause with the campaign, though its report has to wait", async () => {
    const { commit, claim, look, read } = createWorld();
    const pause = { code: "person", reason: "Paused by anna.", at: nineOClock, by: "anna" } as const;
    const options = { sendBefore: new Date(nineOClock).toISOString() };
    await commit({ state: "paused", pause, parked: 1, options });
    await claim(1);
    await look();
    const ending = await read();
    expect(ending).toMatchObject({ state: "ending", end: { why: "sendBefore" } });
    expect([ending.pause, ending.parked]).toEqual([undefined, undefined]);
  });

  it("counts campaigns whose last pass was in vain as stalled, unless they wait for something", async () => {
    const { commit, setAccount, look, sums } = createWorld();
    await setAccount({});
    const pause = { code: "person", reason: "Paused by anna.", at: nineOClock, by: "anna" } as const;
    await commit({ name: "once", stalls: 1, pointer: 10, pointerRows: 20 });
    await commit({ name: "paused", stalls: 2, state: "paused", pause });
    await commit({ name: "going on" });
    const hours = { options: { window: { from: "09:00", to: "20:00", timezone: "recipient" } } };
    const zones = [{ zones: ["Europe/London"], rows: 20 }];
    await commit({ name: "by recipient", stalls: 1, ...hours, zones });
    await commit({ name: "one row lost", stalls: 1, ...hours, zones, pointer: 1, pointerRows: 1 });
    await look();
    expect([sums.get("CampaignsActive"), sums.get("CampaignsStalled")]).toEqual([5, 2]);
  });

  it("takes what people did hours ago out of a campaign's item", async () => {
    const { commit, setAccount, look, read, clock } = createWorld();
    await setAccount({});
    const history = Array.from({ length: 8 }, (_, n) => ({ what: "paused" as const, by: "anna", at: nineOClock + n }));
    await commit({ history, pointer: 10, pointerRows: 20 });
    await clock.advance(3 * hour);
    await look();
    expect(await read()).toMatchObject({ history: [], hasOlder: true });
  });

  it("takes what people did hours ago to all sending out of the account's item", async () => {
    const { setAccount, look, account, clock } = createWorld();
    await setAccount({ history: [{ what: "paused", by: "anna", at: nineOClock }] });
    await look();
    expect((await account.read()).history).toHaveLength(1);
    await clock.advance(3 * hour);
    await look();
    expect((await account.read()).history).toEqual([]);
  });

  it("leads people to the manual where there is one, in mails and on pages", async () => {
    const manual = "https://wiki.example.com/ops";
    const { commit, setAccount, look, mails, bucket } = createChanged({ manual });
    await setAccount({});
    const pause = { code: "failures", reason: "12 of the last 20 calls failed.", at: nineOClock } as const;
    await commit({ state: "paused", pause });
    await look();
    expect(mails.at(-1)?.text).toContain(`${manual}#pause-failures`);
    expect(bucket.text("reports/spring/report.html")).toContain(`${manual}#pause-failures`);
  });

  it("puts the console's page in its place where the stack has one", async () => {
    const pages = createMemoryBucket();
    const built = {
      contents: async () => ({ version: "7", files: [{ path: "index.html", contentType: "text/html" }] }),
      read: async function* () {
        yield Buffer.from("<p>");
      },
    };
    const settings = {
      stackName: "BulkSend",
      region: "eu-west-1",
      bucket: "bucket",
      table: "ledger",
      nudges: "https://sqs.example/1/nudges",
      signIn: { kind: "link" },
      sending: { sendsPerSecond: 10, simulated: false },
    } as const;
    await createChanged({ page: { pages, built, settings } }).look();
    expect(pages.keys().some((key) => key.endsWith("index.html"))).toBe(true);
  });

  it("asks for the next one two seconds after it found rows claimed", async () => {
    const { commit, claim, look, nudges } = createWorld();
    await commit({ state: "ending", end: { why: "cancelled", at: nineOClock } });
    await claim(1);
    await look();
    expect(nudges.calls).toEqual([{ bodies: ['{"kind":"look"}'], delaySeconds: 2 }]);
  });
});

describe("the list of all campaigns", () => {
  it("is read at the first look, after twenty minutes, and then once a day", async () => {
    const { look, clock, table } = createWorld();
    const { query } = table;
    let readings = 0;
    table.query = (pk, range) => {
      if (pk === "campaigns") readings++;
      return query(pk, range);
    };
    const readBy = async (at: number) => {
      await clock.advanceTo(nineOClock + at);
      await look();
      return readings;
    };
    expect(await readBy(0)).toBe(1);
    // Where other versions look for it.
    expect(table.item({ pk: "/look", sk: "listing" })).toEqual({ v: itemVersion, dueAt: nineOClock + 20 * minute });
    expect(await readBy(20 * minute - 1)).toBe(1);
    expect(await readBy(20 * minute)).toBe(2);
    expect(await readBy(20 * minute + day - 1)).toBe(2);
    expect(await readBy(20 * minute + day)).toBe(3);
    expect(await readBy(20 * minute + 2 * day - 1)).toBe(3);
  });

  it("keeps a name without its campaign for two days", async () => {
    const { look, clock, campaigns } = createWorld();
    await campaigns.create(refused(), undefined);
    await look();
    await campaigns.noteUnsettled("spring", `${nineOClock} another`);
    const noted = async () => (await Array.fromAsync(campaigns.unsettled())).length;
    await clock.advance(2 * day);
    await look();
    expect(await noted()).toBe(1);
    await clock.advance(1);
    await look();
    expect(await noted()).toBe(0);
  });
});

describe("replies", () => {
  it("are waited for by the look that reads them, though what was read before is recent enough to feed by", async () => {
    let gate: PromiseWithResolvers<void> | undefined;
    const { commit, setAccount, look, clock, bus } = createReading(async () => {
      await gate?.promise;
      return { kind: "texts", texts: [] };
    });
    await setAccount({});
    await commit();
    await look();
    await clock.advance(4 * minute);
    gate = Promise.withResolvers<void>();
    let over = false;
    await commit({ name: "autumn", createdAt: nineOClock - hour, pointer: 10, pointerRows: 20 });
    const looking = look().then(() => {
      over = true;
    });
    for (let turn = 0; turn < 200; turn++) await new Promise(setImmediate);
    expect(over).toBe(false);
    expect(bus.told()).not.toContain("autumn planned");
    gate.resolve();
    await looking;
    expect(bus.told()).toContain("autumn planned");
  });

  it("are waited for before anything is fed where they were last read long ago", async () => {
    let gate: PromiseWithResolvers<void> | undefined;
    const { commit, setAccount, look, clock, fed, send } = createReading(async () => {
      await gate?.promise;
      return { kind: "texts", texts: [] };
    });
    await setAccount({ rate: 0.01 });
    await commit();
    await look();
    const before = fed().length;
    await send(1);
    await clock.advance(6 * minute);
    gate = Promise.withResolvers<void>();
    const looking = look();
    for (let turn = 0; turn < 200; turn++) await new Promise(setImmediate);
    expect(fed()).toHaveLength(before);
    gate.resolve();
    await looking;
    expect(fed().length).toBeGreaterThan(before);
  });

  it("that cannot be read before a campaign begins are noted so before the look is over", async () => {
    const gate = Promise.withResolvers<void>();
    let fails = false;
    const { commit, setAccount, look, clock, table, account } = createReading(async () =>
      fails ? { kind: "failed", cause: "no privilege" } : { kind: "texts", texts: [] },
    );
    await setAccount({});
    await look();
    fails = true;
    await clock.advance(minute);
    await commit({ createdAt: clock.now() });
    const { update } = table;
    table.update = async (key, change) => {
      if (key.pk === "account" && change.set?.["optOuts"] !== undefined) await gate.promise;
      return update(key, change);
    };
    let over = false;
    const looking = look().then(() => {
      over = true;
    });
    for (let turn = 0; turn < 200; turn++) await new Promise(setImmediate);
    expect(over).toBe(false);
    gate.resolve();
    await looking;
    expect((await account.read()).optOuts?.unread).toBeDefined();
  });

  it.each([
    ["under way", true],
    ["complete", false],
    ["refused", false],
  ])("are read every few minutes only while something is under way: %s", async (state, often) => {
    let readings = 0;
    const world = createReading(async () => {
      readings++;
      return { kind: "texts", texts: [] };
    });
    const { commit, campaigns, look, clock, bus, setAccount } = world;
    await setAccount({});
    if (state === "refused") await campaigns.create(refused(), undefined);
    else if (state === "complete") await commit({ state: "complete", completedAt: nineOClock, reportedAt: nineOClock });
    else await commit({ pointer: 10, pointerRows: 20 });
    // What is not announced stays on the list.
    bus.fault = () => {
      throw new Error("EventBridge is away.");
    };
    await look().catch(() => {});
    const first = readings;
    await clock.advance(4 * minute);
    await look().catch(() => {});
    expect(readings).toBe(often ? first + 1 : first);
  });

  it("are read again before a single campaign begins, too", async () => {
    let readings = 0;
    const { commit, look, clock, setAccount } = createReading(async () => {
      readings++;
      return { kind: "texts", texts: [] };
    });
    await setAccount({});
    await look();
    await clock.advance(minute);
    await commit({ createdAt: clock.now() });
    await look();
    expect(readings).toBe(2);
  });

  it("are not read again for a pass that begins anew, of which nothing was done before", async () => {
    let readings = 0;
    const { commit, look, clock, setAccount } = createReading(async () => {
      readings++;
      return { kind: "texts", texts: [] };
    });
    await setAccount({});
    await look();
    await clock.advance(minute);
    await commit({ pass: 2 });
    await look();
    expect(readings).toBe(1);
  });

  it.each([
    ["options", { options: { snumber: "+442079460000" } }],
    ["settings", { defaults: { snumber: "+442079460000", country: "GB" } }],
  ])("from the sender that a campaign's %s name were sent by it, and opt nobody out", async (_, changes) => {
    const texts: ReceivedText[] = ["+442079460000", "+447700900001"].map((number, index) => ({
      id: String(index),
      at: nineOClock - minute,
      number,
      body: "STOP",
    }));
    const { commit, look, bucket, setAccount } = createReading(async () => ({ kind: "texts", texts }));
    await setAccount({});
    await commit(changes);
    await look();
    const listed = bucket
      .keys()
      .filter((key) => key.endsWith("opt-outs.csv"))
      .map((key) => bucket.text(key) ?? "")
      .join("");
    expect(listed).toContain("447700900001");
    expect(listed).not.toContain("442079460000");
  });

  it("are not counted on pages where they are not read", async () => {
    const { commit, look, bucket, setAccount } = createWorld();
    await setAccount({});
    await commit();
    await look();
    expect(Summary.parse(bucket.json("reports/spring/summary.json")).optedOut).toBeUndefined();
  });
});

describe("while a report is being written", () => {
  const ended = { rows: 6, sendable: 6, lastBatch: 3, pointer: 3, pointerRows: 6 } as const;

  /** A world in which the report of `a` is held up while `b` is sent. */
  async function heldUp(world = createWorld()) {
    await world.setAccount({ rate: 1 });
    await world.commit({ ...ended, name: "a", state: "ending", end: { why: "cancelled", at: nineOClock } });
    await world.commit({ name: "b", rows: 2_000, sendable: 2_000, lastBatch: 1_000 });
    const release = holdReportUp(world, "a");
    const looking = world.look();
    await until("the queue is full", () => world.fed().length === 150, 1);
    return { ...world, looking, release };
  }

  it("a campaign that somebody pauses meanwhile is not fed again, and shown as paused", async () => {
    const { looking, release, campaigns, read, clock, fed, send, bucket } = await heldUp();
    for (let batch = 1; batch <= 20; batch++) await send(batch, undefined, { name: "b" });
    const pause = { code: "person", reason: "Paused by anna.", at: nineOClock, by: "anna" } as const;
    await campaigns.change(await read("b"), {}, { state: "paused", pause });
    await clock.advance(minute);
    for (let turn = 0; turn < 100; turn++) await new Promise(setImmediate);
    release();
    await looking;
    expect(fed()).toHaveLength(150);
    expect(bucket.json("reports/b/summary.json")).toMatchObject({ state: "paused" });
  });

  it("the others are fed again every minute, as long as it takes", async () => {
    const { looking, release, clock, fed, send } = await heldUp();
    for (let turn = 1; turn <= 3; turn++) {
      await clock.advance(minute - 1);
      for (let batch = 20 * turn - 19; batch <= 20 * turn; batch++) await send(batch, undefined, { name: "b" });
      for (let turns = 0; turns < 50; turns++) await new Promise(setImmediate);
      expect(fed()).toHaveLength(130 + 20 * turn);
      await clock.advance(1);
      await until("what was sent is fed again", () => fed().length === 150 + 20 * turn, 1);
    }
    release();
    await looking;
  });
});
