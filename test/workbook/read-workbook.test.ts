import { describe, expect, it, test } from "vitest";
import type { Notice } from "../../shared/workbook/read-sheet.ts";
import { readWorkbook } from "../../shared/workbook/read-workbook.ts";
import { inMemory, row, type WrittenParts, type WrittenSheet, workbook, workbookFiles } from "../support/workbook.ts";
import { zip } from "../support/zip.ts";

interface Read {
  readonly sheet?: string;
  readonly rows: readonly (readonly [line: number, ...cells: string[]])[];
  readonly others?: { readonly visible: readonly string[]; readonly hidden: readonly string[] };
  readonly refused?: string;
  readonly notices: readonly Notice[];
}

async function read(
  bytes: Uint8Array,
  settings: { readonly sheet?: string; readonly country?: string } = {},
  chunk = 1000,
): Promise<Read> {
  const notices: Notice[] = [];
  const rows: (readonly [number, ...string[]])[] = [];
  let sheet: string | undefined;
  for await (const event of readWorkbook(inMemory(bytes, chunk), {
    sheet: settings.sheet,
    country: settings.country,
    onNotice: (notice) => notices.push(notice),
  })) {
    if (event.kind === "sheet") sheet = event.name;
    if (event.kind === "rows") rows.push(...event.rows.map(({ line, cells }) => [line, ...cells] as const));
    if (event.kind === "end") return { sheet, rows, others: { visible: event.visible, hidden: event.hidden }, notices };
    if (event.kind === "refused") return { sheet, rows, refused: event.reason, notices };
  }
  throw new Error("There was no last event.");
}

const list = (rows: string, more: Partial<WrittenSheet> = {}): WrittenSheet => ({ name: "List", rows, ...more });
const kinds = (notices: readonly Notice[]) => notices.map(({ kind, line }) => `${kind} ${line}`);

/** What a cell of this XML, in the style with this format, is shown as. */
async function shown(
  cell: { readonly value: string; readonly type?: string; readonly format?: string | number },
  country?: string,
  parts: WrittenParts = {},
): Promise<string> {
  const { value, type = "n", format = 0 } = cell;
  const xml = `<c r="A1" s="1" t="${type}"><v>${value}</v></c>`;
  const { rows } = await read(workbook([list(row(1, [xml]))], { formats: [format], ...parts }), { country });
  return rows[0]?.[1] ?? "";
}

describe("texts", () => {
  it("are read from shared and inline strings, runs joined, readings of Japanese names left out", async () => {
    const strings = [
      "<t>name</t>",
      '<r><rPr><b/></rPr><t xml:space="preserve">Zoë </t></r><r><t>Ann</t></r>',
      '<t>山田</t><rPh sb="0" eb="2"><t>ヤマダ</t></rPh><phoneticPr fontId="1"/>',
      "<t>one_x000D_&#10;two</t>",
      "<t>_x005F_x000D_ &amp; &lt;b&gt;</t>",
      "<t/>",
    ];
    const cells = strings.map((_, index) => row(index + 1, [`<c r="A${index + 1}" t="s"><v>${index}</v></c>`, "·"]));
    const { rows } = await read(workbook([list(cells.join(""))], { strings }), {}, 7);
    expect(rows.map(([, text]) => text)).toEqual(["name", "Zoë Ann", "山田", "one\ntwo", "_x000D_ & <b>", ""]);
  });

  it("of cells without references and of rows without numbers follow one another", async () => {
    const rows = "<row><c><v>1</v></c><c/><c><v>3</v></c></row><row r='4'><c r='B4'><v>2</v></c><c><v>5</v></c></row>";
    expect((await read(workbook([list(rows)]))).rows).toEqual([
      [1, "1", "", "3"],
      [4, "", "2", "5"],
    ]);
  });

  it("are those of the strict edition, and of one with prefixes, too", async () => {
    const cells = row(1, ["phone", '<c r="B1" t="d" s="1"><v>2026-03-14T00:00:00</v></c>']);
    const strict = await read(workbook([list(cells)], { strict: true, formats: ["dd/mm/yyyy"] }));
    expect(strict.rows).toEqual([[1, "phone", "14/03/2026"]]);
    const files = workbookFiles([list("")]).map((file) =>
      file.name.endsWith("sheet1.xml")
        ? {
            ...file,
            content:
              '<x:worksheet xmlns:x="y"><x:sheetData><x:row r="1"><x:c r="A1"><x:v>7</x:v></x:c></x:row><x:row r="2"><x:c r="B2"><x:v>8</x:v></x:c></x:row></x:sheetData><x:mergeCells><x:mergeCell ref="A1:A2"/></x:mergeCells></x:worksheet>',
          }
        : file,
    );
    expect((await read(zip(files))).rows).toEqual([
      [1, "7"],
      [2, "7", "8"],
    ]);
  });

  it("of another edition's case and of an absolute target are found", async () => {
    const files = workbookFiles([list(row(1, ["a"]))]).map((file) => ({
      ...file,
      name: file.name.replace("sharedStrings", "SharedStrings"),
    }));
    expect((await read(zip(files))).rows).toEqual([[1, "a"]]);
  });
});

