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
const conditions = { account: { rate: 10 } };
const ledgerAlone = () => liveSummary(waits, conditions, nineOClock);
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
const asWritten = () => liveSummary(waits, conditions, nineOClock, head(["a"], { preview }));

it("what the ledger says of a campaign that waits for approval has the figures that were written of the same plan", () => {
  const [live, written] = [ledgerAlone(), asWritten()];
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
  const [live, written] = [ledgerAlone(), asWritten()];
  const others: readonly (Summary | undefined)[] = [
    undefined,
    { ...written, approval: { plan: "another" } },
    { ...written, countedAt: undefined },
  ];
  for (const other of others) expect(withWrittenFigures(live, other)).toBe(live);
  const sent = liveSummary(running(), { account: { rate: 10 } }, nineOClock);
  expect(withWrittenFigures(sent, asWritten())).toBe(sent);
  const paused = { ...live, pause: { code: "person" as const, at: "2026-03-02T09:00:00.000Z" } };
  expect(withWrittenFigures(paused, written)).toBe(paused);
});

it("a campaign that does not wait any more has the figures of its plan, whoever was left out while it did", () => {
  const approved = liveSummary(running(), { account: { rate: 10 } }, nineOClock, head(["a"], { preview }));
  expect([approved.remaining, approved.counts.skipped, approved.warnings]).toEqual([20, 0, undefined]);
});

const zoned = {
  options: { window: { from: "09:00", to: "20:00", timezone: "recipient" } },
  zones: [
    { zones: ["Europe/London"], rows: 12 },
    { zones: ["America/New_York"], rows: 5 },
    { zones: ["Asia/Tokyo"], rows: 3 },
  ],
};

it("who approves sees by zone and country who is left, the first messages, and when that was counted", () => {
  const message = { row: 1, line: 2, cnumber: "1", message: "Hello", snumber: "2", segments: 1 };
  const messages = [1, 2, 3, 4].map((row) => ({ ...message, row, line: row + 1 }));
  const shown = { ...preview, messages, left: preview.left && { ...preview.left, zones: [11, 6] } };
  const campaign = running({ state: "paused", pause, skipped: 2, ...zoned });
  const summary = liveSummary(campaign, { account: { rate: 10 } }, nineOClock, head(["a"], { preview: shown }));
  expect(summary).toMatchObject({
    counts: { skipped: 5 },
    recipients: [{ country: "GB", messages: 17, segments: 18 }],
    countedAt: "2026-03-02T09:00:00.000Z",
    messages: messages.slice(0, 3),
    problems: [
      { status: "skipped", reason: "Suppressed", count: 3 },
      { status: "skipped", reason: "Other reasons.", count: 2 },
    ],
  });
  expect(summary.zones?.map(({ zones, rows }) => [zones[0], rows])).toEqual([
    ["Europe/London", 11],
    ["America/New_York", 6],
  ]);
  const unread = liveSummary(campaign, conditions, nineOClock);
  const { zones, recipients, countedAt, messages: read } = withWrittenFigures(unread, summary);
  expect({ zones, recipients, countedAt, messages: read }).toEqual({
    zones: summary.zones,
    recipients: summary.recipients,
    countedAt: summary.countedAt,
    messages: summary.messages,
  });
});

it("where nobody is left out the plan's figures are those that would be sent", () => {
  const counted = { ...preview, left: preview.left && { ...preview.left, problem: undefined, warnings: [] } };
  const plan = head(["a"], { preview: counted, warnings: [{ code: "encoding", text: "It was guessed." }] });
  const summary = liveSummary(waits, { account: { rate: 10 } }, nineOClock, plan);
  expect([summary.counts.skipped, summary.problems, summary.warnings]).toEqual([0, [], plan.warnings]);
  const older = head(["a"], { preview: { ...preview, left: undefined } });
  expect(liveSummary(waits, { account: { rate: 10 } }, nineOClock, older)).toMatchObject({
    stateText: "Waits for approval: 20 messages would be sent",
    remaining: 20,
    countedAt: undefined,
    recipients: preview.countries,
  });
});

it("who approves sees what those who are left cost, by country", () => {
  const prices = { currency: "EUR", perSegment: { GB: 0.05, FR: 0.1 } };
  const countries = { GB: { messages: 18, segments: 20 }, FR: { messages: 2, segments: 3 } };
  const campaign = running({ state: "paused", pause, countries, defaults: { prices } });
  const left = [
    { country: "GB", messages: 15, segments: 16 },
    { country: "FR", messages: 2, segments: 3 },
  ];
  const plan = head(["a"], { preview: { ...preview, countries: left } });
  const summary = liveSummary(campaign, conditions, nineOClock, plan);
  expect(summary).toMatchObject({
    stateText: "Waits for approval: 17 messages would be sent",
    remaining: 17,
    segments: { total: 19, distribution: { "1": 16, "2": 1 } },
    warnings: [{ code: "suppression" }],
  });
  const all = liveSummary(campaign, conditions, nineOClock);
  expect([all.cost?.estimated.amount, summary.cost?.estimated.amount]).toEqual([1.3, 1.1]);
  expect(withWrittenFigures(all, summary).cost).toEqual(summary.cost);
});
