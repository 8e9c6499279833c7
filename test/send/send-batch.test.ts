import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Account } from "../../shared/account/account.ts";
import { createAccountStore } from "../../shared/account/account-store.ts";
import { createPacer } from "../../shared/account/pacer.ts";
import { createThrottle } from "../../shared/account/throttle.ts";
import type { CommittedCampaign } from "../../shared/campaign/campaign.ts";
import { createCampaigns } from "../../shared/campaign/campaigns.ts";
import { createControl } from "../../shared/campaign/control.ts";
import type { Verdict } from "../../shared/enswitch/verdict.ts";
import { batchKey } from "../../shared/ledger/batch-item.ts";
import { createBatches } from "../../shared/ledger/batches.ts";
import { createLaterOptOuts } from "../../shared/opt-outs/later-opt-outs.ts";
import { createRecentDecisions } from "../../shared/opt-outs/recent-opt-outs.ts";
import type { BatchMessage } from "../../shared/plan/plan.ts";
import { createClaimLead } from "../../shared/send/claim-lead.ts";
import { type ClaimWindow, createClaimWindow } from "../../shared/send/claim-window.ts";
import { createFlight, type Flight } from "../../shared/send/flight.ts";
import { createSendBatch } from "../../shared/send/send-batch.ts";
import { batchMessage, open, running, sendRow, submitted } from "../support/factories.ts";
import { accepted, createFakeEnswitch } from "../support/fake-enswitch.ts";
import { createManualClock, createTokens, nineOClock } from "../support/manual-clock.ts";
import { createMemoryTable, faultFor } from "../support/memory-table.ts";
import { createRecordedLog, createRecordedMetrics, createRecordedQueue } from "../support/recorders.ts";

const deadline = nineOClock + 90_000;
const ceiling = 10;

/** One execution of a sender over a ledger that has a running campaign and an account in use. */
const world = async (
  changes: Partial<CommittedCampaign> = {},
  accountChanges: Partial<Account> = {},
  {
    leaseSlackMs = 5_000,
    flight = {} as Partial<Flight>,
    noteEveryMs = undefined as number | undefined,
    claimWindow = undefined as ClaimWindow | undefined,
    afterOthersMs = undefined as number | undefined,
    callsPerDay = undefined as number | undefined,
  } = {},
) => {
  const clock = createManualClock();
  const table = createMemoryTable();
  const freshToken = createTokens();
  const campaigns = createCampaigns(table);
  const batches = createBatches({ table, clock, freshToken });
  const account = createAccountStore({ table, clock, freshToken });
  const enswitch = createFakeEnswitch(clock);
  const nudges = createRecordedQueue();
  const { log, lines } = createRecordedLog();
  const { metrics, sums } = createRecordedMetrics();
  const secret = {
    stored: { username: "u", password: "secret-1", version: "1" } as
      | { username: string; password: string; version: string }
      | undefined,
    cached: undefined as { username: string; password: string; version: string } | undefined,
    refreshes: 0,
    current: async () => {
      secret.cached ??= secret.stored;
      return secret.cached;
    },
    refresh: async () => {
      secret.refreshes++;
      secret.cached = secret.stored;
      return secret.cached;
    },
  };
  const campaign = running(changes);
  await campaigns.create(campaign, undefined);
  await account.change((state) => ({
    account: { ...state, nextFreeAt: nineOClock, everAccepted: true, ...accountChanges },
    result: undefined,
  }));

  const dayLimit = callsPerDay === undefined ? undefined : { calls: callsPerDay, timezone: "UTC" };
  const execution = () => {
    const answerStats = { answered: false, accepted: false, answerMs: 0 };
    const unused: number[] = [];
    const store = createAccountStore({ table, clock, freshToken });
    const pacer = createPacer(clock);
    return createSendBatch({
      campaigns,
      batches,
      account: store,
      laterOptOuts: createLaterOptOuts({ table }),
      throttle: createThrottle({
        account: store,
        clock,
        freshToken,
        ceiling,
        dayLimit,
        laneRate: undefined,
        probeLeaseMs: 35_000,
        answerStats,
        unused,
        pacer,
      }),
      answerStats,
      unused,
      pacer,
      flight: { ...createFlight({ clock, consumers: 2, answerStats }), ...flight },
      claimLead: createClaimLead(),
      claimWindow: claimWindow ?? createClaimWindow(clock),
      enswitch,
      secret,
      nudge: nudges.enqueue,
      clock,
      metrics,
      log,
      ceiling,
      dayLimit,
      answerTimeoutMs: 20_000,
      leaseSlackMs,
      noteEveryMs,
      afterOthersMs,
    });
  };
  const send = execution();
  const control = createControl({ campaigns, account, nudge: nudges.enqueue, clock, by: "anna", ceiling });

  return {
    clock,
    table,
    campaigns,
    batches,
    account,
    enswitch,
    nudges,
    lines,
    sums,
    secret,
    control,
    execution,
    handle: (message: BatchMessage | string, receiveCount = 1, by = send) =>
      clock.run(by(typeof message === "string" ? message : JSON.stringify(message), receiveCount, deadline)),
    now: async () => {
      const found = await campaigns.read("spring", { consistent: true });
      if (found === undefined || found.state === "refused") throw new Error("The campaign is gone.");
      return found;
    },
    statuses: async (batch = 1) =>
      ((await batches.read("spring", batch))?.outcomes ?? []).map(({ row, status }) => [row, status]),
    /** Has something happen between the next claim and what follows it. */
    afterClaim: (act: () => Promise<unknown>) => {
      const update = table.update;
      table.update = async (key, change) => {
        const after = await update(key, change);
        if (key.sk.startsWith("batch#")) {
          table.update = update;
          await act();
        }
        return after;
      };
    },
    fired: () => enswitch.fired.map(({ cnumber }) => Number(cnumber.slice(4))),
  };
};

const done = { kind: "done" };

/** A world, and a way to change the campaign's options in it. */
interface World extends Awaited<ReturnType<typeof world>> {
  change(options: CommittedCampaign["options"]): Promise<unknown>;
}

/** A world in which so many calls a day may be made, and two have been: a slot that is given back twice is one of theirs. */
const afterTwoCalls = async (callsPerDay: number) => {
  const sent = await world({}, {}, { callsPerDay });
  await sent.handle(batchMessage(3));
  expect((await sent.account.read()).day).toMatchObject({ used: 2 });
  return sent;
};

/** Opts numbers out in the ledger, as `noteDecisions` does once they are on the list. */
const optOut = async ({ table, account }: Pick<World, "table" | "account">, ...rows: readonly number[]) => {
  const decisions = rows.map((row) => ({
    number: `+${sendRow(row).cnumber}`,
    at: nineOClock,
    word: "STOP",
    id: `${row}`,
  }));
  const { sequence } = await createRecentDecisions({ table }).add(decisions);
  await account.change((state) => ({ account: { ...state, optOuts: { sequence } }, result: undefined }));
};

it("what batches of one execution count is written with the first of them and when all are over", async () => {
  const { clock, execution, table, now } = await world();
  const send = execution();
  table.calls.length = 0;
  await clock.run(Promise.all([1, 2, 3].map((batch) => send(JSON.stringify(batchMessage(batch)), 1, deadline))));
  expect(table.calls.filter(({ method, key }) => method === "update" && key.pk === "campaigns")).toHaveLength(2);
  expect((await now()).tally).toMatchObject({ submitted: 6 });
});

