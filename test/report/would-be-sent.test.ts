import { expect, it } from "vitest";
import type { Preview } from "../../shared/plan/head.ts";
import { liveSummary } from "../../shared/report/live-summary.ts";
import type { Summary } from "../../shared/report/summary.ts";
import { withWrittenFigures } from "../../shared/report/would-be-sent.ts";
import { running } from "../support/factories.ts";
import { nineOClock } from "../support/manual-clock.ts";
import { head } from "./factories.ts";

const pause = { code: "approval" as const, reason: "It waits", at: nineOClock };
const waits = running({ state: "paused", pause });
const live = liveSummary(waits, { account: { rate: 10 } }, nineOClock);
const preview: Preview = {
  countries: [{ country: "GB", messages: 17, segments: 18 }],
  messages: [],
  left: {
    lists: "one",
    at: nineOClock,
    problem: { status: "skipped", reason: "Suppressed", count: 3, rows: [1, 2, 3], examples: [] },
    distribution: { "1": 16, "2": 1 },
    warnings: [{ code: "suppression", text: "It would be paused." }],
  },
};
const written = liveSummary(waits, { account: { rate: 10 } }, nineOClock, head(["a"], { preview }));

it("what the ledger says of a campaign that waits for approval has the figures that were written of the same plan", () => {
  expect([live.remaining, written.remaining]).toEqual([20, 17]);
  expect(written.warnings).toMatchObject([{ code: "suppression" }]);
  expect(withWrittenFigures(live, written)).toMatchObject({
    stateText: "Waits for approval: 17 messages would be sent",
    remaining: 17,
    counts: { skipped: 3 },
    segments: { total: 18, distribution: { "1": 16, "2": 1 } },
  });
});

it("but not of another plan, of an older version, or once it does not wait any more", () => {
  const others: readonly (Summary | undefined)[] = [
    undefined,
    { ...written, approval: { plan: "another" } },
    { ...written, countedAt: undefined },
  ];
  for (const other of others) expect(withWrittenFigures(live, other)).toBe(live);
  const sent = liveSummary(running(), { account: { rate: 10 } }, nineOClock);
  expect(withWrittenFigures(sent, written)).toBe(sent);
});

it("a campaign that does not wait any more has the figures of its plan, whoever was left out while it did", () => {
  const approved = liveSummary(running(), { account: { rate: 10 } }, nineOClock, head(["a"], { preview }));
  expect([approved.remaining, approved.counts.skipped, approved.warnings]).toEqual([20, 0, undefined]);
});
