import { expect, test } from "vitest";
import { barLines, createProgress, plainLine } from "../../cli/progress.ts";
import { createScreen, fitted } from "../../cli/screen.ts";
import { liveSummary } from "../../shared/report/live-summary.ts";
import { createPace } from "../../shared/report/pace.ts";
import { campaign } from "../report/factories.ts";
import { nineOClock } from "../support/manual-clock.ts";
import { screen } from "./screen.ts";

const running = (changes = {}) =>
  campaign({
    state: "running",
    end: undefined,
    rows: 1_200_000,
    sendable: 1_000_000,
    tally: { submitted: 985_000, failed: 1_234, unknown: 393, skipped: 0, recentCalls: 0, recentFailed: 0 },
    ...changes,
  });
const live = (changes = {}) => liveSummary(running(changes), { account: { rate: 100 } }, nineOClock);

/** A rate that has been measured for a minute. */
const at = (rate: number | undefined) => ({ rate, forMs: 60_000 });
const drawing = { measured: at(98.4), now: nineOClock, colours: false };

test.each([80, 40, 24])("at %i columns nothing is cut off, and failures and doubts stay visible", (columns) => {
  for (const wait of [undefined, "Waiting for the answers of 3 calls."]) {
    const lines = barLines({ live: live(), wait }, { ...drawing, columns });
    for (const line of lines) expect(line.length).toBeLessThan(columns);
    const text = lines.join(" ");
    for (const part of ["985,000 accepted", "1,234 failed", "393 unknown", "98 %"]) expect(text).toContain(part);
    expect(text.includes("98/s of 100")).toBe(wait === undefined);
    expect(text.replaceAll("  ", " ").includes("answers of 3 calls.")).toBe(wait !== undefined);
  }
});

test("the reason of a wait has nothing in it that the terminal would obey", () => {
  const lines = barLines({ live: live(), wait: "Enswitch said \u001b[2Jno\u202e." }, { ...drawing, columns: 80 });
  expect(lines.join("")).toContain("\\u001B[2Jno\\u202E.");
});

test("a simulation is never shown as accepted, in a bar or in lines", () => {
  const look = { live: live({ simulated: true }) };
  const shown = [...barLines(look, { ...drawing, columns: 80 }), plainLine(look, at(98.4), nineOClock)].join("\n");
  expect(shown).toContain("985,000 simulated");
  expect(shown).not.toContain("accepted");
});

test("a line for a file says the pace, or why it waits", () => {
  expect(plainLine({ live: live() }, { rate: 98.4, forMs: 5_000 }, nineOClock)).toBe(
    "986,627 of 1,000,000 rows: 985,000 accepted, 1,234 failed, 393 unknown; 98/s of 100, 2 min 14 s left",
  );
  expect(plainLine({ live: live(), wait: "Waiting for the answers of 1 call." }, at(0), nineOClock)).toMatch(
    /393 unknown; Waiting for the answers of 1 call\.$/,
  );
});

test("what is left is told by the pace that is reached, once it is known, where that is slower than planned", () => {
  const left = (rate: number | undefined, forMs: number) =>
    plainLine({ live: live({ createdAt: nineOClock - 3_600_000 }) }, { rate, forMs }, nineOClock).match(
      /[\d min]+ s left$/u,
    )?.[0];
  expect(left(10, 60_000)).toBe(" 22 min 18 s left");
  // A run that carries on is as new as one that begins, however old its campaign is.
  expect(left(10, 2_000)).toBe(" 2 min 14 s left");
  expect(left(undefined, 60_000)).toBe(" 2 min 14 s left");
  expect(left(200, 60_000)).toBe(" 2 min 14 s left");
});

test("until when a campaign waits is shown whole, its hour included", () => {
  const midnight = Date.parse("2026-03-02T00:00:00Z");
  const conditions = { account: { rate: 100 }, waitingFor: { reason: "The day is full.", until: midnight } };
  const waiting = liveSummary(running(), conditions, nineOClock);
  const said = "Waiting until 2026-03-02 00:00 UTC. The day is full.";
  expect(barLines({ live: waiting }, { ...drawing, columns: 80 }).join(" ")).toContain(said);
  expect(plainLine({ live: waiting }, at(0), nineOClock)).toContain(said);
});