describe("a batch", () => {
  it("has a record for as long as its campaign says; of an older version's campaign, until that must be closed", async () => {
    const until = nineOClock + 104 * 86_400_000;
    for (const [itemsUntil, expected] of [
      [undefined, nineOClock + 90 * 86_400_000],
      [until, until],
    ]) {
      const { handle, table } = await world({ itemsUntil });
      await handle(batchMessage(1));
      expect(table.item({ pk: "spring", sk: "batch#0000001" })).toMatchObject({ expiresAt: Number(expected) / 1000 });
    }
  });

  it("fires each row once at its slot, and records all before it is done", async () => {
    const { handle, fired, enswitch, batches, now, sums } = await world();
    expect(await handle(batchMessage(1))).toEqual(done);
    expect(fired()).toEqual([1, 2]);
    expect(enswitch.fired.map(({ at }) => at - nineOClock)).toEqual([200, 300]);
    expect(await batches.read("spring", 1)).toMatchObject({
      state: "done",
      prev: 0,
      rows: 2,
      outcomes: [submitted(1, { at: nineOClock + 200 }), submitted(2, { at: nineOClock + 300 })],
    });
    expect((await now()).tally).toMatchObject({ submitted: 2, recentCalls: 2, lastRecordAt: nineOClock + 340 });
    expect(sums.get("Submitted")).toBe(2);
  });

  it("that is noted on the way leaves only rows in doubt that were not answered, should its sender die", async () => {
    const { clock, batches, execution, fired } = await world({}, {}, { noteEveryMs: 50 });
    const message = batchMessage(1, { rows: [1, 2, 3, 4, 5].map((row) => sendRow(row)) });
    const sending = execution()(JSON.stringify(message), 1, deadline);
    // Rows are fired every 100 ms from 200 ms on, and answered after 40 ms.
    await clock.advance(420);
    const item = await batches.read("spring", 1);
    expect(fired()).toEqual([1, 2, 3]);
    expect(item).toMatchObject({ state: "claimed", firing: [3, 4, 5] });
    expect(item?.outcomes.map(({ row, status }) => [row, status])).toEqual([
      [1, "submitted"],
      [2, "submitted"],
    ]);
    expect(await clock.run(sending)).toEqual(done);
    expect(await batches.read("spring", 1)).toMatchObject({ state: "done", outcomes: { length: 5 } });
  });

  it("is written twice where nothing is noted on the way: claimed, and recorded", async () => {
    const { clock, table, execution } = await world();
    const message = batchMessage(1, { rows: [1, 2, 3, 4, 5].map((row) => sendRow(row)) });
    await clock.run(execution()(JSON.stringify(message), 1, deadline));
    expect(table.calls.filter(({ method, key }) => method === "update" && key.pk === "spring")).toHaveLength(2);
  });

  it("is not read before its first claim, which would be the first to know of it", async () => {
    const { handle, table } = await world();
    const read = async (batch: number, receiveCount: number) => {
      table.calls.length = 0;
      await handle(batchMessage(batch), receiveCount);
      return table.calls.filter(({ method, key }) => method === "get" && key.sk.startsWith("batch#")).length;
    };
    expect(await read(1, 1)).toBe(0);
    expect(await read(2, 2)).toBe(1);
  });

  it("needs no list of opt-outs where nobody has opted out", async () => {
    const { handle, table } = await world();
    table.calls.length = 0;
    expect(await handle(batchMessage(1))).toEqual(done);
    const read = table.calls.filter(({ method }) => method === "get").map(({ key }) => key.pk);
    expect(new Set(read)).toEqual(new Set(["campaigns", "account"]));
  });

  it("that is done already is acknowledged and fires nothing", async () => {
    const { handle, fired } = await world();
    await handle(batchMessage(1));
    expect(await handle(batchMessage(1), 2)).toEqual(done);
    // Even a copy that is received for the first time finds the claim impossible.
    expect(await handle(batchMessage(1), 1)).toEqual(done);
    expect(fired()).toEqual([1, 2]);
  });

  it("that is done already takes no slot when it is fed again", async () => {
    const { handle, account } = await world({ pass: 2 });
    await handle(batchMessage(1, { pass: 2 }));
    const { nextFreeAt } = await account.read();
    expect(await handle(batchMessage(1, { pass: 2 }), 1)).toEqual(done);
    expect((await account.read()).nextFreeAt).toBe(nextFreeAt);
  });

  it("is looked at again only once it is claimed, when the one before it ended well a moment ago", async () => {
    const { handle, table, fired } = await world();
    const looks = () => table.calls.filter(({ method, key }) => method === "get" && key.pk === "campaigns").length;
    await handle(batchMessage(1));
    const before = looks();
    await handle(batchMessage(2));
    expect(fired()).toEqual([1, 2, 3, 4]);
    expect(looks() - before).toBe(1);
  });

  it("handled by two executions at once fires each row once", async () => {
    const { clock, execution, handle, fired } = await world();
    const [one, other] = await Promise.all([handle(batchMessage(1)), handle(batchMessage(1), 1, execution())]);
    expect([one?.kind, other?.kind].toSorted()).toEqual(["done", "give-back"]);
    expect(fired().toSorted()).toEqual([1, 2]);
    expect(clock.now()).toBeLessThan(deadline);
  });

  it("claimed by another with a live lease is given back for as long, some seconds at most", async () => {
    const { handle, batches, fired } = await world();
    const request = { campaign: "spring", batch: 1, prev: 0, rows: 2, firing: [1, 2], expiresAt: deadline };
    await batches.claim({ ...request, leaseUntil: nineOClock + 4_000 }, undefined);
    expect(await handle(batchMessage(1), 2)).toEqual({ kind: "give-back", afterMs: 5_000 });
    await batches.claim({ ...request, batch: 2, leaseUntil: nineOClock + 400_000 }, undefined);
    expect(await handle(batchMessage(2), 2)).toEqual({ kind: "give-back", afterMs: 10_000 });
    expect(fired()).toEqual([]);
  });

  it("whose holder died is settled: its rows are in doubt and never fired again", async () => {
    const { clock, handle, batches, fired, statuses } = await world();
    await batches.claim(
      {
        campaign: "spring",
        batch: 1,
        prev: 0,
        rows: 2,
        firing: [1],
        leaseUntil: nineOClock + 4_000,
        expiresAt: deadline,
      },
      undefined,
    );
    await clock.advance(4_001);
    expect(await handle(batchMessage(1), 2)).toEqual(done);
    expect(await statuses()).toEqual([
      [1, "unknown"],
      [2, "submitted"],
    ]);
    expect(fired()).toEqual([2]);
  });

  it("whose holder died, and that another settled first, is read again: done by then, it takes no slot", async () => {
    const { clock, table, handle, batches, fired, account } = await world();
    const leaseUntil = nineOClock + 4_000;
    const request = { campaign: "spring", batch: 1, prev: 0, rows: 2, firing: [1, 2], leaseUntil, expiresAt: deadline };
    await batches.claim(request, undefined);
    await clock.advance(4_001);
    const { update } = table;
    table.update = async (key, change) => {
      table.update = update;
      const item = await batches.read("spring", 1);
      if (item?.state === "claimed") await batches.settle("spring", item);
      return update(key, change);
    };
    table.calls.length = 0;
    expect(await handle(batchMessage(1), 2)).toEqual(done);
    expect([fired(), (await account.read()).nextFreeAt]).toEqual([[], nineOClock]);
    expect(table.calls.filter(({ change }) => change?.set?.["state"] === "claimed")).toEqual([]);
  });

  it("asks whether there is room for a call at the account's own rate, not at the stack's", async () => {
    const rates: number[] = [];
    const hasRoom = (rate: number) => rates.push(rate) > 0;
    const { handle } = await world({}, { rate: 2 }, { flight: { hasRoom } });
    expect(await handle(batchMessage(1))).toEqual(done);
    expect(new Set(rates)).toEqual(new Set([2]));
  });

  it("fires only the rows that were proven unsent before", async () => {
    const { handle, batches, fired, statuses } = await world();
    const request = { campaign: "spring", batch: 1, prev: 0, rows: 2, firing: [1, 2], expiresAt: deadline };
    const result = await batches.claim({ ...request, leaseUntil: deadline }, undefined);
    if (result.kind !== "claimed") throw new Error(result.kind);
    await batches.record(result.claim, [submitted(1), open(2)]);
    expect(await handle(batchMessage(1), 2)).toEqual(done);
    expect(fired()).toEqual([2]);
    expect(await statuses()).toEqual([
      [1, "submitted"],
      [2, "submitted"],
    ]);
  });

  it("of another pass, another run, or no campaign is acknowledged", async () => {
    const { handle, fired, table } = await world({ pass: 2 });
    for (const stale of [{ pass: 1 }, { pass: 3 }, { pass: 2, run: "r0" }, { pass: 2, campaign: "summer" }])
      expect(await handle(batchMessage(1, stale))).toEqual(done);
    expect(fired()).toEqual([]);
    expect(table.calls.filter(({ key, method }) => method === "update" && key.sk.startsWith("batch#"))).toEqual([]);
  });

  it("records rows suppressed since the plan as skipped, without a call", async () => {
    const { handle, fired, statuses, now } = await world();
    const skipped = [{ row: 1, detail: "on the suppression list suppression/stop.csv" }];
    expect(await handle(batchMessage(1, { rows: [sendRow(2)], skipped }))).toEqual(done);
    expect(fired()).toEqual([2]);
    expect(await statuses()).toEqual([
      [1, "skipped"],
      [2, "submitted"],
    ]);
    expect((await now()).tally).toMatchObject({ submitted: 1, skipped: 1, recentCalls: 1 });
  });

  it("of suppressed rows alone is done without a slot", async () => {
    const { handle, account, batches } = await world();
    const skipped = [1, 2].map((row) => ({ row, detail: "on a list" }));
    const before = (await account.read()).nextFreeAt;
    expect(await handle(batchMessage(1, { rows: [], skipped }))).toEqual(done);
    expect(await batches.read("spring", 1)).toMatchObject({ state: "done" });
    expect((await account.read()).nextFreeAt).toBe(before);
  });

  it("says failed of a row whose attachment is gone, and sends the others", async () => {
    const { handle, fired, batches, enswitch } = await world();
    enswitch.missing.add("attachments/offer.pdf");
    const files = [{ filename: "offer.pdf", attachment: "attachments/offer.pdf" }];
    expect(await handle(batchMessage(1, { rows: [sendRow(1, { files }), sendRow(2)] }))).toEqual(done);
    expect(fired()).toEqual([2]);
    expect((await batches.read("spring", 1))?.outcomes[0]).toMatchObject({
      status: "failed",
      key: "file",
      detail: expect.stringContaining("attachments/offer.pdf"),
      attempts: 0,
    });
  });

  it("that can no longer be sent before the deadline is given back unfired", async () => {
    const { clock, handle, fired } = await world();
    await clock.advanceTo(deadline - 20_000);
    expect(await handle(batchMessage(1))).toMatchObject({ kind: "give-back" });
    expect(fired()).toEqual([]);
  });

  it("whose first slot is too far away is given back until then", async () => {
    const { handle, fired } = await world({}, { nextFreeAt: nineOClock + 80_000 });
    expect(await handle(batchMessage(1))).toEqual({ kind: "give-back", afterMs: 79_000 });
    expect(fired()).toEqual([]);
  });
});

