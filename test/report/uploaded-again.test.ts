import { stringify } from "csv-stringify/sync";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Options } from "../../shared/campaign/options.ts";
import type { Outcome } from "../../shared/ledger/outcome.ts";
import type { RowLine } from "../../shared/plan/plan.ts";
import { writeReport } from "../../shared/report/write-report.ts";
import { headOf } from "../../shared/split/judge-upload.ts";
import { judgedCsv } from "../csv/judged-csv.ts";
import { nineOClock } from "../support/manual-clock.ts";
import { createMemoryBucket } from "../support/memory-bucket.ts";
import { campaign, stream } from "./factories.ts";
import { readWorkbook } from "./read-workbook.ts";

const options: Options = { snumber: "01632960000", message: "Hi {{name}}" };

/** What Enswitch makes of a number's message. */
type Answer = "submitted" | "failed" | "unknown";

/** One campaign from its file to its report: `answers` by number, all others are accepted. */
async function sent(csv: string, answers: Readonly<Record<string, Answer>>, by: Options = options) {
  const { opened, rows, last } = await judgedCsv(csv, by);
  if (opened === undefined || last.kind !== "end") throw new Error("The file was refused.");
  const lines = rows.map(
    ({ cells, line, verdict }): RowLine =>
      verdict.kind === "send"
        ? { cells, line, segments: verdict.segments, number: verdict.send.cnumber }
        : { cells, line, segments: verdict.segments, unsent: { status: verdict.kind, detail: verdict.detail } },
  );
  const calls = rows.flatMap(({ verdict }) => (verdict.kind === "send" ? [verdict.send] : []));
  const outcomes = calls.map(
    ({ row, cnumber }): Outcome => ({ row, status: answers[cnumber] ?? "submitted", attempts: 1, at: nineOClock }),
  );
  const bucket = createMemoryBucket();
  await writeReport(
    { bucket },
    {
      campaign: campaign({ rows: rows.length, dialect: last.dialect }),
      head: headOf(opened.header, last),
      rows: stream(lines),
      outcomes: stream(outcomes),
      completedAt: nineOClock,
    },
  );
  const found = await bucket.get("reports/spring/report.xlsx");
  const file = (name: string) => bucket.text(`reports/spring/${name}`) ?? "";
  return {
    calls: calls.map(({ cnumber, message }) => `${cnumber} ${message}`),
    report: file("report.csv"),
    workbook: readWorkbook(Buffer.concat(await Array.fromAsync(found?.body ?? []))),
    notSent: file("not-sent.csv"),
    unknown: file("unknown.csv"),
  };
}

const list = [
  "Mobile;name",
  "07700900001;Ada",
  "07700900002;Bob",
  "+447700900003;Cy",
  "x;Dee",
  "07700900001;Ada again",
  "0015;Eve",
  "",
].join("\n");
const mapped: Options = { ...options, columns: { cnumber: "Mobile" }, numberFormat: "as-is" };
const first = { "07700900002": "failed", "+447700900003": "unknown" } as const;

