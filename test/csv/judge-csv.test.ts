import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import type { Options } from "../../shared/campaign/options.ts";
import { judgeCsv } from "../../shared/csv/judge-csv.ts";
import { SendRow } from "../../shared/plan/plan.ts";
import { cpuMs } from "../support/cpu-time.ts";
import { describeRow, inChunks, judgedCsv } from "./judged-csv.ts";

const lines = (...texts: string[]) => texts.join("\n");
const sends = ({ rows }: Awaited<ReturnType<typeof judgedCsv>>) =>
  rows.flatMap(({ verdict }) => (verdict.kind === "send" ? [verdict.send] : []));

describe("what opens and ends a file", () => {
  test("the header says what each column means, and the end has the digest of the bytes", async () => {
    const content = "Mobile,First name,attachment1,filename1,send_status\n07700900001,Anna,,,\n";
    const { opened, last } = await judgedCsv(content, { message: "Hi {{first_name}}", snumber: "1" });
    expect(opened).toEqual({
      kind: "opened",
      header: ["Mobile", "First name", "attachment1", "filename1", "send_status"],
      dialect: { encoding: "utf-8", guessed: false, samples: [], delimiter: ",", lineEnding: "\n" },
      columns: [
        { name: "Mobile", meaning: { kind: "cnumber" } },
        { name: "First name", meaning: { kind: "variable" } },
        { name: "attachment1", meaning: { kind: "attachment", number: 1 } },
        { name: "filename1", meaning: { kind: "filename", number: 1 } },
        { name: "send_status", meaning: { kind: "send_status" } },
      ],
    });
    expect(last).toMatchObject({ kind: "end", digest: createHash("sha256").update(content).digest("hex") });
  });

  test("a name of numbers in any language tells the delimiter, however many others there are", async () => {
    const { rows } = await judgedCsv("Handynummer;Anrede, Vor- , Nachname\n+447700900001;Frau, Anna, Ott\n", {
      message: "Hi",
      snumber: "1",
    });
    expect(rows.map(({ cells }) => cells)).toEqual([["+447700900001", "Frau, Anna, Ott"]]);
  });

  test("a list that lacks something is refused with the names that it has, unless those are somebody's number", async () => {
    const { last } = await judgedCsv("name,phone\nAnna,+447700900001\n", { snumber: "1" });
    expect(last).toMatchObject({ kind: "refused", lacks: "message", header: ["name", "phone"] });
    const numbers = await judgedCsv("+447700900001,Anna\n+447700900002,Ben\n", { message: "Hi", snumber: "1" });
    expect(numbers.last).toMatchObject({ kind: "refused" });
    expect(numbers.last).not.toHaveProperty("header");
  });

  test("a row that a stray quotation mark took into the text of the one above is noticed, also if it is only one", async () => {
    const content = 'to,text\n+447700900001,Hi\n+447700900002,"Hi\n+447700900003,Hi"\n+447700900004,Hi\n';
    const { rows } = await judgedCsv(content, { snumber: "1" });
    expect(rows.map(describeRow)).toEqual([
      expect.stringContaining("send"),
      expect.stringContaining("a further row"),
      expect.stringContaining("send"),
    ]);
  });

  test("a row that ends before its attachment has none, where attachments are looked for, too", async () => {
    const list = "to,attachment1\n+447700900001\n+447700900002,a.pdf\n";
    const judged = await judgedCsv(list, { message: "Hi", snumber: "1" }, { attachmentSize: async () => 10 });
    expect(sends(judged).map(({ files = [] }) => files.length)).toEqual([0, 1]);
  });

  test("a text in the options that looks misread is refused, unless they name an encoding", async () => {
    const judged = (options: Options) =>
      judgedCsv("to\n+447700900001\n", { message: "Hallo M\u00c3\u00bcller", snumber: "1", ...options });
    expect((await judged({})).last).toMatchObject({
      kind: "refused",
      reason: expect.stringContaining("encoded twice"),
    });
    expect(sends(await judged({ encoding: "utf-8" }))).toHaveLength(1);
  });

  test("cells are handed on untouched, of rows that are not sent too", async () => {
    const { rows } = await judgedCsv('phone,message,x\n 07700900001 ,"a\r\nb",\'=1\n,  ,y\n', { snumber: "1" });
    expect(rows.map(({ cells }) => cells)).toEqual([
      [" 07700900001 ", "a\r\nb", "'=1"],
      ["", "  ", "y"],
    ]);
  });

  test("totals count segments, group problems and name what costs the GSM alphabet", async () => {
    const { last } = await judgedCsv(
      lines(
        "phone,message",
        "07700900001,Hello",
        `07700900002,${"a".repeat(161)}`,
        "07700900003,Zoë",
        "0770O,x",
        "0771O,x",
        ",x",
        "07700900001,Hello",
      ),
      { snumber: "1" },
    );
    expect(last).toMatchObject({
      kind: "end",
      totals: {
        rows: 7,
        sendable: 3,
        invalid: 3,
        skipped: 1,
        segments: { total: 4, distribution: { 1: 2, 2: 1 } },
        problems: [
          {
            status: "invalid",
            problem: "The number has letters in it",
            count: 2,
            rows: [4, 5],
            examples: ['"0770O"', '"0771O"'],
          },
          { status: "invalid", problem: "The row has no number", count: 1, rows: [6], examples: [] },
          {
            status: "skipped",
            problem: "The number has an earlier row with the same text",
            count: 1,
            rows: [7],
            examples: ["same number and text as line 2"],
          },
        ],
        unicode: { rows: 1, causes: [{ character: "ë", rows: 1 }] },
      },
    });
  });

  test("totals stay small when every row is wrong in its own way", async () => {
    const content = ["phone,message", ...Array.from({ length: 5000 }, (_, at) => `07700900001,{{x${at}}}`)].join("\n");
    const { last } = await judgedCsv(content, { snumber: "1" });
    if (last.kind !== "end") throw new Error(last.reason);
    expect(last.totals.invalid).toBe(5000);
    expect(JSON.stringify(last.totals).length).toBeLessThan(2000);
  });
});

