import { describe, expect, it } from "vitest";
import { smallText } from "../../shared/ports/bucket.ts";
import { reportKey } from "../../shared/ports/bucket-layout.ts";
import { checkSummary } from "../../shared/report/check-summary.ts";
import { finalSummary } from "../../shared/report/final-summary.ts";
import type { SendingConditions } from "../../shared/report/live-state.ts";
import { liveSummary } from "../../shared/report/live-summary.ts";
import { checkPage } from "../../shared/report/page/check-page.ts";
import { refusedSummary } from "../../shared/report/refused-summary.ts";
import { Summary } from "../../shared/report/summary.ts";
import { writeReport } from "../../shared/report/write-report.ts";
import { nineOClock } from "../support/manual-clock.ts";
import { createMemoryBucket } from "../support/memory-bucket.ts";
import { accepted, campaign, head, sendable, stream } from "./factories.ts";

const running = (changes = {}) =>
  campaign({
    state: "running",
    end: undefined,
    rows: 12_000,
    sendable: 10_000,
    invalid: 1_500,
    skipped: 500,
    tally: { submitted: 3_900, failed: 80, unknown: 10, skipped: 10, recentCalls: 0, recentFailed: 0 },
    ...changes,
  });
const conditions = (changes: Partial<SendingConditions> = {}): SendingConditions => ({
  account: { rate: 10 },
  ...changes,
});
const minute = 60_000;

describe("the live summary", () => {
  it("says in words how far a running campaign is, and when it will be over", () => {
    const live = liveSummary(running(), conditions(), nineOClock);
    expect(live).toMatchObject({
      state: "running",
      stateText: "Sending: 3,900 of 12,000 accepted by Enswitch so far",
      counts: { submitted: 3_900, failed: 80, unknown: 10, invalid: 1_500, skipped: 510, cancelled: 0 },
      remaining: 6_000,
      estimatedEndAt: new Date(nineOClock + 600_000).toISOString(),
    });
    expect(Summary.parse(JSON.parse(JSON.stringify(live)))).toBeDefined();
  });

  it("asks for nothing to be fixed when a person paused it", () => {
    const pause = { code: "person" as const, reason: "Paused by Bert.", at: nineOClock, by: "Bert" };
    const target = ["--data", "my lists"];
    const { nextSteps } = liveSummary(running({ state: "paused", pause }), conditions({ target }), nineOClock);
    expect(nextSteps).toEqual([
      'Paused by Bert. To continue with the next row: npx bulk-send resume spring --data "my lists"',
    ]);
    const linking = conditions({ manual: "https://wiki.example.com/ops" });
    const linked = liveSummary(running({ state: "paused", pause }), linking, nineOClock);
    expect(linked.nextSteps.at(-1)).toBe("More about it: https://wiki.example.com/ops#pause-person");
  });

  it("counts every row once: statuses and remaining rows add up", () => {
    const { counts, remaining, rows } = liveSummary(running(), conditions(), nineOClock);
    expect(Object.values(counts).reduce((sum, count) => sum + count, remaining)).toBe(rows);
  });

  it("estimates later when other campaigns share the rate, a longer one by no more than this one's own length", () => {
    const live = liveSummary(running(), conditions({ othersUnsent: [1_000, 1_000_000] }), nineOClock);
    expect(live.estimatedEndAt).toBe(new Date(nineOClock + 1_300_000).toISOString());
  });

  it("says when the window opens, and estimates from there", () => {
    const until = nineOClock + 30 * minute;
    const live = liveSummary(
      running(),
      conditions({ waitingFor: { reason: "The window is closed.", until } }),
      nineOClock,
    );
    expect(live).toMatchObject({
      state: "waiting",
      reason: "The window is closed.",
      waitsUntil: "2026-03-02T09:30:00.000Z",
      estimatedEndAt: "2026-03-02T09:40:00.000Z",
    });
    expect(live.stateText).toContain("Waiting until 2026-03-02 09:30 UTC");
  });

  it("estimates no later end than sendBefore", () => {
    const sendBefore = new Date(nineOClock + 5 * minute).toISOString();
    const { estimatedEndAt } = liveSummary(running({ options: { sendBefore } }), conditions(), nineOClock);
    expect(estimatedEndAt).toBe(sendBefore);
  });

  it("says since when the endpoint does not answer", () => {
    const hold = { since: nineOClock - minute, until: nineOClock + minute, reason: "No answer five times in a row." };
    const live = liveSummary(running(), conditions({ account: { rate: 10, hold } }), nineOClock);
    expect(live).toMatchObject({
      state: "waiting",
      endpointSilentSince: "2026-03-02T08:59:00.000Z",
      reason: expect.stringContaining(hold.reason),
    });
    expect(live.reason).toContain("since 2026-03-02 08:59:00 UTC; the next attempt is at 2026-03-02 09:01:00 UTC.");
  });

  it("puts a pause before everything else, with how to end it", () => {
    const pause = { code: "failures" as const, reason: "30 of the last 50 calls failed", at: nineOClock };
    const live = liveSummary(running({ pause, state: "paused" }), conditions(), nineOClock);
    expect(live).toMatchObject({ state: "paused", reason: pause.reason, pause: { code: "failures" } });
    expect(live.nextSteps.join()).toContain("bulk-send resume spring");
    expect(live.estimatedEndAt).toBeUndefined();
  });

  it("says which command stores new credentials", () => {
    const pause = { code: "credentials" as const, reason: "Enswitch does not accept the credentials.", at: nineOClock };
    const live = liveSummary(running(), conditions({ account: { rate: 10, pause } }), nineOClock);
    expect(live.nextSteps.join()).toContain("bulk-send credentials");
  });

  it("is over only when it is over", () => {
    const live = liveSummary(
      running({ state: "ending", end: { why: "cancelled", at: nineOClock } }),
      conditions(),
      nineOClock,
    );
    expect(live).toMatchObject({ state: "ending", ended: "cancelled" });
  });
});

