import { parse } from "csv-parse/sync";
import { describe, expect, it } from "vitest";
import type { CommittedCampaign } from "../../shared/campaign/campaign.ts";
import { createProblemCounter } from "../../shared/csv/problem-counts.ts";
import type { Outcome } from "../../shared/ledger/outcome.ts";
import type { PlanHead } from "../../shared/plan/head.ts";
import type { RowLine } from "../../shared/plan/plan.ts";
import type { Bucket } from "../../shared/ports/bucket.ts";
import { writeReport } from "../../shared/report/write-report.ts";
import { nineOClock } from "../support/manual-clock.ts";
import { createMemoryBucket } from "../support/memory-bucket.ts";
import { accepted, campaign, head, sendable, stream, unsent } from "./factories.ts";

/** The data of a CSV, header first; a line that is not there has no cells. */
function records(text: string, delimiter = ",") {
  const lines: string[][] = parse(text, { delimiter, bom: true, relax_column_count: false });
  return (line: number): readonly string[] => lines[line] ?? [];
}

const completedAt = nineOClock + 120_000;

interface Case {
  readonly header: readonly string[];
  readonly lines: readonly RowLine[];
  readonly outcomes: readonly Outcome[];
  readonly campaign?: Partial<CommittedCampaign>;
  readonly head?: Partial<PlanHead>;
}

async function report({ header, lines, outcomes, ...rest }: Case) {
  const bucket = createMemoryBucket();
  const ended = campaign({ rows: lines.length, ...rest.campaign });
  const figures = await writeReport(
    { bucket },
    { campaign: ended, head: head(header, rest.head), rows: stream(lines), outcomes: stream(...outcomes), completedAt },
  );
  const file = (name: string) => bucket.text(`reports/${ended.name}/${name}`) ?? "";
  return { figures, all: file("report.csv"), notSent: file("not-sent.csv"), unknown: file("unknown.csv") };
}

describe("a row of which the ledger says nothing, or not enough", () => {
  const cancelled = { why: "cancelled", at: nineOClock, by: "Bert" } as const;
  const lines = [1, 2, 3, 4, 5].map((row) => sendable(`row ${row}`));
  const statuses = (all: string) => records(all)(0).indexOf("send_status");

  it("at or below the mark is in doubt, never cancelled: it was dealt with, and its record has expired", async () => {
    const { all, notSent, unknown, figures } = await report({
      header: ["a"],
      lines,
      outcomes: [accepted(2), { row: 5, status: "open", attempts: 1, at: nineOClock, detail: "refused" }],
      campaign: { end: cancelled, batchRows: 1, mark: 3, lastBatch: 5 },
    });
    const read = records(all);
    expect([1, 2, 3, 4, 5].map((row) => read(row)[statuses(all)])).toEqual([
      "unknown",
      "submitted",
      "unknown",
      "cancelled",
      "cancelled",
    ]);
    expect(all).toContain("its batch had been dealt with, but what became of it is no longer in the ledger");
    expect(notSent).toBe("\uFEFFa\r\nrow 4\r\nrow 5\r\n");
    expect(unknown).toBe("\uFEFFa\r\nrow 1\r\nrow 3\r\n");
    expect(figures.counts).toMatchObject({ unknown: 2, cancelled: 2, submitted: 1 });
  });

  it("is in doubt up to the last row of the mark's batch, however many rows batches have, and not beyond", async () => {
    const { figures, unknown, notSent } = await report({
      header: ["a"],
      lines,
      outcomes: [],
      campaign: { end: cancelled, batchRows: 2, mark: 2, lastBatch: 3 },
    });
    expect(unknown).toBe("\uFEFFa\r\nrow 1\r\nrow 2\r\nrow 3\r\nrow 4\r\n");
    expect(notSent).toBe("\uFEFFa\r\nrow 5\r\n");
    expect(figures.counts).toMatchObject({ unknown: 4, cancelled: 1 });
  });

  it("is in doubt wherever it stands when the records may have expired", async () => {
    const bucket = createMemoryBucket();
    const ended = campaign({ rows: 2, end: cancelled });
    const input = { campaign: ended, head: head(["a"]), rows: stream(lines.slice(0, 2)), completedAt };
    await writeReport({ bucket }, { ...input, outcomes: stream(accepted(1)), forgotten: true });
    expect(bucket.text("reports/spring/not-sent.csv")).toBe("\uFEFFa\r\n");
    expect(bucket.text("reports/spring/unknown.csv")).toBe("\uFEFFa\r\nrow 2\r\n");
    expect(bucket.text("reports/spring/report.csv")).toContain("the report was written so late");
  });

  it("is counted among the calls where its sender died over it, as in its own line: nobody knows whether it was made", async () => {
    const settled = { row: 2, status: "unknown", attempts: 2, detail: "The sender stopped." } as const;
    const { all, figures } = await report({
      header: ["a"],
      lines: lines.slice(0, 3),
      outcomes: [accepted(1), settled, { row: 3, status: "open", attempts: 1, at: nineOClock, detail: "refused" }],
      campaign: { end: cancelled, batchRows: 3, mark: 0, lastBatch: 1 },
    });
    const read = records(all);
    const attempts = [1, 2, 3].map((row) => Number(read(row)[read(0).indexOf("send_attempts")]));
    expect(attempts).toEqual([1, 2, 1]);
    expect(figures.calls).toBe(4);
  });

  it("does not keep a finished campaign's report from being written for ever", async () => {
    const bucket = createMemoryBucket();
    const input = { campaign: campaign({ rows: 1 }), head: head(["a"]), rows: stream(lines.slice(0, 1)), completedAt };
    await writeReport({ bucket }, { ...input, outcomes: stream(), forgotten: true });
    expect(bucket.text("reports/spring/unknown.csv")).toBe("\uFEFFa\r\nrow 1\r\n");
  });
});

