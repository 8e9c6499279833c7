import { describe, expect, it } from "vitest";
import { freshAccount } from "../../shared/account/account.ts";
import { createSuppressions } from "../../shared/feed/suppression.ts";
import type { Bucket } from "../../shared/ports/bucket.ts";
import { createRefresh } from "../../shared/reconcile/refresh.ts";
import { open, running, submitted } from "../support/factories.ts";
import { nineOClock } from "../support/manual-clock.ts";
import { faultFor } from "../support/memory-table.ts";
import { until } from "../support/until.ts";
import { createWorld, holdReportUp, statusesOf, visibilityMs } from "./world.ts";

const day = 86_400_000;
const minute = 60_000;
const pause = { code: "person" as const, reason: "Paused by anna.", at: nineOClock, by: "anna" };

/** A small campaign: three batches of two rows. */
const small = { rows: 6, sendable: 6, lastBatch: 3, pointer: 3, pointerRows: 6 };

/** The bucket, with something that happens before every request. */
const inFrontOf = (bucket: Bucket, before: () => Promise<void>): Bucket => ({
  ...bucket,
  get: (...request) => before().then(() => bucket.get(...request)),
  head: (...request) => before().then(() => bucket.head(...request)),
  put: (...request) => before().then(() => bucket.put(...request)),
  replace: (...request) => before().then(() => bucket.replace(...request)),
});

