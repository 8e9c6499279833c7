import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { BatchItem, ClaimedBatch } from "../../shared/ledger/batch-item.ts";
import { batchKey, readBatchItem } from "../../shared/ledger/batch-item.ts";
import { createBatches } from "../../shared/ledger/batches.ts";
import type { Claim, ClaimRequest } from "../../shared/ledger/claim.ts";
import { open, submitted } from "../support/factories.ts";
import { createManualClock, createTokens, nineOClock } from "../support/manual-clock.ts";
import { createMemoryTable, faultFor } from "../support/memory-table.ts";

const leaseUntil = nineOClock + 60_000;

const request = (changes: Partial<ClaimRequest> = {}): ClaimRequest => ({
  campaign: "spring",
  batch: 1,
  prev: 0,
  rows: 3,
  firing: [1, 2, 3],
  leaseUntil,
  expiresAt: nineOClock + 86_400_000,
  ...changes,
});

const world = () => {
  const clock = createManualClock();
  const table = createMemoryTable();
  const batches = createBatches({ table, clock, freshToken: createTokens() });
  const claim = async (asked = request(), seen?: BatchItem): Promise<Claim> => {
    const result = await batches.claim(asked, seen);
    if (result.kind !== "claimed") throw new Error(`The claim was ${result.kind}.`);
    return result.claim;
  };
  const claimed = async (): Promise<ClaimedBatch> => {
    const item = await batches.read("spring", 1);
    if (item?.state !== "claimed") throw new Error(`The batch is ${item?.state}.`);
    return item;
  };
  return { clock, table, batches, claim, claimed };
};

const isUpdate = ({ method }: { method: string }) => method === "update";

