import { describe, expect, it } from "vitest";
import { createAnswerTimes } from "../../shared/report/answer-times.ts";
import { createTimeline } from "../../shared/report/timeline.ts";
import { nineOClock } from "../support/manual-clock.ts";
import { accepted } from "./factories.ts";

const minute = 60_000;

describe("answer times", () => {
  const gathered = (values: readonly number[]) => {
    const times = createAnswerTimes();
    for (const value of values) times.add(value);
    return times;
  };

  it("are exact for few answers, whatever their order", () => {
    const values = Array.from({ length: 100 }, (_, i) => ((i * 37) % 100) + 1);
    expect(gathered(values).quantiles()).toEqual({ median: 50, p95: 95, p99: 99 });
  });

  it("are within one per cent for many, also merged from parts", () => {
    const values = Array.from({ length: 50_000 }, (_, i) => 5 + ((i * 7919) % 50_000) / 10);
    const whole = gathered(values);
    const merged = gathered(values.slice(0, 150));
    merged.merge(gathered(values.slice(150, 300)));
    merged.merge(gathered(values.slice(300)));
    for (const { median, p95, p99 } of [whole.quantiles(), merged.quantiles()].flatMap((found) => found ?? [])) {
      expect(Math.abs(median / 2_505 - 1)).toBeLessThan(0.01);
      expect(Math.abs(p95 / 4_755 - 1)).toBeLessThan(0.01);
      expect(Math.abs(p99 / 4_955 - 1)).toBeLessThan(0.01);
    }
    expect(merged.quantiles()).toBeDefined();
  });

  it("do not exist without answers", () => expect(gathered([]).quantiles()).toBeUndefined());
});

describe("the timeline", () => {
  it("reaches the rate that calls were made at, and does not count a night without any", () => {
    const timeline = createTimeline();
    for (let call = 0; call < 1_000; call += 1) timeline.add(accepted(1, { at: nineOClock + call * 100 }));
    for (let call = 0; call < 1_000; call += 1)
      timeline.add(accepted(1, { at: nineOClock + 720 * minute + call * 100 }));
    expect(timeline.rate()).toBeCloseTo(10, 5);
  });

  it("reaches the rate that was set, whatever the probe, a hold and the last rows took", () => {
    const timeline = createTimeline();
    const at = (ms: number) => timeline.add(accepted(1, { at: nineOClock + ms }));
    at(0);
    for (let call = 0; call < 400; call += 1) at(4_300 + call * 25);
    for (let call = 0; call < 400; call += 1) at(50_000 + call * 25);
    for (const late of [64_000, 71_000, 72_500]) at(late);
    expect(timeline.rate()).toBeCloseTo(40, 5);
  });

  it("does not take a low rate for waits", () => {
    const timeline = createTimeline();
    for (let call = 0; call < 50; call += 1) timeline.add(accepted(1, { at: nineOClock + call * 2_000 }));
    expect(timeline.rate()).toBeCloseTo(0.5, 5);
  });

  it("reaches a rate of less than a call a second", () => {
    const timeline = createTimeline();
    for (let call = 0; call < 100; call += 1) timeline.add(accepted(1, { at: nineOClock + call * 4_000 }));
    expect(timeline.rate()).toBeCloseTo(0.25, 5);
  });

  it("counts in seconds as long as a campaign is short", () => {
    const timeline = createTimeline();
    for (let call = 0; call < 100; call += 1) timeline.add(accepted(1, { at: nineOClock + 300 + call * 100 }));
    const { points, secondsPerPoint } = timeline.timeline();
    expect(secondsPerPoint).toBe(1);
    expect(points).toHaveLength(11);
    expect(points[0]).toMatchObject({ at: nineOClock, first: nineOClock + 300, last: nineOClock + 900, accepted: 7 });
  });

  it.each([
    ["an hour", 300, 12_000, 10],
    ["a night", 5_000, 7_200, 300],
    ["months", 10_000, 720_000, 21_600],
    ["years", 10_000, 7_200_000, 345_600],
  ])("keeps to 360 points when it takes %s, and loses no call", (_, calls, step, seconds) => {
    const timeline = createTimeline();
    for (let call = 0; call < calls; call += 1) {
      // To and fro, as the calls of repeated rows are.
      const place = call % 2 === 0 ? call : calls - call;
      timeline.add(accepted(1, { at: nineOClock + place * step }));
    }
    const { points, secondsPerPoint } = timeline.timeline();
    expect(secondsPerPoint).toBe(seconds);
    expect(points.length).toBeLessThanOrEqual(360);
    expect(points.reduce((sum, { accepted: count }) => sum + count, 0)).toBe(calls);
    const inOrder = points.every(({ at }, i) => at > (points[i - 1]?.at ?? 0) && at % (secondsPerPoint * 1000) === 0);
    expect(inOrder).toBe(true);
    expect(timeline.span()).toEqual({ first: nineOClock, last: nineOClock + (calls - 1) * step });
  });

  it("counts only calls whose end is known or in doubt", () => {
    const timeline = createTimeline();
    timeline.add({ row: 1, status: "open", attempts: 1, at: nineOClock });
    timeline.add({ row: 2, status: "skipped", attempts: 0 });
    expect(timeline.timeline().points).toEqual([]);
    expect(timeline.rate()).toBeUndefined();
    expect(timeline.span()).toBeUndefined();
  });
});
