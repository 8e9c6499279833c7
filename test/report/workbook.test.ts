import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { sheetText } from "../../shared/report/sheet-text.ts";
import { createWorkbookObject } from "../../shared/report/workbook-object.ts";
import { writeReport } from "../../shared/report/write-report.ts";
import { createMemoryBucket } from "../support/memory-bucket.ts";
import { accepted, campaign, head, sendable, stream, unsent } from "./factories.ts";
import { readWorkbook, unzip } from "./read-workbook.ts";

type Rows = readonly (readonly string[])[];

async function bytesOf(bucket: ReturnType<typeof createMemoryBucket>, key: string): Promise<Buffer> {
  const found = await bucket.get(key);
  return Buffer.concat(found === undefined ? [] : await Array.fromAsync(found.body));
}

async function written(header: readonly string[], rows: Iterable<readonly string[]>, statusColumn?: number) {
  const bucket = createMemoryBucket();
  const workbook = createWorkbookObject(bucket, "a.xlsx", "Report", { header, statusColumn });
  for (const row of rows) await workbook.add(row);
  await workbook.end();
  await workbook.stored;
  return { bytes: await bytesOf(bucket, "a.xlsx"), leftOut: workbook.leftOut() };
}

const cells = async (rows: Rows) => readWorkbook((await written(["a", "b"], rows)).bytes).slice(1);

describe("a workbook", () => {
  it("keeps every text as it is", async () => {
    const rows = [
      ["+447700900123", "07700900123"],
      ["0015", "1e5"],
      ["=1+1", "1-2"],
      ["2024-01-02", "TRUE"],
      [" two  blanks ", "\ttab"],
      ["two\r\nlines", "and\nmore\r"],
      ["<b>&amp;</b>", "]]>"],
      ["_x000D_ _x005F_x000D_", "_x00_"],
      ["\u0000\u0007\u001b", "\ufffe\uffff"],
      ["😀 مرحبا \u202ehidden", "日本"],
    ];
    expect(await cells(rows)).toEqual(rows);
  });

  it("keeps any text, but for halves of characters", async () => {
    const text = fc.string({ unit: "binary", minLength: 1 });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(text, text), { maxLength: 20 }), async (rows) => {
        expect(await cells(rows)).toEqual(rows);
      }),
      { numRuns: 25 },
    );
    expect(await cells([["a\ud800b", "\udc00"]])).toEqual([["a\ufffdb", "\ufffd"]]);
  });

  it("makes every cell text, and shows the header bold and frozen, with a filter", async () => {
    const { bytes } = await written(
      ["phone", "send_status"],
      [
        ["1", "failed"],
        ["2", "submitted"],
      ],
      1,
    );
    const files = unzip(bytes);
    const sheet = files.get("xl/worksheets/sheet1.xml") ?? "";
    expect(sheet).toContain('<c r="A1" s="2" t="inlineStr"><is><t>phone</t></is></c>');
    expect(sheet).toContain('state="frozen"');
    expect(sheet).toContain('<autoFilter ref="A1:B3"/>');
    const formats = [
      ...(files.get("xl/styles.xml") ?? "").matchAll(/<xf numFmtId="(\d+)" fontId="(\d+)"[^>]*applyNumberFormat/g),
    ];
    expect(formats.map(([, format]) => format)).toEqual(formats.map(() => "49"));
    const [failed, submitted] = [...sheet.matchAll(/<c r="B[23]" s="(\d+)"/g)].map(([, style]) => style);
    expect(failed).not.toBe(submitted);
    expect(sheet).toMatch(/<col [^>]*style="1"/);
  });

  it("makes columns as wide as their first rows ask for, within bounds", async () => {
    const rows = [
      ["1", "x".repeat(30), "y".repeat(500)],
      ...Array.from({ length: 300 }, () => ["1", "x".repeat(55), ""]),
    ];
    const { bytes } = await written(["a", "b", "c"], rows);
    const widths = [...(unzip(bytes).get("xl/worksheets/sheet1.xml") ?? "").matchAll(/<col [^>]*width="(\d+)"/g)];
    expect(widths.map(([, width]) => Number(width))).toEqual([9, 56, 60]);
  });

  it("cuts a text that is too long for a spreadsheet, at a length by which that is known", async () => {
    const [[plain = "", emoji = ""] = []] = await cells([["x".repeat(40_000), `${"x".repeat(32_765)}😀😀`]]);
    expect([plain.length, emoji.length]).toEqual([32_767, 32_767]);
    expect(plain.endsWith("x…") && emoji.endsWith("x……")).toBe(true);
  });

  it("keeps a row whose cells are empty", async () => {
    expect(
      await cells([
        ["", ""],
        ["a", ""],
      ]),
    ).toEqual([[""], ["a"]]);
  });

  it("is the same byte for byte, also after many rows", async () => {
    const rows = Array.from({ length: 20_000 }, (_, index) => [`row ${index}`, "ü".repeat(index % 90)]);
    const [once, twice] = [await written(["a", "b"], rows), await written(["a", "b"], rows)];
    expect(once.bytes.equals(twice.bytes)).toBe(true);
    expect(readWorkbook(once.bytes)).toHaveLength(20_001);
  });

  it("is left out when a spreadsheet could not hold it, and that is no failure", async () => {
    const wide = Array.from({ length: 16_385 }, () => "x");
    expect(await written(wide, [["a"]])).toEqual({ bytes: Buffer.alloc(0), leftOut: "columns" });
    expect(await written(["a"], [wide])).toEqual({ bytes: Buffer.alloc(0), leftOut: "columns" });
    const bucket = createMemoryBucket();
    const workbook = createWorkbookObject(bucket, "a.xlsx", "Report", { header: ["a"] });
    for (let row = 1; row <= 1_048_575; row += 1) {
      const wait = workbook.add(["1"]);
      if (wait) await wait;
    }
    expect(workbook.leftOut()).toBeUndefined();
    await workbook.add(["1"]);
    await workbook.end();
    await workbook.stored;
    expect([workbook.leftOut(), bucket.keys()]).toEqual(["rows", []]);
  });
});