describe("claiming a batch", () => {
  it("succeeds for exactly one of several who never saw it", async () => {
    const { batches } = world();
    const results = await Promise.all([1, 2, 3, 4].map(() => batches.claim(request(), undefined)));
    expect(results.map(({ kind }) => kind).toSorted()).toEqual(["claimed", "taken", "taken", "taken"]);
  });

  it("succeeds for exactly one of several who saw it open", async () => {
    const { batches, claim } = world();
    const seen = await batches.record(await claim(), [open(1)]);
    if (seen === false) throw new Error("It was not recorded.");
    const results = await Promise.all([1, 2, 3].map(() => batches.claim(request(), seen)));
    expect(results.map(({ kind }) => kind).toSorted()).toEqual(["claimed", "taken", "taken"]);
  });

  it("tells who comes too late until when it is taken", async () => {
    const { batches, claim } = world();
    await claim();
    const result = await batches.claim(request({ leaseUntil: leaseUntil + 1 }), undefined);
    expect(result).toMatchObject({ kind: "taken", item: { leaseUntil, firing: [1, 2, 3] } });
  });

  it("is ours when it was applied but the repetition found it taken", async () => {
    const { table, batches, claimed } = world();
    table.fault = faultFor("repeated", isUpdate);
    const result = await batches.claim(request(), undefined);
    expect(result.kind).toBe("claimed");
    expect(result.kind === "claimed" && result.claim.token).toBe((await claimed()).token);
  });

  it("gives the batch back when it failed although it was applied", async () => {
    const { table, batches } = world();
    table.fault = faultFor("answer-lost", isUpdate);
    await expect(batches.claim(request(), undefined)).rejects.toThrow("answer was lost");
    expect(await batches.read("spring", 1)).toMatchObject({ state: "open", outcomes: [] });
    expect((await batches.claim(request(), await batches.read("spring", 1))).kind).toBe("claimed");
  });

  it("keeps what had been recorded before when it failed although it was applied", async () => {
    const { clock, table, batches, claim } = world();
    const seen = await batches.record(await claim(), [submitted(1), open(2)]);
    if (seen === false) throw new Error("It was not recorded.");
    await clock.advance(500);
    table.fault = faultFor("answer-lost", isUpdate);
    await expect(batches.claim(request({ firing: [2, 3] }), seen)).rejects.toThrow("answer was lost");
    const after = await batches.read("spring", 1);
    expect(after).toMatchObject({ state: "open", outcomes: [submitted(1), open(2)], recordedAt: nineOClock });
    const left = Object.keys(table.item(batchKey("spring", 1)) ?? {});
    expect(left.filter((name) => ["token", "leaseUntil", "firing"].includes(name))).toEqual([]);
  });

  it("is withdrawn again and again while the ledger is away, with pauses that double up to two seconds, until its lease ends", async () => {
    const { clock, table, batches } = world();
    const tried: number[] = [];
    table.fault = (call) => {
      if (!isUpdate(call)) return undefined;
      tried.push(clock.now() - nineOClock);
      return "unreachable";
    };
    await expect(clock.run(batches.claim(request(), undefined))).rejects.toThrow("cannot be reached");
    // A claim that was applied all the same, and stands when its lease ends, puts rows in doubt that nobody called.
    const everyTwoSeconds = Array.from({ length: 29 }, (_, n) => 3_000 + 2_000 * n);
    expect(tried).toEqual([0, 0, 200, 600, 1_400, ...everyTwoSeconds]);
    expect(nineOClock + (tried.at(-1) ?? 0)).toBe(request().leaseUntil - 1_000);
    expect(clock.now() - nineOClock).toBe(59_000);
  });

  it("is withdrawn no longer than its lease lasts: whoever comes then settles it", async () => {
    const { clock, table, batches } = world();
    const tried: number[] = [];
    table.fault = (call) => {
      if (!isUpdate(call)) return undefined;
      tried.push(clock.now() - nineOClock);
      return "unreachable";
    };
    const claiming = batches.claim(request({ leaseUntil: nineOClock + 600 }), undefined);
    await expect(clock.run(claiming)).rejects.toThrow("cannot be reached");
    expect(tried).toEqual([0, 0, 200]);
    expect(clock.now() - nineOClock).toBe(200);
  });

  it("fails by name when its item is not there although it cannot be written", async () => {
    const { table, batches } = world();
    table.update = async () => undefined;
    await expect(batches.claim(request(), undefined)).rejects.toThrow("Batch 1 of spring disappeared");
  });

  it("never applies when it arrives after its claimer gave up: the turn has passed", async () => {
    const { table, batches } = world();
    table.fault = faultFor("unreachable", isUpdate);
    await expect(batches.claim(request(), undefined)).rejects.toThrow("cannot be reached");
    const late = table.calls.find(isUpdate);
    if (late?.change === undefined) throw new Error("It was not tried.");
    expect(await table.update(late.key, late.change)).toBeUndefined();
    expect(await batches.read("spring", 1)).toMatchObject({ state: "open", outcomes: [] });
  });

  it("can be claimed by the next one after a claimer gave up", async () => {
    const { table, batches } = world();
    table.fault = faultFor("unreachable", isUpdate);
    await expect(batches.claim(request(), undefined)).rejects.toThrow("cannot be reached");
    const seen = await batches.read("spring", 1);
    expect(await batches.claim(request(), seen)).toMatchObject({ kind: "claimed" });
  });

  it("never applies when it arrives after the batch was claimed and given back by another: its turn is over", async () => {
    const { table, batches, claim } = world();
    const first = await batches.record(await claim(), [open(1)]);
    if (first === false) throw new Error("It was not recorded.");
    // An attempt of somebody who saw the batch as it was then, held up on the way.
    table.calls.length = 0;
    await batches.claim(request(), first);
    const late = table.calls.find(isUpdate);
    const second = await batches.read("spring", 1);
    if (second?.state !== "claimed" || late?.change === undefined) throw new Error("It was not claimed.");
    await batches.settle("spring", second);
    expect(await table.update(late.key, late.change)).toBeUndefined();
    expect((await batches.read("spring", 1))?.state).not.toBe("claimed");
  });

  it("never applies to an open batch that others have had since it was seen, though it is open again", async () => {
    const { table, batches, claim } = world();
    const seen = await batches.record(await claim(), [open(1)]);
    if (seen === false) throw new Error("It was not recorded.");
    await batches.record(await claim(request(), seen), [open(1), submitted(2)]);
    table.calls.length = 0;
    const stale = await batches.claim(request(), seen);
    expect(stale).toMatchObject({ kind: "moved-on", item: { state: "open", outcomes: [open(1), submitted(2)] } });
    expect(table.calls.filter(isUpdate).map(({ change }) => change?.when)).toEqual([{ turn: 1, state: "open" }]);
  });

  it("shows how far the batch is to who knew less", async () => {
    const { batches, claim } = world();
    await batches.record(await claim(), [submitted(1), submitted(2), submitted(3)]);
    expect(await batches.claim(request(), undefined)).toMatchObject({ kind: "moved-on", item: { state: "done" } });
  });

  it("counts turns and notes when the batch may be forgotten, in whole seconds", async () => {
    const { batches, claim, claimed } = world();
    const seen = await batches.record(await claim(), []);
    if (seen === false) throw new Error("It was not recorded.");
    await claim(request({ expiresAt: 1_999_001 }), seen);
    expect(await claimed()).toMatchObject({ turn: 2, expiresAt: 2000 });
  });
});