describe("a file that is given up", () => {
  const opened = (content: string) => {
    const state = { closed: false };
    async function* source() {
      try {
        yield* inChunks(content, 65_536);
        yield* inChunks("07700900001,x\n".repeat(100_000), 65_536);
      } finally {
        state.closed = true;
      }
    }
    return { source: source(), state };
  };

  test.each([
    ["has no number column", "name,text\n", {}],
    ["is no CSV", "%PDF-1.7\n", {}],
    ["has an unknown encoding", "phone,text\n", { encoding: "no-such" }],
    ["has too many rows", "phone,text\n", { snumber: "1" }],
  ])("because it %s is not read to its end, and its source is closed", async (_, content, options) => {
    const { source, state } = opened(content);
    const events = [];
    for await (const event of judgeCsv(source, { options, defaults: {}, maxRows: 20_000 })) {
      events.push(event);
    }
    expect(events.at(-1)).toMatchObject({ kind: "refused" });
    expect(state.closed).toBe(true);
  });

  test("by its reader is closed too", async () => {
    const { source, state } = opened("phone,text\n");
    for await (const event of judgeCsv(source, { options: { snumber: "1" }, defaults: {} })) {
      if (event.kind === "rows") break;
    }
    expect(state.closed).toBe(true);
  });

  test("because of its rows names the limit", async () => {
    const content = `phone,text\n${"07700900001,x\n".repeat(4)}`;
    const judging = judgeCsv(inChunks(content, 1000), { options: { snumber: "1" }, defaults: {}, maxRows: 3 });
    const events = await Array.fromAsync(judging);
    expect(events.at(-1)).toEqual({
      kind: "refused",
      reason: "The file has more than 3 rows. Split it into several campaigns.",
    });
  });
});

test("cells of a megabyte are judged in no time, whatever they are full of", async () => {
  for (const filler of ["1", " 1", "+", "a1", "{{", "=", ",", "é"]) {
    const cell = `"${filler.repeat(1_000_000 / filler.length / 2)}"`;
    const csv = `cnumber,message,snumber,attachment1\n${cell},x,1,\n201,${cell},1,\n202,x,${cell},\n`;
    let rows: Awaited<ReturnType<typeof judgedCsv>>["rows"] = [];
    const ms = await cpuMs(async () => ({ rows } = await judgedCsv(csv)));
    expect(rows.map(({ verdict }) => verdict.kind)).not.toContain("skipped");
    expect(rows[0]?.verdict.kind).toBe("invalid");
    expect(ms).toBeLessThan(15_000);
  }
});

