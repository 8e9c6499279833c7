import { describe, expect, it } from "vitest";
import { createFeed } from "../../shared/feed/feed.ts";
import { createSuppressions } from "../../shared/feed/suppression.ts";
import { optOutsKey } from "../../shared/opt-outs/opt-out-list.ts";
import { BatchMessage } from "../../shared/plan/plan.ts";
import { planKeys } from "../../shared/ports/bucket-layout.ts";
import { createWorld as createReporterWorld } from "../reconcile/world.ts";
import { sendRow } from "../support/factories.ts";
import { nineOClock, quiet } from "../support/manual-clock.ts";

/** The reporter's world with a feed of its own. */
const createWorld = () => {
  const world = createReporterWorld();
  const { bucket, campaigns, queue, account, clock } = world;
  const suppressions = createSuppressions(bucket);
  const moves = () => world.table.calls.filter(({ method, key }) => method === "update" && key.sk === "spring").length;
  const feed = createFeed({ bucket, campaigns, enqueue: queue.enqueue, suppressions, account, clock });
  return { ...world, moves, feed };
};

const none = new Set<number>();

/** Ten rows a second, and none ahead. */
const now = { since: nineOClock, rowsAhead: 0, rate: 10 };
const batchesOf = (bodies: readonly string[]): number[] => bodies.map((body) => JSON.parse(body).batch);