describe("recording", () => {
  it("makes a batch done when every row is final, and open when one is not", async () => {
    const { batches, claim } = world();
    const first = await batches.record(await claim(), [submitted(1), open(2), submitted(3)]);
    expect(first).toMatchObject({ state: "open" });
    if (first === false) return;
    const all = [submitted(1), submitted(2), submitted(3)];
    expect(await batches.record(await claim(request({ firing: [2] }), first), all)).toMatchObject({
      state: "done",
      outcomes: all,
      recordedAt: nineOClock,
    });
  });

  it("puts outcomes into the order of their rows, which the report relies on", async () => {
    const { batches, claim } = world();
    const recorded = await batches.record(await claim(), [submitted(3), open(1), submitted(2)]);
    expect(recorded).toMatchObject({ outcomes: [open(1), submitted(2), submitted(3)] });
  });

  it("answers what the ledger then says", async () => {
    const { batches, claim } = world();
    const outcomes = [submitted(1, { at: nineOClock + 100, ms: 40 }), open(2), submitted(3, { at: nineOClock + 300 })];
    expect(await batches.record(await claim(), outcomes)).toEqual(await batches.read("spring", 1));
  });

  it("keeps the earlier outcomes while the batch is claimed again", async () => {
    const { batches, claim, claimed } = world();
    const first = await batches.record(await claim(), [submitted(1), open(2)]);
    if (first === false) throw new Error("It was not recorded.");
    await claim(request({ firing: [2, 3] }), first);
    expect(await claimed()).toMatchObject({ outcomes: [submitted(1), open(2)], firing: [2, 3] });
  });

  it("is false when the item is gone", async () => {
    const { batches } = world();
    const gone = { campaign: "spring", batch: 7, token: "t9", leaseUntil, rows: 2 };
    expect(await batches.record(gone, [submitted(1)])).toBe(false);
  });

  it("is false after the claim was settled, which is final", async () => {
    const { batches, claim, claimed } = world();
    const mine = await claim();
    const settled = await batches.settle("spring", await claimed());
    expect(await batches.record(mine, [submitted(1), submitted(2), submitted(3)])).toBe(false);
    expect(await batches.read("spring", 1)).toEqual(settled);
  });

  it("stays recorded when the batch is claimed anew before its recorder learns of it", async () => {
    const { batches, claim, claimed } = world();
    const mine = await claim();
    const first = await batches.record(mine, [open(1)]);
    if (first === false) throw new Error("It was not recorded.");
    await claim(request(), first);
    // The same record once more, as a repetition would have it.
    expect(await batches.record(mine, [open(1)])).toMatchObject({ state: "claimed", outcomes: [open(1)] });
    expect((await claimed()).token).not.toBe(mine.token);
  });

  it("recognises its own success when the answer was lost", async () => {
    const { table, batches, claim } = world();
    const mine = await claim();
    table.fault = faultFor("repeated", isUpdate);
    const all = [submitted(1), submitted(2), submitted(3)];
    expect(await batches.record(mine, all)).toMatchObject({ state: "done", outcomes: all });
  });

  it("may be repeated after a failure that was none", async () => {
    const { table, batches, claim } = world();
    const mine = await claim();
    table.fault = faultFor("answer-lost", isUpdate);
    await expect(batches.record(mine, [submitted(1)])).rejects.toThrow("answer was lost");
    expect(await batches.record(mine, [submitted(1)])).toMatchObject({ state: "open", outcomes: [submitted(1)] });
  });
});