describe("a report uploaded again", () => {
  it("sends only the rows that its send_status allows", async () => {
    const { report } = await sent(list, first, mapped);
    expect((await sent(report, {}, mapped)).calls).toEqual(["07700900002 Hi Bob"]);
  });

  it("leaves out for ever what was sent or is in doubt, however often the report of a report is uploaded", async () => {
    let { report } = await sent(list, first, mapped);
    ({ report } = await sent(report, { "07700900002": "failed" }, mapped));
    for (let again = 0; again < 3; again++) {
      const next = await sent(report, { "07700900002": "failed" }, mapped);
      expect(next.calls).toEqual(["07700900002 Hi Bob"]);
      report = next.report;
    }
    expect((await sent((await sent(report, {}, mapped)).report, {}, mapped)).calls).toEqual([]);
  });

  it("heeds its own send_status also where the options name another column for it", async () => {
    const own = { ...options, columns: { cnumber: "Mobile", send_status: "State" } };
    const { report, calls } = await sent(
      "Mobile,name,State\n07700900001,Ada,failed\n07700900002,Bob,submitted\n",
      {},
      own,
    );
    expect(calls).toEqual(["07700900001 Hi Ada"]);
    expect((await sent(report, {}, own)).calls).toEqual([]);
  });

  it("sends texts as they were before a spreadsheet was kept from running them", async () => {
    const texts = ["=1+1", "+ add me", "-", "@home", "＝full width", "\tindented", "'tis", "-5 %"];
    const csv = ["cnumber,text", ...texts.map((text, at) => `077009000${10 + at},"${text}"`), ""].join("\n");
    const options = { snumber: "1" };
    const before = await sent(csv, {}, options);
    const failed = before.report.replaceAll("submitted", "failed");
    expect((await sent(failed, {}, options)).calls).toEqual(before.calls);
  });

  it("is known by its columns however their names are written by then", async () => {
    const csv = "cnumber,text\n07700900010,=) hello\n";
    const one = { snumber: "1" };
    const before = await sent(csv, { "07700900010": "failed" }, one);
    const renamed = before.report.replaceAll("send_status", "Send Status").replaceAll("send_detail", "SEND-DETAIL");
    const again = await sent(renamed, { "07700900010": "failed" }, one);
    expect(again.calls).toEqual(before.calls);
    expect(again.report).toBe(before.report);
    expect((await sent(again.report, {}, one)).calls).toEqual(before.calls);
  });

  it("sends any text as it was, from the CSV and from the workbook, again and again", async () => {
    const piece = fc.constantFrom(..."'\"=+-@,;|\t\n ab1＝é");
    const text = fc.string({ unit: piece, minLength: 1, maxLength: 12 }).filter((cell) => cell.trim() !== "");
    await fc.assert(
      fc.asyncProperty(fc.array(text, { minLength: 1, maxLength: 8 }), async (texts) => {
        const list = stringify([["cnumber", "text"], ...texts.map((cell, at) => [`077009000${10 + at}`, cell])]);
        const before = await sent(list, {}, { snumber: "1" });
        let { report } = before;
        for (let again = 0; again < 2; again += 1) {
          const next = await sent(report.replaceAll("submitted", "failed"), {}, { snumber: "1" });
          expect(next.calls).toEqual(before.calls);
          report = next.report;
        }
        const workbook = stringify(before.workbook).replaceAll("submitted", "failed");
        expect((await sent(workbook, {}, { snumber: "1" })).calls).toEqual(before.calls);
      }),
      { numRuns: 50 },
    );
  });

  it("does not send a text that a workbook's cell had no room for", async () => {
    const long = "x".repeat(40_000);
    const one = { snumber: "1", message: "Hi" };
    const before = await sent(
      `cnumber,note\n07700900010,${long}\n07700900011,short\n`,
      { "07700900010": "failed", "07700900011": "failed" },
      one,
    );
    expect((await sent(before.report, {}, one)).calls).toHaveLength(2);
    const again = await sent(stringify(before.workbook), {}, one);
    expect(again.calls).toEqual(["07700900011 Hi"]);
    expect(again.report).toContain("after 32,767 characters");
  });
});

describe("not-sent.csv and unknown.csv", () => {
  it("are uploaded as they are, with every zero and plus, and send exactly their rows", async () => {
    const { notSent, unknown } = await sent(list, { ...first, "0015": "failed" }, mapped);
    expect(notSent).toBe("\uFEFFMobile;name\r\n07700900002;Bob\r\nx;Dee\r\n0015;Eve\r\n");
    expect((await sent(notSent, {}, mapped)).calls).toEqual(["07700900002 Hi Bob", "0015 Hi Eve"]);
    expect((await sent(unknown, {}, mapped)).calls).toEqual(["+447700900003 Hi Cy"]);
  });
});