describe("the window of claims", () => {
  /** A window that lets everybody in, and what it was told. */
  const recorded = () => {
    const told: string[] = [];
    const claimWindow: ClaimWindow = {
      place: () => ({
        enter: async () => {
          told.push("enters");
          return true;
        },
        granted: () => void told.push("has slots"),
        leave: (usefully) => void told.push(usefully === undefined ? "leaves" : `leaves, useful: ${usefully}`),
        [Symbol.dispose]: () => void told.push("is over"),
      }),
    };
    return { told, claimWindow };
  };

  it("is told of a batch that has its slots, and that its claim was of use", async () => {
    const { told, claimWindow } = recorded();
    const { handle } = await world({}, {}, { claimWindow });
    expect(await handle(batchMessage(1))).toEqual(done);
    expect(told).toEqual(["leaves", "enters", "has slots", "leaves, useful: true", "is over"]);
  });

  it("is told of a probe that its claim was of use, however late it was", async () => {
    const { told, claimWindow } = recorded();
    const { handle, enswitch } = await world({}, { probeDue: true }, { claimWindow });
    enswitch.connectMs = (cnumber) => (cnumber.endsWith("1") ? 900 : 0);
    expect(await handle(batchMessage(1))).toEqual(done);
    expect(told.filter((each) => each.startsWith("leaves, "))).toEqual([
      "leaves, useful: true",
      "leaves, useful: true",
    ]);
  });

  it("is told of a claim for nothing", async () => {
    const { told, claimWindow } = recorded();
    const { handle, enswitch } = await world({}, {}, { claimWindow });
    enswitch.connectMs = () => 150;
    await handle(batchMessage(1));
    expect(told.slice(0, 4)).toEqual(["leaves", "enters", "has slots", "leaves, useful: false"]);
  });

  it("is left by a batch that gets no slots", async () => {
    const { told, claimWindow } = recorded();
    const probe = { token: "another", leaseUntil: nineOClock + 60_000 };
    const { handle } = await world({}, { probe }, { claimWindow });
    expect(await handle(batchMessage(1))).toMatchObject({ kind: "give-back" });
    expect(told).toContain("enters");
    expect(told).not.toContain("has slots");
    expect(told.filter((each) => each === "leaves")).toHaveLength(2 * told.filter((each) => each === "enters").length);
  });
});

describe("a message that is not a batch", () => {
  it("is acknowledged with a line in the log, whatever it is", async () => {
    const { handle, lines, table } = await world();
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.json(), fc.string()), async (body) => {
        table.calls.length = 0;
        expect(await handle(body)).toEqual(done);
        expect(table.calls).toEqual([]);
      }),
      { numRuns: 60 },
    );
    expect(lines.every((line) => line.startsWith("error: A message in the batches queue is not a batch"))).toBe(true);
  });

  it("of a later format is acknowledged; its text is not in the log", async () => {
    const { handle, lines } = await world();
    const { v: _v, ...rest } = batchMessage(1);
    expect(await handle(JSON.stringify({ v: 2, ...rest }))).toEqual(done);
    expect(lines.join()).not.toContain("Hello");
  });
});

describe("a pass that meets a closed door is parked and its messages acknowledged", () => {
  const pause = { code: "person" as const, reason: "Paused.", at: nineOClock };
  const hold = { since: nineOClock, until: nineOClock + 60_000, step: 1, reason: "silent" };
  const window = { from: "10:00", to: "12:00", timezone: "UTC" };

  it.each<[string, Partial<CommittedCampaign>, Partial<Account>]>([
    ["the campaign is paused", { state: "paused", pause }, {}],
    ["the account is paused", {}, { pause }],
    ["the account is on hold", {}, { hold }],
    ["the campaign's window is closed", { options: { window } }, {}],
    ["the stack's window is closed", { defaults: { window } }, {}],
    ["sendAfter has not come", { options: { sendAfter: "2026-03-02T10:00:00Z" } }, {}],
    ["sendBefore has passed", { options: { sendBefore: "2026-03-02T08:00:00Z" } }, {}],
  ])("when %s", async (_when, campaign, account) => {
    const { handle, fired, now } = await world(campaign, account);
    expect(await handle(batchMessage(1))).toEqual(done);
    expect((await now()).parked).toBe(1);
    expect(fired()).toEqual([]);
  });

  it("also when an earlier pass was parked", async () => {
    const { handle, now } = await world({ state: "paused", pause, pass: 2, parked: 1 });
    expect(await handle(batchMessage(1, { pass: 2 }))).toEqual(done);
    expect((await now()).parked).toBe(2);
  });

  it("but a campaign that is over is left alone", async () => {
    const { handle, now } = await world({ state: "ending", end: { why: "cancelled", at: nineOClock } });
    expect(await handle(batchMessage(1))).toEqual(done);
    expect((await now()).parked).toBeUndefined();
  });

  it("and a later pass is not parked by a message of an earlier one", async () => {
    const { handle, now, campaigns, table } = await world({ state: "paused", pause });
    // The campaign is resumed after the message looked and before it parks.
    const update = table.update;
    table.update = async (key, change) => {
      if (key.pk === "campaigns" && change.set?.["parked"] !== undefined) {
        table.update = update;
        await campaigns.change(await now(), {}, { state: "running", pause: undefined, pass: 2 });
      }
      return update(key, change);
    };
    expect(await handle(batchMessage(1))).toEqual(done);
    expect(await now()).toMatchObject({ pass: 2, state: "running" });
    expect((await now()).parked).toBeUndefined();
  });
});

describe("credentials", () => {
  const refuse = ({ password }: { password: string }): Verdict =>
    password === "secret-1" ? { kind: "unauthenticated", code: 401, message: "No" } : { kind: "submitted", code: 204 };

  it("that were rotated are read afresh, and the batch goes on with the new ones", async () => {
    const { handle, enswitch, secret, account, statuses } = await world();
    enswitch.answer = refuse;
    await secret.current();
    secret.stored = { username: "u", password: "secret-2", version: "2" };
    expect(await handle(batchMessage(1))).toEqual(done);
    expect(await statuses()).toEqual([
      [1, "submitted"],
      [2, "submitted"],
    ]);
    expect((await account.read()).pause).toBeUndefined();
    expect(enswitch.fired.filter(({ password }) => password === "secret-1")).toHaveLength(1);
  });

  it("that are refused pause the account after one call, and no row is lost", async () => {
    const { handle, enswitch, account, statuses, now, secret } = await world();
    enswitch.answer = refuse;
    expect(await handle(batchMessage(1))).toEqual(done);
    expect(enswitch.fired).toHaveLength(1);
    // The second row's call was not even begun.
    expect(enswitch.begun).toBe(1);
    expect(secret.refreshes).toBe(1);
    expect((await account.read()).pause).toMatchObject({ code: "credentials", secretVersion: "1" });
    expect(await statuses()).toEqual([[1, "open"]]);
    expect((await now()).parked).toBe(1);
  });

  it("that are not set pause the account without a call", async () => {
    const { handle, enswitch, account, secret, now } = await world();
    secret.stored = undefined;
    expect(await handle(batchMessage(1))).toEqual(done);
    expect(enswitch.fired).toEqual([]);
    const { pause } = await account.read();
    expect(pause).toMatchObject({ code: "credentials" });
    expect(pause?.secretVersion).toBeUndefined();
    expect((await now()).parked).toBe(1);
  });

  it("that are refused after a person resumed do not pause the account again", async () => {
    const { handle, enswitch, control, clock, account, secret } = await world();
    enswitch.answerMs = 5_000;
    enswitch.answer = refuse;
    await secret.current();
    const sending = handle(batchMessage(1, { rows: [sendRow(1)] }));
    await clock.advance(1_000);
    await control.pauseAccount();
    await control.resumeAccount();
    secret.stored = { username: "u", password: "secret-2", version: "2" };
    await sending;
    expect((await account.read()).pause).toBeUndefined();
  });
});

