import { describe, expect, test } from "vitest";
import { workbookBounds } from "../../shared/bounds.ts";
import { localFormats } from "../../shared/workbook/local-formats.ts";
import type { MergedRows } from "../../shared/workbook/merged-cells.ts";
import { readSheet } from "../../shared/workbook/read-sheet.ts";
import { readSharedStrings } from "../../shared/workbook/shared-strings.ts";
import { createTextStore } from "../../shared/workbook/text-store.ts";
import { UnreadableWorkbook } from "../../shared/workbook/unreadable-workbook.ts";

const formats = { strings: createTextStore(), styles: [], date1904: false, local: localFormats("GB") };

async function* chunksOf(text: string) {
  for (let at = 0; at < text.length; at += 16 * 1024) yield text.slice(at, at + 16 * 1024);
}

/** A part that never ends: what is read of it is counted, so that a reader that holds everything is found out. */
function* endless(beginning: string, more: string) {
  yield beginning;
  for (let chunks = 1; chunks <= 1000; chunks++) yield more;
  throw new Error("Everything was read.");
}

const reading = { formats, merges: [], onNotice: () => undefined, work: { marks: 0 } };

/** What a sheet's rows are, or the sentence that refuses it. */
async function read(sheet: string | Iterable<string>): Promise<readonly unknown[] | string> {
  const chunks = typeof sheet === "string" ? chunksOf(sheet) : fromIterable(sheet);
  try {
    const rows = await Array.fromAsync(readSheet(chunks, reading));
    return rows.flat().map(({ line, cells }) => [line, ...cells]);
  } catch (error) {
    if (error instanceof UnreadableWorkbook) return error.message;
    throw error;
  }
}

async function* fromIterable(chunks: Iterable<string>) {
  yield* chunks;
}

const sheetOf = (rows: string, behind = "") => `<worksheet><sheetData>${rows}</sheetData>${behind}</worksheet>`;
const rowOf = (cells: string) => sheetOf(`<row r="1">${cells}</row>`);
const damaged = "This workbook is damaged or was not uploaded as a whole. Open it, save it again and upload that.";
const tooLong = "A cell of this workbook is far too long. Shorten or remove it.";

describe("a sheet whose parts stand where none can", () => {
  test.each([
    ["a row within a row", sheetOf('<row r="1"><c r="A1"><v>1</v></c><row r="2"/></row>')],
    ["a cell within a cell", rowOf('<c r="A1"><c r="B1"><v>1</v></c><v>2</v></c>')],
    ["a plain cell within a cell", rowOf('<c r="A1"><f>B1</f><c r="B1"><v>1</v></c></c>')],
    ["a cell behind its row", sheetOf('<row r="1"><c r="A1"><v>1</v></c></row><c r="B1"><v>2</v></c>')],
    ["a cell before any row", sheetOf('<c r="B1"><v>2</v></c><row r="1"/>')],
    ["a row before the one before", sheetOf('<row r="2"/><row r="1"/>')],
    ["a row twice", sheetOf('<row r="2"/><row r="2"/>')],
    ["a row between rows", sheetOf('<row r="2.5"/>')],
    ["a row behind the last", sheetOf('<row r="1048577"/>')],
    ["a row that is none", sheetOf('<row r="x"/>')],
    ["a column that is none", rowOf('<c r="AAAA1"><v> 1</v></c>')],
    ["a reference that is none", rowOf('<c r="1A"><v>1</v></c>')],
  ])("%s: is refused", async (_, sheet) => {
    expect(await read(sheet)).toBe(damaged);
  });

  test("is read where form controls behind the rows say row and col, too", async () => {
    const anchor =
      "<controls><control><anchor><from><xdr:col>1</xdr:col><xdr:row>2</xdr:row></from></anchor></control></controls>";
    expect(await read(sheetOf('<row r="1"><c r="A1"><v>1</v></c></row>', anchor))).toEqual([[1, "1"]]);
  });
});

