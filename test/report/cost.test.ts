import { describe, expect, test } from "vitest";
import { checkLines } from "../../cli/check-lines.ts";
import { liveLines } from "../../cli/live-lines.ts";
import { summaryLines } from "../../cli/summary-lines.ts";
import type { Defaults, Options } from "../../shared/campaign/options.ts";
import { checkSummary } from "../../shared/report/check-summary.ts";
import { costInWords, moneyInWords } from "../../shared/report/cost-in-words.ts";
import { finalSummary } from "../../shared/report/final-summary.ts";
import { liveSummary } from "../../shared/report/live-summary.ts";
import { checkPage } from "../../shared/report/page/check-page.ts";
import { reportPage } from "../../shared/report/page/report-page.ts";
import { writeReport } from "../../shared/report/write-report.ts";
import { headOf } from "../../shared/split/judge-upload.ts";
import { judgedCsv } from "../csv/judged-csv.ts";
import { nineOClock } from "../support/manual-clock.ts";
import { createMemoryBucket } from "../support/memory-bucket.ts";
import { accepted, campaign, stream } from "./factories.ts";

const options: Options = { message: "Hello", snumber: "1" };
const prices = { currency: "GBP", perSegment: { GB: 0.1, FR: 0.07 } };
const defaults: Defaults = { country: "GB", prices };
const csv = "to,text\n07700900001,\n+33612345671,\n07700900003,\n+15064324567,\n";

async function judged(own: Options = options, stack: Defaults = defaults) {
  const { opened, rows, last } = await judgedCsv(csv.replaceAll(",\n", ",Hi\n"), own, { defaults: stack });
  if (last.kind !== "end" || opened === undefined) throw new Error("The list is refused.");
  const { rows: all, sendable, invalid, skipped, countries } = last.totals;
  const counts = { rows: all, sendable, invalid, skipped };
  return { rows, end: last, head: headOf(opened.header, last), counts, countries };
}

const { rows, end, head, counts, countries } = await judged();
const planned = campaign({ ...counts, segments: 4, options, defaults, countries });

const estimate =
  "£0.27: GB £0.20 (2 segments), FR £0.07 (1 segment). There is no price for CA: 1 segment not in this sum.";

const check = checkSummary({
  name: "spring",
  head,
  ...counts,
  options,
  defaults,
  dialect: planned.dialect,
  messages: [],
  rate: 10,
  at: nineOClock,
});

async function reported(of = planned) {
  const lines = rows.map(({ cells, verdict }) => {
    if (verdict.kind !== "send") throw new Error(verdict.detail);
    return { cells, segments: verdict.segments, number: verdict.send.cnumber };
  });
  const figures = await writeReport(
    { bucket: createMemoryBucket() },
    {
      campaign: of,
      head,
      rows: stream(lines),
      outcomes: stream([
        accepted(1),
        { row: 2, status: "failed" as const, code: 400, key: "x", detail: "No", attempts: 1, at: nineOClock },
        accepted(3),
        accepted(4),
      ]),
      completedAt: nineOClock,
    },
  );
  const summary = finalSummary(of, head, figures);
  return { figures, summary };
}

describe("what a campaign costs", () => {
  test("is estimated the same in a check, on its page, and while it runs", () => {
    const live = liveSummary(planned, { account: { rate: 10 } }, nineOClock);
    expect(live.cost).toEqual(check.cost);
    expect(live.cost?.submitted).toBeUndefined();
    expect(liveLines(live, false)).toContain(`Estimated cost: ${estimate}`);
    const file = {
      csv: "spring.csv",
      name: "spring",
      format: "csv",
      bytes: csv.length,
      options: undefined,
    } as const;
    const report = { summary: check, end, file, attachmentsThere: false, seconds: 1, rate: 10, times: [] };
    expect(checkLines(report)).toContain(`Estimated cost: ${estimate}`);
    expect(checkPage(check)).toContain("<dt>Estimated cost</dt><dd>£0.27<small>GB £0.20 (2 segments)");
  });

  test("is at the end that of what was submitted, beside what was estimated", async () => {
    const { summary, figures } = await reported();
    expect(summary.cost?.estimated).toEqual(check.cost?.estimated);
    const [sent, before] = summaryLines(summary, undefined).filter((line) => /Cost|Estimated/.test(line));
    expect(sent).toBe(
      "Cost of what was submitted, by the prices set: £0.20: GB £0.20 (2 segments). There is no price for CA: 1 segment not in this sum.",
    );
    expect(before).toBe("Estimated before: £0.27.");
    expect(reportPage(summary, figures)).toContain("<dt>Cost of what was submitted</dt><dd>£0.20<small>");
  });

  test.each([
    ["national", { ...options, country: "GB", numberFormat: "national" }, 3],
    ["digits", { ...options, numberFormat: "digits" }, 4],
    ["as-is", { ...options, numberFormat: "as-is" }, 4],
  ] as const)("knows countries however numbers are handed on: %s", async (_format, own, sendable) => {
    const { countries: found } = await judged(own);
    const all = Object.values(found ?? {}).reduce((sum, { messages }) => sum + messages, 0);
    expect(all).toBe(_format === "national" ? 2 : sendable);
    expect(found).toMatchObject({ GB: { messages: 2, segments: 2 } });
    expect(Object.keys(found ?? {})).not.toContain("");
  });

  test("is neither counted nor shown without prices", async () => {
    const { countries: none } = await judged(options, { country: "GB" });
    expect(none).toBeUndefined();
    const { summary } = await reported(campaign({ ...counts, options, defaults: { country: "GB" } }));
    expect(summary.cost).toBeUndefined();
    expect(summaryLines(summary, undefined).join()).not.toMatch(/cost/i);
  });
});

describe("money", () => {
  test("is written with its currency's own decimals, and a little is not nothing", () => {
    expect(moneyInWords("GBP", 1234.5)).toBe("£1,234.50");
    expect(moneyInWords("JPY", 1234.5)).toBe("JP¥1,235");
    expect(moneyInWords("GBP", 0.001)).toBe("less than £0.01");
    expect(moneyInWords("GBP", 0.006)).toBe("£0.01");
    expect(moneyInWords("GBP", 0)).toBe("£0.00");
  });

  test("names twelve countries, and counts the others", () => {
    const of = (countries: number) =>
      costInWords("EUR", {
        amount: countries,
        countries: Array.from({ length: countries }, (_, at) => ({
          country: `C${at + 1}`,
          messages: 1,
          segments: 1,
          price: 1,
          amount: 1,
        })),
      });
    expect(of(12)).toContain(", C12 €1.00 (1 segment).");
    expect(of(13)).toContain(", C12 €1.00 (1 segment) and 1 other country.");
  });

  test("at the default price is said by country", () => {
    const parts = [
      { country: "US", messages: 1, segments: 2, price: 0.1, byDefault: true, amount: 0.2 },
      { messages: 1, segments: 1, price: 0.1, byDefault: true, amount: 0.1 },
    ];
    expect(costInWords("EUR", { amount: 0.3, countries: parts })).toBe(
      "€0.30: US €0.20 (2 segments), unknown country €0.10 (1 segment). At the default price: US, unknown country.",
    );
  });
});