describe("numbers", () => {
  it.each([
    ["447700900001", 0, "447700900001"],
    ["4.47700900001E11", 0, "447700900001"],
    ["4.47700900001E+11", "0.00E+00", "447700900001"],
    ["1E-7", 0, "0.0000001"],
    ["0.30000000000000004", 0, "0.3"],
    ["12345678901234567", 0, "12345678901234567"],
    ["-1.5", 0, "-1.5"],
    ["7700900001", "00000000000", "07700900001"],
    ["7700900001", "@", "7700900001"],
    ["0.2", 9, "20%"],
    ["0.125", "0.0%", "12.5%"],
    ["20.5", '#,##0.00 "€"', "20.50 €"],
    ["1234.5", "[$£-809]#,##0.00", "£1,234.50"],
    ["7700900001", "#,##0", "7,700,900,001"],
    ["12.5", '_("£"* #,##0.00_)', "£12.50"],
    ["0.5", "# ?/?", "1/2"],
    ["3", '0"x', "3"],
    [" ", 0, ""],
  ])("%s with the format %s is shown as %s", async (value, format, expected) => {
    expect(await shown({ value, format })).toBe(expected);
  });

  it("have the decimals of the country, and built-in money no dollars elsewhere", async () => {
    expect(await shown({ value: "1234.5", format: '#,##0.00 "€"' }, "DE")).toBe("1.234,50 €");
    expect(await shown({ value: "1.5" }, "DE")).toBe("1,5");
    expect(await shown({ value: "1.5" }, "GB")).toBe("1.5");
    expect(await shown({ value: "12.5", format: 44 }, "GB")).toBe("12.50");
    expect(await shown({ value: "12.5", format: 44 }, "US")).toBe("$12.50");
  });
});

describe("dates", () => {
  it.each([
    ["46095", "dd/mm/yyyy", "14/03/2026"],
    ["46095", "d mmm yyyy", "14 Mar 2026"],
    ["46095.75", "yyyy-mm-dd hh:mm", "2026-03-14 18:00"],
    ["46095", "[$-407]d. mmmm yyyy", "14. März 2026"],
    ["0.75", "h:mm", "18:00"],
    ["1.5", "[h]:mm", "36:00"],
    ["60", "dd/mm/yyyy", "29/02/1900"],
    ["-5", "dd/mm/yyyy", "#VALUE!"],
    ["9999999", "dd/mm/yyyy", "#VALUE!"],
  ])("%s with the format %s is shown as %s", async (value, format, expected) => {
    expect(await shown({ value, format }, "GB")).toBe(expected);
  });

  it("count from 1904 where the workbook does", async () => {
    expect(await shown({ value: "44633", format: "dd/mm/yyyy" }, "GB", { date1904: true })).toBe("14/03/2026");
  });

  it.each([
    ["GB", "14/03/2026"],
    ["US", "3/14/2026"],
    ["DE", "14.03.2026"],
    ["SE", "2026-03-14"],
    ["AE", "14/03/2026"],
    [undefined, "2026-03-14"],
  ])("without a format of their own are shown as in %s: %s", async (country, expected) => {
    const xml = '<c r="A1" s="1"><v>46095</v></c>';
    const { rows, notices } = await read(workbook([list(row(1, [xml]))], { formats: [14] }), { country });
    expect(rows).toEqual([[1, expected]]);
    expect(notices).toEqual([{ kind: "date-by-country", line: 1, text: expected }]);
  });

  it("in words and times without a format of their own are shown as in the country", async () => {
    expect(await shown({ value: "46095", format: "[$-F800]dddd\\,\\ mmmm\\ dd\\,\\ yyyy" }, "GB")).toMatch(
      /^Saturday,? 14 March 2026$/,
    );
    expect(await shown({ value: "46095", format: "[$-F800]dddd\\,\\ mmmm\\ dd\\,\\ yyyy" }, "DE")).toBe(
      "Samstag, 14. März 2026",
    );
    expect(await shown({ value: "0.75", format: "[$-F400]h:mm:ss\\ AM/PM" }, "GB")).toBe("18:00:00");
    expect(await shown({ value: "46095.75", format: 22 }, "GB")).toBe("14/03/2026 18:00");
  });
});