describe("an answer that stops more than its row", () => {
  it("402 pauses the account", async () => {
    const { handle, enswitch, account, fired, now } = await world();
    enswitch.answer = () => ({ kind: "unprivileged", code: 402, message: "No" });
    expect(await handle(batchMessage(1))).toEqual(done);
    expect((await account.read()).pause?.code).toBe("privilege");
    expect(fired()).toEqual([1]);
    expect((await now()).parked).toBe(1);
  });

  it("400 about what every row has pauses the campaign; the account goes on", async () => {
    const { handle, enswitch, account, now, fired, statuses } = await world();
    enswitch.answer = () => ({ kind: "rejected", code: 400, key: "snumber", message: "Unknown number" });
    expect(await handle(batchMessage(1))).toEqual(done);
    expect(await now()).toMatchObject({ state: "paused", pause: { code: "parameter" }, parked: 1 });
    expect((await account.read()).pause).toBeUndefined();
    expect(fired()).toEqual([1]);
    expect(await statuses()).toEqual([[1, "open"]]);
  });

  it("400 about what every row has does not take back a cancel that came first", async () => {
    const { handle, enswitch, clock, control, now } = await world();
    enswitch.answerMs = 5_000;
    enswitch.answer = () => ({ kind: "rejected", code: 400, key: "snumber", message: "Unknown number" });
    const sending = handle(batchMessage(1));
    await clock.advance(1_000);
    await control.cancel("spring");
    expect(await sending).toEqual(done);
    expect(await now()).toMatchObject({ state: "ending", end: { why: "cancelled" } });
  });

  it("400 about what every row has takes back a call that is waiting for its connection", async () => {
    const { handle, enswitch, fired } = await world();
    enswitch.answerMs = 120;
    enswitch.connectMs = (cnumber) => (cnumber.endsWith("2") ? 50 : 0);
    enswitch.answer = () => ({ kind: "rejected", code: 400, key: "snumber", message: "Unknown number" });
    await handle(batchMessage(1));
    expect(enswitch.begun).toBe(2);
    expect(fired()).toEqual([1]);
  });

  it("400 about the row's own number stops nothing", async () => {
    const { handle, enswitch, statuses, now } = await world();
    enswitch.answer = ({ cnumber }) =>
      cnumber.endsWith("1")
        ? { kind: "rejected", code: 400, key: "cnumber", message: "Invalid" }
        : { kind: "submitted", code: 204 };
    expect(await handle(batchMessage(1))).toEqual(done);
    expect(await statuses()).toEqual([
      [1, "failed"],
      [2, "submitted"],
    ]);
    expect((await now()).state).toBe("running");
  });

  it("not sent moves the slots away and the same row is fired again, until it is taken", async () => {
    const { handle, enswitch, batches } = await world();
    let left = 2;
    enswitch.answer = () => (left-- > 0 ? { kind: "not-sent", cause: "refused" } : { kind: "submitted", code: 204 });
    expect(await handle(batchMessage(1, { rows: [sendRow(1)] }))).toEqual(done);
    const times = enswitch.fired.map(({ at }) => at);
    expect(times).toHaveLength(3);
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(1_000);
    expect((await batches.read("spring", 1))?.outcomes).toMatchObject([{ status: "submitted", attempts: 3 }]);
  });

  it("five unknown in a row hold, the reporter is told when to look, and the rows stay in doubt", async () => {
    const { handle, enswitch, account, nudges, batches } = await world({ batchRows: 10 });
    enswitch.answer = () => ({ kind: "unknown", cause: "connection reset" });
    const rows = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((row) => sendRow(row));
    expect(await handle(batchMessage(1, { rows }))).toEqual(done);
    expect((await account.read()).hold).toMatchObject({ step: 1, reason: "connection reset" });
    const hint = nudges.calls.find(({ delaySeconds }) => delaySeconds !== undefined);
    expect(hint?.delaySeconds).toBe(61);
    const unknown = (await batches.read("spring", 1))?.outcomes.filter(({ status }) => status === "unknown") ?? [];
    expect(unknown).toHaveLength(enswitch.fired.length);
    expect(unknown.length).toBeLessThanOrEqual(6);
  });

  it("calls that surely hang hold the account before another is made", async () => {
    const { handle, enswitch, account, now } = await world({}, {}, { flight: { surelyHangs: () => true } });
    expect(await handle(batchMessage(1))).toEqual(done);
    expect((await account.read()).hold).toMatchObject({ reason: "Enswitch leaves calls unanswered" });
    expect([enswitch.begun, (await now()).parked]).toEqual([0, 1]);
  });

  it("answers that stay away hold before they time out; no more than a few rows are in doubt", async () => {
    const { handle, enswitch, account } = await world({ batchRows: 25 });
    enswitch.answerMs = 20_000;
    enswitch.answer = () => ({ kind: "unknown", cause: "no answer within 20 s" });
    const sends = [1, 2, 3].map((batch) =>
      handle(batchMessage(batch, { rows: [1, 2, 3, 4, 5].map((row) => sendRow((batch - 1) * 5 + row)) })),
    );
    await Promise.all(sends);
    expect((await account.read()).hold).toBeDefined();
    expect(enswitch.fired.length).toBeLessThanOrEqual(6);
  });
});

describe("a probe", () => {
  it("is fired alone on an idle account; when it is accepted the rest follows", async () => {
    const { handle, enswitch, account, statuses } = await world({}, { nextFreeAt: 0 });
    enswitch.answerMs = 500;
    expect(await handle(batchMessage(1))).toEqual(done);
    expect((enswitch.fired[1]?.at ?? 0) - (enswitch.fired[0]?.at ?? 0)).toBeGreaterThan(500);
    expect(await statuses()).toEqual([
      [1, "submitted"],
      [2, "submitted"],
    ]);
    expect(await account.read()).toMatchObject({ probeDue: false, everAccepted: true });
  });

  it("under way elsewhere makes others give their messages back after a few seconds", async () => {
    const { handle, fired } = await world({}, { probe: { token: "theirs", leaseUntil: nineOClock + 35_000 } });
    expect(await handle(batchMessage(1))).toEqual({ kind: "give-back", afterMs: 2_000 });
    expect(fired()).toEqual([]);
  });

  it("under way elsewhere has an execution read afresh what it knew before, so that a pause is seen at once", async () => {
    const { clock, handle, control, now } = await world(
      {},
      { probe: { token: "theirs", leaseUntil: nineOClock + 35_000 } },
    );
    expect(await handle(batchMessage(1))).toMatchObject({ kind: "give-back" });
    await control.pause("spring");
    const before = clock.now();
    expect(await handle(batchMessage(1), 2)).toEqual(done);
    expect([clock.now(), (await now()).parked]).toEqual([before, 1]);
  });

  it("that fails holds for longer, by itself", async () => {
    const hold = { since: nineOClock - 60_000, until: nineOClock - 1, step: 1, reason: "silent" };
    const { handle, enswitch, account, fired, now } = await world({}, { hold, probeDue: true });
    enswitch.answer = () => ({ kind: "unknown", cause: "reset" });
    expect(await handle(batchMessage(1))).toEqual(done);
    expect(fired()).toEqual([1]);
    expect((await account.read()).hold).toMatchObject({ step: 2, since: hold.since });
    expect((await now()).parked).toBe(1);
  });

  it("answered 400 about what every row has opens the rate for the other campaigns", async () => {
    const { handle, enswitch, account } = await world({}, { probeDue: true });
    enswitch.answer = () => ({ kind: "rejected", code: 400, key: "snumber", message: "Unknown number" });
    expect(await handle(batchMessage(1))).toEqual(done);
    expect(await account.read()).toMatchObject({ probeDue: false, everAccepted: true });
  });

  it("is released when its row has nothing to send: its attachment is gone", async () => {
    const { handle, enswitch, statuses, clock } = await world({}, { probeDue: true });
    enswitch.missing.add("attachments/offer.pdf");
    const files = [{ filename: "offer.pdf", attachment: "attachments/offer.pdf" }];
    expect(await handle(batchMessage(1, { rows: [sendRow(1, { files }), sendRow(2)] }))).toEqual(done);
    expect(await statuses()).toEqual([
      [1, "failed"],
      [2, "submitted"],
    ]);
    expect(clock.now() - nineOClock).toBeLessThan(3_000);
  });

  it("is released when its batch was claimed by another", async () => {
    const { handle, batches, account, fired } = await world({}, { probeDue: true });
    const request = { campaign: "spring", batch: 1, prev: 0, rows: 2, firing: [1, 2], expiresAt: deadline };
    await batches.claim({ ...request, leaseUntil: deadline }, undefined);
    expect(await handle(batchMessage(1))).toMatchObject({ kind: "give-back" });
    expect(fired()).toEqual([]);
    expect((await account.read()).probe).toBeUndefined();
  });

  it("is released when its campaign was paused before its call", async () => {
    const { handle, account, fired, now, afterClaim, control } = await world({}, { probeDue: true });
    afterClaim(() => control.pause("spring"));
    expect(await handle(batchMessage(1))).toEqual(done);
    expect(fired()).toEqual([]);
    expect((await account.read()).probe).toBeUndefined();
    expect((await now()).parked).toBe(1);
  });

  it("is released, and nothing is claimed, when the machine slept past the deadline", async () => {
    const { handle, enswitch, clock, account, batches, fired } = await world({}, { probeDue: true });
    const { prepare } = enswitch;
    enswitch.prepare = async (...call) => {
      await clock.sleepUntil(deadline + 1);
      return prepare(...call);
    };
    expect(await handle(batchMessage(1))).toEqual({ kind: "give-back", afterMs: 1_000 });
    expect(fired()).toEqual([]);
    expect(await batches.read("spring", 1)).toBeUndefined();
    expect((await account.read()).probe).toBeUndefined();
  });

  it("is released when its call cannot be prepared", async () => {
    const { handle, enswitch, account } = await world({}, { probeDue: true });
    enswitch.preparing = () => {
      throw new Error("S3 is away.");
    };
    await expect(handle(batchMessage(1))).rejects.toThrow("S3 is away.");
    expect(await account.read()).toMatchObject({ probeDue: true });
    expect((await account.read()).probe).toBeUndefined();
  });
});

