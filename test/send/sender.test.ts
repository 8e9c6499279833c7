import { describe, expect, it } from "vitest";
import { type Account, takeSlots } from "../../shared/account/account.ts";
import { createAccountStore } from "../../shared/account/account-store.ts";
import { createPacer, type Pacer } from "../../shared/account/pacer.ts";
import { createCampaigns } from "../../shared/campaign/campaigns.ts";
import { createBatches } from "../../shared/ledger/batches.ts";
import type { Clock } from "../../shared/ports/clock.ts";
import { createSender, type SenderDeps } from "../../shared/send/sender.ts";
import { batchMessage, running } from "../support/factories.ts";
import { createFakeEnswitch } from "../support/fake-enswitch.ts";
import { createManualClock, createTokens, nineOClock } from "../support/manual-clock.ts";
import { createMemoryTable } from "../support/memory-table.ts";
import { createRecordedLog, createRecordedMetrics, createRecordedQueue } from "../support/recorders.ts";

const answerTimeoutMs = 20_000;
const deadline = nineOClock + 90_000;

/** A running campaign in a ledger that several machines share, each with a clock of its own. */
const world = async (before: Partial<Account> = {}) => {
  const clock = createManualClock();
  const table = createMemoryTable();
  const freshToken = createTokens();
  const enswitch = createFakeEnswitch(clock);
  await createCampaigns(table).create(running(), undefined);
  const account = createAccountStore({ table, clock, freshToken });
  await account.change((fresh) => ({
    account: { ...fresh, nextFreeAt: nineOClock, ...before },
    result: undefined,
  }));

  /** An execution on a machine whose clock is ahead by so much. */
  const machine = (aheadMs = 0, pacerOf = createPacer, more: Partial<SenderDeps> = {}) => {
    const own: Clock = {
      now: () => clock.now() + aheadMs,
      sleepUntil: (at) => clock.sleepUntil(at - aheadMs),
    };
    const credentials = { username: "u", password: "secret-1", version: "1" };
    const { begin } = createSender({
      table,
      attachments: { get: async () => undefined },
      secret: { current: async () => credentials, refresh: async () => credentials },
      nudge: createRecordedQueue().enqueue,
      endpoint: "https://pbx.example.com/api/json",
      ca: undefined,
      ceiling: 10,
      dayLimit: undefined,
      noteEveryMs: undefined,
      laneRate: undefined,
      afterOthersMs: undefined,
      consumers: 2,
      answerTimeoutMs,
      clock: own,
      freshToken,
      metrics: createRecordedMetrics().metrics,
      log: createRecordedLog().log,
      createPacer: pacerOf,
      connect: () => ({ ...enswitch, inFlight: () => 0, [Symbol.asyncDispose]: async () => {} }),
      ...more,
    });
    const execution = begin();
    return (batch: number, receiveCount = 1, until = deadline) =>
      execution.handle({ body: JSON.stringify(batchMessage(batch)), receiveCount }, until);
  };

  return { clock, table, enswitch, machine, account, batches: createBatches({ table, clock, freshToken }) };
};

describe("a claim", () => {
  it("is left alone until its function has ended, even by a machine whose clock is some seconds ahead", async () => {
    const { clock, enswitch, machine, batches } = await world();
    enswitch.answerMs = deadline - nineOClock;
    const sending = machine()(1);
    await clock.advanceTo(deadline - 1);
    expect(await machine(4_000)(1, 2)).toMatchObject({ kind: "give-back" });
    expect(await clock.run(sending)).toEqual({ kind: "done" });
    expect((await batches.read("spring", 1))?.outcomes.map(({ status }) => status)).toEqual(["submitted", "submitted"]);
  });
});

it("a claim whose function died is settled as soon as its lease is over, five seconds after its deadline", async () => {
  const { clock, enswitch, machine, batches } = await world();
  const dead = { ...enswitch, inFlight: () => 0, [Symbol.asyncDispose]: async () => {} };
  void machine(0, createPacer, { connect: () => ({ ...dead, fire: () => new Promise(() => {}) }) })(1);
  const later = deadline + 90_000;
  await clock.advanceTo(deadline + 5_000);
  expect(await machine()(1, 2, later)).toMatchObject({ kind: "give-back" });
  await clock.advanceTo(deadline + 5_001);
  expect(await clock.run(machine()(1, 2, later))).toEqual({ kind: "done" });
  expect((await batches.read("spring", 1))?.outcomes.map(({ status }) => status)).toEqual(["unknown", "unknown"]);
});