test("a byte order mark is stronger than the encoding that the options state", async () => {
  const judged = await judgedCsv("\ufeffphone,text\n07700900001,Zoë\n", { snumber: "1", encoding: "windows-1252" });
  expect(sends(judged)[0]?.message).toBe("Zoë");
  expect(judged.opened?.header[0]).toBe("phone");
});

test("byte order marks, however many, are no part of the first column's name", async () => {
  const { opened } = await judgedCsv("\ufeff\ufeff\ufeffphone,message\n07700900001,a\n", { snumber: "1" });
  expect(opened?.header).toEqual(["phone", "message"]);
  const other = await judgedCsv("\ufeff\uf000phone,message,x\n07700900001,a,b\n", {
    snumber: "1",
    columns: { cnumber: "\uf000phone" },
  });
  expect(other.opened?.header[0]).toBe("\uf000phone");
});

test("UTF-16 without its mark is read when the options state it", async () => {
  const content = Buffer.from("phone,text\n07700900001,Zoë\n", "utf16le");
  const judged = await judgedCsv(content, { snumber: "1", encoding: "utf-16le" });
  expect(sends(judged)[0]?.message).toBe("Zoë");
});

describe("who sends", () => {
  test("the row's cell comes before the options, the options before the stack", async () => {
    const judged = await judgedCsv(
      lines("cnumber,message,snumber,stype,customer", "201,a,1,,", "202,b,,phone,7", "203,c,,,"),
      { snumber: "2", customer: "8", numberFormat: "as-is" },
      { defaults: { snumber: "3", stype: "phone", customer: "9" } },
    );
    expect(sends(judged)).toEqual([
      { row: 1, cnumber: "201", message: "a", snumber: "1", stype: "phone", customer: "8", own: ["snumber"] },
      { row: 2, cnumber: "202", message: "b", snumber: "2", stype: "phone", customer: "7", own: ["stype", "customer"] },
      { row: 3, cnumber: "203", message: "c", snumber: "2", stype: "phone", customer: "8" },
    ]);
  });

  test("an empty stype in the options means a number, whatever the stack says", async () => {
    const judged = await judgedCsv(
      "cnumber,message\n201,a\n",
      { stype: "", numberFormat: "as-is" },
      { defaults: { snumber: "3", stype: "phone" } },
    );
    expect(sends(judged)[0]).toMatchObject({ snumber: "3", stype: "" });
  });

  test("the stack's country makes numbers E.164", async () => {
    const judged = await judgedCsv("phone,message\n07700900001,a\n", {}, { defaults: { snumber: "3", country: "GB" } });
    expect(sends(judged)[0]).toMatchObject({ cnumber: "+447700900001" });
  });

  test("the stack's country is the one by which a column of countries is doubted", async () => {
    const list = "phone,remark,message\n612345678,Spain,a\n612345679,Spain,b\n";
    const { last } = await judgedCsv(list, {}, { defaults: { snumber: "3", country: "GB" } });
    expect(last).toMatchObject({ kind: "refused", reason: expect.stringContaining("would be read as GB's") });
  });

  test("what is to be sent is what the plan takes", async () => {
    const judged = await judgedCsv("cnumber,message,customer,file1,filename1\n201,a,7,QUJD,a.txt\n202,b,,,\n", {
      snumber: "2",
      numberFormat: "as-is",
    });
    for (const send of sends(judged)) {
      expect(SendRow.safeParse(JSON.parse(JSON.stringify(send))).error).toBeUndefined();
    }
    expect(sends(judged)).toHaveLength(2);
  });
});

