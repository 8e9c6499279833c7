import { describe, expect, it } from "vitest";
import { createAccountStore } from "../../shared/account/account-store.ts";
import type { Credentials } from "../../shared/enswitch/enswitch.ts";
import { type ConcludedCall, createConsequences } from "../../shared/send/consequences.ts";
import { createFlight } from "../../shared/send/flight.ts";
import { running } from "../support/factories.ts";
import { createManualClock, createTokens } from "../support/manual-clock.ts";
import { createMemoryTable } from "../support/memory-table.ts";
import { createRecordedLog, createRecordedQueue } from "../support/recorders.ts";

/** Two executions of one account, each with calls of its own. */
function twoExecutions(
  refresh = async (): Promise<Credentials | undefined> => ({ username: "u", password: "p", version: "v2" }),
) {
  const clock = createManualClock();
  const freshToken = createTokens();
  const table = createMemoryTable();
  const execution = () => {
    const answerStats = { answered: false, accepted: false, answerMs: 0 };
    const flight = createFlight({ clock, consumers: 2, answerStats });
    const account = createAccountStore({ table, clock, freshToken });
    const nudges = createRecordedQueue();
    const { conclude, stops } = createConsequences({
      campaigns: { change: async () => undefined },
      account,
      answerStats,
      flight,
      secret: { refresh },
      nudge: nudges.enqueue,
      clock,
      log: createRecordedLog().log,
    });
    return {
      conclude,
      stops,
      table,
      account,
      answerStats,
      nudges,
      mayFire: (version = "v1") => flight.mayFire(0, version),
    };
  };
  return [execution(), execution()] as const;
}

const doubtful: ConcludedCall = {
  verdict: { kind: "unknown", cause: "HTTP 502" },
  implication: { kind: "unknown", reason: "HTTP 502" },
  campaign: running(),
  epoch: 0,
  used: { username: "u", password: "p", version: "v1" },
  probe: undefined,
  lateMs: 0,
};

const answered: ConcludedCall = {
  ...doubtful,
  verdict: { kind: "submitted", code: 204 },
  implication: { kind: "answered", accepted: true },
};

describe("what calls say of the endpoint", () => {
  it("is that it answers, until one fails: an answer seen before must not reset the account's count", async () => {
    const [{ conclude, answerStats }] = twoExecutions();
    for (const implication of [
      doubtful.implication,
      { kind: "not-sent", reason: "refused", retryAfterMs: undefined } as const,
    ]) {
      await conclude(answered);
      expect(answerStats.answered).toBe(true);
      await conclude({ ...doubtful, implication });
      expect(answerStats.answered).toBe(false);
    }
  });

  it("is that it accepted something once, whatever the answers after that", async () => {
    const [{ conclude, answerStats }] = twoExecutions();
    await conclude(answered);
    await conclude({ ...answered, implication: { kind: "answered", accepted: false } });
    expect(answerStats).toMatchObject({ answered: true, accepted: true });
  });
});

describe("a probe", () => {
  const holding = async ({ account }: ReturnType<typeof twoExecutions>[0]) => {
    const hold = { since: 0, until: 1, step: 1, reason: "silent" };
    await account.change((state) => ({
      account: { ...state, hold, probeDue: true, probe: { token: "p1", leaseUntil: Number.MAX_SAFE_INTEGER } },
      result: undefined,
    }));
  };
  const probe: ConcludedCall = { ...answered, probe: "p1" };

  it("that is accepted, or answered otherwise, ends the hold; only the former shows that sending ever worked", async () => {
    for (const [call, everAccepted] of [
      [probe, true],
      [
        {
          ...probe,
          verdict: { kind: "rejected", code: 400, key: "cnumber", message: "No" },
          implication: { kind: "answered", accepted: false },
        },
        false,
      ],
    ] as const) {
      const [one] = twoExecutions();
      await holding(one);
      await one.conclude(call);
      const after = await one.account.read();
      expect([after.hold, after.probeDue, after.everAccepted]).toEqual([undefined, false, everAccepted]);
    }
  });

  it("that fails says why in the hold that it prolongs", async () => {
    const [one] = twoExecutions();
    await holding(one);
    await one.conclude({ ...probe, verdict: doubtful.verdict, implication: doubtful.implication });
    expect((await one.account.read()).hold).toMatchObject({ step: 2, reason: "HTTP 502" });
  });
});