describe("noting what has become of a claim's rows so far", () => {
  it("keeps the claim, and leaves only the other rows in doubt: one proven unsent may be fired again", async () => {
    const { batches, claim, claimed } = world();
    const mine = await claim(request({ rows: 4, firing: [1, 2, 3, 4] }));
    await batches.note(mine, [submitted(3), open(1)], [2, 4]);
    expect(await claimed()).toMatchObject({
      ...{ token: mine.token, turn: 1, leaseUntil, firing: [2, 4] },
      outcomes: [open(1), submitted(3)],
    });
    const settled = await batches.settle("spring", await claimed());
    expect(settled).toMatchObject({ state: "open" });
    const outcomes = settled === false ? [] : settled.outcomes;
    expect(outcomes.map(({ row, status }) => [row, status])).toEqual([
      [1, "open"],
      [2, "unknown"],
      [3, "submitted"],
      [4, "unknown"],
    ]);
  });

  it("is overtaken by the record, which says all", async () => {
    const { batches, claim } = world();
    const mine = await claim();
    await batches.note(mine, [submitted(1)], [2, 3]);
    const all = [submitted(1), submitted(2), submitted(3)];
    const recorded = await batches.record(mine, all);
    expect(recorded).toMatchObject({ state: "done", outcomes: all });
    // One that was held up on the way.
    await batches.note(mine, [submitted(1), submitted(2)], [3]);
    expect(await batches.read("spring", 1)).toEqual(recorded);
  });

  it("changes nothing once the claim was settled, or the batch is claimed by another", async () => {
    const { batches, claim, claimed } = world();
    const mine = await claim(request({ firing: [1, 2] }));
    const settled = await batches.settle("spring", await claimed());
    if (settled === false) throw new Error("It was not settled.");
    await batches.note(mine, [submitted(1)], [2]);
    expect(await batches.read("spring", 1)).toEqual(settled);
    await claim(request({ firing: [3] }), settled);
    const theirs = await claimed();
    await batches.note(mine, [submitted(1)], [2]);
    expect(await claimed()).toEqual(theirs);
  });
});

describe("settling a claim whose lease ran out", () => {
  it("puts exactly the unanswered rows of that claim in doubt", async () => {
    const { batches, claim, claimed } = world();
    const first = await batches.record(await claim(request({ rows: 4 })), [submitted(1), open(2)]);
    if (first === false) throw new Error("It was not recorded.");
    await claim(request({ rows: 4, firing: [2, 3] }), first);
    const settled = await batches.settle("spring", await claimed());
    expect(settled).toMatchObject({ state: "open" });
    // Row 4 was not among those that the dead holder could fire.
    const outcomes = settled === false ? [] : settled.outcomes;
    expect(outcomes.map(({ row, status, attempts }) => [row, status, attempts])).toEqual([
      [1, "submitted", 1],
      [2, "unknown", 2],
      [3, "unknown", 1],
    ]);
  });

  it("leaves the batch open when a row is left that was proven unsent and not tried again", async () => {
    const { batches, claim, claimed } = world();
    const seen = await batches.record(await claim(request({ rows: 2 })), [open(1), open(2)]);
    if (seen === false) throw new Error("It was not recorded.");
    await claim(request({ rows: 2, firing: [1] }), seen);
    expect(await batches.settle("spring", await claimed())).toMatchObject({
      state: "open",
      outcomes: [
        {
          row: 1,
          status: "unknown",
          attempts: 2,
          detail: "The sender stopped between sending this row and noting the answer.",
        },
        open(2),
      ],
    });
  });

  it("makes the batch done when no row is left, so that none is ever fired again", async () => {
    const { batches, claim, claimed } = world();
    await claim();
    expect(await batches.settle("spring", await claimed())).toMatchObject({ state: "done" });
  });

  it("changes nothing of a claim that was recorded in the meantime", async () => {
    const { batches, claim, claimed } = world();
    const mine = await claim();
    const seen = await claimed();
    const recorded = await batches.record(mine, [submitted(1), submitted(2), submitted(3)]);
    expect(await batches.settle("spring", seen)).toBe(false);
    expect(await batches.read("spring", 1)).toEqual(recorded);
  });

  it("happens once when two settle at the same time, and both may go on", async () => {
    const { batches, claim, claimed } = world();
    await claim();
    const seen = await claimed();
    const results = await Promise.all([batches.settle("spring", seen), batches.settle("spring", seen)]);
    expect(results.filter((result) => result !== false)).toHaveLength(1);
    const after = await batches.read("spring", 1);
    expect(after?.outcomes.map(({ attempts }) => attempts)).toEqual([1, 1, 1]);
  });

  it("recognises its own success when the answer was lost", async () => {
    const { table, batches, claim, claimed } = world();
    await claim();
    const seen = await claimed();
    table.fault = faultFor("repeated", isUpdate);
    expect(await batches.settle("spring", seen)).toMatchObject({ state: "done" });
  });
});

