import { expect, it } from "vitest";
import { freshAccount } from "../../shared/account/account.ts";
import { createPacer } from "../../shared/account/pacer.ts";
import type { Credentials } from "../../shared/enswitch/enswitch.ts";
import type { Gate, Verdict } from "../../shared/enswitch/verdict.ts";
import type { Outcome } from "../../shared/ledger/outcome.ts";
import { createFireRows, type ReadyRow } from "../../shared/send/fire-rows.ts";
import { createFlight } from "../../shared/send/flight.ts";
import { running, sendRow } from "../support/factories.ts";
import { accepted } from "../support/fake-enswitch.ts";
import { createManualClock, nineOClock } from "../support/manual-clock.ts";
import { createRecordedLog, createRecordedMetrics } from "../support/recorders.ts";

const rate = 100;
const tolerance = 10;

/** Fires one row whose slot is a second away; `wakes` says when a clock asked to sleep until an instant wakes. */
const fireOne = async ({
  wakes = (at: number) => at,
  connectMs = 0,
  used = { username: "u", password: "p", version: "1" },
  call = { kind: "prepared", body: Buffer.alloc(0), hidden: [] },
  before,
  campaign = {},
  inTheAir = 0,
}: {
  readonly wakes?: (at: number) => number;
  readonly connectMs?: number;
  readonly used?: Credentials;
  readonly call?: ReadyRow["call"];
  readonly before?: Outcome;
  readonly campaign?: Parameters<typeof running>[0];
  /** Calls that wait for their answers already. */
  readonly inTheAir?: number;
}) => {
  const clock = createManualClock();
  const flight = createFlight({ clock, consumers: 1, answerStats: { answerMs: 40 } });
  for (let call = 0; call < inTheAir; call++) flight.takeOff(freshAccount.epoch);
  const calls = { begun: 0, fired: [] as number[] };
  const fire = async (_: unknown, gate: Gate): Promise<Verdict> => {
    calls.begun++;
    await clock.sleepUntil(clock.now() + connectMs);
    if (!gate()) return { kind: "not-fired" };
    calls.fired.push(clock.now() - nineOClock);
    return accepted;
  };
  const sleepy = { now: clock.now, sleepUntil: (at: number) => clock.sleepUntil(wakes(at)) };
  const fireRows = createFireRows({
    enswitch: { fire },
    pacer: createPacer(sleepy),
    flight,
    consequences: { conclude: async () => {}, releaseProbe: async () => {} },
    clock: sleepy,
    metrics: createRecordedMetrics().metrics,
    log: createRecordedLog().log,
  });
  const outcomes: (Outcome | undefined)[] = [];
  const { missed } = await clock.run(
    fireRows([{ row: sendRow(1), call, before }], {
      slots: { kind: "slots", slots: [nineOClock + 1_000], rate, epoch: freshAccount.epoch, probe: undefined },
      state: { campaign: running(campaign), account: freshAccount, optedOut: () => undefined },
      claim: { campaign: "spring", batch: 1, token: "t1", leaseUntil: nineOClock + 60_000, rows: 1 },
      used,
      landed: (_, outcome) => outcomes.push(outcome),
    }),
  );
  return { missed, landed: outcomes.map((outcome) => outcome?.status), outcomes, ...calls };
};

it("a call goes out at its slot, and never before it, though a timer wakes early", async () => {
  expect(await fireOne({})).toMatchObject({ missed: 0, landed: ["submitted"], begun: 1, fired: [1_000] });
  expect(await fireOne({ wakes: (at) => at - 1 })).toMatchObject({ landed: [undefined], fired: [] });
});

it("a call goes out also with credentials that do not say their version", async () => {
  expect(await fireOne({ used: { username: "u", password: "p" } })).toMatchObject({ landed: ["submitted"] });
});

it("a call whose slot has passed when its timer wakes is missed, and asks for no connection", async () => {
  const late = (ms: number) => fireOne({ wakes: (at) => at + ms });
  expect(await late(tolerance - 1)).toMatchObject({ missed: 0, landed: ["submitted"], begun: 1, fired: [1_009] });
  expect(await late(tolerance)).toMatchObject({ missed: 1, landed: [undefined], begun: 0, fired: [] });
});

it("a call whose slot passes while it waits for its connection is missed", async () => {
  const connecting = (connectMs: number) => fireOne({ connectMs });
  expect(await connecting(tolerance - 1)).toMatchObject({ missed: 0, fired: [1_009] });
  expect(await connecting(tolerance)).toMatchObject({ missed: 1, landed: [undefined], begun: 1, fired: [] });
});

it("a call whose campaign may not send any more when its connection is there does not go out, and has not missed its slot", async () => {
  const ending = (ms: number) =>
    fireOne({ connectMs: 5, campaign: { options: { sendBefore: new Date(nineOClock + ms).toISOString() } } });
  expect(await ending(1_006)).toMatchObject({ missed: 0, landed: ["submitted"], fired: [1_005] });
  expect(await ending(1_005)).toMatchObject({ missed: 0, landed: [undefined], begun: 1, fired: [] });
});

it("a call for which too many wait for their answers is left to a later turn, unless its campaign may not send either", async () => {
  expect(await fireOne({ inTheAir: 8 })).toMatchObject({ missed: 0, fired: [1_000] });
  expect(await fireOne({ inTheAir: 9 })).toMatchObject({ missed: 1, landed: [undefined], begun: 1, fired: [] });
  const over = { options: { sendBefore: new Date(nineOClock).toISOString() } };
  expect(await fireOne({ inTheAir: 9, campaign: over })).toMatchObject({ missed: 0, landed: [undefined], fired: [] });
});

