import { expect, test } from "vitest";
import type { Pause } from "../../shared/account/pause.ts";
import { liveState } from "../../shared/report/live-state.ts";
import { running } from "../support/factories.ts";
import { nineOClock } from "../support/manual-clock.ts";

const account = { rate: 10 };
const pause: Pause = { code: "person", reason: "Paused by Bert.", at: nineOClock, by: "Bert" };
const hold = { since: nineOClock - 60_000, until: nineOClock + 60_000, reason: "No answer" };
const waitingFor = { reason: "The window is closed.", until: nineOClock + 1_800_000 };

test("of all that keeps a campaign from sending, the strongest counts", () => {
  const everything = { account: { ...account, pause: { ...pause, by: undefined }, hold }, waitingFor };
  expect(liveState(running({ state: "complete", pause }), everything)).toEqual({ state: "complete", text: "Complete" });
  expect(liveState(running({ state: "ending", pause }), everything)).toEqual({
    state: "ending",
    text: "Ending, waiting for the last answers and writing the report",
  });
  expect(liveState(running({ state: "paused", pause }), everything)).toEqual({
    state: "paused",
    text: "Paused by Bert",
    reason: "Paused by Bert.",
    pause,
  });
  expect(liveState(running(), everything)).toEqual({
    state: "paused",
    text: "Paused with the whole account",
    reason: "Paused by Bert.",
    pause: { ...pause, by: undefined },
  });
  expect(liveState(running(), { account: { ...account, hold }, waitingFor })).toEqual({
    state: "waiting",
    text: "Waiting",
    reason:
      "Enswitch has not been answering properly since 2026-03-02 08:59:00 UTC; the next attempt is at 2026-03-02 09:01:00 UTC. No answer.",
    until: hold.until,
  });
  expect(liveState(running(), { account, waitingFor })).toEqual({
    state: "waiting",
    text: "Waiting until 2026-03-02 09:30 UTC",
    reason: "The window is closed.",
    until: waitingFor.until,
  });
  expect(liveState(running(), { account, waitingFor: { reason: "It never opens." } })).toEqual({
    state: "waiting",
    text: "Waiting",
    reason: "It never opens.",
    until: undefined,
  });
  expect(liveState(running(), { account })).toEqual({ state: "running", text: "Sending" });
});

test("a campaign that waits for approval says so, and is not said to be paused by anybody", () => {
  const approval: Pause = { code: "approval", reason: "It waits for somebody else.", at: nineOClock, by: "Bert" };
  expect(liveState(running({ state: "paused", pause: approval }), { account })).toEqual({
    state: "paused",
    text: "Waits for approval",
    reason: approval.reason,
    pause: approval,
  });
});