describe("the live summary's estimate", () => {
  const endOf = (changes: Partial<SendingConditions>, more = {}) =>
    liveSummary(running(more), conditions(changes), nineOClock).estimatedEndAt;
  const after = (ms: number) => new Date(nineOClock + ms).toISOString();
  const midnight = nineOClock + 15 * 60 * minute;
  const dayMs = 24 * 60 * minute;
  const midnightAfter = (at: number) => midnight + Math.max(0, Math.floor((at - midnight) / dayMs) + 1) * dayMs;
  it("is none where nothing is left, nothing is allowed, or nobody knows when it goes on", () => {
    const tally = { submitted: 10_000, failed: 0, unknown: 0, skipped: 0, recentCalls: 0, recentFailed: 0 };
    expect(endOf({}, { tally })).toBeUndefined();
    expect(endOf({ account: { rate: 0 } })).toBeUndefined();
    expect(endOf({ waitingFor: { reason: "It never opens." } })).toBeUndefined();
    expect(endOf({}, { tally: { ...tally, submitted: 9_999 } })).toBe(after(100));
    expect(liveSummary(running(), conditions(), nineOClock).rate).toEqual({ set: 10 });
  });

  it("keeps to the hours of the campaign and of the stack", () => {
    const window = { from: "08:00", to: "09:05", timezone: "UTC" };
    const whole = { from: "00:00", to: "24:00", timezone: "UTC" };
    expect(endOf({}, { options: { window } })).toBe("2026-03-03T08:05:00.000Z");
    expect(endOf({}, { options: { window: whole }, defaults: { window } })).toBe("2026-03-03T08:05:00.000Z");
    expect(endOf({}, { options: { window: whole }, defaults: { window: whole } })).toBe(after(600_000));
  });

  it("keeps to what the day has room for, which is less where some of it is used", () => {
    // 1,000 today, 4,000 tomorrow, and 1,000 on the day after, at 10 a second.
    const day = { calls: 4_000, used: 3_000, midnightAfter };
    expect(endOf({ account: { rate: 10, day } })).toBe(new Date(midnight + dayMs + 100_000).toISOString());
  });

  it("takes nothing as used of a day on which it goes on later", () => {
    const day = { calls: 6_000, used: 3_000, midnightAfter };
    const goingOn = (until: number) => endOf({ account: { rate: 10, day }, waitingFor: { reason: "Closed.", until } });
    expect(goingOn(midnight)).toBe(new Date(midnight + 600_000).toISOString());
    expect(goingOn(midnight - 1_000_000)).toBe(new Date(midnight + 300_000).toISOString());
  });
});