test.each([" a", "a ", "a  b", "\ta", "a\n", "_x0041_", "a&<b>", "a_b"])(
  "%j is the same text to a reader of XML",
  (text) => {
    const xml = sheetText(text);
    const [, attributes, content = ""] = /^<t([^>]*)>([\s\S]*)<\/t>$/.exec(xml) ?? [];
    // Blanks at the ends and in a row may be left out where nothing says that they are meant.
    if (/^\s|\s$|\s{2}/.test(text)) expect(attributes).toBe(' xml:space="preserve"');
    expect(
      content
        .replace(/&(amp|lt|gt);/g, (_, name: string) => ({ amp: "&", lt: "<", gt: ">" })[name] ?? "")
        .replace(/_x([\dA-F]{4})_/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16))),
    ).toBe(text);
  },
);

describe("the report's workbooks", () => {
  it("have the cells of a row that is too long where they were", async () => {
    const bucket = createMemoryBucket();
    const rows = stream([unsent(["1", "Hi", "there", "", "x"], "invalid", "Too many cells.", 0)]);
    const input = { campaign: campaign({ rows: 1 }), head: head(["phone", "text"]), rows, completedAt: 0 };
    await writeReport({ bucket }, { ...input, outcomes: stream() });
    expect(readWorkbook(await bytesOf(bucket, "reports/spring/not-sent.xlsx"))).toEqual([
      ["phone", "text"],
      ["1", "Hi", "there", "", "x"],
    ]);
  });

  it("colour the statuses of this report, also where it takes the place of an older one's columns", async () => {
    const styles = async (header: readonly string[], cells: readonly string[]) => {
      const bucket = createMemoryBucket();
      const rows = stream([{ ...sendable(...cells), number: "1" }]);
      const input = { campaign: campaign({ rows: 1 }), head: head(header), rows, completedAt: 0 };
      await writeReport({ bucket }, { ...input, outcomes: stream(accepted(1)) });
      const sheet = unzip(await bytesOf(bucket, "reports/spring/report.xlsx")).get("xl/worksheets/sheet1.xml") ?? "";
      return [...sheet.matchAll(/<c r="[A-Z]+2" s="(\d+)" t="inlineStr"><is><t[^>]*>([^<]*)</g)].map(
        ([, style, text]) => `${text} ${style}`,
      );
    };
    const first = await styles(["phone", "name"], ["1", "submitted"]);
    expect(new Set(first.filter((cell) => cell.startsWith("submitted"))).size).toBe(2);
    expect(await styles(["send_status", "phone", "name", "send_number"], ["failed", "1", "submitted", "1"])).toEqual(
      first,
    );
  });

  it("have the same cells as the CSVs, with nothing neutralised", async () => {
    const bucket = createMemoryBucket();
    const figures = await writeReport(
      { bucket },
      {
        campaign: campaign({ rows: 3 }),
        head: head(["cnumber", "note"]),
        rows: stream([
          { ...sendable("07700900001", "=1+1"), number: "+447700900001" },
          unsent(["x", "a;=2"], "invalid", "No number.", 0),
          sendable("3", "'=3"),
        ]),
        outcomes: stream(accepted(1), { row: 3, status: "unknown", attempts: 1, at: 0 }),
        completedAt: 0,
      },
    );
    expect(figures.workbooks).toEqual({ report: undefined, notSent: undefined, unknown: undefined });
    const read = async (file: string) => readWorkbook(await bytesOf(bucket, `reports/spring/${file}`));
    const report = await read("report.xlsx");
    expect(report[0]?.slice(0, 3)).toEqual(["cnumber", "note", "send_status"]);
    expect(report[1]?.slice(0, 4)).toEqual(["07700900001", "=1+1", "submitted", "204"]);
    expect(report[1]?.at(-1)).toBe("+447700900001");
    expect(report[2]?.slice(0, 6)).toEqual(["x", "a;=2", "invalid", "", "", "No number."]);
    // What would be taken for neutralised when it is uploaded has a second apostrophe, which is then taken away.
    expect(report[3]?.[1]).toBe("''=3");
    expect(await read("not-sent.xlsx")).toEqual([
      ["cnumber", "note"],
      ["x", "a;=2"],
    ]);
    expect(await read("unknown.xlsx")).toEqual([
      ["cnumber", "note"],
      ["3", "'=3"],
    ]);
  });
});
