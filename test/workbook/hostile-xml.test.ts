import { describe, expect, test } from "vitest";
import { localFormats } from "../../shared/workbook/local-formats.ts";
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

/** What a sheet's rows are, or the sentence that refuses it. */
async function read(sheet: string | Iterable<string>): Promise<readonly unknown[] | string> {
  const chunks = typeof sheet === "string" ? chunksOf(sheet) : fromIterable(sheet);
  try {
    const rows = await Array.fromAsync(readSheet(chunks, formats, [], () => undefined));
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