it("a row whose attachment is gone has been tried as often as before", async () => {
  const before = { row: 1, status: "open", detail: "refused", attempts: 2 } as const;
  expect(
    await fireOne({ before, call: { kind: "missing-attachment", attachment: "attachments/a.pdf" } }),
  ).toMatchObject({
    begun: 0,
    outcomes: [{ row: 1, status: "failed", key: "file", attempts: 2 }],
  });
});

it("rows that an answer withdrew have not missed their slots, however late they are", async () => {
  const clock = createManualClock();
  const fired: number[] = [];
  // The second row's timer wakes long after its slot.
  const sleepy = {
    now: clock.now,
    sleepUntil: (at: number) => clock.sleepUntil(at > nineOClock + 1_000 ? at + 500 : at),
  };
  const fireRows = createFireRows({
    enswitch: {
      fire: async (_, gate) => {
        if (!gate()) return { kind: "not-fired" };
        fired.push(clock.now() - nineOClock);
        return { kind: "rejected", code: 400, key: "snumber", message: "Not yours" };
      },
    },
    flight: createFlight({ clock, consumers: 1, answerStats: { answerMs: 40 } }),
    consequences: { conclude: async () => {}, releaseProbe: async () => {} },
    clock: sleepy,
    pacer: createPacer(sleepy),
    metrics: createRecordedMetrics().metrics,
    log: createRecordedLog().log,
  });
  const landed: [number, string | undefined][] = [];
  const { missed } = await clock.run(
    fireRows(
      [1, 2].map((row) => ({
        row: sendRow(row),
        call: { kind: "prepared", body: Buffer.alloc(0), hidden: [] },
        before: undefined,
      })),
      {
        slots: {
          kind: "slots",
          slots: [nineOClock + 1_000, nineOClock + 2_000],
          rate,
          epoch: freshAccount.epoch,
          probe: undefined,
        },
        state: { campaign: running(), account: freshAccount, optedOut: () => undefined },
        claim: { campaign: "spring", batch: 1, token: "t1", leaseUntil: nineOClock + 60_000, rows: 2 },
        used: { username: "u", password: "p", version: "1" },
        landed: (row, outcome) => landed.push([row, outcome?.status]),
      },
    ),
  );
  expect([missed, fired]).toEqual([0, [1_000]]);
  expect(landed).toEqual([
    [1, "open"],
    [2, undefined],
  ]);
});

/** Fires one row by a pacer that gives leave at once; says what became of the leave, and what was concluded from the call. */
async function withLeave({
  ahead = 700,
  leaseMs = 60_000,
  probe,
  fire = (gate) => gate(),
  notFired = { kind: "not-fired" },
}: {
  /** How long before its slot the call is made, ms. */
  readonly ahead?: number;
  readonly leaseMs?: number;
  readonly probe?: string;
  readonly fire?: (gate: Gate) => boolean;
  /** What becomes of a call that does not go out. */
  readonly notFired?: Verdict;
}) {
  const clock = createManualClock();
  const leave = { used: 0, disposed: 0 };
  const late: number[] = [];
  const landed: (Outcome | undefined)[] = [];
  const fireRows = createFireRows({
    enswitch: { fire: async (_, gate) => (fire(gate) ? accepted : notFired) },
    flight: createFlight({ clock, consumers: 1, answerStats: { answerMs: 40 } }),
    consequences: { conclude: async ({ lateMs }) => void late.push(lateMs), releaseProbe: async () => {} },
    clock,
    pacer: {
      wait: async () => ({
        use: () => {
          leave.used++;
          return true;
        },
        [Symbol.dispose]: () => {
          leave.disposed++;
        },
      }),
    },
    metrics: createRecordedMetrics().metrics,
    log: createRecordedLog().log,
  });
  const slot = nineOClock + ahead;
  await fireRows(
    [{ row: sendRow(1), call: { kind: "prepared", body: Buffer.alloc(0), hidden: [] }, before: undefined }],
    {
      slots: { kind: "slots", slots: [slot], rate, epoch: freshAccount.epoch, probe },
      state: { campaign: running(), account: freshAccount, optedOut: () => undefined },
      claim: { campaign: "spring", batch: 1, token: "t1", leaseUntil: nineOClock + leaseMs, rows: 1 },
      used: { username: "u", password: "p", version: "1" },
      landed: (_, outcome) => landed.push(outcome),
    },
  );
  return { ...leave, late, landed };
}

it("leave to call is used at most once, only when nothing else forbids the call, and given back in any case", async () => {
  expect(await withLeave({})).toMatchObject({ used: 1, disposed: 1 });
  expect(await withLeave({ leaseMs: 0 })).toMatchObject({ used: 0, disposed: 1 });
  expect(await withLeave({ fire: () => false })).toMatchObject({ used: 0, disposed: 1 });
});

it("a probe's call moves the slots after it by as much as it is late, and never back where the clock was put back", async () => {
  expect(await withLeave({ probe: "p", ahead: -300 })).toMatchObject({ late: [300] });
  expect(await withLeave({ probe: "p", ahead: 700 })).toMatchObject({ late: [0] });
});

it("a call that finds no connection is of its slot's time, and moves no slots", async () => {
  const notFired: Verdict = { kind: "not-sent", cause: "connection refused" };
  const { late, landed } = await withLeave({ probe: "p", ahead: -300, fire: () => false, notFired });
  expect(landed).toMatchObject([{ status: "open", at: nineOClock - 300, ms: 300 }]);
  expect(late).toEqual([0]);
});