describe("reading the ledger", () => {
  it("gives a range of batches in the order of their numbers, of this campaign alone", async () => {
    const { batches, claim } = world();
    for (const batch of [11, 2, 100, 10, 1]) await claim(request({ batch }));
    await claim(request({ campaign: "spring2", batch: 5 }));
    const found: number[] = [];
    for await (const { batch } of batches.between("spring", 2, 99)) found.push(batch);
    expect(found).toEqual([2, 10, 11]);
  });

  it("gives for any item either a batch or a clear refusal", () => {
    const value = fc.oneof(fc.string(), fc.integer(), fc.double({ noNaN: true }), fc.boolean(), fc.constant(null));
    const names = [
      "v",
      "state",
      "batch",
      "prev",
      "rows",
      "turn",
      "token",
      "leaseUntil",
      "firing",
      "outcomes",
      "expiresAt",
    ];
    const item = fc.dictionary(fc.constantFrom(...names), fc.oneof(value, fc.array(value, { maxLength: 3 })));
    fc.assert(
      fc.property(item, (stored) => {
        let refusal: unknown;
        try {
          expect(readBatchItem("spring", stored).batch).toBe(stored["batch"]);
        } catch (error) {
          refusal = error;
        }
        if (refusal !== undefined) expect(refusal).toMatchObject({ name: "UnreadableItem" });
      }),
    );
  });

  it("refuses outcomes that are no JSON as clearly as any other fault", () => {
    const item = { v: 1, state: "open", batch: 1, prev: 0, rows: 1, turn: 1, expiresAt: 1, outcomes: "[{" };
    expect(() => readBatchItem("spring", item)).toThrow(expect.objectContaining({ name: "UnreadableItem" }));
  });

  it("of the first format need not say so", () => {
    const item = { state: "open", batch: 7, prev: 6, rows: 1, turn: 1, expiresAt: 1 };
    expect(readBatchItem("spring", item)).toEqual(readBatchItem("spring", { ...item, v: 1 }));
  });

  it("of another format is refused by name, and never misread", () => {
    const item = { v: 2, state: "open", batch: 7, prev: 6, rows: 1, turn: 1, expiresAt: 1 };
    expect(() => readBatchItem("spring", item)).toThrow(
      /^Batch 7 of spring is in the ledger in format 2, .* format 1;/u,
    );
  });

  it("sorts seven digits of batch numbers as numbers", () => {
    expect(batchKey("spring", 42)).toEqual({ pk: "spring", sk: "batch#0000042" });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9_999_999 }), fc.integer({ min: 1, max: 9_999_999 }), (a, b) => {
        expect(batchKey("x", a).sk < batchKey("x", b).sk).toBe(a < b);
      }),
    );
  });
});