test("booleans, errors and results of formulas are shown; a formula nobody calculated is an error, and noted", async () => {
  const { rows, notices } = await read(
    workbook([
      list(
        row(1, [
          '<c r="A1" t="b"><v>1</v></c>',
          '<c r="B1" t="e"><v>#N/A</v></c>',
          '<c r="C1" t="str"><f>A1&amp;"x"</f><v>Hi_x000D_</v></c>',
          '<c r="D1"><f>1+1</f><v>2</v></c>',
          '<c r="E1" t="str"><f>""</f><v></v></c>',
          '<c r="F1"><f>1+1</f><v></v></c>',
          '<c r="G1"><f>WEBSERVICE("http://127.0.0.1/")</f></c>',
        ]),
      ),
    ]),
  );
  expect(rows).toEqual([[1, "TRUE", "#N/A", "Hi\n", "2", "", "#N/A", "#N/A"]]);
  expect(kinds(notices)).toEqual(["formula-without-result 1", "formula-without-result 1"]);
});

describe("what is hidden", () => {
  it("is left out and noted, whether by hand, by a filter, by a height of 0 or a width of 0", async () => {
    const rows = [
      row(1, ["phone", "secret", "name", "narrow"]),
      row(2, ["1", "x", "Ann", "y"]),
      row(3, ["2", "x", "Bob", "y"], 'hidden="1"'),
      row(4, ["3", "x", "Cid", "y"], 'ht="0" customHeight="1"'),
      row(5, ["4", "x", "Dan", "y"], 'hidden="true"'),
      row(6, [], 'hidden="1"'),
      row(7, [undefined, "only hidden"]),
      row(8, ["5", undefined, undefined, "y"]),
    ];
    const before =
      '<cols><col min="2" max="2" hidden="1"/><col min="4" max="4" width="0"/><col min="6" max="16384" hidden="1"/></cols>';
    const read_ = await read(workbook([list(rows.join(""), { before })]));
    expect(read_.rows).toEqual([
      [1, "phone", "name"],
      [2, "1", "Ann"],
      [8, "5"],
    ]);
    expect(kinds(read_.notices)).toEqual([
      "hidden-column 1",
      "hidden-column 1",
      "hidden-row 3",
      "hidden-row 4",
      "hidden-row 5",
    ]);
  });

  it("does not include rows with content where a sheet hides the others", async () => {
    const before = '<sheetFormatPr defaultRowHeight="15" zeroHeight="1"/>';
    expect((await read(workbook([list(row(1, ["phone"]), { before })]))).rows).toEqual([[1, "phone"]]);
  });

  it("is never the sheet that is read, unless it is named", async () => {
    const bytes = workbook([
      { name: "Old", state: "hidden", rows: row(1, ["old"]) },
      { name: "Older", state: "veryHidden", rows: row(1, ["older"]) },
      { name: "Empty", rows: row(1, [" "]) },
      list(row(1, ["phone"])),
      { name: "Notes", rows: row(1, ["a note"]) },
      { name: "Sheet3", rows: "" },
    ]);
    expect(await read(bytes)).toMatchObject({
      sheet: "List",
      rows: [[1, "phone"]],
      others: { visible: ["Notes"], hidden: ["Old", "Older"] },
    });
    expect(await read(bytes, { sheet: " notes" })).toMatchObject({ sheet: "Notes", rows: [[1, "a note"]] });
    expect(await read(bytes, { sheet: "Old" })).toMatchObject({ sheet: "Old", rows: [[1, "old"]] });
    expect((await read(bytes, { sheet: "Nots" })).refused).toMatch(/no such sheet; it has "Old", .*"List"/);
    expect((await read(bytes, { sheet: "Sheet3" })).refused).toMatch(/"Sheet3".*nothing visible/);
  });

  it("may be as large as it likes beside the list, and is named as one with something in it", async () => {
    const wide = `<row r="1">${"<c><v>1</v></c>".repeat(1001)}</row>`;
    const bytes = workbook([list(row(1, ["phone"])), { name: "Calendar", rows: wide }]);
    expect(await read(bytes)).toMatchObject({
      sheet: "List",
      rows: [[1, "phone"]],
      others: { visible: ["Calendar"], hidden: [] },
    });
    expect((await read(bytes, { sheet: "Calendar" })).refused).toMatch(
      /column ALM, but a list has at most 1000 columns/,
    );
    const torn = workbook([list(row(1, ["phone"])), { name: "Calendar", rows: '<row r="x"/>' }]);
    expect((await read(torn)).refused).toMatch(/damaged/);
  });

  it("is named when nothing else is there", async () => {
    const bytes = workbook([{ name: "Old", state: "hidden", rows: row(1, ["old"]) }, list("")]);
    expect((await read(bytes)).refused).toMatch(/hidden are "Old".*"sheet"/);
    expect((await read(workbook([list("")]))).refused).toMatch(/nothing visible/);
  });
});

