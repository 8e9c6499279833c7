import { expect, test } from "vitest";
import type { Outcome } from "../../shared/ledger/outcome.ts";
import { rowResult } from "../../shared/report/row-result.ts";
import { nineOClock } from "../support/manual-clock.ts";
import { accepted, sendable, unsent } from "./factories.ts";

const line = sendable("07700 900001");
const cancelled = { why: "cancelled", at: nineOClock, by: "Bert" } as const;
const done = { why: "done", at: nineOClock } as const;
const open: Outcome = { row: 1, status: "open", code: 408, key: "k", detail: "Busy", attempts: 2, at: nineOClock };

test("a row that the plan does not send has the plan's words and no calls", () => {
  expect(rowResult(1, unsent(["x"], "skipped", "Same number as row 1."), undefined, done)).toEqual({
    status: "skipped",
    detail: "Same number as row 1.",
    reason: "Same number as row 1.",
    attempts: 0,
  });
});

test("a row with a final outcome has that, whatever else is missing and however its campaign ended", () => {
  const outcome: Outcome = { row: 1, status: "failed", code: 400, key: "cnumber", attempts: 3, at: nineOClock };
  for (const recorded of [true, false]) {
    for (const forgotten of [true, false]) {
      expect(rowResult(1, line, outcome, cancelled, { recorded, forgotten })).toEqual({
        status: "failed",
        code: 400,
        key: "cnumber",
        detail: "Enswitch refused this row (400). Check the recipient's number (cnumber).",
        reason: "Enswitch refused this row (400). Check the recipient's number (cnumber).",
        attempts: 3,
        at: nineOClock,
      });
    }
  }
  expect(rowResult(1, line, accepted(1), done, undefined, true)).toMatchObject({
    status: "submitted",
    detail: "Accepted by the simulator; nothing was really sent.",
  });
});

test("a row that was tried and not accepted is cancelled with its campaign, also where records are missing", () => {
  for (const recorded of [true, false]) {
    for (const forgotten of [true, false]) {
      expect(rowResult(1, line, open, cancelled, { recorded, forgotten })).toEqual({
        status: "cancelled",
        code: 408,
        key: "k",
        detail:
          "Not sent: the campaign was cancelled by Bert at 2026-03-02 09:00 UTC. It had been tried 2 times and was not accepted: Busy.",
        reason: "Not sent: the campaign was cancelled by Bert at 2026-03-02 09:00 UTC.",
        attempts: 2,
        at: nineOClock,
      });
    }
  }
});

test("a row without an outcome was not sent only where its record cannot have been there", () => {
  expect(rowResult(1, line, undefined, cancelled)).toEqual({
    status: "cancelled",
    code: undefined,
    key: undefined,
    detail: "Not sent: the campaign was cancelled by Bert at 2026-03-02 09:00 UTC.",
    reason: "Not sent: the campaign was cancelled by Bert at 2026-03-02 09:00 UTC.",
    attempts: 0,
    at: undefined,
  });
  const doubt = (recorded: boolean, forgotten: boolean) =>
    rowResult(1, line, undefined, cancelled, { recorded, forgotten });
  for (const [recorded, forgotten] of [
    [true, false],
    [false, true],
    [true, true],
  ] as const) {
    const { detail } = doubt(recorded, forgotten);
    expect(doubt(recorded, forgotten)).toEqual({ status: "unknown", detail, reason: detail, attempts: 0 });
    expect(detail.includes("its batch had been dealt with")).toBe(recorded);
  }
  expect(rowResult(1, line, undefined, done, { recorded: true, forgotten: true }).status).toBe("unknown");
});

test("nothing is reported of a row that contradicts its campaign", () => {
  for (const outcome of [undefined, open]) {
    for (const recorded of [true, false]) {
      expect(() => rowResult(7, line, outcome, done, { recorded, forgotten: false })).toThrow(
        "Row 7 has no final outcome",
      );
    }
  }
  expect(() => rowResult(7, unsent(["x"], "invalid", "No."), accepted(7), done)).toThrow(
    "Row 7 is invalid by the plan",
  );
});