describe("feeding", () => {
  it("keeps five minutes of sending in the queue, and adds what was sent meanwhile", async () => {
    const { commit, setAccount, look, fed, send, read } = createWorld();
    await setAccount({ rate: 0.05 });
    await commit();
    await look();
    // 0.05 a second for 300 s are 15 rows: eight batches of two.
    expect(fed().map(({ batch }) => batch)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    await look();
    expect(fed()).toHaveLength(8);
    await send(1);
    await look();
    expect(fed().map(({ batch }) => batch)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    await send(2);
    await look();
    expect(fed().map(({ batch }) => batch)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(await read()).toMatchObject({ mark: 2, markRows: 4, pointer: 10, pass: 1 });
  });

  it("lets batches become visible behind what is queued, unless that was delayed by a slower rate", async () => {
    const { commit, setAccount, look, queue, clock } = createWorld();
    await setAccount({ rate: 0.1 });
    await commit({ rows: 200, sendable: 200, lastBatch: 100 });
    await look();
    // A row takes longer than a sender needs to begin: each batch has a turn of its own.
    const delays = () => queue.calls.splice(0).map(({ delaySeconds }) => delaySeconds);
    expect(delays().slice(0, 4)).toEqual([0, 15, 35, 55]);
    await clock.advance(20_000);
    await setAccount({ rate: 1 });
    await look();
    expect(delays().slice(0, 3)).toEqual([0, 52, 112]);
  });

  it("of a new campaign is left to the splitter for ten seconds: batches fed twice would cost slots", async () => {
    const { commit, setAccount, look, fed, clock } = createWorld();
    await setAccount({});
    await commit({ createdAt: nineOClock });
    await clock.advance(9_999);
    await look();
    expect(fed()).toEqual([]);
    await clock.advance(1);
    await look();
    expect(fed()).toHaveLength(10);
  });

  it("that pauses the campaign shows it paused in the same look", async () => {
    const { commit, setAccount, look, bucket } = createWorld();
    await setAccount({});
    await commit();
    await bucket.delete(bucket.keys("work/"));
    await look();
    expect(bucket.json("reports/spring/summary.json")).toMatchObject({ state: "paused" });
  });

  it("divides that among the campaigns that may send, at least one batch each", async () => {
    const { commit, setAccount, look, fed } = createWorld();
    await setAccount({ rate: 0.05 });
    for (const name of ["a", "b", "c"]) await commit({ name });
    await commit({ name: "paused", state: "paused", pause });
    await look();
    const counts = ["a", "b", "c", "paused"].map((name) => fed().filter(({ campaign }) => campaign === name).length);
    expect(counts).toEqual([3, 3, 3, 0]);
  });

  it("gives every campaign a batch however slow the rate", async () => {
    const { commit, setAccount, look, fed } = createWorld();
    await setAccount({ rate: 0.001 });
    for (const name of ["a", "b"]) await commit({ name });
    await look();
    expect(fed().map(({ campaign, batch }) => [campaign, batch])).toEqual([
      ["a", 1],
      ["b", 1],
    ]);
  });

  it("does not happen while the account is paused or on hold", async () => {
    const { commit, setAccount, look, fed } = createWorld();
    await commit();
    await setAccount({ pause });
    await look();
    await setAccount({ hold: { since: nineOClock, until: nineOClock + minute, step: 1, reason: "silent" } });
    await look();
    expect(fed()).toEqual([]);
  });

  it("by two reporters at once moves one pointer, and loses nothing", async () => {
    const { commit, setAccount, reporter, fed, read } = createWorld();
    await setAccount({});
    await commit();
    await Promise.all([reporter()(), reporter()()]);
    expect(new Set(fed().map(({ batch }) => batch))).toEqual(new Set([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]));
    expect(await read()).toMatchObject({ pointer: 10, pointerRows: 20 });
  });
});

describe("reports to be written", () => {
  const ended = { ...small, state: "ending", end: { why: "cancelled", at: nineOClock, by: "anna" } } as const;

  it("do not keep the others from being fed first, though their names come before", async () => {
    const { commit, setAccount, look, bucket, fed } = createWorld();
    await setAccount({});
    await commit({ ...ended, name: "a" });
    await commit({ name: "b", pointer: 0, pointerRows: 0, createdAt: nineOClock - minute });
    let fedBefore = -1;
    bucket.fault = ({ method, key }) => {
      if (method === "put" && key.startsWith("reports/a/") && fedBefore < 0) fedBefore = fed().length;
    };
    await look();
    expect(fedBefore).toBe(10);
  });

  it("that take many minutes have the others fed meanwhile, so that the queue does not run empty", async () => {
    const world = createWorld();
    const { commit, setAccount, look, fed, clock, send, read } = world;
    await setAccount({});
    await commit({ ...ended, name: "a" });
    // At ten a second five minutes are 3,000 rows.
    await commit({ name: "b", rows: 6_000, sendable: 6_000, lastBatch: 3_000, createdAt: nineOClock - minute });
    const release = holdReportUp(world, "a");
    const looking = look();
    await until("five minutes are fed", () => fed().length === 1_500, 1);
    for (let batch = 1; batch <= 300; batch++) await send(batch, undefined, { name: "b" });
    expect(fed()).toHaveLength(1_500);
    await until(
      "what was sent is fed again",
      async () => {
        await clock.advance(minute);
        return fed().length >= 1_800;
      },
      1,
    );
    expect((await read("a")).state).toBe("ending");
    release();
    await looking;
    expect((await read("a")).state).toBe("complete");
    expect(fed().map(({ batch }) => batch)).toEqual(Array.from({ length: 1_800 }, (_, index) => index + 1));
  });
});

describe("a pass of no more use", () => {
  it("that is parked is followed by the next when sending is allowed again, and not before", async () => {
    const { commit, setAccount, look, fed, read } = createWorld();
    await setAccount({ pause });
    await commit({ pointer: 10, pointerRows: 20, parked: 1 });
    await look();
    expect((await read()).pass).toBe(1);
    await setAccount({});
    await look();
    expect(await read()).toMatchObject({ pass: 2, pointer: 10, passStartedAt: nineOClock });
    expect((await read()).parked).toBeUndefined();
    expect(fed().every((message) => message.pass === 2)).toBe(true);
    expect(fed()).toHaveLength(10);
  });

  it("whose messages were lost is followed by the next, with patience that doubles", async () => {
    const { commit, setAccount, clock, look, read, lines } = createWorld();
    await setAccount({});
    await commit({ pointer: 10, pointerRows: 20 });
    // Twenty rows at ten a second are two seconds, twice.
    const patience = visibilityMs + 4_000;
    await clock.advance(patience);
    await look();
    expect((await read()).pass).toBe(1);
    await clock.advance(1);
    await look();
    expect(await read()).toMatchObject({ pass: 2, stalls: 1 });
    expect(lines).toContain("warn: Nothing was recorded for long; the queue is fed again.");
    await clock.advance(2 * patience);
    await look();
    expect((await read()).pass).toBe(2);
    await clock.advance(1);
    await look();
    expect(await read()).toMatchObject({ pass: 3, stalls: 2 });
  });

  it("is not followed by the next when a person pauses at the same moment", async () => {
    const { commit, setAccount, look, read, fed, beforeChange, campaigns } = createWorld();
    await setAccount({});
    await commit({ pointer: 10, pointerRows: 20, parked: 1 });
    beforeChange("pass", async () => campaigns.change(await read(), {}, { state: "paused", pause }));
    await look();
    expect(await read()).toMatchObject({ state: "paused", pass: 1 });
    expect(fed()).toEqual([]);
  });

  it("is fed again without the batches that are done", async () => {
    const { commit, setAccount, look, fed, send } = createWorld();
    await setAccount({});
    await commit({ pointer: 10, pointerRows: 20, parked: 1 });
    for (const batch of [1, 2, 5]) await send(batch);
    await look();
    expect(fed().map(({ batch }) => batch)).toEqual([3, 4, 6, 7, 8, 9, 10]);
  });
});

it("the mark of a slower reporter does not take back that of a quicker one", async () => {
  const { commit, setAccount, look, send, read, beforeChange, campaigns } = createWorld();
  await setAccount({});
  await commit({ pointer: 10, pointerRows: 20 });
  await send(1);
  beforeChange("mark", async () => campaigns.change(await read(), {}, { mark: 3, markRows: 6 }));
  await look();
  expect(await read()).toMatchObject({ mark: 3, markRows: 6 });
});

describe("the end", () => {
  it("comes when every batch is done; the report has every row once, then the plan goes", async () => {
    const { commit, setAccount, look, send, read, bucket } = createWorld();
    await setAccount({});
    await commit({ ...small, rows: 7, invalid: 1 }, (row) => (row === 7 ? "invalid" : "send"));
    await send(1, [submitted(1), submitted(2, { status: "failed", code: 403 })]);
    await send(2, [submitted(3, { status: "unknown" }), submitted(4, { status: "skipped" })]);
    await send(3);
    await look();
    expect(await read()).toMatchObject({
      state: "complete",
      end: { why: "done", at: nineOClock },
      totals: { submitted: 3, failed: 1, unknown: 1, skipped: 1, invalid: 1, cancelled: 0 },
    });
    expect(statusesOf(bucket.text("reports/spring/report.csv"))).toEqual([
      "submitted",
      "failed",
      "unknown",
      "skipped",
      "submitted",
      "submitted",
      "invalid",
    ]);
    expect(bucket.keys("work/")).toEqual([]);
    expect(bucket.json("reports/spring/summary.json")).toMatchObject({ state: "complete" });
  });

  it("by two reporters at once is whole, though the faster removes the plan that the other is reading", async () => {
    const { commit, look, reporter, send, read, bucket } = createWorld();
    await commit(small);
    for (const batch of [1, 2, 3]) await send(batch);
    const { get } = bucket;
    bucket.get = async (key, ...rest) => {
      if (key.includes("/rows/")) {
        bucket.get = get;
        await reporter()();
      }
      return get(key, ...rest);
    };
    await look();
    expect(await read()).toMatchObject({ state: "complete", totals: { submitted: 6 } });
    expect(statusesOf(bucket.text("reports/spring/report.csv"))).toHaveLength(6);
  });

  it("comes at once to a campaign without a sendable row", async () => {
    const { commit, look, read } = createWorld();
    await commit({ rows: 2, sendable: 0, invalid: 2, lastBatch: 0 }, () => "invalid");
    await look();
    expect(await read()).toMatchObject({ state: "complete", totals: { invalid: 2, submitted: 0 } });
  });

  it("comes to a paused campaign as well when everything happens to be done", async () => {
    const { commit, look, send, read } = createWorld();
    await commit({ ...small, state: "paused", pause });
    for (const batch of [1, 2, 3]) await send(batch);
    await look();
    expect((await read()).state).toBe("complete");
    expect((await read()).pause).toBeUndefined();
  });

  it("keeps the reason of a cancel that came first", async () => {
    const { commit, look, send, read, beforeChange, campaigns } = createWorld();
    await commit(small);
    for (const batch of [1, 2, 3]) await send(batch);
    const end = { why: "cancelled" as const, at: nineOClock, by: "anna" };
    beforeChange("end", async () => campaigns.change(await read(), {}, { state: "ending", end }));
    await look();
    expect((await read()).end).toEqual(end);
  });

  it("is not written again by a reporter that was slow, when the report has long been written by another", async () => {
    const { commit, look, reporter, send, read, beforeChange, campaigns, bucket } = createWorld();
    await commit(small);
    for (const batch of [1, 2, 3]) await send(batch);
    const end = { why: "cancelled" as const, at: nineOClock, by: "anna" };
    beforeChange("mark", async () => {
      await campaigns.change(await read(), {}, { state: "ending", end });
      await reporter()();
      expect(await read()).toMatchObject({ state: "complete" });
    });
    await look();
    expect(await read()).toMatchObject({ state: "complete", end });
    expect(bucket.json("reports/spring/summary.json")).toMatchObject({ state: "complete" });
  });

  it("by cancel makes what was not sent cancelled, tried rows too", async () => {
    const { commit, look, send, read, bucket } = createWorld();
    await commit({ ...small, state: "ending", end: { why: "cancelled", at: nineOClock, by: "anna" } });
    await send(1, [submitted(1), open(2)]);
    await look();
    expect((await read()).totals).toMatchObject({ submitted: 1, cancelled: 5 });
    expect(statusesOf(bucket.text("reports/spring/report.csv")).slice(0, 3)).toEqual([
      "submitted",
      "cancelled",
      "cancelled",
    ]);
  });

  it("is dated by its instant, however late the report is written, so that one written again is the same", async () => {
    const { commit, look, read, bucket, clock } = createWorld();
    await commit({ ...small, state: "ending", end: { why: "cancelled", at: nineOClock, by: "anna" } });
    await clock.advance(7 * minute);
    await look();
    expect(await read()).toMatchObject({ completedAt: nineOClock, reportedAt: nineOClock + 7 * minute });
    const updatedAt = new Date(nineOClock).toISOString();
    expect(bucket.json("reports/spring/summary.json")).toMatchObject({ state: "complete", updatedAt });
  });

  it.each([
    ["sendBefore", { options: { sendBefore: "2026-03-02T10:00:00Z" } }, nineOClock + 60 * minute],
    ["retention", { retainUntil: nineOClock + 10 * day }, nineOClock + 9 * day],
  ] as const)("by %s comes at that instant, not before, though the account is paused", async (why, changes, at) => {
    const { commit, setAccount, clock, look, read } = createWorld();
    await setAccount({ pause });
    await commit({ ...small, ...changes });
    await clock.advanceTo(at - 1);
    await look();
    expect((await read()).state).toBe("running");
    await clock.advanceTo(at);
    await look();
    expect(await read()).toMatchObject({ state: "complete", end: { why, at }, totals: { cancelled: 6 } });
  });

  it("whose report comes after the batches' records have expired calls nothing cancelled that may have been sent", async () => {
    for (const itemsUntil of [undefined, nineOClock + 120 * 86_400_000]) {
      const { commit, send, look, bucket, table, campaigns, clock } = createWorld();
      const campaign = await commit({ ...small, itemsUntil });
      for (const batch of [1, 2]) await send(batch);
      await look();
      expect(await campaigns.read("spring", { consistent: true })).toMatchObject({ mark: 2 });
      const end = { why: "cancelled", at: clock.now(), by: "anna" } as const;
      await campaigns.change(campaign, { state: "running" }, { state: "ending", end });
      bucket.fault = ({ method, key }) => {
        if (method === "put" && key.startsWith("reports/")) throw new Error("S3 takes nothing.");
      };
      await look().catch(() => {});
      // Long after, DynamoDB has removed what it was told to.
      await clock.advance((itemsUntil === undefined ? 91 : 121) * 86_400_000);
      const { query } = table;
      table.query = async function* (...args) {
        for await (const found of query(...args)) if (!found.sk.startsWith("batch#")) yield found;
      };
      bucket.fault = () => {};
      await look();
      expect(statusesOf(bucket.text("reports/spring/report.csv"))).toEqual(Array.from({ length: 6 }, () => "unknown"));
      expect(bucket.text("reports/spring/not-sent.csv")).toBe("\uFEFFto,text\r\n");
    }
  });

  it("whose report comes late, but while the records are there, still tells the rows apart", async () => {
    const { commit, send, look, bucket, campaigns, clock } = createWorld();
    const campaign = await commit({ ...small, itemsUntil: nineOClock + 120 * 86_400_000 });
    for (const batch of [1, 2]) await send(batch);
    await clock.advance(100 * 86_400_000);
    const end = { why: "retention", at: clock.now() } as const;
    await campaigns.change(campaign, { state: "running" }, { state: "ending", end });
    await look();
    expect(statusesOf(bucket.text("reports/spring/report.csv"))).toEqual([
      ...Array.from({ length: 4 }, () => "submitted"),
      ...Array.from({ length: 2 }, () => "cancelled"),
    ]);
  });

  it("waits for live leases, then settles them: nothing recorded late is lost or guessed", async () => {
    const { commit, look, claim, read, batches, nudges, clock, bucket } = createWorld();
    await commit({ ...small, state: "ending", end: { why: "cancelled", at: nineOClock } });
    const mine = await claim(1, nineOClock + 30_000);
    await claim(2, nineOClock + 40_000);
    await look();
    expect((await read()).state).toBe("ending");
    expect(bucket.keys("reports/spring/report.csv")).toEqual([]);
    expect(nudges.calls).toEqual([{ bodies: ['{"kind":"look"}'], delaySeconds: 2 }]);
    await batches.record(mine, [submitted(1), submitted(2)]);
    await clock.advance(30_000);
    await look();
    expect((await read()).state).toBe("ending");
    await clock.advance(10_001);
    await look();
    expect((await read()).totals).toMatchObject({ submitted: 2, unknown: 2, cancelled: 2 });
  });

  it("waits quietly for a claim that is made while the report is being written", async () => {
    const { commit, look, claim, read, batches, nudges, bucket, lines } = createWorld();
    await commit({ ...small, state: "ending", end: { why: "cancelled", at: nineOClock } });
    const claims: ReturnType<typeof claim>[] = [];
    bucket.fault = ({ method, key }) => {
      if (claims.length === 0 && method === "get" && key.endsWith("head.json")) claims.push(claim(3));
    };
    await look();
    expect((await read()).state).toBe("ending");
    expect(nudges.calls).toEqual([{ bodies: ['{"kind":"look"}'], delaySeconds: 2 }]);
    expect(lines.filter((line) => line.startsWith("error"))).toEqual([]);
    for (const made of claims) await batches.record(await made, []);
    await look();
    expect((await read()).totals).toMatchObject({ cancelled: 6 });
  });

  it("is written before leases are looked at: a claim made in between gives itself back", async () => {
    const { commit, look, send, table } = createWorld();
    await commit(small);
    for (const batch of [1, 2, 3]) await send(batch);
    table.calls.length = 0;
    await look();
    const ended = table.calls.findIndex(({ change }) => change?.set?.["state"] === "ending");
    const progressRead = table.calls.findIndex(
      ({ method, key }, index) => index > ended && method === "query" && key.pk === "spring",
    );
    const completed = table.calls.findIndex(({ change }) => change?.set?.["state"] === "complete");
    expect(ended).toBeGreaterThan(-1);
    // Nothing is left beyond the mark, so that the report's own reading is the one that counts.
    expect(progressRead).toBeGreaterThan(ended);
    expect(completed).toBeGreaterThan(progressRead);
  });

  it("keeps the plan until the campaign is complete, so that a failed report is written again", async () => {
    const { commit, look, send, read, bucket, clock } = createWorld();
    await commit(small);
    for (const batch of [1, 2, 3]) await send(batch);
    bucket.fault = ({ method, key }) => {
      if (method === "put" && key === "reports/spring/report.csv") throw new Error("S3 is away.");
    };
    await expect(look()).rejects.toThrow("1 turns of the reporter failed");
    expect((await read()).state).toBe("ending");
    expect(bucket.keys("work/spring/r1/plan/")).toHaveLength(1);
    bucket.fault = () => {};
    await clock.advance(minute);
    await look();
    expect(await read()).toMatchObject({ state: "complete", end: { at: nineOClock } });
    expect(bucket.keys("work/spring/r1/plan/")).toEqual([]);
  });

  it("is the same when the answer to its completion is lost", async () => {
    const { commit, look, send, read, bucket, table } = createWorld();
    await commit(small);
    for (const batch of [1, 2, 3]) await send(batch);
    table.fault = faultFor("repeated", ({ change }) => change?.set?.["state"] === "complete");
    await look();
    await look();
    expect((await read()).state).toBe("complete");
    expect(bucket.keys("work/spring/r1/plan/")).toEqual([]);
    expect(bucket.json("reports/spring/summary.json")).toMatchObject({ state: "complete" });
  });

  it("is mailed once, however often the reporter looks", async () => {
    const { commit, look, send, reporter, mails } = createWorld();
    await commit(small);
    for (const batch of [1, 2, 3]) await send(batch);
    await look();
    await look();
    await reporter()();
    expect(mails.map(({ subject }) => subject)).toEqual(["Complete: spring, 6 of 6 accepted"]);
  });
});

describe("the last pages", () => {
  const finished = async () => {
    const world = createWorld();
    await world.commit(small);
    for (const batch of [1, 2, 3]) await world.send(batch);
    await world.look();
    return world;
  };

  /** A look that shows the campaign as it was before its end, interrupted by the end just before request number `after`. */
  const lateLook = async (after: number) => {
    const { commit, send, look, bucket, campaigns, clock } = createWorld();
    await commit(small);
    await send(1);
    const before = await Array.fromAsync(campaigns.all(() => {}));
    await send(2);
    await send(3);
    let requests = 0;
    const late = createRefresh({
      bucket: inFrontOf(bucket, async () => {
        if (requests++ === after) await look();
      }),
      clock,
      ceiling: 10,
      older: { whole: async (campaign) => campaign },
      suppressions: createSuppressions(bucket),
    });
    await late(before, freshAccount);
    return { bucket, requests };
  };

  it("are never overwritten by live ones, whenever the end comes between", async () => {
    const { requests } = await lateLook(Number.POSITIVE_INFINITY);
    expect(requests).toBeGreaterThan(4);
    for (let after = 0; after < requests; after++) {
      const { bucket } = await lateLook(after);
      expect(bucket.json("reports/spring/summary.json"), `end before request ${after}`).toMatchObject({
        state: "complete",
      });
      expect(bucket.text("reports/spring/report.html"), `end before request ${after}`).toContain("Campaign report");
    }
  });

  it("are written once when nobody touches them", async () => {
    const { look, bucket, clock } = await finished();
    bucket.puts.length = 0;
    await clock.advance(minute);
    await look();
    expect(bucket.puts.filter((key) => key.startsWith("reports/spring/"))).toEqual([]);
  });

  it("do not keep an interrupted finish's plan, nor what a slow write of the splitter's brings after the end", async () => {
    const { commit, send, look, bucket, read, clock } = createWorld();
    await commit(small);
    for (const batch of [1, 2, 3]) await send(batch);
    bucket.fault = ({ method }) => {
      if (method === "delete") throw new Error("S3 is not there.");
    };
    await expect(look()).rejects.toThrow(AggregateError);
    expect(await read()).toMatchObject({ state: "complete" });
    expect(bucket.keys("work/")).not.toEqual([]);
    bucket.fault = () => {};
    await clock.advance(19 * minute);
    bucket.store("work/spring/r1/plan/000009.ndjson", "late");
    await look();
    expect((await read()).cleaned).toBeUndefined();
    await clock.advance(2 * minute);
    await look();
    expect(bucket.keys("work/")).toEqual([]);
    expect((await read()).cleaned).toBe(true);
  });
});

describe("one campaign's failure", () => {
  it("does not stop the others, and is thrown when all had their turn", async () => {
    const { commit, setAccount, look, bucket, fed, read, sums } = createWorld();
    await setAccount({});
    for (const name of ["a", "b", "c"]) await commit({ name });
    bucket.fault = ({ method, key }) => {
      if (method === "get" && key.startsWith("work/b/")) throw new Error("Access denied.");
    };
    await expect(look()).rejects.toThrow(AggregateError);
    expect(new Set(fed().map(({ campaign }) => campaign))).toEqual(new Set(["a", "c"]));
    expect((await read("b")).pointer).toBe(0);
    expect(sums.get("CampaignsActive")).toBe(3);
  });

  it("nor does a campaign that another version wrote; it is left alone, and its file is not taken for a new one", async () => {
    const { commit, setAccount, look, bucket, table, fed, uploads } = createWorld();
    await setAccount({});
    for (const name of ["a", "b", "c"]) await commit({ name });
    bucket.store("campaigns/b.csv", "to\n1\n");
    const key = { pk: "campaigns", sk: "b" };
    const newer = { ...table.item(key), v: 2, state: "flying" };
    table.store(key, newer);
    await expect(look()).rejects.toThrow(AggregateError);
    expect(new Set(fed().map(({ campaign }) => campaign))).toEqual(new Set(["a", "c"]));
    expect(uploads.bodies()).toEqual([]);
    expect(table.item(key)).toEqual(newer);
  });

  it("nor does one that was found only when all were listed; it is told of at every look", async () => {
    const { look, table, campaigns } = createWorld();
    await campaigns.create(running(), undefined);
    const { pk, sk } = { pk: "campaigns", sk: "old" };
    table.store({ pk, sk }, { ...table.item({ pk, sk: "spring" }), v: 2, state: "flying" });
    for (const _look of [1, 2]) await expect(look()).rejects.toThrow(AggregateError);
  });

  it("nor does a batch that another version wrote", async () => {
    const { commit, setAccount, look, send, table, fed } = createWorld();
    await setAccount({});
    for (const name of ["a", "b", "c"]) await commit({ name, pointer: 1, pointerRows: 2 });
    await send(1, undefined, { name: "b" });
    const key = { pk: "b", sk: "batch#0000001" };
    table.store(key, { ...table.item(key), v: 2 });
    await expect(look()).rejects.toThrow(AggregateError);
    expect(new Set(fed().map(({ campaign }) => campaign))).toEqual(new Set(["a", "c"]));
  });
});

describe("a pause for credentials", () => {
  const credentials = { code: "credentials" as const, reason: "401", at: nineOClock, secretVersion: "1" };

  it("ends when the secret has another version, with a probe first", async () => {
    const { commit, setAccount, look, account, secret, fed } = createWorld();
    await setAccount({ pause: credentials });
    await commit({ parked: 1, pointer: 10, pointerRows: 20 });
    await look();
    expect(await account.read()).toMatchObject({ pause: credentials });
    secret.version = "2";
    await look();
    expect((await account.read()).pause).toBeUndefined();
    expect(await account.read()).toMatchObject({ probeDue: true });
    expect(fed()).toHaveLength(10);
  });

  it("because none were set ends when there are some", async () => {
    const { setAccount, look, account, secret } = createWorld();
    await setAccount({ pause: { ...credentials, secretVersion: undefined } });
    secret.version = undefined;
    await look();
    expect((await account.read()).pause).toBeDefined();
    secret.version = "1";
    await look();
    expect((await account.read()).pause).toBeUndefined();
  });

  it("is the only one that new credentials end", async () => {
    const { setAccount, look, account, secret } = createWorld();
    await setAccount({ pause });
    secret.version = "2";
    await look();
    expect((await account.read()).pause).toEqual(pause);
  });
});

describe("what people see", () => {
  it("is a live summary that is written when there is news, and not otherwise", async () => {
    const { commit, setAccount, look, bucket, campaigns, clock } = createWorld();
    await setAccount({});
    await commit();
    await look();
    expect(bucket.json("reports/spring/summary.json")).toMatchObject({ state: "running", remaining: 20 });
    bucket.puts.length = 0;
    await clock.advance(minute);
    await look();
    expect(bucket.puts).not.toContain("reports/spring/summary.json");
    await campaigns.count(running(), { submitted: 5 }, clock.now());
    await look();
    expect(bucket.json("reports/spring/summary.json")).toMatchObject({ remaining: 15, counts: { submitted: 5 } });
  });

  it("says why nothing is sent", async () => {
    const { commit, setAccount, look, bucket } = createWorld();
    await setAccount({ pause: { code: "privilege", reason: "No privilege.", at: nineOClock } });
    await commit();
    await look();
    expect(bucket.json("reports/spring/summary.json")).toMatchObject({ state: "paused", reason: "No privilege." });
  });

  it("is counted: paused account, active and stalled campaigns", async () => {
    const { commit, setAccount, look, sums } = createWorld();
    await setAccount({});
    await commit();
    await commit({ name: "stalled", stalls: 2 });
    await look();
    expect([...sums]).toEqual([
      ["AccountPaused", 0],
      ["CampaignsActive", 2],
      ["CampaignsStalled", 1],
    ]);
  });
});

describe("a campaign's history", () => {
  it("tells who paused, resumed or changed the rate of the whole account meanwhile, once, and the report has it", async () => {
    const { commit, setAccount, look, read, send, bucket } = createWorld();
    const at = nineOClock + minute;
    await commit(small);
    const deeds = [
      { what: "rate 3", by: "eve", at: nineOClock - day },
      { what: "paused", by: "anna", at },
      { what: "resumed", by: "ben", at: at + 1 },
      { what: "rate 5", by: "ben", at: at + 2 },
    ];
    await setAccount({ history: deeds });
    await look();
    await look();
    const expected = [
      { what: "paused all sending", by: "anna", at },
      { what: "resumed all sending", by: "ben", at: at + 1 },
      { what: "changed the rate", rate: 5, by: "ben", at: at + 2 },
    ];
    const { history } = await read();
    expect(history.filter(({ what }) => what !== "uploaded")).toEqual(expected);
    for (const batch of [1, 2, 3]) await send(batch);
    await look();
    expect(bucket.json("reports/spring/summary.json")).toMatchObject({
      state: "complete",
      history: history.map((deed) => ({ ...deed, at: new Date(deed.at).toISOString() })),
    });
  });
});

describe("missed uploads", () => {
  it("are looked for at the start, and then every quarter of an hour", async () => {
    const { look, clock, uploads, bucket } = createWorld();
    bucket.store("campaigns/lost.csv", "to\n1\n");
    await look();
    expect(uploads.bodies()).toHaveLength(1);
    await clock.advance(15 * minute - 1);
    await look();
    expect(uploads.bodies()).toHaveLength(1);
    await clock.advance(1);
    await look();
    expect(uploads.bodies()).toHaveLength(2);
  });
});