it("batches' keys sort as their numbers do, however many there are", () => {
  const numbers = [1, 9, 10, 999_999, 1_000_000, 9_999_999, 10_000_000, 10_000_001, 99_999_999, 100_000_000];
  const keys = numbers.map((batch) => batchKey("spring", batch).sk);
  expect(keys.toSorted()).toEqual(keys);
  expect(keys[0]).toBe("batch#0000001");
});

describe("reading", () => {
  it("is consistent, of one batch and of a range: an older answer would undo a claim", async () => {
    const { table, batches, claim } = world();
    await claim();
    const reads: unknown[] = [];
    const { get, query } = table;
    table.get = (key, read) => {
      reads.push(read?.consistent);
      return get(key, read);
    };
    table.query = (pk, range) => {
      reads.push(range.consistent);
      return query(pk, range);
    };
    await batches.read("spring", 1);
    await Array.fromAsync(batches.between("spring", 1, 2));
    expect(reads).toEqual([true, true]);
  });

  it("names an item that cannot be read, and what is wrong in it", async () => {
    const { table, claim } = world();
    await claim();
    const item = table.item(batchKey("spring", 1)) ?? {};
    expect(() => readBatchItem("spring", { ...item, rows: 0, turn: "x" })).toThrow(
      /^Batch 1 of spring .*\(rows, turn\)/,
    );
    expect(() => readBatchItem("spring", { v: 2 })).toThrow(/^Batch \? of spring .* format 2,/);
  });
});

describe("the groups of zones that are left in a batch", () => {
  const groups = new Map([
    [1, 0],
    [2, 4],
    [3, 7],
  ]);
  const partly = request({ firing: [1], groups });

  it("are those of the rows that are not claimed, and when it is recorded, of those that are not final", async () => {
    const { batches, claim, claimed } = world();
    const first = await claim(partly);
    expect((await claimed()).left).toEqual([4, 7]);
    const seen = await batches.record(first, [open(1)]);
    expect(seen).toMatchObject({ state: "open", left: [0, 4, 7] });
    if (seen === false) throw new Error("It was not recorded.");
    const second = await claim(request({ firing: [1, 3], groups }), seen);
    expect(await batches.record(second, [submitted(1), submitted(3)])).toMatchObject({ left: [4] });
    const last = await claim(request({ firing: [2], groups }), await batches.read("spring", 1));
    expect((await claimed()).left).toEqual([]);
    expect(
      await batches.record(
        last,
        [1, 2, 3].map((row) => submitted(row)),
      ),
    ).toMatchObject({ state: "done" });
    expect((await batches.read("spring", 1))?.left).toBeUndefined();
  });

  it("are also those of claimed rows that are not in doubt yet, when what is under way is noted", async () => {
    const { batches, claim, claimed } = world();
    const all = await claim(request({ firing: [1, 2, 3], groups }));
    expect((await claimed()).left).toEqual([]);
    await batches.note(all, [submitted(1)], [2]);
    expect(await batches.settle("spring", await claimed())).toMatchObject({ state: "open", left: [7] });
  });

  it("are also those of rows that were tried and proven unsent: they wait like the others", async () => {
    const { batches, claim, claimed } = world();
    const all = await claim(request({ firing: [1, 2, 3], groups }));
    await batches.note(all, [open(1), submitted(2)], [3]);
    expect((await claimed()).left).toEqual([0]);
  });

  it("stay when a claim is settled", async () => {
    const { batches, claim, claimed } = world();
    await claim(partly);
    expect(await batches.settle("spring", await claimed())).toMatchObject({ state: "open", left: [4, 7] });
  });

  it.each(["answer-lost", "unreachable"] as const)(
    "are what they were when a claim is withdrawn (%s)",
    async (fault) => {
      const { batches, table, claim } = world();
      const seen = await batches.record(await claim(partly), [submitted(1)]);
      if (seen === false) throw new Error("It was not recorded.");
      expect(seen.left).toEqual([4, 7]);
      table.fault = faultFor(fault, isUpdate);
      await expect(batches.claim(request({ firing: [2], groups }), seen)).rejects.toThrow();
      expect(await batches.read("spring", 1)).toMatchObject({ state: "open", left: [4, 7] });
    },
  );
});