it("a live summary says what is known of a pause, of its people and of why rows were not sent", () => {
  const pause = { code: "failures" as const, reason: "30 of the last 50 calls failed", at: nineOClock, by: "Bert" };
  const problem = { status: "invalid" as const, reason: "No text.", count: 1_500, rows: [5, 6], examples: ["", "x"] };
  const samples = ["Zoë"];
  const warnings = [{ code: "encoding" as const, text: "It was guessed." }];
  const plan = head(["cnumber"], { problems: [{ ...problem, lines: [6, 7] }], samples, footed: 7 });
  const tried = [{ status: "failed" as const, code: 403, reason: "Barred.", count: 80, rows: [1], lines: [] }];
  const history = [{ what: "resumed" as const, by: "user/anna", at: nineOClock - minute }];
  const footed = { defaults: { optOut: { footer: "Reply STOP to opt out" } } };
  const planned = running({ state: "paused", pause, history, uploadedBy: "user/anna", ...footed });
  const live = liveSummary(planned, conditions(), nineOClock, { ...plan, warnings }, tried, 4);
  expect(live).toMatchObject({
    pause: { code: "failures", at: "2026-03-02T09:00:00.000Z", by: "Bert" },
    uploadedBy: "anna",
    history: [{ what: "resumed", by: "anna", at: "2026-03-02T08:59:00.000Z" }],
    optedOut: 4,
    dialect: { samples },
    footer: { text: "Reply STOP to opt out", messages: 7 },
    warnings,
    problems: [
      { status: "failed", code: 403, count: 80, rows: [1], lines: undefined },
      { status: "invalid", count: 1_500, rows: [5, 6], lines: [6, 7], examples: ["", "x"] },
      { status: "skipped", reason: "Other reasons.", count: 500, rows: [] },
    ],
  });
  expect(live.recipients).toBeUndefined();
  expect(liveSummary(planned, conditions(), nineOClock, head(["cnumber"])).footer).toBeUndefined();
  expect(liveSummary(running(), conditions(), nineOClock, { ...plan, footed: undefined }).footer).toBeUndefined();
  expect(liveSummary(running(), conditions(), nineOClock).dialect?.samples).toEqual([]);
});

it("a live summary tells by whom which plan was approved, and which one waits for that", () => {
  const approval = { by: "user/anna", at: nineOClock };
  const approvalOf = (changes: object) => liveSummary(running(changes), conditions(), nineOClock).approval;
  const pause = { code: "approval" as const, reason: "It waits.", at: nineOClock };
  expect(approvalOf({ approval })).toEqual({ plan: "r1", by: "anna", at: "2026-03-02T09:00:00.000Z" });
  expect(approvalOf({ state: "paused", pause })).toEqual({ plan: "r1" });
  expect(approvalOf({ state: "paused", pause: { ...pause, code: "person" } })).toBeUndefined();
});

