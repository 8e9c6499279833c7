import { describe, expect, it } from "vitest";
import { createAccountStore } from "../../shared/account/account-store.ts";
import type { CommittedCampaign } from "../../shared/campaign/campaign.ts";
import { createCampaigns } from "../../shared/campaign/campaigns.ts";
import { createControl } from "../../shared/campaign/control.ts";
import { refused, running } from "../support/factories.ts";
import { createManualClock, createTokens, nineOClock } from "../support/manual-clock.ts";
import { createMemoryTable } from "../support/memory-table.ts";
import { readCommitted } from "../support/read-committed.ts";
import { createRecordedQueue } from "../support/recorders.ts";

const pause = { code: "failures" as const, reason: "Too many failed.", at: nineOClock - 1 };

const world = async (changes: Partial<CommittedCampaign> = {}) => {
  const clock = createManualClock();
  const table = createMemoryTable();
  const campaigns = createCampaigns(table);
  const account = createAccountStore({ table, clock, freshToken: createTokens() });
  const nudges = createRecordedQueue();
  await campaigns.create(running(changes), undefined);
  const control = createControl({ campaigns, account, nudge: nudges.enqueue, clock, by: "anna", ceiling: 10 });
  const now = () => readCommitted(campaigns);
  return { clock, table, campaigns, account, nudges, control, now };
};

type Command = "pause" | "resume" | "cancel";
type State = CommittedCampaign["state"];

describe("each command in each state", () => {
  it.each<[Command, State, State | "refused"]>([
    ["pause", "running", "paused"],
    ["pause", "paused", "refused"],
    ["pause", "ending", "refused"],
    ["pause", "complete", "refused"],
    ["resume", "running", "refused"],
    ["resume", "paused", "running"],
    ["resume", "ending", "refused"],
    ["resume", "complete", "refused"],
    ["cancel", "running", "ending"],
    ["cancel", "paused", "ending"],
    ["cancel", "ending", "refused"],
    ["cancel", "complete", "refused"],
  ])("%s while %s: %s", async (command, state, after) => {
    const { control, now, nudges } = await world({ state, ...(state === "paused" ? { pause } : {}) });
    const before = await now();
    const result = await control[command]("spring");
    if (after === "refused") {
      expect(result.kind).toBe("refused");
      expect(result.sentence).toContain("spring");
      expect(await now()).toEqual(before);
      expect(nudges.bodies()).toEqual([]);
      return;
    }
    expect(result.kind).toBe("granted");
    expect((await now()).state).toBe(after);
    expect(nudges.bodies()).toEqual(['{"kind":"look"}']);
    expect((await now()).history.at(-1)).toMatchObject({ by: "anna", at: nineOClock });
    expect((await now()).history).toHaveLength(2);
  });

  it("of a campaign that is not there, or was refused, says so", async () => {
    const { control, campaigns } = await world();
    await campaigns.create(refused({ name: "summer" }), undefined);
    for (const command of ["pause", "resume", "cancel"] as const) {
      expect(await control[command]("winter")).toEqual({
        kind: "refused",
        sentence: "There is no campaign winter.",
        next: [{ to: "see all", words: ["list"] }],
      });
      expect(await control[command]("summer")).toMatchObject({
        kind: "refused",
        sentence: expect.stringContaining("It has no rows."),
      });
    }
  });
});

describe("a campaign that waits for approval", () => {
  const waiting = { state: "paused", pause: { code: "approval", reason: "It waits.", at: nineOClock } } as const;

  it("is neither resumed nor paused, but cancelled", async () => {
    const { control, now } = await world(waiting);
    const before = await now();
    expect(await control.resume("spring")).toMatchObject({
      kind: "refused",
      next: [{ to: expect.stringContaining("somebody else"), words: ["approve", "spring"] }],
    });
    expect(await control.pause("spring")).toMatchObject({ kind: "refused" });
    expect(await now()).toEqual(before);
    expect(await control.cancel("spring")).toMatchObject({ kind: "granted" });
    expect(await now()).toMatchObject({ state: "ending", end: { why: "cancelled", by: "anna" } });
  });

  it("is approved as the plan that was seen, once", async () => {
    const { control, now } = await world(waiting);
    expect(await control.approve("spring", "another")).toMatchObject({ kind: "refused" });
    expect((await now()).state).toBe("paused");
    expect(await control.approve("spring", "r1")).toMatchObject({ kind: "granted" });
    expect(await now()).toMatchObject({ state: "running", pass: 2, approval: { by: "anna", at: nineOClock } });
    expect((await now()).history.at(-1)).toEqual({ what: "approved", by: "anna", at: nineOClock });
    expect(await control.approve("spring", "r1")).toMatchObject({ kind: "refused" });
  });

  it("is nothing that another pause is", async () => {
    const { control, now } = await world({ state: "paused", pause });
    expect(await control.approve("spring", "r1")).toMatchObject({ kind: "refused" });
    expect((await now()).state).toBe("paused");
  });
});

describe("a pause", () => {
  it("says who paused, and goes with the resume", async () => {
    const { control, now } = await world();
    await control.pause("spring");
    expect((await now()).pause).toEqual({ code: "person", reason: "Paused by anna.", at: nineOClock, by: "anna" });
    await control.resume("spring");
    expect((await now()).pause).toBeUndefined();
    expect((await now()).history.map(({ what }) => what)).toEqual(["uploaded", "paused", "resumed"]);
  });
});