describe("report.csv", () => {
  it("says of each row when its last call was made, whatever the rows around it", async () => {
    const seconds = [0, 0.999, 1, 59.5, 3600, 1, 86_400.001];
    const { all } = await report({
      header: ["a"],
      lines: seconds.map((_, index) => sendable(`row ${index}`)),
      outcomes: seconds.map((second, index) => accepted(index + 1, { at: nineOClock + second * 1000 })),
    });
    const read = records(all);
    const column = read(0).indexOf("send_at");
    expect(seconds.map((_, index) => read(index + 1)[column])).toEqual([
      "2026-03-02T09:00:00.000Z",
      "2026-03-02T09:00:00.999Z",
      "2026-03-02T09:00:01.000Z",
      "2026-03-02T09:00:59.500Z",
      "2026-03-02T10:00:00.000Z",
      "2026-03-02T09:00:01.000Z",
      "2026-03-03T09:00:00.001Z",
    ]);
  });

  it("repeats every row in order and says what happened to it", async () => {
    const { all } = await report({
      header: ["Name", "cnumber"],
      lines: [
        { ...sendable("Ada", "07700900001"), number: "+447700900001" },
        unsent(["Bob", "x"], "invalid", "The number is not a number.", 0),
        sendable("Cy", "07700900003"),
        unsent(["Dee", "07700900001"], "skipped", "Same number as row 1.", 1),
        sendable("Eve", "07700900005"),
      ],
      outcomes: [
        accepted(1),
        { row: 3, status: "failed", code: 400, key: "cnumber", detail: "No such number", attempts: 1, at: nineOClock },
        { row: 5, status: "unknown", detail: "No answer within 20 s", attempts: 1, at: nineOClock },
      ],
    });
    expect(all.split("\r\n")).toEqual([
      "\uFEFFName,cnumber,send_status,send_code,send_key,send_detail,send_attempts,send_at,send_segments,send_number",
      "Ada,07700900001,submitted,204,,Accepted by Enswitch for sending.,1,2026-03-02T09:00:00.100Z,1,+447700900001",
      "Bob,x,invalid,,,The number is not a number.,0,,,",
      "Cy,07700900003,failed,400,cnumber,Enswitch refused this row (400): No such number. Check the recipient's number (cnumber).,1,2026-03-02T09:00:00.000Z,1,",
      "Dee,07700900001,skipped,,,Same number as row 1.,0,,1,",
      'Eve,07700900005,unknown,,,"In doubt: No answer within 20 s. It may have been sent, so it is not sent again by itself.",1,2026-03-02T09:00:00.000Z,1,',
      "",
    ]);
  });

  it("keeps the input's delimiter and quotes only what needs it", async () => {
    const { all } = await report({
      header: ["a", "b;c"],
      lines: [sendable('say "hi"', "x,y"), sendable("two\r\nlines", "")],
      outcomes: [accepted(1), accepted(2)],
      campaign: { dialect: { encoding: "utf-8", guessed: false, delimiter: ";" } },
    });
    expect(all).toContain('\uFEFFa;"b;c";send_status;');
    expect(all).toContain('\r\n"say ""hi""";x,y;submitted;');
    expect(all).toContain('\r\n"two\r\nlines";;submitted;');
  });

  it.each(["|", "\t", "^", "]", "\\", "-"])("can be read again with the delimiter %j", async (delimiter) => {
    const cells = [`a${delimiter}b`, 'q"', "plain"];
    const { all } = await report({
      header: ["x", "y", "z"],
      lines: [sendable(...cells)],
      outcomes: [accepted(1)],
      campaign: { dialect: { encoding: "utf-8", guessed: false, delimiter } },
    });
    expect(records(all, delimiter)(1).slice(0, 3)).toEqual(cells);
  });

  it("replaces the columns of an earlier report, wherever they stand", async () => {
    const { all, notSent } = await report({
      header: ["send_status", "cnumber", " Send_Detail "],
      lines: [sendable("failed", "1", "old")],
      outcomes: [{ row: 1, status: "failed", code: 403, detail: "Barred", attempts: 1 }],
    });
    expect(all.split("\r\n").slice(0, 2)).toEqual([
      "\uFEFFcnumber,send_status,send_code,send_key,send_detail,send_attempts,send_at,send_segments,send_number",
      "1,failed,403,,The rate plan in Enswitch does not allow this message (403): Barred.,1,,1,",
    ]);
    expect(notSent).toBe("\uFEFFsend_status,cnumber, Send_Detail \r\nfailed,1,old\r\n");
  });

  it("keeps a column of the customer's own that only looks like one of an earlier report", async () => {
    const { all } = await report({ header: ["send_at"], lines: [sendable("noon")], outcomes: [accepted(1)] });
    expect(all).toContain("\uFEFFsend_at,send_status,");
  });

  it("keeps its columns in place for rows that are too short or too long, and loses nothing", async () => {
    const { all, notSent } = await report({
      header: ["cnumber", "message"],
      lines: [
        unsent(["1"], "invalid", "Too short.", 0),
        unsent(["1", "Hello", " world", "!"], "invalid", "Too long.", 0),
      ],
      outcomes: [],
    });
    const line = records(all);
    expect(line(1).slice(0, 3)).toEqual(["1", "", "invalid"]);
    expect(line(2).slice(0, 3)).toEqual(["1", "Hello, world,!", "invalid"]);
    expect(notSent.split("\r\n").slice(1)).toEqual(["1", "1,Hello, world,!", ""]);
  });

  it("neutralises formulas in cells, header and Enswitch's own words, but not in not-sent.csv", async () => {
    const { all, notSent } = await report({
      header: ["=A1", "cnumber"],
      lines: [sendable('=HYPERLINK("x")', "+44 7700 900123")],
      outcomes: [{ row: 1, status: "failed", code: 400, key: "=1+1", detail: "@x", attempts: 1 }],
    });
    const line = records(all);
    expect(line(0)[0]).toBe("'=A1");
    expect(line(1).slice(0, 2)).toEqual(['\'=HYPERLINK("x")', "+44 7700 900123"]);
    expect(line(1)[4]).toBe("'=1+1");
    expect(notSent).toBe('\uFEFF=A1,cnumber\r\n"=HYPERLINK(""x"")",+44 7700 900123\r\n');
  });
});