describe("attachments", () => {
  test("each is looked up once, before its rows are judged", async () => {
    const asked: string[] = [];
    const rows = Array.from({ length: 3000 }, (_, at) => `07700900001,t${at},offer${at % 3}.pdf`);
    const { last } = await judgedCsv(
      ["phone,message,attachment1", ...rows].join("\n"),
      { snumber: "1" },
      {
        attachmentSize: async (key) => {
          asked.push(key);
          return key.endsWith("2.pdf") ? undefined : 10;
        },
      },
    );
    expect(asked.toSorted()).toEqual(["attachments/offer0.pdf", "attachments/offer1.pdf", "attachments/offer2.pdf"]);
    expect(last).toMatchObject({ totals: { sendable: 2000, invalid: 1000 } });
  });

  test("are looked up only where a cell can name one", async () => {
    const asked: string[] = [];
    const list = "phone,message,attachment1\n07700900001,a,\n07700900002,b,../x.pdf\n07700900003,c,x.pdf\n";
    await judgedCsv(list, { snumber: "1" }, { attachmentSize: async (key) => void asked.push(key) });
    expect(asked).toEqual(["attachments/x.pdf"]);
  });

  test("without a bucket to look into they are taken as they are", async () => {
    const judged = await judgedCsv("phone,message,attachment1\n07700900001,a,x.pdf\n", { snumber: "1" });
    expect(sends(judged)[0]?.files).toEqual([{ filename: "x.pdf", attachment: "attachments/x.pdf" }]);
  });

  test("a look-up that fails is not taken for a missing object", async () => {
    const judging = judgedCsv(
      "phone,message,attachment1\n07700900001,a,x.pdf\n",
      { snumber: "1" },
      { attachmentSize: () => Promise.reject(new Error("S3 is away")) },
    );
    await expect(judging).rejects.toThrow("S3 is away");
  });
});

test("25 of the largest rows that pass fit into a queue message of 1 MiB", async () => {
  const file = "QUJD".repeat(6 * 1024);
  const text = (length: number) => '€"'.repeat(length);
  let largest = 0;
  for (const length of [100, 1000, 1300, 1600, 1900, 2200]) {
    const content = `phone,message,file1,filename1\n07700900001,"${text(length).replaceAll('"', '""')}",${file},a.txt\n`;
    for (const send of sends(await judgedCsv(content, { snumber: "1", maxSegments: 1000 }))) {
      largest = Math.max(largest, Buffer.byteLength(JSON.stringify(send)));
    }
  }
  expect(largest).toBeGreaterThan(28 * 1024);
  expect(largest * 25).toBeLessThan(1024 * 1024 - 32 * 1024);
});

test("an earlier report's row that was sent keeps its number from being sent again", async () => {
  const content = lines("phone,message,send_status", "07700900001,same,unknown", "07700900001,same,failed");
  const { rows } = await judgedCsv(content, { snumber: "1", duplicates: "text" });
  expect(rows.map(describeRow)).toEqual([
    "row 1 line 2 skipped: Perhaps already submitted: send_status is unknown (0)",
    "row 2 line 3 skipped: same number and text as line 2 (1)",
  ]);
});

test("an earlier report's detail that says a row was sent counts, however it goes on, and not where others quote it", async () => {
  const content = lines(
    "phone,message,send_status,send_detail",
    '07700900001,a,failed,"Already submitted, as send_status says (1)"',
    "07700900002,a,,Perhaps already submitted: send_status is unknown (of an earlier report)",
    '07700900003,a,failed,"key: Already submitted, as send_status says"',
  );
  const { rows } = await judgedCsv(content, { snumber: "1" });
  expect(rows.map(({ verdict }) => verdict.kind)).toEqual(["skipped", "skipped", "send"]);
});

test("reasons for refusing a file never repeat somebody's number", async () => {
  for (const content of [
    "+447700900123,+447700900123\n1,2\n",
    "447700900123\n447700900124\n",
    "07700 900 123,x\n1,2\n",
  ]) {
    const { last } = await judgedCsv(content, { snumber: "1", message: "x" });
    expect(last).toMatchObject({ kind: "refused" });
    expect(JSON.stringify(last)).not.toMatch(/900.?123/);
  }
});

test("what could be a file's end, but is followed by more, stays in its cell", async () => {
  const begin = "phone,message\n07700900001,";
  const { rows } = await judgedCsv(`${begin}${"x".repeat(65_535 - begin.length)}\u001ay\n`, { snumber: "1" });
  expect(rows[0]?.cells[1]?.slice(-3)).toBe("x\u001ay");
});

test("names that are below a title are said to be there", async () => {
  const { last } = await judgedCsv("My list,\nphone,name\n07700900001,Ann\n", { snumber: "1", message: "x" });
  expect(last).toMatchObject({ kind: "refused", reason: expect.stringContaining("column names seem to be in line 2") });
});