describe("a resume", () => {
  it("begins a new pass from what is done, with fresh patience and a fresh count of failures", async () => {
    const tally = { submitted: 5, failed: 3, unknown: 0, skipped: 0, recentCalls: 8, recentFailed: 3 };
    const { control, now } = await world({
      state: "paused",
      pause,
      pass: 3,
      parked: 3,
      passStartedAt: nineOClock - 86_400_000,
      stalls: 4,
      pointer: 9,
      pointerRows: 18,
      mark: 4,
      markRows: 8,
      tally,
    });
    await control.resume("spring");
    expect(await now()).toMatchObject({
      pass: 4,
      passStartedAt: nineOClock,
      stalls: 0,
      pointer: 4,
      pointerRows: 8,
      tally: { ...tally, recentCalls: 0, recentFailed: 0 },
    });
    expect((await now()).parked).toBeUndefined();
  });
});

describe("a cancel", () => {
  it("is written as the end, with who wanted it, and outlives a pause", async () => {
    const { control, now } = await world({ state: "paused", pause });
    await control.cancel("spring");
    expect(await now()).toMatchObject({ state: "ending", end: { why: "cancelled", by: "anna", at: nineOClock } });
    expect((await now()).pause).toBeUndefined();
  });
});

describe("commands at the same moment", () => {
  it("do not undo what the person did not see: a pause during a cancel is refused", async () => {
    const { control, now, table, campaigns } = await world();
    const update = table.update;
    table.update = async (key, change) => {
      table.update = update;
      await campaigns.change(await now(), {}, { state: "ending", end: { why: "cancelled", at: nineOClock } });
      return update(key, change);
    };
    expect(await control.pause("spring")).toMatchObject({ kind: "refused" });
    expect((await now()).state).toBe("ending");
  });

  it("give up in words when a campaign never stands still", async () => {
    const { control, table } = await world();
    table.update = async () => undefined;
    expect(await control.pause("spring")).toEqual({
      kind: "refused",
      sentence: "spring is changing too fast; try again.",
    });
  });

  it("remember the last fifty entries", async () => {
    const history = Array.from({ length: 50 }, () => ({ what: "paused" as const, by: "otto", at: 1 }));
    const { control, now } = await world({ history });
    await control.pause("spring");
    expect((await now()).history).toHaveLength(50);
    expect((await now()).history.at(-1)?.by).toBe("anna");
  });
});

describe("the account", () => {
  it("is paused once, and resumed with a probe first", async () => {
    const { control, account } = await world();
    expect((await control.pauseAccount()).kind).toBe("granted");
    expect((await control.pauseAccount()).kind).toBe("refused");
    expect(await account.read()).toMatchObject({ epoch: 1, pause: { code: "person", by: "anna" } });
    expect((await control.resumeAccount()).kind).toBe("granted");
    expect((await control.resumeAccount()).kind).toBe("refused");
    expect(await account.read()).toMatchObject({ epoch: 2, probeDue: true });
    expect((await account.read()).history.map(({ what }) => what)).toEqual(["paused", "resumed"]);
  });

  it("is resumed from a hold as well", async () => {
    const { control, account } = await world();
    const hold = { since: nineOClock, until: nineOClock + 60_000, step: 1, reason: "silent" };
    await account.change((state) => ({ account: { ...state, hold }, result: undefined }));
    expect((await control.resumeAccount()).kind).toBe("granted");
    expect((await account.read()).hold).toBeUndefined();
  });

  it("takes a rate up to the stack's, and refuses any other in words that name the ceiling", async () => {
    const { control, account } = await world();
    for (const rate of [0, -1, 0.001, 10.01, Number.NaN, Number.POSITIVE_INFINITY])
      expect(await control.setRate(rate)).toMatchObject({ kind: "refused", sentence: expect.stringContaining("10") });
    expect((await account.read()).rate).toBeUndefined();
    expect((await control.setRate(2.5)).kind).toBe("granted");
    expect(await account.read()).toMatchObject({ rate: 2.5, epoch: 1 });
  });

  it("keeps its slots when the rate is the same as before", async () => {
    const { control, account } = await world();
    await control.setRate(10);
    expect((await account.read()).epoch).toBe(0);
  });
});

describe("the most messages of a day", () => {
  const control = async (maxPerDay: number | undefined) => {
    const made = await world();
    return {
      ...made,
      control: createControl({ ...made, nudge: made.nudges.enqueue, by: "anna", ceiling: 10, maxPerDay }),
    };
  };

  it("are changed up to the stack's, at once, and noted", async () => {
    const { control: limited, account, nudges } = await control(500);
    for (const calls of [0, 1.5, 501]) {
      expect(await limited.setCallsPerDay(calls)).toMatchObject({
        kind: "refused",
        sentence: expect.stringContaining("500"),
      });
    }
    await account.change((state) => ({
      account: { ...state, dayFull: { from: 0, until: nineOClock + 1, calls: 100 } },
      result: undefined,
    }));
    expect((await limited.setCallsPerDay(300)).sentence).toBe("At most 300 messages a day are sent now.");
    expect(await account.read()).toMatchObject({ callsPerDay: 300, history: [{ what: "cap 300", by: "anna" }] });
    expect((await account.read()).dayFull).toBeUndefined();
    expect(nudges.bodies()).toEqual(['{"kind":"look"}']);
  });

  it("cannot be set where the stack has no limit", async () => {
    const { control: unlimited } = await control(undefined);
    expect((await unlimited.setCallsPerDay(5)).sentence).toContain("maxMessagesPerDay");
  });
});