describe("rows without a final outcome", () => {
  const waiting: Case = {
    header: ["cnumber"],
    lines: [sendable("1"), sendable("2"), sendable("3")],
    outcomes: [accepted(1), { row: 3, status: "open", detail: "Connection refused", attempts: 2, at: nineOClock }],
  };

  it("are cancelled, with who did it and what had been tried", async () => {
    const { all, notSent, figures } = await report({
      ...waiting,
      campaign: { end: { why: "cancelled", by: "Bert", at: nineOClock } },
    });
    const line = records(all);
    expect(line(2).slice(1, 6)).toEqual([
      "cancelled",
      "",
      "",
      "Not sent: the campaign was cancelled by Bert at 2026-03-02 09:00 UTC.",
      "0",
    ]);
    expect(line(3)[4]).toBe(
      "Not sent: the campaign was cancelled by Bert at 2026-03-02 09:00 UTC. It had been tried 2 times and was not accepted: Connection refused.",
    );
    expect(notSent).toBe("\uFEFFcnumber\r\n2\r\n3\r\n");
    expect(figures.counts).toMatchObject({ submitted: 1, cancelled: 2 });
    expect(figures.reasons).toMatchObject([{ status: "cancelled", count: 2, rows: [2, 3] }]);
  });

  it.each([
    ["sendBefore", "sendBefore passed"],
    ["retention", "records were about to expire"],
  ] as const)("name %s as the reason", async (why, words) => {
    const { all } = await report({ ...waiting, campaign: { end: { why, at: nineOClock } } });
    expect(all).toContain(words);
  });

  it("fail the report when every batch is recorded as done", async () => {
    await expect(report(waiting)).rejects.toThrow(
      "Row 2 has no final outcome although every batch is recorded as done",
    );
  });
});