describe("feeding", () => {
  it("puts batches into the queue until enough rows are added, and moves the pointer to the last of them", async () => {
    const { commit, feed, fed } = createWorld();
    const after = await feed(await commit(), 5, none, now);
    expect(fed()).toMatchObject(
      [1, 2, 3].map((batch) => ({ campaign: "spring", run: "r1", pass: 1, batch, prev: batch - 1 })),
    );
    expect(fed()[0]?.rows).toEqual([sendRow(1), sendRow(2)]);
    expect(after).toMatchObject({ pointer: 3, pointerRows: 6 });
    await feed(after, 1, none, now);
    expect(fed().map(({ batch }) => batch)).toEqual([1, 2, 3, 4]);
  });

  it("lets what one sender is to take become visible together, shortly before it is its turn", async () => {
    const { commit, feed, queue, read, moves } = createWorld();
    const campaign = await commit({ rows: 200, sendable: 200, lastBatch: 100 });
    // Two rows a second: turns of 120 rows, which are 60 batches, 40 a call, behind 40 rows that take 20 seconds.
    const before = moves();
    await feed(campaign, 1000, none, { since: nineOClock, rowsAhead: 40, rate: 2 });
    expect(queue.calls.map(({ bodies, delaySeconds }) => [bodies.length, delaySeconds])).toEqual([
      [40, 14],
      [20, 14],
      [40, 74],
    ]);
    expect(await read()).toMatchObject({ pointer: 100, pacedRate: 2 });
    expect(moves() - before).toBe(3);
  });

  it("gives forty messages a call, four requests of SQS, and moves the pointer after each", async () => {
    const { commit, feed, queue, table, read } = createWorld();
    const campaign = await commit({ rows: 200, sendable: 200, lastBatch: 100 });
    const pointers: unknown[] = [];
    queue.fault = () => {
      pointers.push(table.item({ pk: "campaigns", sk: "spring" })?.["pointer"]);
    };
    await feed(campaign, 1000, none, now);
    expect(queue.calls.map(({ bodies }) => bodies.length)).toEqual([40, 40, 20]);
    expect(pointers).toEqual([0, 40, 80]);
    expect(await read()).toMatchObject({ pointer: 100, pointerRows: 200 });
  });

  it("does not move it once more when the plan ends with a call", async () => {
    const { commit, feed, queue, moves, read } = createWorld();
    const campaign = await commit({ rows: 160, sendable: 160, lastBatch: 80 });
    const before = moves();
    await feed(campaign, 1000, none, now);
    expect(queue.calls.map(({ bodies }) => bodies.length)).toEqual([40, 40]);
    expect(moves() - before).toBe(2);
    expect(await read()).toMatchObject({ pointer: 80 });
  });

  it("moves the pointer only over what the queue accepted", async () => {
    const { commit, feed, queue, read } = createWorld();
    const campaign = await commit({ rows: 200, sendable: 200, lastBatch: 100 });
    queue.fault = () => {
      if (queue.calls.length === 1) throw new Error("The queue is away.");
    };
    await expect(feed(campaign, 1000, none, now)).rejects.toThrow("The queue is away.");
    expect(await read()).toMatchObject({ pointer: 40, pointerRows: 80 });
  });

  it("stops when somebody else feeds the same pass, or the pass is over", async () => {
    const { commit, feed, queue, campaigns, read } = createWorld();
    const campaign = await commit({ rows: 200, sendable: 200, lastBatch: 100 });
    queue.fault = () => {
      queue.fault = () => {};
      void campaigns.change(campaign, {}, { pointer: 7, pointerRows: 14 });
    };
    expect(await feed(campaign, 1000, none, now)).toEqual(campaign);
    expect(queue.calls).toHaveLength(1);
    expect(await read()).toMatchObject({ pointer: 7, pointerRows: 14 });
  });

  it("stops when the next pass has begun where this one stands", async () => {
    const { commit, feed, queue, campaigns, read } = createWorld();
    const campaign = await commit({ rows: 200, sendable: 200, lastBatch: 100 });
    queue.fault = () => {
      queue.fault = () => {};
      void campaigns.change(campaign, {}, { pass: 2 });
    };
    await feed(campaign, 1000, none, now);
    expect(queue.calls).toHaveLength(1);
    expect(await read()).toMatchObject({ pass: 2, pointer: 0 });
  });

  it("skips batches that are done, and moves the pointer over them too", async () => {
    const { commit, feed, fed, read } = createWorld();
    await feed(await commit(), 1000, new Set([1, 3, 9, 10]), now);
    expect(fed().map(({ batch }) => batch)).toEqual([2, 4, 5, 6, 7, 8]);
    expect(await read()).toMatchObject({ pointer: 10, pointerRows: 20 });
  });

  it("moves the pointer after each thousand batches that are passed over, wherever it stood", async () => {
    const { commit, feed, table } = createWorld();
    const campaign = await commit({ rows: 4_800, sendable: 4_800, lastBatch: 2_400, pointer: 300, pointerRows: 600 });
    const done = new Set(Array.from({ length: 2_400 }, (_, index) => index + 1));
    const before = table.calls.length;
    await feed(campaign, 10_000, done, now);
    const pointers = table.calls.slice(before).flatMap(({ change }) => change?.set?.["pointer"] ?? []);
    expect(pointers).toEqual([1_300, 2_300, 2_400]);
  });

  it("does nothing more when the plan is fed to its end", async () => {
    const { commit, feed, queue, table } = createWorld();
    const campaign = await commit({ pointer: 10, pointerRows: 20 });
    table.calls.length = 0;
    expect(await feed(campaign, 1000, none, now)).toBe(campaign);
    expect(queue.calls).toEqual([]);
    expect(table.calls).toEqual([]);
  });

  it("makes rows on a suppression list skipped, and leaves them in their batch's count", async () => {
    const { commit, feed, fed, bucket, read } = createWorld();
    bucket.store(
      "suppression/stop.csv",
      `number\n+${sendRow(1).cnumber}\n${sendRow(4).cnumber}\n${sendRow(3).cnumber}\n`,
    );
    await feed(await commit({ options: { country: "GB" } }), 4, none, now);
    const detail = "on the suppression list suppression/stop.csv";
    expect(fed()).toMatchObject([
      { batch: 1, rows: [sendRow(2)], skipped: [{ row: 1, detail }] },
      {
        batch: 2,
        rows: [],
        skipped: [
          { row: 3, detail },
          { row: 4, detail },
        ],
      },
    ]);
    expect(await read()).toMatchObject({ pointer: 2, pointerRows: 4 });
  });

  it.each([
    ["the campaign's", { options: { country: "GB" } }],
    ["the stack's", { defaults: { country: "GB" } }],
    ["the campaign's before the stack's", { options: { country: "GB" }, defaults: { country: "DE" } }],
  ])("reads numbers without a country code by %s country", async (_whose, changes) => {
    const { commit, feed, fed, bucket } = createWorld();
    bucket.store("suppression/stop.csv", `number\n0${sendRow(1).cnumber.slice(2)}\n`);
    await feed(await commit(changes), 2, none, now);
    expect(fed()).toMatchObject([{ batch: 1, rows: [sendRow(2)], skipped: [{ row: 1 }] }]);
  });

  it("pauses the campaign when numbers and lists cannot be compared for want of a country, until they can", async () => {
    const { commit, feed, queue, bucket, read } = createWorld();
    bucket.store("suppression/stop.csv", "number\n+447700900001\n");
    const campaign = await commit();
    await feed(campaign, 1000, none, now);
    expect(queue.calls).toEqual([]);
    expect(await read()).toMatchObject({
      state: "paused",
      pointer: 0,
      pause: { code: "suppression", reason: expect.stringContaining('say "country" in its options') },
    });
  });

  it("pauses the campaign when a suppression list cannot be read, and queues nothing", async () => {
    const { commit, feed, queue, bucket, read } = createWorld();
    bucket.store("suppression/stop.csv", '"447700900001\n');
    await feed(await commit(), 1000, none, now);
    expect(queue.calls).toEqual([]);
    expect(await read()).toMatchObject({
      state: "paused",
      pointer: 0,
      pause: { code: "suppression", reason: expect.stringContaining("suppression/stop.csv") },
    });
  });

  it.each([
    ["of a later version", '{"v":2,"batch":1,"prev":0,"rows":[]}\n'],
    ["that is cut off", '{"v":1,"batch":1,"pr'],
  ])("pauses the campaign at a plan %s", async (_what, text) => {
    const { commit, feed, bucket, queue, read } = createWorld();
    const campaign = await commit();
    bucket.store(planKeys("spring", "r1").plan(1), text);
    await feed(campaign, 1000, none, now);
    expect(queue.calls).toEqual([]);
    expect(await read()).toMatchObject({ state: "paused", pause: { code: "plan" } });
  });

  it("pauses the campaign when its plan is missing", async () => {
    const { commit, feed, bucket, read } = createWorld();
    const campaign = await commit();
    await bucket.delete([planKeys("spring", "r1").plan(1)]);
    await feed(campaign, 1000, none, now);
    expect(await read()).toMatchObject({ state: "paused", pause: { code: "plan" } });
  });

  it.each([
    ["is over", { state: "ending" as const }],
    ["is in its next pass", { pass: 2 }],
  ])("does not pause a campaign that %s by the time that its plan or a list is found wanting", async (_how, change) => {
    for (const key of ["suppression/stop.csv", planKeys("spring", "r1").plan(1)]) {
      const { commit, feed, bucket, campaigns, read } = createWorld();
      const campaign = await commit();
      bucket.store(key, '"447700900001\n');
      bucket.fault = ({ method, key: asked }) => {
        if (method === "get" && asked === key) void campaigns.change(campaign, {}, change);
      };
      expect(await feed(campaign, 1000, none, now)).toEqual(campaign);
      const after = await read();
      expect(after).toMatchObject(change);
      expect(after).not.toHaveProperty("pause.code");
    }
  });

  it("moves the pointer over what the queue accepted before a part of the plan was found missing", async () => {
    const { commit, bucket, campaigns, queue, account, clock, read } = createWorld();
    // The queue takes its time.
    const enqueue: typeof queue.enqueue = async (...call) => {
      await quiet();
      await queue.enqueue(...call);
    };
    const feed = createFeed({ bucket, campaigns, enqueue, suppressions: createSuppressions(bucket), account, clock });
    const campaign = await commit({ batchRows: 25, parts: 2, rows: 10_000, sendable: 10_000, lastBatch: 400 });
    await bucket.delete([planKeys("spring", "r1").plan(2)]);
    await feed(campaign, 10_000, none, { ...now, rate: 1_000 });
    expect(await read()).toMatchObject({ state: "paused", pause: { code: "plan" }, pointer: 200, pointerRows: 5_000 });
  });

  it("splits calls by size as well: few batches of long texts are held at once", async () => {
    const { commit, feed, queue, bucket } = createWorld();
    const campaign = await commit({ batchRows: 10, rows: 300, sendable: 300, lastBatch: 30 });
    const long = "x".repeat(20_000);
    const lines = Array.from({ length: 30 }, (_, index) => {
      const rows = Array.from({ length: 10 }, (_, row) => sendRow(10 * index + row + 1, { message: long }));
      return `${JSON.stringify({ v: 1, batch: index + 1, prev: index, rows })}\n`;
    });
    bucket.store(planKeys("spring", "r1").plan(1), lines.join(""));
    await feed(campaign, 1000, none, now);
    const bytesOf = (bodies: readonly string[]) => bodies.reduce((sum, body) => sum + Buffer.byteLength(body), 0);
    expect(queue.calls.map(({ bodies }) => bodies.length)).toEqual([10, 10, 10]);
    for (const { bodies } of queue.calls) expect(bytesOf(bodies.slice(0, -1))).toBeLessThan(2_000_000);
    expect(batchesOf(queue.bodies())).toEqual(Array.from({ length: 30 }, (_, index) => index + 1));
  });

  it("says which decisions about opt-outs it knew, and skips who is on their list", async () => {
    const { commit, feed, queue, bucket, account } = createWorld();
    const campaign = await commit();
    await account.change((state) => ({ account: { ...state, optOuts: { sequence: 3 } }, result: undefined }));
    const { cnumber } = sendRow(2);
    bucket.store(optOutsKey, `number,date,word,id\n${cnumber},2026-03-01T08:00:00Z,STOP,a\n`);
    await feed(campaign, 2, none, now);
    expect(queue.bodies().map((body) => BatchMessage.parse(JSON.parse(body)))[0]).toMatchObject({
      decisions: 3,
      rows: [{ row: 1 }],
      skipped: [{ row: 2, detail: "opted out on 2026-03-01" }],
    });
  });

  it("says which numbers are meant by those that are written otherwise, and makes messages no longer for the rest", async () => {
    const { commit, feed, queue, bucket } = createWorld();
    const campaign = await commit({ rows: 2, sendable: 2, lastBatch: 1 });
    const rows = [sendRow(1, { cnumber: "+44 (0)7700 900001" }), sendRow(2, { cnumber: "+447700900002" })];
    bucket.store(planKeys("spring", "r1").plan(1), `${JSON.stringify({ v: 2, batch: 1, prev: 0, rows })}\n`);
    await feed(campaign, 2, none, now);
    expect(BatchMessage.parse(JSON.parse(queue.bodies()[0] ?? ""))).toMatchObject({
      rows,
      meant: { 1: ["447700900001"] },
    });
    const plain = createWorld();
    await plain.feed(await plain.commit(), 2, none, now);
    expect(plain.queue.bodies()[0]).not.toContain("meant");
  });

  it("says the decisions that it knew before it read the lists, for what is decided meanwhile", async () => {
    const { commit, bucket, campaigns, queue, account, clock } = createWorld();
    const campaign = await commit();
    const lists = createSuppressions(bucket);
    const suppressions = async () => {
      const read = await lists();
      await account.change((state) => ({ account: { ...state, optOuts: { sequence: 1 } }, result: undefined }));
      return read;
    };
    await createFeed({ bucket, campaigns, enqueue: queue.enqueue, suppressions, account, clock })(
      campaign,
      2,
      none,
      now,
    );
    expect(BatchMessage.parse(JSON.parse(queue.bodies()[0] ?? "")).decisions).toBeUndefined();
  });
});