describe("a probe", () => {
  it("fired late and answered at the last moment is still the only call until then", async () => {
    const { clock, enswitch, machine } = await world({ nextFreeAt: 0 });
    enswitch.connectMs = () => 900;
    enswitch.answerMs = answerTimeoutMs;
    const probing = machine()(1);
    await clock.advanceTo(nineOClock + answerTimeoutMs + 500);
    const waiting = machine()(2);
    await clock.advanceTo(nineOClock + answerTimeoutMs + 1_000);
    expect(enswitch.fired).toHaveLength(1);
    enswitch.connectMs = () => 0;
    enswitch.answerMs = 40;
    expect(await clock.run(Promise.all([probing, waiting]))).toEqual([{ kind: "done" }, { kind: "done" }]);
    expect(enswitch.fired).toHaveLength(4);
  });
});

it("an execution's slots and calls are the business of one pacer, and of no other execution's", async () => {
  const { clock, machine } = await world();
  const told: string[] = [];
  let pacers = 0;
  const recording = (own: Clock): Pacer => {
    const pacer = createPacer(own);
    const name = ++pacers;
    return {
      took: (...taken) => {
        told.push(`slots of ${name}`);
        pacer.took(...taken);
      },
      wait: (...slot) => {
        told.push(`call of ${name}`);
        return pacer.wait(...slot);
      },
    };
  };
  for (const batch of [1, 2]) await clock.run(machine(0, recording)(batch));
  expect(told).toEqual(["slots of 1", "call of 1", "call of 1", "slots of 2", "call of 2", "call of 2"]);
});

it("how fast one execution sends is known where slots are taken and where late calls are let out", async () => {
  const { clock, machine } = await world();
  const known: unknown[] = [];
  const laneRate = 1000;
  const pacerOf: typeof createPacer = (own, told) => {
    known.push(["pacer", told]);
    return createPacer(own, told);
  };
  const send = machine(0, pacerOf, {
    ceiling: 1000,
    laneRate,
    takeSlots: (account, request, now) => {
      known.push(["slots", request.laneRate]);
      return takeSlots(account, request, now);
    },
  });
  await clock.run(send(1));
  expect(known).toEqual([
    ["pacer", laneRate],
    ["slots", laneRate],
  ]);
});

it("an execution gives the slots that its rows missed back to their day, and gets others for them", async () => {
  const { clock, enswitch, machine, batches } = await world();
  let missing = 2;
  const pacerOf: typeof createPacer = (...given) => {
    const pacer = createPacer(...given);
    return { ...pacer, wait: async (...slot) => (missing-- > 0 ? undefined : await pacer.wait(...slot)) };
  };
  const send = machine(0, pacerOf, { dayLimit: { calls: 2, timezone: "UTC" } });
  expect(await clock.run(send(1))).toEqual({ kind: "done" });
  expect((await batches.read("spring", 1))?.outcomes.map(({ status }) => status)).toEqual(["submitted", "submitted"]);
  expect(enswitch.fired).toHaveLength(2);
});

describe("an environment that has seen no answer yet", () => {
  const lost = { kind: "unknown", cause: "The connection broke." } as const;

  it("forgets no calls that others lost just before: the next one puts the account on hold", async () => {
    const { clock, enswitch, machine, account } = await world({ unknownRun: 4 });
    enswitch.answer = () => lost;
    await clock.run(machine()(1));
    expect(enswitch.fired).toHaveLength(1);
    expect((await account.read()).hold).toMatchObject({ step: 1, reason: lost.cause });
  });

  it("does not take the endpoint for one that ever accepted a message: it is paused when none was in six tries", async () => {
    const { clock, enswitch, machine, account } = await world({ probeDue: true, failedProbes: 5 });
    enswitch.answer = () => lost;
    await clock.run(machine()(1));
    expect((await account.read()).pause).toMatchObject({ code: "endpoint" });
  });
});

it("slots are asked for as far ahead as the environment's claims take, so that calls are made at them", async () => {
  const { clock, table, enswitch, machine } = await world();
  const slots: number[] = [];
  const slow: SenderDeps["table"] = {
    ...table,
    update: async (key, change) => {
      if (key.sk.startsWith("batch#")) await clock.sleepUntil(clock.now() + 250);
      return table.update(key, change);
    },
  };
  const send = machine(0, createPacer, {
    table: slow,
    takeSlots: (account, request, now) => {
      const grant = takeSlots(account, request, now);
      if (grant.kind === "slots") slots.push(...grant.slots);
      return grant;
    },
  });
  await clock.run(send(1));
  slots.length = enswitch.fired.length = 0;
  await clock.run(send(2));
  expect(enswitch.fired.map(({ at }) => at)).toEqual(slots);
  expect(slots).toHaveLength(2);
});