describe("a probe that is answered", () => {
  const begun = async () => {
    const [one] = twoExecutions();
    await one.account.change((state) => ({
      account: { ...state, probeDue: true, probe: { token: "p1", leaseUntil: Number.MAX_SAFE_INTEGER } },
      result: undefined,
    }));
    return one;
  };

  it("means for the account what any other call's answer means", async () => {
    const one = await begun();
    await one.conclude({
      ...doubtful,
      probe: "p1",
      verdict: { kind: "unprivileged", code: 402, message: "No" },
      implication: { kind: "account", code: "privilege", reason: "No privilege." },
    });
    expect((await one.account.read()).pause).toMatchObject({ code: "privilege", reason: "No privilege." });
  });

  it("with refused credentials has told nothing of the endpoint's messages: the next call is a probe, too", async () => {
    const one = await begun();
    await one.conclude({
      ...doubtful,
      probe: "p1",
      verdict: { kind: "unauthenticated", code: 401, message: "No" },
      implication: { kind: "credentials", reason: "No" },
    });
    const { probe, probeDue, pause } = await one.account.read();
    expect([probe, probeDue, pause]).toEqual([undefined, true, undefined]);
  });
});

describe("credentials that are refused", () => {
  it("pause all sending when there are no others, or none can be read", async () => {
    for (const fresh of [doubtful.used, undefined]) {
      const [{ conclude, account }] = twoExecutions(async () => fresh);
      await conclude({ ...doubtful, implication: { kind: "credentials", reason: "Not Authorised" } });
      expect((await account.read()).pause).toMatchObject({ code: "credentials", secretVersion: "v1" });
    }
  });

  it("make no further call of their execution, and those that replaced them go on at once", async () => {
    const [one, other] = twoExecutions();
    await one.conclude({
      ...doubtful,
      verdict: { kind: "unauthenticated", code: 401, message: "No" },
      implication: { kind: "credentials", reason: "No" },
    });
    expect([one.mayFire("v1"), one.mayFire("v2"), other.mayFire("v1")]).toEqual([false, true, true]);
    expect((await one.account.read()).pause).toBeUndefined();
  });
});

describe("a call in doubt", () => {
  it("that begins a hold has the reporter look once it is over; those after it do not repeat that", async () => {
    const [one] = twoExecutions();
    for (let call = 1; call <= 8; call++) await one.conclude(doubtful);
    expect(one.nudges.calls.map(({ delaySeconds }) => delaySeconds)).toEqual([61]);
    // A call proven not sent, of the time after the hold began, changes the account but not the hold.
    const { epoch } = await one.account.read();
    await one.conclude({
      ...doubtful,
      epoch,
      implication: { kind: "not-sent", reason: "refused", retryAfterMs: undefined },
    });
    expect((await one.account.read()).notSentRun).toBe(1);
    expect(one.nudges.calls).toHaveLength(1);
  });

  it("stops the execution that makes it five in a row", async () => {
    const [one] = twoExecutions();
    for (let call = 1; call <= 4; call++) await one.conclude(doubtful);
    expect(one.mayFire()).toBe(true);
    await one.conclude(doubtful);
    expect(one.mayFire()).toBe(false);
    expect((await one.account.read()).hold).toMatchObject({ step: 1, reason: "HTTP 502" });
  });

  it("tells its execution of the hold that another's calls began, so that each need not fail five times", async () => {
    const [one, other] = twoExecutions();
    for (let call = 1; call <= 5; call++) await one.conclude(doubtful);
    expect(other.mayFire()).toBe(true);
    await other.conclude(doubtful);
    expect(other.mayFire()).toBe(false);
    expect((await one.account.read()).hold).toMatchObject({ step: 1 });
  });
});

describe("an endpoint that leaves calls waiting", () => {
  it("is not held before a pause that is being written: the hold would make it void", async () => {
    const [one] = twoExecutions();
    const { update } = one.table;
    const gate = Promise.withResolvers<void>();
    one.table.update = async (...request) => {
      one.table.update = update;
      await gate.promise;
      return update(...request);
    };
    const pausing = one.conclude({
      ...doubtful,
      verdict: { kind: "unprivileged", code: 402, message: "No" },
      implication: { kind: "account", code: "privilege", reason: "No privilege." },
    });
    const stopping = one.stops(0);
    for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
    gate.resolve();
    await Promise.all([pausing, stopping]);
    expect((await one.account.read()).pause).toMatchObject({ code: "privilege" });
  });

  it("gets no more of them from this execution at once, also where the account cannot be told", async () => {
    const [one, other] = twoExecutions();
    one.table.fault = () => "unreachable";
    const telling = one.stops(0);
    expect([one.mayFire(), other.mayFire()]).toEqual([false, true]);
    await expect(telling).rejects.toThrow("cannot be reached");
    one.table.fault = () => undefined;
    await one.stops(0);
    expect((await one.account.read()).hold).toMatchObject({ step: 1, reason: "Enswitch leaves calls unanswered" });
  });
});