describe("a slot", () => {
  it("that is missed is given up for another, and the row is fired once", async () => {
    const { handle, enswitch, fired, batches } = await world();
    let late = true;
    enswitch.connectMs = (cnumber) => {
      if (!cnumber.endsWith("1") || !late) return 0;
      late = false;
      return 150;
    };
    expect(await handle(batchMessage(1))).toEqual(done);
    expect(fired()).toEqual([2, 1]);
    const item = await batches.read("spring", 1);
    expect(item?.outcomes.map(({ attempts }) => attempts)).toEqual([1, 1]);
    // Recorded in between: the claim does not stand while the row waits.
    expect(item?.turn).toBe(2);
  });

  it.each([
    ["lets the message go back until that is over", undefined, 10_000],
    ["for as long as the sender was told", 2_000, 2_000],
  ])("that is missed while another execution sends %s", async (_, afterOthersMs, afterMs) => {
    const { handle, enswitch, fired, account } = await world({}, {}, { afterOthersMs });
    enswitch.connectMs = (cnumber) => {
      if (!cnumber.endsWith("1")) return 0;
      void account.change((state) => ({
        account: { ...state, holder: "another", nextFreeAt: state.nextFreeAt + 3_000 },
        result: undefined,
      }));
      return 150;
    };
    expect(await handle(batchMessage(1))).toEqual({ kind: "give-back", afterMs });
    expect(fired()).toEqual([2]);
    enswitch.connectMs = () => 0;
    expect(await handle(batchMessage(1), 2)).toEqual(done);
    expect(fired()).toEqual([2, 1]);
  });

  it("of a row for which too many calls wait for their answers is missed, too: the execution does not stay open for it while another sends", async () => {
    let crowded = false;
    const { handle, enswitch, fired, account } = await world(
      {},
      {},
      { afterOthersMs: 2_000, flight: { hasRoom: () => !crowded } },
    );
    enswitch.connectMs = (cnumber) => {
      crowded = cnumber.endsWith("1");
      if (!crowded) return 0;
      void account.change((state) => ({
        account: { ...state, holder: "another", nextFreeAt: state.nextFreeAt + 3_000 },
        result: undefined,
      }));
      return 0;
    };
    expect(await handle(batchMessage(1))).toEqual({ kind: "give-back", afterMs: 2_000 });
    expect(fired()).toEqual([2]);
    enswitch.connectMs = () => 0;
    expect(await handle(batchMessage(1), 2)).toEqual(done);
    expect(fired()).toEqual([2, 1]);
  });

  it("that is missed is taken again at once while other batches of the execution wait for theirs", async () => {
    const gate = Promise.withResolvers<void>();
    let places = 0;
    const claimWindow: ClaimWindow = {
      place: () => {
        const enters = ++places === 1 ? Promise.resolve() : gate.promise;
        const [granted, leave] = [() => {}, () => {}];
        return { enter: () => enters.then(() => true), granted, leave, [Symbol.dispose]: () => {} };
      },
    };
    const { handle, enswitch, fired, account } = await world({}, {}, { claimWindow });
    let late = true;
    enswitch.connectMs = (cnumber) => {
      if (!cnumber.endsWith("1") || !late) return 0;
      late = false;
      void account.change((state) => ({
        account: { ...state, holder: "another", nextFreeAt: state.nextFreeAt + 3_000 },
        result: undefined,
      }));
      return 150;
    };
    const first = handle(batchMessage(1)).finally(() => gate.resolve());
    const second = handle(batchMessage(2));
    expect(await first).toEqual(done);
    expect(fired().slice(0, 2)).toEqual([2, 1]);
    expect(await second).toEqual(done);
  });

  it("that was worth nothing, because the account was paused and resumed meanwhile, was not missed", async () => {
    const { handle, fired, account, afterClaim } = await world();
    afterClaim(() =>
      account.change((state) => ({
        account: { ...state, epoch: state.epoch + 1, holder: "another", nextFreeAt: state.nextFreeAt + 3_000 },
        result: undefined,
      })),
    );
    expect(await handle(batchMessage(1))).toEqual(done);
    expect(fired().toSorted()).toEqual([1, 2]);
  });

  it.each<[string, (of: Awaited<ReturnType<typeof world>>) => void]>([
    [
      "is missed",
      ({ enswitch }) => {
        let late = true;
        enswitch.connectMs = (cnumber) => {
          if (!cnumber.endsWith("1") || !late) return 0;
          late = false;
          return 150;
        };
      },
    ],
    [
      "is worth nothing, because the account was paused and resumed meanwhile,",
      ({ account, afterClaim }) =>
        afterClaim(() =>
          account.change((state) => ({ account: { ...state, epoch: state.epoch + 1 }, result: undefined })),
        ),
    ],
    [
      "was for a batch that another claims first",
      ({ table, batches }) => {
        const { update } = table;
        table.update = async (key, change) => {
          if (change.set?.["state"] !== "claimed") return update(key, change);
          table.update = update;
          const other = await batches.claim(
            {
              campaign: "spring",
              batch: 1,
              prev: 0,
              rows: 2,
              firing: [],
              groups: undefined,
              leaseUntil: nineOClock + 60_000,
              expiresAt: nineOClock + 9e9,
            },
            undefined,
          );
          if (other.kind === "claimed") await batches.record(other.claim, []);
          return update(key, change);
        };
      },
    ],
  ])("that %s is no call of the day: its row is sent on the same one", async (_, happens) => {
    const sent = await afterTwoCalls(4);
    happens(sent);
    expect(await sent.handle(batchMessage(1))).toEqual(done);
    expect(sent.fired().slice(2).toSorted()).toEqual([1, 2]);
    expect(sent.clock.now()).toBeLessThan(nineOClock + 60_000);
    // And no more than the day's: the next batch waits for tomorrow.
    await sent.handle(batchMessage(2));
    expect(sent.fired()).toHaveLength(4);
  });

  it("that is worth nothing, because its campaign was paused, is no call of the day: all is sent on it after the pause", async () => {
    const sent = await afterTwoCalls(4);
    sent.afterClaim(() => sent.control.pause("spring"));
    expect(await sent.handle(batchMessage(1))).toEqual(done);
    expect(sent.fired()).toHaveLength(2);
    expect((await sent.account.read()).day).toMatchObject({ used: 2 });
    await sent.control.resume("spring");
    await sent.handle(batchMessage(1, { pass: 2 }), 1, sent.execution());
    expect(sent.fired().slice(2).toSorted()).toEqual([1, 2]);
  });

  it.each<[string, (of: Awaited<ReturnType<typeof world>>) => void]>([
    [
      "cannot be used because its call cannot be prepared",
      ({ enswitch }) => {
        enswitch.preparing = () => {
          enswitch.preparing = () => {};
          throw new Error("The table cannot be reached.");
        };
      },
    ],
    [
      "cannot be used because its batch cannot be claimed",
      ({ table }) => {
        table.fault = faultFor(
          "unreachable",
          ({ method, key }) => method === "update" && key.sk.startsWith("batch#"),
          1,
        );
      },
    ],
    [
      "cannot be used because nothing can be read after the claim",
      ({ table, afterClaim }) =>
        afterClaim(async () => {
          table.fault = faultFor("unreachable", ({ method, key }) => method === "get" && key.pk === "campaigns", 1);
        }),
    ],
  ])("that %s is no call of the day, however often: all is sent on it afterwards", async (_, happens) => {
    const sent = await afterTwoCalls(4);
    for (let times = 0; times < 3; times++) {
      happens(sent);
      await expect(sent.handle(batchMessage(1), 2)).rejects.toThrow("cannot be reached");
    }
    expect(sent.fired()).toHaveLength(2);
    expect((await sent.account.read()).day).toMatchObject({ used: 2 });
    expect(await sent.handle(batchMessage(1), 2)).toEqual(done);
    expect(sent.fired().slice(2).toSorted()).toEqual([1, 2]);
  });

  it("that is worth nothing, because the machine slept past the deadline, is no call of the day", async () => {
    const { handle, enswitch, clock, account } = await afterTwoCalls(4);
    const { prepare } = enswitch;
    enswitch.prepare = async (...call) => {
      await clock.sleepUntil(deadline + 1);
      return prepare(...call);
    };
    expect(await handle(batchMessage(1))).toEqual({ kind: "give-back", afterMs: 1_000 });
    expect((await account.read()).day).toMatchObject({ used: 2 });
  });

  it.each<[string, (of: Awaited<ReturnType<typeof world>>) => Promise<unknown>]>([
    [
      "after an answer that forbids all further calls",
      async ({ enswitch }) => {
        enswitch.answer = () => ({ kind: "unprivileged", code: 402, message: "No" });
      },
    ],
    ["of who has opted out since the claim", ({ table, account }) => optOut({ table, account }, 2)],
  ])("%s is no call of the day, the one before it is", async (_, happens) => {
    const sent = await afterTwoCalls(4);
    sent.afterClaim(() => happens(sent));
    await sent.handle(batchMessage(1));
    expect(sent.fired().slice(2)).toEqual([1]);
    expect((await sent.account.read()).day).toMatchObject({ used: 3 });
  });

  it("that cannot be given back stays a call of the day, and what was sent counts all the same", async () => {
    const { handle, control, afterClaim, table, account, lines } = await world({}, {}, { callsPerDay: 2 });
    afterClaim(async () => {
      await control.pause("spring");
      table.fault = faultFor("unreachable", ({ method, key }) => method === "update" && key.pk === "account", 1);
    });
    expect(await handle(batchMessage(1))).toEqual(done);
    expect((await account.read()).day).toMatchObject({ used: 2 });
    expect(lines).toEqual([expect.stringMatching(/^error: Slots without a call/u)]);
  });

  it("that is missed because claims are slow is not missed again: the next claim comes earlier", async () => {
    const { handle, table, clock, fired, batches } = await world();
    const update = table.update;
    table.update = async (key, change) => {
      if (change.set?.["state"] === "claimed") await clock.sleepUntil(clock.now() + 250);
      return update(key, change);
    };
    expect(await handle(batchMessage(1))).toEqual(done);
    expect(fired().toSorted()).toEqual([1, 2]);
    expect((await batches.read("spring", 1))?.turn).toBeLessThanOrEqual(2);
  });

  it("that is missed, and a pause before the next one, still count what was sent before", async () => {
    const { handle, control, enswitch, now, statuses } = await world();
    let late = true;
    enswitch.connectMs = (cnumber) => {
      if (!cnumber.endsWith("2") || !late) return 0;
      late = false;
      void control.pause("spring");
      return 150;
    };
    expect(await handle(batchMessage(1))).toEqual(done);
    expect(await statuses()).toEqual([[1, "submitted"]]);
    expect((await now()).tally).toMatchObject({ submitted: 1, recentCalls: 1 });
  });

  it("missed every time ends with the message given back, the row unfired", async () => {
    const { handle, enswitch, fired, statuses } = await world();
    enswitch.connectMs = () => 150;
    expect(await handle(batchMessage(1))).toMatchObject({ kind: "give-back" });
    expect(fired()).toEqual([]);
    expect(await statuses()).toEqual([]);
  });

  it("of a probe may be used late: nothing else is fired around it", async () => {
    const { handle, enswitch, fired, account } = await world({}, { probeDue: true });
    let first = true;
    enswitch.connectMs = () => {
      if (!first) return 0;
      first = false;
      return 600;
    };
    expect(await handle(batchMessage(1))).toEqual(done);
    expect(fired().toSorted()).toEqual([1, 2]);
    expect(await account.read()).toMatchObject({ probeDue: false, everAccepted: true });
    const [probe = 0, next = 0] = enswitch.fired.map(({ at }) => at);
    expect(next - probe).toBeGreaterThanOrEqual(200);
  });

  it("given out before the account was paused and resumed is worth nothing: a probe goes first", async () => {
    const { handle, control, enswitch, fired, afterClaim } = await world();
    enswitch.answerMs = 500;
    afterClaim(async () => {
      await control.pauseAccount();
      await control.resumeAccount();
    });
    expect(await handle(batchMessage(1))).toEqual(done);
    expect(fired()).toEqual([1, 2]);
    const [probe = 0, next = 0] = enswitch.fired.map(({ at }) => at);
    expect(next - probe).toBeGreaterThan(500);
  });

  it("given out before the account was paused is worth nothing after the claim", async () => {
    const { handle, control, fired, afterClaim, batches, now } = await world();
    afterClaim(() => control.pauseAccount());
    expect(await handle(batchMessage(1))).toEqual(done);
    expect(fired()).toEqual([]);
    expect(await batches.read("spring", 1)).toMatchObject({ state: "open", outcomes: [] });
    expect((await now()).parked).toBe(1);
  });
});