describe("the final summary", () => {
  const finished = async (changes = {}) => {
    const bucket = createMemoryBucket();
    const ended = campaign({ jsonVersion: "2", ...changes });
    const header = head(["cnumber"]);
    const figures = await writeReport(
      { bucket },
      {
        campaign: ended,
        head: header,
        rows: stream([sendable("1"), sendable("2"), sendable("3")]),
        outcomes: stream(accepted(1), { row: 2, status: "unknown" as const, attempts: 1, at: nineOClock + 2_000 }),
        completedAt: nineOClock + minute,
      },
    );
    return finalSummary(ended, header, figures, 10);
  };

  it("says in words and figures how the campaign ended", async () => {
    const summary = await finished({ end: { why: "cancelled", by: "Bert", at: nineOClock } });
    expect(summary).toMatchObject({
      state: "complete",
      stateText: "Cancelled by Bert: 1 of 3 accepted by Enswitch",
      counts: { submitted: 1, unknown: 1, cancelled: 1 },
      remaining: 0,
      startedAt: "2026-03-02T09:00:00.100Z",
      endedAt: "2026-03-02T09:00:02.000Z",
      rate: { set: 10 },
      updatedAt: "2026-03-02T09:01:00.000Z",
    });
    expect(Summary.parse(JSON.parse(JSON.stringify(summary)))).toEqual(JSON.parse(JSON.stringify(summary)));
  });

  it("has the calls, the rate and the answers of its rows, and how many people opted out", async () => {
    const bucket = createMemoryBucket();
    const lines = Array.from({ length: 60 }, (_, index) => ({ ...sendable(`${index}`), segments: index < 2 ? 10 : 2 }));
    const ended = campaign({ rows: 60, sendable: 60, batchRows: 60, end: undefined, mark: 1 });
    const over = { ...ended, end: { why: "done", at: nineOClock } as const };
    const outcomes = lines.map((_, index) => accepted(index + 1, { attempts: index === 0 ? 3 : 1, ms: 40 }));
    const input = { campaign: over, head: head(["a"]), rows: stream(lines), outcomes: stream(outcomes) };
    const figures = await writeReport({ bucket }, { ...input, completedAt: nineOClock + minute });
    const summary = finalSummary(over, head(["a"]), figures, 20, { people: 3, readUntil: nineOClock + minute });
    expect(summary).toMatchObject({
      stateText: "Complete: 60 of 60 accepted by Enswitch",
      calls: 62,
      rate: { set: 20, reached: 10 },
      answerMs: { median: 40, p95: 40, p99: 40 },
      optedOut: 3,
      segments: { total: 136, distribution: { "2": 58, "10": 2 } },
      reason: undefined,
    });
    expect(Object.keys(summary.segments?.distribution ?? {})).toEqual(["2", "10"]);
    expect(figures.countries).toBeUndefined();
    const noEnd = finalSummary(ended, head(["a"]), figures);
    expect([noEnd.stateText, noEnd.reason, noEnd.rate?.set]).toEqual([summary.stateText, undefined, undefined]);
  });

  it.each([
    [{ why: "cancelled", at: nineOClock } as const, "Cancelled", /^Not sent: the campaign was cancelled at/],
    [{ why: "sendBefore", at: nineOClock } as const, "Ended because sendBefore passed", /sendBefore passed/],
    [
      { why: "retention", at: nineOClock } as const,
      "Ended because its records were about to expire",
      /about to expire/,
    ],
  ])("says why it ended, and what that means for rows (%j)", async (end, opening, reason) => {
    const summary = await finished({ end });
    expect(summary.stateText).toBe(`${opening}: 1 of 3 accepted by Enswitch`);
    expect(summary.reason).toMatch(reason);
    expect(summary.ended).toBe(end.why);
  });

  it("names the next step by file, and the options to be uploaded with it", async () => {
    const { nextSteps } = await finished({ end: { why: "cancelled", at: nineOClock } });
    expect(nextSteps).toHaveLength(2);
    expect(nextSteps[0]).toContain("not-sent.xlsx has 1 row");
    expect(nextSteps[0]).toContain("campaigns/spring-2.json");
    expect(nextSteps[1]).toContain("unknown.xlsx has 1 row in doubt");
    expect(nextSteps[0]).toContain("under a new name such as campaigns/spring-2.xlsx");
  });
});

it("says up to when replies were read only where that was before the end, and names zones with rows alone", async () => {
  const zones = [
    { zones: ["Europe/London"], rows: 3 },
    { zones: ["Asia/Tokyo"], rows: 0 },
  ];
  const ended = campaign({ rows: 1, zones });
  const header = head(["cnumber"]);
  const completedAt = nineOClock + minute;
  const input = {
    campaign: ended,
    head: header,
    rows: stream([sendable("1")]),
    outcomes: stream(accepted(1)),
    completedAt,
  };
  const figures = await writeReport({ bucket: createMemoryBucket() }, input);
  const readUntil = (at: number | undefined) =>
    finalSummary(ended, header, figures, 10, { people: 2, readUntil: at }).repliesReadUntil;
  expect([completedAt, completedAt - 1000, completedAt - 1001, undefined].map(readUntil)).toEqual([
    undefined,
    undefined,
    "2026-03-02T09:00:58.999Z",
    "2026-03-02T09:00:00.000Z",
  ]);
  expect(finalSummary(ended, header, figures, 10).zones).toEqual([{ zones: ["Europe/London"], rows: 3 }]);
});