describe("contradictions are not reported", () => {
  const one = { header: ["cnumber"], lines: [sendable("1")] };

  it.each<[string, Case, string]>([
    ["an outcome twice", { ...one, outcomes: [accepted(1), accepted(1)] }, "beyond its last row"],
    [
      "an outcome out of order",
      { header: ["c"], lines: [sendable("1"), sendable("2")], outcomes: [accepted(2), accepted(1)] },
      "no final outcome",
    ],
    ["an outcome beyond the last row", { ...one, outcomes: [accepted(1), accepted(2)] }, "beyond its last row, 1"],
    [
      "an outcome of an invalid row",
      { ...one, lines: [unsent(["1"], "invalid", "No.", 0)], outcomes: [accepted(1)] },
      "Row 1 is invalid by the plan",
    ],
    [
      "fewer rows than the campaign has",
      { ...one, outcomes: [accepted(1)], campaign: { rows: 2 } },
      "has 1 rows where 2 were read",
    ],
    [
      "a row that was tried and not accepted, in a campaign that is done",
      { ...one, outcomes: [{ row: 1, status: "open", attempts: 1, at: nineOClock, detail: "refused" }] },
      "Row 1 has no final outcome",
    ],
    ["a campaign that has not ended", { ...one, outcomes: [], campaign: { end: undefined } }, "has not ended"],
  ])("%s", async (_, input, message) => {
    await expect(report(input)).rejects.toThrow(message);
  });

  it("names no number and no text in its errors", async () => {
    const secret: Case = { header: ["c"], lines: [sendable("07700900123")], outcomes: [] };
    await expect(report(secret)).rejects.not.toThrow("07700900123");
  });
});

it("gives the plan's reasons as it has them, and counts the rows of those that it left out", async () => {
  const { figures } = await report({
    header: ["a"],
    lines: [
      unsent(["1"], "invalid", "No number.", 0),
      unsent(["2"], "invalid", "No text.", 0),
      unsent(["3"], "skipped", "Duplicate.", 1),
      sendable("4"),
    ],
    outcomes: [accepted(4)],
    head: { problems: [{ status: "invalid", reason: "No number.", count: 1, rows: [1], examples: [] }] },
  });
  const reasons = figures.reasons.map(({ status, reason, count }) => `${count} ${status}: ${reason}`);
  expect(reasons.toSorted()).toEqual([
    "1 invalid: No number.",
    "1 invalid: Other reasons.",
    "1 skipped: Other reasons.",
  ]);
});

it("has reasons that add up to its rows, however many there are of each status", async () => {
  const statuses = ["invalid", "skipped"] as const;
  const problems = createProblemCounter();
  const lines = Array.from({ length: 240 }, (_, index): RowLine => {
    const status = statuses[index % 2] ?? "invalid";
    const problem = `Problem ${index}`;
    problems.add({ kind: status, problem, detail: problem, segments: 0 }, index + 1, index + 2);
    return unsent([`${index}`], status, problem, 0);
  });
  const planned = problems
    .all()
    .map(({ status, problem, count, rows }) => ({ status, reason: problem, count, rows: [...rows], examples: [] }));
  expect(planned.length).toBeGreaterThan(100);
  const { figures } = await report({ header: ["a"], lines, outcomes: [], head: { problems: planned } });
  const sum = (of: string) =>
    figures.reasons.filter(({ status }) => status === of).reduce((sum, { count }) => sum + count, 0);
  expect(statuses.map(sum)).toEqual([120, 120]);
  expect(figures.reasons.length).toBeLessThan(110);
});