test("what is merged over rows counts for each of them, but makes no row of an empty one", async () => {
  const rows = [
    row(1, ["phone", "city"]),
    row(2, ["1", "York"]),
    row(3, ["2"]),
    row(4, []),
    row(5, ["3", ""]),
    row(6, ["4"]),
    row(7, ["5", "wide"]),
  ];
  const after = '<mergeCells count="2"><mergeCell ref="B2:B5"/><mergeCell ref="B7:D7"/></mergeCells>';
  const { rows: found, notices } = await read(workbook([list(rows.join(""), { after })]));
  expect(found).toEqual([
    [1, "phone", "city"],
    [2, "1", "York"],
    [3, "2", "York"],
    [5, "3", "York"],
    [6, "4"],
    [7, "5", "wide"],
  ]);
  expect(kinds(notices)).toEqual(["merged-cells 3", "merged-cells 5"]);
});

describe("a file that is no list", () => {
  const good = workbook([list(row(1, ["phone"]) + row(2, ["447700900001"]))]);
  const refusal = async (bytes: Uint8Array) => (await read(bytes)).refused;

  it("is refused by what it is", async () => {
    expect(await refusal(Buffer.from(""))).toBe("The file is empty.");
    expect(await refusal(Buffer.from("phone,name\n1,Ann\n"))).toMatch(/text file.*\.csv/);
    expect(await refusal(Buffer.from("\ufeffphone,name\n1,Ann\n", "utf16le"))).toMatch(/text file.*\.csv/);
    expect(await refusal(Buffer.from([1, 0, 2, 0, 3]))).toMatch(/no Excel workbook/);
    expect(await refusal(compound("Workbook"))).toMatch(/old Excel workbook \(\.xls\)/);
    expect(await refusal(compound("EncryptedPackage"))).toMatch(/password/);
    expect(await refusal(compound("WordDocument"))).toMatch(/an old Word document \(\.doc\)\. Copy its list/);
    expect(await refusal(compound("PowerPoint Document"))).toMatch(/an old PowerPoint presentation \(\.ppt\)\. Copy/);
    expect(await refusal(compound("__properties_version1.0"))).toMatch(/an Outlook message \(\.msg\)\. Save the list/);
    expect(await refusal(compound("x"))).toMatch(/an old Excel workbook \(\.xls\) or another Office file/);
    expect(await refusal(zip([{ name: "content.xml", content: "<a/>" }]))).toMatch(/\.ods/);
    const ofType = (type: string) =>
      refusal(
        zip([
          { name: "mimetype", content: `application/vnd.oasis.opendocument.${type}` },
          { name: "content.xml", content: "<a/>" },
        ]),
      );
    expect(await ofType("spreadsheet")).toMatch(/^This is an OpenDocument spreadsheet \(\.ods\)\. Open it, save it as/);
    expect(await ofType("text")).toMatch(/^This is an OpenDocument text \(\.odt\), no Excel workbook\. Copy its list/);
    expect(await ofType("presentation")).toMatch(
      /^This is an OpenDocument presentation \(\.odp\), no Excel workbook\./,
    );
    expect(await refusal(zip([{ name: "Index/Document.iwa", content: "" }]))).toMatch(/Numbers/);
    expect(await refusal(zip([{ name: "word/document.xml", content: "" }]))).toMatch(/a Word document, no Excel/);
    expect(await refusal(zip([{ name: "ppt/presentation.xml", content: "" }]))).toMatch(/a PowerPoint presentation/);
    expect(await refusal(zip([{ name: "photo.jpg", content: "x" }]))).toMatch(/holds no Excel workbook/);
    const binary = workbookFiles([list("")]).map(({ name, content }) => ({
      name,
      content: `${content}`.replace("xl/workbook.xml", "xl/workbook.bin"),
    }));
    expect(await refusal(zip(binary))).toMatch(/\.xlsb/);
  });

  it("is refused when it is cut anywhere, or damaged", async () => {
    for (const length of [4, 30, 300, good.length >> 1, good.length - 30, good.length - 1]) {
      expect(await refusal(good.subarray(0, length))).toMatch(/damaged/);
    }
    const files = workbookFiles([list("<row r='1'><c r='A1'><v>1</v></row>")]);
    expect(await refusal(zip(files))).toMatch(/damaged/);
    expect(await refusal(workbook([list(row(1, ['<c r="A1" t="s"><v>9</v></c>']))]))).toMatch(/damaged/);
    expect(await refusal(workbook([list(row(2, ["a"]) + row(1, ["b"]))]))).toMatch(/damaged/);
  });

  it("with any byte changed is read as it was or refused, never read as something else", async () => {
    const cells = row(1, ["phone", "due"]) + row(2, ["447700900001", '<c r="B2" s="1"><v>46095</v></c>']);
    const bytes = workbook([list(cells)], { formats: ["dd/mm/yyyy"] });
    const { rows } = await read(bytes);
    const wrong: number[] = [];
    for (let at = 0; at < bytes.length; at += 5) {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ 0x11;
      const found = await read(changed);
      if (found.refused === undefined && JSON.stringify(found.rows) !== JSON.stringify(rows)) wrong.push(at);
    }
    expect(wrong).toEqual([]);
  });

  it("is refused when a part of it is encrypted", async () => {
    const files = workbookFiles([list(row(1, ["phone"]))]).map((file) => ({ ...file, encrypted: true }));
    expect(await refusal(zip(files))).toMatch(/password/);
  });

  it("is refused when it unpacks to far more than a list, also where it says it does not", async () => {
    const bomb = (claimedSize?: number) =>
      zip([
        ...workbookFiles([list("")]).filter(({ name }) => !name.endsWith("styles.xml")),
        { name: "xl/styles.xml", content: Buffer.alloc(17 * 1024 * 1024, " "), claimedSize },
      ]);
    expect(await refusal(bomb())).toMatch(/far more than a list/);
    expect(await refusal(bomb(1000))).toMatch(/damaged/);
    expect(await refusal(bomb(2 ** 32 - 2))).toMatch(/far more than a list/);
  });

  it("is refused for too many parts, columns or levels, and for a cell without an end", async () => {
    const more = Array.from({ length: 10_001 }, (_, index) => ({ name: `xl/media/${index}`, content: "" }));
    expect(await refusal(workbook([list("")], { more }))).toMatch(/10,000 parts/);
    expect(await refusal(workbook([list(row(1, ["<c r='XFD1'><v>1</v></c>"]))]))).toMatch(/column XFD/);
    expect(await refusal(workbook([list("<a>".repeat(100_000))]))).toMatch(/damaged/);
    const long = "x".repeat(3 * 1024 * 1024);
    expect(await refusal(workbook([list(row(1, [long]))]))).toMatch(/far too long/);
    expect(await refusal(workbook([list("")], { strings: [`<t>${long}</t>`] }))).toMatch(/far too long/);
    expect(await refusal(workbook([list(`<!--${long}-->`)]))).toMatch(/far too long/);
    expect(await refusal(workbook([list(`<row r="${long}"/>`)]))).toMatch(/far too long/);
  });

  it("is refused for a number format that is longer than any program's, which would be gone through for every cell", async () => {
    const rows = row(1, ["phone"]) + row(2, ['<c r="A2" s="1"><v>1.5</v></c>']);
    const formatted = (code: string) => workbook([list(rows)], { formats: [code] });
    expect(await refusal(formatted("0".repeat(1001)))).toMatch(/A number format .* more than 1000 characters/);
    expect((await read(formatted(`0.0"${"x".repeat(996)}`.slice(0, 1000)))).refused).toBeUndefined();
  });

  it("is refused for a document type, and no entity is ever known", async () => {
    const with_ = (start: string, text: string) =>
      zip(
        workbookFiles([list("")]).map((file) =>
          file.name.endsWith("sheet1.xml")
            ? {
                ...file,
                content: `${start}<worksheet><sheetData>${row(1, [`<c r="A1" t="str"><v>${text}</v></c>`])}</sheetData></worksheet>`,
              }
            : file,
        ),
      );
    const entities = '<!DOCTYPE a [<!ENTITY a "xxx"><!ENTITY b SYSTEM "file:///etc/passwd">]>';
    expect(await refusal(with_(entities, "&a;&b;"))).toMatch(/document type/);
    expect(await refusal(with_("", "&a;"))).toMatch(/damaged/);
  });
});