describe("a simulation", () => {
  it("is never taken for messages that were sent, in words or by a program", async () => {
    const live = liveSummary(running({ simulated: true }), conditions(), nineOClock);
    expect(live).toMatchObject({
      simulated: true,
      stateText: "Sending: 3,900 of 12,000 accepted by the simulator so far (simulated: nothing is really sent)",
    });
    const bucket = createMemoryBucket();
    const ended = campaign({ simulated: true, rows: 2 });
    const figures = await writeReport(
      { bucket },
      {
        campaign: ended,
        head: head(["cnumber"]),
        rows: stream([sendable("1"), sendable("2")]),
        outcomes: stream(accepted(1), { row: 2, status: "failed" as const, code: 403, attempts: 1, at: nineOClock }),
        completedAt: nineOClock + minute,
      },
    );
    const summary = finalSummary(ended, head(["cnumber"]), figures, 10);
    expect(summary.simulated).toBe(true);
    expect(summary.nextSteps[0]).toMatch(/^This was a simulation/);
    const report = (await smallText(bucket, reportKey("spring", "report.csv"))) ?? "";
    expect(report).toContain("Accepted by the simulator; nothing was really sent.");
    for (const text of [JSON.stringify([live, summary]), report]) {
      expect(text).not.toMatch(/accepted by Enswitch|rate plan in Enswitch/i);
    }
  });
});

it("a refusal is one sentence and what to do next", () => {
  const summary = refusedSummary({ name: "spring", reason: "spring.csv has no column of numbers", at: nineOClock });
  expect(Summary.parse(summary)).toMatchObject({
    stateText: "Refused, nothing was sent: spring.csv has no column of numbers.",
    reason: "spring.csv has no column of numbers",
    files: [{ name: "summary.json" }],
    history: [],
  });
  expect(summary.nextSteps).toHaveLength(1);
});

it("a check says how long it takes, what makes messages longer, and what the times in the options mean", () => {
  const unicode = { rows: 2, causes: [{ character: "ë", rows: 2 }] };
  const summary = checkSummary({
    name: "check/spring",
    head: head(["cnumber"], { unicode }),
    rows: 6,
    sendable: 6,
    invalid: 0,
    skipped: 0,
    options: { sendBefore: new Date(nineOClock - 1).toISOString() },
    defaults: {},
    dialect: { encoding: "utf-8", guessed: false, delimiter: "," },
    messages: [],
    rate: 0.5,
    at: nineOClock,
  });
  expect(Summary.parse(JSON.parse(JSON.stringify(summary)))).toMatchObject({ unicode, seconds: 12 });
  expect(summary.nextSteps[0]).toMatch(/^sendBefore .* has passed/);
  const page = checkPage(summary);
  expect(page).toContain("<dt>Takes</dt><dd>12 s");
  expect(page).toContain("<dd>2 messages<small>because of ë (U+00EB)</small>");
  expect(liveSummary(running(), conditions(), nineOClock, head(["cnumber"], { unicode })).unicode).toEqual(unicode);
});

it("a check shows the first three messages and accounts for every row", () => {
  const message = { row: 1, cnumber: "1", message: "Hello", snumber: "2", segments: 1 };
  const summary = checkSummary({
    name: "check/spring",
    head: head(["cnumber"], {
      problems: [{ status: "invalid", reason: "No text.", count: 2, rows: [5, 6], examples: [] }],
    }),
    rows: 10,
    sendable: 6,
    invalid: 3,
    skipped: 1,
    options: {},
    defaults: {},
    dialect: { encoding: "utf-8", guessed: false, delimiter: "," },
    messages: [1, 2, 3, 4].map((row) => ({ ...message, row })),
    at: nineOClock,
  });
  expect(Summary.parse(JSON.parse(JSON.stringify(summary))).messages).toHaveLength(3);
  expect(summary.nextSteps[0]).toContain("upload the file as campaigns/spring.csv");
  expect(summary.problems.map(({ status, count }) => [status, count])).toEqual([
    ["invalid", 2],
    ["invalid", 1],
    ["skipped", 1],
  ]);
});