describe("not-sent.csv and unknown.csv", () => {
  it("have the header even when they are empty", async () => {
    const { notSent, unknown } = await report({
      header: ["a", "b"],
      lines: [sendable("1", "2")],
      outcomes: [accepted(1)],
    });
    expect([notSent, unknown]).toEqual(["\uFEFFa,b\r\n", "\uFEFFa,b\r\n"]);
  });

  it("leave out rows that were skipped on purpose", async () => {
    const { notSent, unknown } = await report({
      header: ["a"],
      lines: [sendable("1"), unsent(["2"], "skipped", "Duplicate.", 1)],
      outcomes: [{ row: 1, status: "skipped", detail: "On the suppression list.", attempts: 0 }],
    });
    expect([notSent, unknown]).toEqual(["\uFEFFa\r\n", "\uFEFFa\r\n"]);
  });

  it("write a lone empty cell so that it stays a row", async () => {
    const { notSent } = await report({ header: ["a"], lines: [unsent([""], "invalid", "Empty.", 0)], outcomes: [] });
    expect(parse(notSent, { bom: true, skip_empty_lines: true })).toEqual([["a"], [""]]);
  });
});

describe("the figures", () => {
  it("add up, whatever happened to the rows", async () => {
    const { figures } = await report({
      header: ["a"],
      lines: [
        { cells: ["1"], segments: 2 },
        sendable("2"),
        unsent(["3"], "invalid", "No text.", 0),
        unsent(["4"], "skipped", "Duplicate.", 1),
        sendable("5"),
      ],
      outcomes: [
        accepted(1, { ms: 30 }),
        { row: 2, status: "unknown", attempts: 1, at: nineOClock + 61_000 },
        accepted(5, { attempts: 3 }),
      ],
      head: { problems: [{ status: "invalid", reason: "No text.", count: 1, rows: [3], examples: [] }] },
    });
    expect(figures).toMatchObject({
      rows: 5,
      counts: { submitted: 2, failed: 0, unknown: 1, invalid: 1, skipped: 1, cancelled: 0 },
      segments: { total: 3, distribution: { "1": 1, "2": 1 } },
      calls: 5,
      firstCallAt: nineOClock + 100,
      lastCallAt: nineOClock + 61_000,
      completedAt,
    });
    expect(figures.timeline).toMatchObject({
      secondsPerPoint: 1,
      points: [
        { at: nineOClock, accepted: 2, failed: 0, unknown: 0 },
        { at: nineOClock + 61_000, accepted: 0, failed: 0, unknown: 1 },
      ],
    });
    const sum = (status: string) => figures.reasons.filter((r) => r.status === status).reduce((n, r) => n + r.count, 0);
    expect([sum("unknown"), sum("invalid"), sum("skipped")]).toEqual([1, 1, 1]);
    expect(figures.problemRows.map(({ row }) => row)).toEqual([2, 3, 4]);
  });

  it("list at most 500 rows, those in doubt first, and some of every status", async () => {
    const many = (count: number, line: RowLine) => Array.from({ length: count }, () => line);
    const lines = [
      ...many(600, unsent(["d"], "skipped", "Duplicate.", 1)),
      ...many(700, unsent(["x"], "invalid", "No text.", 0)),
      ...many(393, sendable("u")),
      sendable("f"),
    ];
    const outcomes = lines.flatMap((line, index): Outcome[] =>
      line.unsent === undefined
        ? [{ row: index + 1, status: line.cells[0] === "u" ? "unknown" : "failed", attempts: 1, at: nineOClock }]
        : [],
    );
    const { figures } = await report({ header: ["a"], lines, outcomes });
    const listed = figures.problemRows.map(({ status }) => status);
    const count = (status: string) => listed.filter((each) => each === status).length;
    expect([count("unknown"), count("failed"), count("invalid"), count("skipped")]).toEqual([393, 1, 56, 50]);
    expect([...new Set(listed)]).toEqual(["unknown", "failed", "invalid", "skipped"]);
    expect(figures.problemRows[0]).toMatchObject({ row: 1_301, status: "unknown" });
  });

  it("always list the number, wherever its column is", async () => {
    const header = ["a", "b", "c", "d", "Tel. of the carer"];
    const lines = [unsent(["1", "2", "3", "4", "0770"], "invalid", "Too short.", 0)];
    const { figures } = await report({ header, lines, outcomes: [], head: { numberColumn: 4 } });
    expect(figures.problemColumns).toEqual(["Tel. of the carer", "a", "b", "c"]);
    expect(figures.problemRows[0]?.cells).toEqual(["0770", "1", "2", "3"]);
    const old = await report({ header: ["a", "b", "c", "d", "Mobile"], lines, outcomes: [] });
    expect(old.figures.problemColumns).toEqual(["Mobile", "a", "b", "c"]);
    const unnamed = await report({
      header: ["a"],
      lines: [{ ...sendable("1"), number: "+447700900123" }],
      outcomes: [{ row: 1, status: "failed", attempts: 1, at: nineOClock }],
    });
    expect([unnamed.figures.problemColumns, unnamed.figures.problemRows[0]?.cells]).toEqual([
      ["Number", "a"],
      ["+447700900123", "1"],
    ]);
  });
});