describe("what is only there to fill the memory is refused while it is read", () => {
  test.each([
    ["elements within elements", sheetOf(`${"<x>".repeat(100_000)}${"</x>".repeat(100_000)}`), damaged],
    ["a text without an end", endless("<worksheet><sheetData><row><c><v>", "1".repeat(64 * 1024)), tooLong],
    ["an attribute without an end", endless('<worksheet a="', "a".repeat(64 * 1024)), tooLong],
    ["attributes without an end", endless("<worksheet", ' a="1"'.repeat(10_000)), /damaged|far too long/],
    ["a name without an end", endless("<worksheet", "a".repeat(64 * 1024)), tooLong],
    ["a comment without an end", endless("<worksheet><!--", " ".repeat(64 * 1024)), tooLong],
    ["a section without an end", endless("<worksheet><![CDATA[", " ".repeat(64 * 1024)), tooLong],
    ["an instruction without an end", endless("<worksheet><?a ", " ".repeat(64 * 1024)), tooLong],
    ["a closing tag without an end", endless("<worksheet></", "a".repeat(64 * 1024)), tooLong],
  ])("%s", async (_, sheet, why) => {
    const refused = await read(sheet);
    expect(typeof refused).toBe("string");
    expect(refused).toMatch(why);
  });

  test("while elements are nested as deep as programs do, and deeper", async () => {
    const nested = (depth: number) => sheetOf("", `${"<x>".repeat(depth)}${"</x>".repeat(depth)}`);
    expect(await read(nested(60))).toEqual([]);
    expect(await read(nested(64))).toBe(damaged);
    // Side by side they are any number.
    expect(await read(sheetOf("", "<x><y/></x>".repeat(1000)))).toEqual([]);
  });
});

describe("cells that share a long text, which take a few bytes each", () => {
  const strings = createTextStore();
  for (const length of [1024 * 1024, 512 * 1024, 32 * 1024]) strings.add("x".repeat(length));
  const [megabyte, half, cell] = [0, 1, 2];
  const rows = (count: number, cells: string) => sheetOf(`<row>${cells}</row>`.repeat(count));
  const shared = (text: number) => `<c t="s"><v>${text}</v></c>`;

  /** Characters of what is handed on at once, and why no more is. */
  async function handedOn(sheet: string, merges: readonly MergedRows[] = []) {
    const sizes: number[] = [];
    try {
      for await (const rows of readSheet(fromIterable([sheet]), {
        ...reading,
        formats: { ...formats, strings },
        merges,
      })) {
        sizes.push(rows.flatMap(({ cells }) => cells).reduce((sum, { length }) => sum + length, 0));
      }
    } catch (error) {
      if (!(error instanceof UnreadableWorkbook)) throw error;
      return { sizes, refused: error.message };
    }
    return { sizes, refused: undefined };
  }

  test("are no row of a list beyond a record's size", async () => {
    expect(await handedOn(rows(1, shared(megabyte)))).toEqual({ sizes: [1024 * 1024], refused: undefined });
    expect(await handedOn(rows(1, shared(half) + shared(half)))).toEqual({ sizes: [1024 * 1024], refused: undefined });
    for (const sheet of [rows(1, `${shared(megabyte)}<c><v>1</v></c>`), rows(1, shared(half).repeat(3))]) {
      expect((await handedOn(sheet)).refused).toMatch(/^Line 1 of the sheet has more than 1 MiB of text/);
    }
  });

  test("also where merges fill them in", async () => {
    const merges = [0, 1].map((column) => ({ column, from: 1, to: 9 }));
    const own = shared(half) + shared(half);
    expect((await handedOn(sheetOf(`<row>${own}</row><row><c r="C2"><v>1</v></c></row>`), merges)).refused).toMatch(
      /^Line 2 of the sheet has more than 1 MiB of text/,
    );
    expect((await handedOn(sheetOf(`<row>${own}</row><row><c r="B2"><v>1</v></c></row>`), merges)).sizes).toEqual([
      1024 * 1024 + 512 * 1024 + 1,
    ]);
  });

  test("are handed on a few at a time, none of them lost", async () => {
    const { sizes, refused } = await handedOn(rows(1000, shared(cell)));
    expect(refused).toBeUndefined();
    expect(Math.max(...sizes)).toBeLessThan(4 * 1024 * 1024);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(1000 * 32 * 1024);
  });

  test("are as many altogether as a sheet could hold without sharing them", async () => {
    const { sizes, refused } = await handedOn(rows(1025, shared(megabyte)));
    expect(refused).toMatch(/^The rows of this sheet have more than 1 GiB of text altogether/);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(1024 ** 3);
    expect((await handedOn(rows(1024, shared(megabyte)))).refused).toBeUndefined();
  });
});