describe("a call at its last moment", () => {
  it("goes out in time for its answer and its record, and not a millisecond later", async () => {
    // The first slot is 200 ms after asking; an answer may take 20 s, recording and giving back 5 s.
    const lastAsk = deadline - 20_000 - 5_000 - 200;
    for (const [at, sent] of [
      [lastAsk, [1]],
      [lastAsk + 1, []],
    ] as const) {
      const { clock, handle, fired } = await world({}, {});
      await clock.advanceTo(at);
      await handle(batchMessage(1));
      expect(fired()).toEqual(sent);
    }
  });

  it.each([
    ["a call", {}, 200, 100],
    ["a probe", { probeDue: true }, 0, 1_000],
  ])(
    "%s is a miss once it is as late as its tolerance, and none just before",
    async (_what, account, slot, tolerance) => {
      for (const late of [tolerance - 1, tolerance]) {
        const { handle, enswitch } = await world({}, account);
        let first = true;
        enswitch.connectMs = () => {
          const wait = first ? late : 0;
          first = false;
          return wait;
        };
        await handle(batchMessage(1, { rows: [sendRow(1)] }));
        expect(enswitch.fired.map(({ at }) => at - nineOClock).includes(slot + late)).toBe(late < tolerance);
      }
    },
  );

  it("is not made at the very end of its claim's lease", async () => {
    const { clock, handle, fired } = await world({}, {}, { leaseSlackMs: -30_000 });
    await clock.advanceTo(deadline - 30_200);
    await handle(batchMessage(1));
    expect(fired()).toEqual([]);
  });

  it("is not made any more when the endpoint has begun to hang since its batch was claimed", async () => {
    let reads = 0;
    const { handle, fired, enswitch } = await world({}, {}, { flight: { hangs: () => reads++ > 0 } });
    await handle(batchMessage(1));
    expect([enswitch.begun, fired()]).toEqual([2, []]);
  });

  it("tells whether its outcome is known, and is measured only when it was made", async () => {
    const sure: boolean[] = [];
    const { handle, enswitch, sums } = await world({}, {}, { flight: { takeOff: () => (known) => sure.push(known) } });
    enswitch.answer = ({ cnumber }) => (cnumber.endsWith("1") ? { kind: "unknown", cause: "reset" } : accepted);
    expect(await handle(batchMessage(1))).toEqual(done);
    expect([sure, sums.get("CallMs")]).toEqual([[false, true], 80]);
  });
});