it("writes the same bytes again, however rows and outcomes are cut into runs", async () => {
  const lines = Array.from({ length: 1000 }, (_, i) => sendable(`n${i}`, "ü".repeat(i % 50)));
  const outcomes = lines.map((_, i) => accepted(i + 1));
  const write = async (
    rows: AsyncIterable<readonly RowLine[]>,
    results: AsyncIterable<Outcome | readonly Outcome[]>,
  ) => {
    const bucket = createMemoryBucket();
    await writeReport(
      { bucket },
      {
        campaign: campaign({ rows: 1000 }),
        head: head(["a", "b"]),
        rows,
        outcomes: results,
        completedAt: Math.random(),
      },
    );
    return bucket.text("reports/spring/report.csv");
  };
  const whole = await write(stream(lines), stream(...outcomes));
  const cut = await write(
    stream(lines.slice(0, 7), [], lines.slice(7)),
    stream(outcomes.slice(0, 500), [], outcomes.slice(500)),
  );
  expect(cut).toBe(whole);
  expect(whole).toContain("\r\nn999,");
});

describe("when something fails", () => {
  const endless = async function* (): AsyncGenerator<readonly RowLine[]> {
    for (;;) yield Array.from({ length: 100 }, () => sendable("x".repeat(1000)));
  };
  const allAccepted = async function* (): AsyncGenerator<Outcome> {
    for (let row = 1; ; row += 1) yield accepted(row);
  };
  const write = (bucket: Bucket, rows: AsyncIterable<readonly RowLine[]> = endless()) =>
    writeReport(
      { bucket },
      { campaign: campaign({ rows: 1e9 }), head: head(["a"]), rows, outcomes: allAccepted(), completedAt },
    );

  it.each(["report.csv", "not-sent.csv", "unknown.csv", "report.xlsx", "not-sent.xlsx", "unknown.xlsx"])(
    "%s not being stored ends all, with its error",
    async (name) => {
      const bucket = createMemoryBucket();
      const failing: Bucket = {
        ...bucket,
        async put(key, body, type) {
          if (!key.endsWith(name)) return bucket.put(key, body, type);
          if (typeof body !== "string") for await (const _ of body) throw new Error(`no room for ${name}`);
          throw new Error(`no room for ${name}`);
        },
      };
      // The smaller files have their first chunk only at the end; refuse those at once.
      const refusing: Bucket = {
        ...failing,
        put: (key, body, type) =>
          key.endsWith(name) && name !== "report.csv"
            ? Promise.reject(new Error(`no room for ${name}`))
            : failing.put(key, body, type),
      };
      await expect(write(refusing)).rejects.toThrow(`no room for ${name}`);
      expect(bucket.keys()).toEqual([]);
    },
  );

  it("a reader that stops without a word is an error", async () => {
    const bucket = createMemoryBucket();
    await expect(write({ ...bucket, put: async () => "1" })).rejects.toThrow("before all of it was written");
  });

  it("rows that cannot be read leave no file behind", async () => {
    const bucket = createMemoryBucket();
    const broken = async function* (): AsyncGenerator<readonly RowLine[]> {
      yield [sendable("1")];
      throw new Error("the plan is gone");
    };
    await expect(write(bucket, broken())).rejects.toThrow("the plan is gone");
    expect(bucket.keys()).toEqual([]);
  });

  it("a source that never answers does not keep the error back", async () => {
    const bucket = createMemoryBucket();
    const silent: AsyncIterable<readonly RowLine[]> = {
      [Symbol.asyncIterator]: () => ({ next: () => new Promise<never>(() => {}) }),
    };
    const failing: Bucket = { ...bucket, put: () => Promise.reject(new Error("the bucket is gone")) };
    await expect(write(failing, silent)).rejects.toThrow("the bucket is gone");
  });
});