test("so many tags, comments and the like are read of all sheets together, however short they are", async () => {
  const cells = '<row r="1"><c r="A1" t="n"><v>1</v></c></row>';
  const marksOf = async (sheet: string, before = 0) => {
    const work = { marks: before };
    for await (const _ of readSheet(chunksOf(sheet), { ...reading, work }));
    return work.marks;
  };
  const plain = await marksOf(sheetOf(cells));
  const junk = ["<x/>", "<x></x>", "<!---->", "<?x?>", '<x a="1"/>'];
  for (const mark of junk) expect(await marksOf(sheetOf(cells + mark.repeat(100))), mark).toBe(plain + 100);
  expect(await marksOf(sheetOf(cells.replace("</row>", '<c r="B1" t="n"><v>2</v></c></row>')))).toBe(plain);
  expect(await marksOf(sheetOf(cells), workbookBounds.marks - plain)).toBe(workbookBounds.marks);
  await expect(marksOf(sheetOf(cells), workbookBounds.marks - plain + 1)).rejects.toThrow("far more in it than a list");
});

test("short rows of many cells are handed on a few at a time, too", async () => {
  const sheet = sheetOf('<row><c r="ALL1"><v>1</v></c></row>'.repeat(10_000));
  const parts: number[] = [];
  for await (const rows of readSheet(fromIterable([sheet]), reading)) parts.push(rows.length);
  expect(Math.max(...parts)).toBeLessThan(5_000);
  expect(parts.reduce((sum, count) => sum + count, 0)).toBe(10_000);
});

describe("references and sections", () => {
  test.each([
    ["&lol;", damaged],
    ["&#0;", damaged],
    ["&#x110000;", damaged],
    ["&#xD800;", damaged],
    ["& ", damaged],
    ["&#99999999999999999999;", damaged],
    ["a]]>b", damaged],
    ["&#x1F600;", [[1, "😀"]]],
    ["&amp;lt;", [[1, "&lt;"]]],
    ["<![CDATA[a & <b>]]>", [[1, "a & <b>"]]],
    ["a<![CDATA[]]]]><![CDATA[>]]>b", [[1, "a]]>b"]]],
    ["a<!-- b -->c", [[1, "ac"]]],
  ])("%s in a text", async (text, expected) => {
    expect(await read(rowOf(`<c r="A1" t="str"><v>${text}</v></c>`))).toEqual(expected);
  });
});

test("a sheet that is cut off is refused wherever that is", async () => {
  const sheet =
    '<?xml version="1.0"?>\n<worksheet><sheetData><row r="1"><c r="A1"><v>1</v></c><c r="B1" t="str"><v><![CDATA[x]]>&lt;</v></c></row></sheetData><!-- a --></worksheet>';
  expect(await read(sheet)).toEqual([[1, "1", "x<"]]);
  for (let end = 0; end < sheet.length; end++) expect(await read(sheet.slice(0, end)), `cut at ${end}`).toBe(damaged);
});

test("shared texts within one another keep their places, whichever way they are read", async () => {
  const read = async (xml: string) => {
    const store = await readSharedStrings(chunksOf(xml));
    return [store.get(0), store.get(1), store.get(2)];
  };
  const nested = "<sst><si><t>a</t><si><t>b</t></si></si><si><t>c</t></si></sst>";
  expect(await read(nested)).toEqual(await read(nested.replaceAll("<si>", "<si >")));
});