test("a part outside the file is not followed", async () => {
  const files = workbookFiles([list(row(1, ["phone"]))]).map((file) =>
    file.name === "xl/_rels/workbook.xml.rels"
      ? {
          ...file,
          content: `${file.content}`.replace(
            'Target="worksheets/sheet1.xml"',
            'Target="http://127.0.0.1/x" TargetMode="External"',
          ),
        }
      : file,
  );
  expect((await read(zip(files))).refused).toMatch(/no Excel workbook/);
});

test("what goes wrong while bytes are fetched is thrown, not blamed on the workbook", async () => {
  const bytes = workbook([list(row(1, ["phone"]))]);
  const { size, read: whole } = inMemory(bytes);
  for (const failing of [1, 2, 3, 5]) {
    let calls = 0;
    const source = {
      size,
      read: async function* (start: number, end: number) {
        if (++calls === failing) throw new Error("S3 is away.");
        yield* whole(start, end);
      },
    };
    const reading = Array.fromAsync(readWorkbook(source, { sheet: undefined, country: undefined, onNotice: () => {} }));
    await expect(reading).rejects.toThrow("S3 is away.");
  }
});

/** A compound file whose directory has an entry of this name. */
function compound(entry: string): Buffer {
  const bytes = Buffer.alloc(4096);
  Buffer.from("d0cf11e0a1b11ae1", "hex").copy(bytes);
  bytes.writeUInt16LE(9, 30);
  bytes.writeUInt32LE(1, 48);
  bytes.write(entry, 1024 + 128, "utf16le");
  return bytes;
}