describe("an execution whose credentials were refused", () => {
  it("reserves nothing with them, and gives its messages back after a few seconds", async () => {
    const { clock, handle, account, enswitch } = await world({}, {}, { flight: { mayFire: () => false } });
    expect(await handle(batchMessage(1))).toEqual({ kind: "give-back", afterMs: 2_000 });
    expect([(await account.read()).nextFreeAt, enswitch.begun]).toEqual([nineOClock, 0]);
    expect(clock.now() - nineOClock).toBeGreaterThan(3_000);
  });
});

describe("a lease that is over", () => {
  it("lets no call go out any more, though its slot is not missed", async () => {
    const { clock, handle, fired } = await world({}, {}, { leaseSlackMs: -30_000 });
    await clock.advanceTo(deadline - 30_250);
    expect(await handle(batchMessage(1))).toMatchObject({ kind: "give-back" });
    // The first slot lay before the lease's end, the second after it.
    expect(fired()).toEqual([1]);
  });
});

describe("what forbids sending between claim and fire", () => {
  it.each([
    ["a pause of the campaign", ({ control }: World) => control.pause("spring")],
    ["a pause of the account", ({ control }: World) => control.pauseAccount()],
    ["a cancel", ({ control }: World) => control.cancel("spring")],
    [
      "a hold",
      ({ account }: World) =>
        account.change((state, at) => ({
          account: { ...state, hold: { since: at, until: at + 60_000, step: 1, reason: "silent" } },
          result: undefined,
        })),
    ],
    ["another pass", async ({ campaigns, now }: World) => campaigns.change(await now(), {}, { pass: 2 })],
    ["a window that has closed", ({ change }: World) => change({ sendAfter: "2026-03-02T10:00:00Z" })],
  ])("%s keeps every call from being begun, and the claim is given back at once", async (_what, forbid) => {
    const made = await world();
    const { clock, campaigns, handle, enswitch, batches, afterClaim, now } = made;
    const change = async (options: CommittedCampaign["options"]) => campaigns.change(await now(), {}, { options });
    let claimedAt = 0;
    afterClaim(async () => {
      claimedAt = clock.now();
      await forbid({ ...made, change });
    });
    expect(await handle(batchMessage(1))).toEqual(done);
    expect([enswitch.begun, clock.now()]).toEqual([0, claimedAt]);
    expect(await batches.read("spring", 1)).toMatchObject({ state: "open", outcomes: [] });
  });
});

describe("a cancel between claim and fire", () => {
  it("fires nothing, and gives the claim back for the report to be written", async () => {
    const { handle, control, fired, afterClaim, batches } = await world();
    afterClaim(() => control.cancel("spring"));
    expect(await handle(batchMessage(1))).toEqual(done);
    expect(fired()).toEqual([]);
    expect(await batches.read("spring", 1)).toMatchObject({ state: "open", outcomes: [] });
  });
});

describe("a ledger that fails", () => {
  const isRecord = ({ key, change }: { key: { sk: string }; change?: { set?: object } | undefined }) =>
    key.sk.startsWith("batch#") && change?.set !== undefined && "recordedBy" in change.set;

  it("while recording is asked again until the outcomes are noted", async () => {
    const { handle, table, statuses, fired, lines } = await world();
    table.fault = faultFor("unreachable", isRecord, 6);
    expect(await handle(batchMessage(1))).toEqual(done);
    expect(await statuses()).toEqual([
      [1, "submitted"],
      [2, "submitted"],
    ]);
    expect(fired()).toEqual([1, 2]);
    expect(lines.filter((line) => line.includes("could not be recorded"))).toHaveLength(6);
  });

  it("until the lease ends leaves the rows in doubt, and they are never fired again", async () => {
    const { clock, handle, table, statuses, fired, execution } = await world();
    table.fault = (call) => (isRecord(call) ? "unreachable" : undefined);
    await expect(handle(batchMessage(1))).rejects.toThrow("cannot be reached");
    expect(clock.now()).toBeLessThanOrEqual(deadline + 5_000);
    expect(clock.now()).toBeGreaterThan(deadline);
    table.fault = () => undefined;
    await clock.advanceTo(deadline + 5_001);
    const later = execution();
    expect(await clock.run(later(JSON.stringify(batchMessage(1)), 2, clock.now() + 90_000))).toEqual(done);
    expect(await statuses()).toEqual([
      [1, "unknown"],
      [2, "unknown"],
    ]);
    expect(fired()).toEqual([1, 2]);
  });

  it("after the claim and before the first call gives the claim back", async () => {
    const { handle, table, batches, fired } = await world();
    let claimed = false;
    let failed = false;
    table.fault = ({ method, key }) => {
      if (method === "update" && key.sk.startsWith("batch#")) claimed = true;
      if (!claimed || failed || method !== "get" || key.pk !== "campaigns") return undefined;
      failed = true;
      return "unreachable";
    };
    await expect(handle(batchMessage(1))).rejects.toThrow("cannot be reached");
    expect(fired()).toEqual([]);
    expect(await batches.read("spring", 1)).toMatchObject({ state: "open", outcomes: [] });
  });

  it("after the claim of rows that are left keeps what was known of the others: they are never fired again", async () => {
    const { handle, table, batches, fired, statuses } = await world();
    const request = { campaign: "spring", batch: 1, prev: 0, rows: 2, firing: [1, 2], expiresAt: deadline };
    const result = await batches.claim({ ...request, leaseUntil: deadline }, undefined);
    if (result.kind !== "claimed") throw new Error(result.kind);
    await batches.record(result.claim, [submitted(1), open(2)]);
    let claimed = false;
    table.fault = ({ method, key }) => {
      if (method === "update" && key.sk.startsWith("batch#")) claimed = true;
      if (!claimed || method !== "get" || key.pk !== "campaigns") return undefined;
      table.fault = () => undefined;
      return "unreachable";
    };
    await expect(handle(batchMessage(1), 2)).rejects.toThrow("cannot be reached");
    expect(fired()).toEqual([]);
    expect(await statuses()).toEqual([
      [1, "submitted"],
      [2, "open"],
    ]);
    await handle(batchMessage(1), 3);
    expect(fired()).toEqual([2]);
  });

  it("whose claim's answer was lost fires each row once all the same", async () => {
    const { handle, table, fired, statuses } = await world();
    table.fault = faultFor("repeated", ({ method, key }) => method === "update" && key.sk.startsWith("batch#"));
    expect(await handle(batchMessage(1))).toEqual(done);
    expect(fired()).toEqual([1, 2]);
    expect(await statuses()).toHaveLength(2);
  });

  it("for the tallies is only noted in the log: they are hints", async () => {
    const { handle, table, lines } = await world();
    table.fault = faultFor("unreachable", ({ key, change }) => key.pk === "campaigns" && change?.add !== undefined);
    expect(await handle(batchMessage(1))).toEqual(done);
    expect(lines).toContain("error: A tally was not written; it is only a hint.");
  });

  it("that is slow to take the last tally is waited for: an execution is frozen once it has answered", async () => {
    const { clock, handle, table, now } = await world();
    await handle(batchMessage(1));
    const { update } = table;
    table.update = async (key, change) => {
      if (key.pk === "campaigns" && change.add !== undefined) await clock.sleepUntil(clock.now() + 500);
      return update(key, change);
    };
    await handle(batchMessage(2));
    expect((await now()).tally.submitted).toBe(4);
  });

  it("that settled the claim meanwhile has the last word, and the late record is given up", async () => {
    const { clock, handle, table, batches, statuses, lines } = await world();
    const sending = handle(batchMessage(1));
    await clock.advance(250);
    const item = await batches.read("spring", 1);
    if (item?.state !== "claimed") throw new Error("It is not claimed.");
    await batches.settle("spring", item);
    expect(await sending).toEqual(done);
    expect(await statuses()).toEqual([
      [1, "unknown"],
      [2, "unknown"],
    ]);
    expect(lines.some((line) => line.includes("its rows stay unknown"))).toBe(true);
    expect(table.item(batchKey("spring", 1))).not.toHaveProperty("token");
  });
});

