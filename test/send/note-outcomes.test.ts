import { expect, it } from "vitest";
import type { Outcome } from "../../shared/ledger/outcome.ts";
import { createNoteOutcomes } from "../../shared/send/note-outcomes.ts";
import { sendRow, submitted } from "../support/factories.ts";
import { createManualClock, nineOClock } from "../support/manual-clock.ts";

const claim = { campaign: "spring", batch: 1, token: "t1", leaseUntil: nineOClock + 60_000, rows: 4 };

const world = ({ everyMs }: { readonly everyMs?: number } = { everyMs: 100 }) => {
  const clock = createManualClock();
  const written: { at: number; outcomes: readonly number[]; firing: readonly number[] }[] = [];
  const batches = {
    note: async (_: unknown, outcomes: readonly Outcome[], firing: readonly number[]) => {
      written.push({ at: clock.now() - nineOClock, outcomes: outcomes.map(({ row }) => row), firing });
    },
  };
  const outcomes = new Map<number, Outcome>();
  const ledger = { batches };
  const notes = createNoteOutcomes({
    batches: { note: (...note) => ledger.batches.note(...note) },
    clock,
    everyMs,
  })(
    claim,
    [1, 2, 3, 4].map((row) => ({
      row: sendRow(row),
      call: { kind: "missing-attachment", attachment: "" },
      before: undefined,
    })),
    outcomes,
  );
  const land = (row: number) => notes.landed(row, submitted(row));
  return { clock, written, outcomes, ledger, notes, land };
};

it("what has landed is noted together, once in a while, with the rows that are still in doubt", async () => {
  const { clock, written, land } = world();
  await clock.advance(20);
  land(1);
  await clock.advance(60);
  land(2);
  await clock.advance(150);
  expect(written).toEqual([{ at: 100, outcomes: [1, 2], firing: [3, 4] }]);
  land(3);
  await clock.advance(0);
  expect(written).toHaveLength(2);
  expect(written[1]).toEqual({ at: 230, outcomes: [1, 2, 3], firing: [4] });
});

it("a note comes no sooner after the one before than the first after the claim", async () => {
  const { clock, written, land } = world();
  land(1);
  await clock.advance(100);
  await clock.advance(30);
  land(2);
  await clock.advance(200);
  land(3);
  await clock.advance(200);
  expect(written.map(({ at }) => at)).toEqual([100, 200, 330]);
});

it("a row that was not fired is no longer in doubt by the next note, and has none of its own", async () => {
  const { clock, written, notes, land } = world();
  notes.landed(2, undefined);
  await clock.advance(200);
  expect(written).toEqual([]);
  land(1);
  await clock.advance(0);
  expect(written).toEqual([{ at: 200, outcomes: [1], firing: [3, 4] }]);
});

it("nothing is noted while nothing has landed, after the last row has, or after the end", async () => {
  const idle = world();
  await idle.clock.advance(1_000);
  expect(idle.written).toEqual([]);
  const quick = world();
  for (const row of [1, 2, 3]) quick.land(row);
  await quick.clock.advance(50);
  quick.land(4);
  quick.notes.end();
  await quick.clock.advance(1_000);
  expect(quick.written).toEqual([]);
  const all = world();
  await all.clock.advance(300);
  all.land(1);
  await all.clock.advance(0);
  for (const row of [2, 3, 4]) all.land(row);
  all.notes.end();
  await all.clock.advance(1_000);
  expect(all.written.map(({ firing }) => firing)).toEqual([[2, 3, 4]]);
  expect([...all.outcomes.keys()]).toEqual([1, 2, 3, 4]);
});

it("one note is written at a time, and what landed meanwhile comes with the next", async () => {
  const { clock, written, ledger, land } = world();
  const { note } = ledger.batches;
  let arrive = () => {};
  ledger.batches.note = async (...args) => {
    await note(...args);
    await new Promise<void>((resolve) => {
      arrive = resolve;
    });
  };
  land(1);
  await clock.advance(100);
  land(2);
  land(3);
  await clock.advance(500);
  expect(written.map(({ at }) => at)).toEqual([100]);
  arrive();
  await clock.advance(0);
  expect(written[1]).toEqual({ at: 600, outcomes: [1, 2, 3], firing: [4] });
});

it("a note that fails is left to the next one", async () => {
  const { clock, written, ledger, land } = world();
  const { note } = ledger.batches;
  ledger.batches.note = async () => {
    throw new Error("The ledger is away.");
  };
  land(1);
  await clock.advance(150);
  ledger.batches.note = note;
  await clock.advance(500);
  expect(written).toEqual([]);
  land(2);
  await clock.advance(0);
  expect(written).toEqual([{ at: 650, outcomes: [1, 2], firing: [3, 4] }]);
});

it("without an interval nothing is ever noted", async () => {
  const { clock, written, land } = world({});
  land(1);
  await clock.advance(60_000);
  expect(written).toEqual([]);
});