describe("a workbook of many sheets", () => {
  const rows = row(1, ["phone"]) + row(2, ["07700900001"]);
  const empty = (count: number): readonly WrittenSheet[] =>
    Array.from({ length: count }, (_, index) => ({ name: `Empty ${index + 1}`, rows: "" }));

  it("is searched for the first with something in it among the first fifty that are visible", async () => {
    const hidden: WrittenSheet = { name: "Hidden", rows, state: "hidden" };
    expect((await read(workbook([hidden, ...empty(49), list(rows)]))).rows).toHaveLength(2);
    const beyond = workbook([hidden, ...empty(50), list(rows)]);
    expect((await read(beyond)).refused).toBe(
      'The first 50 sheets of this workbook have nothing visible in them. Name the list\'s sheet in the options as "sheet".',
    );
    expect((await read(beyond, { sheet: "List" })).rows).toHaveLength(2);
    expect((await read(workbook(empty(50)))).refused).toContain("This workbook has nothing visible in it");
  });

  it("has something in another sheet that is too large to be looked through for the sake of its name", async () => {
    const large: WrittenSheet = { name: "Large", rows: '<row r="1"/>', before: " ".repeat(16 * 1024 * 1024) };
    const small: WrittenSheet = { name: "Small", rows: '<row r="1"/>', before: " ".repeat(1024 * 1024) };
    expect((await read(workbook([list(rows), large, small]))).others).toEqual({ visible: ["Large"], hidden: [] });
  });
});