describe("stopAfterFailures", () => {
  const options = { stopAfterFailures: { after: 4, rate: 0.5 } };
  const fail: Verdict = { kind: "forbidden", code: 403, key: "", message: "Not allowed" };

  it("pauses the campaign with the figures when too many of the last calls failed", async () => {
    const { handle, enswitch, now } = await world({ options });
    enswitch.answer = ({ cnumber }) => (Number(cnumber) % 2 === 0 ? fail : { kind: "submitted", code: 204 });
    await handle(batchMessage(1));
    expect((await now()).state).toBe("running");
    await handle(batchMessage(2));
    const { state, pause } = await now();
    expect(state).toBe("paused");
    expect(pause).toMatchObject({ code: "failures", reason: expect.stringMatching(/^2 of the last 4 calls failed/u) });
    expect(pause?.reason).toContain("50 %");
  });

  it("begins to count anew after a resume", async () => {
    const { handle, enswitch, now, control } = await world({ options });
    enswitch.answer = () => fail;
    await handle(batchMessage(1));
    await handle(batchMessage(2));
    expect((await now()).state).toBe("paused");
    await control.resume("spring");
    await handle(batchMessage(3, { pass: 2 }));
    expect(await now()).toMatchObject({ state: "running", tally: { recentCalls: 2, recentFailed: 2, failed: 6 } });
    await handle(batchMessage(4, { pass: 2 }));
    expect((await now()).state).toBe("paused");
  });

  it("forgets a full window without too many failures", async () => {
    const { handle, now } = await world({ options });
    await handle(batchMessage(1));
    await handle(batchMessage(2));
    expect(await now()).toMatchObject({ state: "running", tally: { submitted: 4, recentCalls: 0, recentFailed: 0 } });
  });
});

it("tells the reporter to look when the tally says that all is done", async () => {
  const { handle, nudges } = await world({ sendable: 4, lastBatch: 2 });
  await handle(batchMessage(1));
  expect(nudges.bodies()).toEqual([]);
  await handle(batchMessage(2));
  expect(nudges.bodies()).toEqual(['{"kind":"look"}']);
});

describe("a batch over several time zones", () => {
  const zones = [
    { zones: ["Europe/London"], rows: 1 },
    { zones: ["America/New_York"], rows: 1 },
    { zones: ["Asia/Kolkata"], rows: 1 },
  ];
  const options = { window: { from: "09:00", to: "12:00", timezone: "recipient" } };
  const message = batchMessage(1, {
    v: 3,
    rows: [sendRow(1, { zone: 1 }), sendRow(2, { zone: 0 }), sendRow(3, { zone: 2 })],
  });
  const hour = 3_600_000;

  it("is claimed once for each zone, and each row called in its own hours", async () => {
    const { table, campaigns, batches, enswitch, clock, execution, now } = await world({ options, zones });
    let claims = 0;
    const update = table.update;
    table.update = (key, change) => {
      if (key.sk.startsWith("batch#") && change.set?.["state"] === "claimed") claims++;
      return update(key, change);
    };
    const called: number[][] = [];
    for (const hours of [0, 0.5, 3.5, 4, 5, 19.6]) {
      await clock.advanceTo(nineOClock + hours * hour);
      const before = enswitch.fired.length;
      const pass = (await now()).pass + 1;
      await campaigns.change(await now(), {}, { pass });
      const body = JSON.stringify({ ...message, pass });
      const sent = execution()(body, 1, clock.now() + 90_000);
      expect(await clock.run(sent)).toEqual(done);
      called.push(enswitch.fired.slice(before).map(({ cnumber }) => Number(cnumber.slice(4))));
    }
    expect(called).toEqual([[2], [], [], [], [1], [3]]);
    expect(claims).toBe(3);
    expect(await batches.read("spring", 1)).toMatchObject({ state: "done" });
  });

  it("says in its record whose hours it waits for, and is neither parked nor claimed while it does", async () => {
    const { handle, batches, now } = await world({ options, zones });
    await handle(message);
    expect(await batches.read("spring", 1)).toMatchObject({ state: "open", turn: 1, left: [1, 2] });
    await handle(message, 2);
    expect(await batches.read("spring", 1)).toMatchObject({ turn: 1 });
    expect((await now()).parked).toBeUndefined();
  });

  it("comes again where hours are about to begin: this clock may be slow", async () => {
    const soon = { window: { ...options.window, hours: { mon: { from: "09:01", to: "20:00" } } } };
    const { handle, clock, execution } = await world({ options: soon, zones });
    const early = batchMessage(1, { v: 3, rows: [sendRow(1, { zone: 0 })] });
    expect(await handle(early)).toEqual(done);
    await clock.advanceTo(nineOClock + 50_000);
    expect(await clock.run(execution()(JSON.stringify(early), 1, deadline))).toEqual({
      kind: "give-back",
      afterMs: 11_000,
    });
  });

  it("is not fired when its hours end between the claim and the call", async () => {
    const end = nineOClock + 3 * hour;
    // In the Azores it is an hour earlier, so that the campaign as a whole may go on.
    const azores = { zones: ["Atlantic/Azores"], rows: 1 };
    const { clock, execution, enswitch, batches } = await world({ options, zones: [...zones, azores] });
    await clock.advanceTo(end - 150);
    await clock.run(execution()(JSON.stringify(message), 1, end + 90_000));
    expect(enswitch.fired.filter(({ at }) => at >= end)).toEqual([]);
    expect((await batches.read("spring", 1))?.outcomes.filter(({ status }) => status !== "submitted") ?? []).toEqual(
      [],
    );
  });
});

describe("who is opted out after his batch was fed", () => {
  it("is not called, and is reported as skipped with the day", async () => {
    const { handle, fired, table, account, batches, now } = await world();
    await optOut({ table, account }, 1);
    expect(await handle(batchMessage(1))).toEqual(done);
    expect(fired()).toEqual([2]);
    const outcomes = (await batches.read("spring", 1))?.outcomes;
    expect(outcomes?.find(({ row }) => row === 1)).toMatchObject({
      status: "skipped",
      detail: "opted out on 2026-03-02",
      attempts: 0,
    });
    expect((await now()).tally).toMatchObject({ submitted: 1, skipped: 1 });
  });

  it("is not called when the decision comes after the claim, and the others are, each at its own slot", async () => {
    const { handle, fired, statuses, afterClaim, table, account, clock, enswitch } = await world();
    afterClaim(() => optOut({ table, account }, 1));
    expect(await handle(batchMessage(1))).toEqual(done);
    expect(fired()).toEqual([2]);
    expect(await statuses()).toEqual([
      [1, "skipped"],
      [2, "submitted"],
    ]);
    // The second slot, at ten a second; the first one is lost with its row.
    const [first] = enswitch.fired;
    expect(first?.at).toBeGreaterThanOrEqual(nineOClock + 300);
    expect(clock.now()).toBeGreaterThan(nineOClock);
  });

  it("is not called where his row has the number in another way, before the claim as well as after it", async () => {
    const [first, second] = [sendRow(1, { cnumber: "+44 (0)7700 900001" }), sendRow(2)];
    const message = batchMessage(1, { rows: [first, second], meant: { 1: [sendRow(1).cnumber] } });
    const before = await world();
    await optOut(before, 1);
    await before.handle(message);
    expect(before.fired()).toEqual([2]);
    expect(await before.batches.read("spring", 1)).toMatchObject({ state: "done", turn: 1 });
    const after = await world();
    after.afterClaim(() => optOut(after, 1));
    await after.handle(message);
    expect(after.fired()).toEqual([2]);
    expect(await after.batches.read("spring", 1)).toMatchObject({
      state: "done",
      outcomes: [{ status: "skipped" }, {}],
    });
  });

  it("lets another row be the probe when the only one claimed is his", async () => {
    const { handle, fired, afterClaim, table, account } = await world({}, { probeDue: true });
    afterClaim(() => optOut({ table, account }, 1));
    expect(await handle(batchMessage(1))).toEqual(done);
    expect(fired()).toEqual([2]);
    expect((await account.read()).probe).toBeUndefined();
  });

  it("is called if the feed knew of the decision: the list then says otherwise", async () => {
    const { handle, fired, table, account } = await world();
    await optOut({ table, account }, 1);
    await handle(batchMessage(1, { decisions: 1 }));
    expect(fired()).toEqual([1, 2]);
  });

  it("parks the pass where more were opted out than are remembered, so that it is fed again by the list", async () => {
    const { handle, fired, table, account, now } = await world();
    for (let from = 0; from < 1_200; from += 100) {
      await optOut({ table, account }, ...Array.from({ length: 100 }, (_, index) => 1_000 + from + index));
    }
    expect(await handle(batchMessage(1, { decisions: 7 }))).toEqual(done);
    expect(fired()).toEqual([]);
    expect((await now()).parked).toBe(1);
    await handle(batchMessage(1, { decisions: 1_100 }));
    expect(fired()).toEqual([1, 2]);
  });

  it("fires none of a claimed batch where more were opted out meanwhile than are remembered", async () => {
    const { handle, fired, table, account, afterClaim, now } = await world();
    afterClaim(async () => {
      await optOut({ table, account }, ...Array.from({ length: 1_200 }, (_, index) => 1_000 + index));
    });
    expect(await handle(batchMessage(1))).toEqual(done);
    expect(fired()).toEqual([]);
    expect((await now()).parked).toBe(1);
  });
});