test("the rate is the present one, not the average since the start", () => {
  const pace = createPace();
  let done = 0;
  const until = (second: number, from: number, perSecond: number) => {
    let rate: number | undefined;
    for (let at = from; at < second; at += 0.2) {
      done += perSecond * 0.2;
      rate = pace.rate(Math.floor(done), at * 1000);
    }
    return rate ?? 0;
  };
  expect(until(60, 0, 100)).toBeCloseTo(100, -1);
  expect(until(75, 60, 10)).toBeCloseTo(10, 0);
  // Then nothing is done any more.
  expect(until(200, 75, 0)).toBeLessThan(1);
});

/** The rate that is measured at the end of these stretches, of a second each in which so many rows are done, and for how long. */
function measuredAfter(stretches: readonly number[], pace = createPace()) {
  let done = 1_000;
  let rate: number | undefined;
  for (const [second, rows] of stretches.entries()) {
    for (let tenth = 0; tenth < 10; tenth++) {
      done += rows / 10;
      rate = pace.rate(Math.floor(done), second * 1_000 + tenth * 100);
    }
  }
  return { rate, forMs: pace.forMs(stretches.length * 1_000 - 100) };
}
const seconds = (many: number, rows: number): readonly number[] => Array.from({ length: many }, () => rows);

test("the time before the first row is no sending: neither when it starts nor after hours in which nobody was called", () => {
  const started = measuredAfter([...seconds(8, 0), ...seconds(3, 20)]);
  expect(started.rate).toBeCloseTo(20, 0);
  expect(started.forMs).toBeLessThan(3_000);
  const again = measuredAfter([...seconds(30, 20), ...seconds(600, 0), ...seconds(3, 20)]);
  expect(again.rate).toBeCloseTo(20, 0);
  expect(again.forMs).toBeLessThan(3_000);
  expect(measuredAfter([...seconds(30, 20), ...seconds(20, 0)]).forMs).toBeGreaterThan(40_000);
});

test("of three rows a minute, the rate is not told before the second, and is that", () => {
  expect(measuredAfter(seconds(35, 0.05)).rate).toBeUndefined();
  expect(measuredAfter(seconds(104, 0.05)).rate).toBeCloseTo(0.05, 2);
});

test("what is shown is redrawn in place, and what is printed comes above it", () => {
  let written = "";
  const screen = createScreen((text) => {
    written += text;
  });
  screen.show(["a", "b"]);
  screen.show(["a", "b"]);
  screen.above(() => {
    written += "note\n";
  });
  screen.show(["c"]);
  screen.settle();
  screen.show(["d"]);
  expect(written).toBe("a\nb\n\u001b[2A\r\u001b[Jnote\na\nb\n\u001b[2A\r\u001b[Jc\nd\n");
});

test("parts are broken between them, and inside them only where they do not fit", () => {
  expect(fitted(["one", "two", "", "three"], 8)).toEqual(["one  two", "three"]);
  expect(fitted(["a long sentence"], 8)).toEqual(["a long", "sentence"]);
  expect(fitted(["abcdefghij"], 4)).toEqual(["abcd", "efgh", "ij"]);
});

test("lines for a file end with what a pause came to, however soon after its own line", () => {
  const { terminal, text } = screen();
  const progress = createProgress(terminal);
  const paused = (submitted: number) => {
    const tally = { submitted, failed: 0, unknown: 0, skipped: 0, recentCalls: 0, recentFailed: 0 };
    const pause = { code: "person", reason: "Paused.", at: nineOClock };
    return { live: { ...live({ state: "paused", pause, tally }), reason: undefined } };
  };
  for (const submitted of [75, 77, 79]) progress.show(paused(submitted));
  progress.stop();
  expect(text().split("\n").at(-1)).toBe("79 of 1,000,000 rows: 79 accepted, 0 failed, 0 unknown");
});
