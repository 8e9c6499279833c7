import { describe, expect, test } from "vitest";
import { fileKind } from "../../shared/csv/file-kind.ts";

const kindOf = (head: string | Uint8Array, stated?: string) => {
  const kind = fileKind(typeof head === "string" ? Buffer.from(head, "latin1") : head, stated);
  return kind.kind === "text" ? `${kind.encoding ?? "text"} ${kind.markLength}` : kind.reason;
};

/** The header of one file in a zip. */
function zipped(...names: readonly string[]) {
  const headers = names.map((name) => {
    const head = Buffer.alloc(30);
    head.write("PK\x03\x04", "latin1");
    head.writeUInt16LE(Buffer.byteLength(name), 26);
    return Buffer.concat([head, Buffer.from(name), Buffer.from("\0content")]);
  });
  return Buffer.concat(headers);
}

const office = (name: string) =>
  Buffer.concat([Buffer.from("\xd0\xcf\x11\xe0 ", "latin1"), Buffer.from(name, "utf16le")]);

describe("what a file is that is no list is told by its first bytes", () => {
  test.each([
    ["\x89PNG", "a PNG picture"],
    ["\xff\xd8\xff", "a JPEG picture"],
    ["GIF8", "a GIF picture"],
    ["%PDF", "a PDF"],
    ["\x1f\x8b", "a gzip file"],
    ["7z\xbc\xaf\x27\x1c", "a 7-Zip archive"],
    ["Rar!\x1a\x07", "a RAR archive"],
    ["SQLite format 3\0", "an SQLite database"],
    ["{\\rtf", "a rich text document"],
    ["\xd0\xcf\x11\xe0", "an old Excel workbook (.xls), a workbook that is protected with a password, or another"],
    ["PK\x03\x04", "a zip file"],
  ])("%j: %s", (signature, what) => {
    expect(kindOf(`${signature},x\n`)).toContain(`${signature === "\xd0\xcf\x11\xe0" ? "This is" : "This is"} ${what}`);
    expect(kindOf(`${signature.slice(0, -1)}!,x\n`)).not.toContain(what);
    for (let at = 0; at < signature.length; at++) {
      const other =
        signature.slice(0, at) + String.fromCharCode(signature.charCodeAt(at) ^ 1) + signature.slice(at + 1);
      expect(kindOf(`${other},x\n`)).not.toContain(what);
    }
  });

  test.each([
    ["PAR1\x15", "a Parquet file"],
    ["Obj\x01", "a table in a format for programs"],
    ["\0\x01\0\0Standard Jet DB", "a Microsoft Access database"],
    ["$FL2", "a file of a statistics program"],
    ["BZh91AY&SY", "a compressed file"],
    [`${"x".repeat(257)}ustar`, "a tar archive"],
    ["L\0\0\0\x01\x14\x02\0", "a shortcut (.lnk)"],
    ["bplist00", "a shortcut or a settings file of macOS"],
    ["\0\x05\x16\x07", "what macOS keeps beside a file"],
    ["!BDN", "an Outlook data file"],
    ["\x09\x08\x10\0", "an old Excel workbook"],
    ["RIFF....WEBP", "a picture or a video"],
    ["\x7fELF", "a program"],
  ])("%j: %s", (beginning, what) => {
    expect(kindOf(beginning)).toContain(`This is ${what}`);
  });

  test.each([
    [["word/document.xml"], "a Word document"],
    [["ppt/slides.xml"], "a PowerPoint presentation"],
    [["Index/Document.iwa"], "an Apple Numbers document"],
    [["a.iwa"], "an Apple Numbers document"],
    [["x", "xl/workbook.bin"], "a binary Excel workbook"],
    [["xl/printerSettings/printerSettings1.bin"], "an Excel workbook, not a CSV"],
    [["[Content_Types].xml"], "an Excel workbook, not a CSV"],
    [["_rels/.rels"], "an Excel workbook, not a CSV"],
    [["docProps/app.xml"], "an Excel workbook, not a CSV"],
    [["xl/workbook.xml"], "an Excel workbook, not a CSV"],
    [["list.csv"], "a zip file"],
    [["mimetypeapplication/vnd.oasis.opendocument.spreadsheet"], "an OpenDocument spreadsheet"],
    [["mimetypeapplication/vnd.oasis.opendocument.text"], "an OpenDocument text (.odt), not"],
    [["mimetypeapplication/vnd.oasis.opendocument.spreadsheet-template"], "an OpenDocument spreadsheet (.ods), not"],
    [["mimetypeapplication/vnd.oasis.opendocument.graphics"], "an OpenDocument file with a graphics, not"],
    [["visio/document.xml"], "a Visio drawing, not"],
  ])("a zip with %j: %s", (names, what) => {
    expect(kindOf(zipped(...names))).toContain(`This is ${what}`);
    if (names.length === 1) expect(kindOf(zipped("x", ...names))).toContain(`This is ${what}`);
  });

  test.each([
    ["EncryptedPackage", "protected with a password"],
    ["EncryptionInfo", "protected with a password"],
    ["WordDocument", "an old Word document"],
    ["WordDocument.Workbook", "an old Word document (.doc), not"],
    ["Workbook.WordDocument", "an old Excel workbook (.xls), not"],
    ["PowerPoint Document", "an old PowerPoint presentation (.ppt), not"],
    ["__properties_version1.0", "an Outlook message (.msg), not"],
    ["Workbook", "an old Excel workbook (.xls), not"],
    ["Book", "an old Excel workbook (.xls), not"],
    ["x", "or another Office file"],
  ])("an old office file with %s: %s", (name, what) => {
    expect(kindOf(office(name))).toContain(what);
  });
});

describe("a text", () => {
  test.each([
    ["phone,name\n", "text 0"],
    ["\xef\xbb\xbfphone", "utf-8 3"],
    ["\xff\xfep\0h\0", "utf-16le 2"],
    ["\xfe\xff\0p\0h", "utf-16be 2"],
    ["\xef\xbbphone", "text 0"],
    ["", "text 0"],
  ])("%j is %s", (head, kind) => {
    expect(kindOf(head)).toBe(kind);
  });

  test("is no UTF-32, nor UTF-16 or EBCDIC without anything that says so", () => {
    expect(kindOf("\xff\xfe\0\0p\0\0\0")).toContain("UTF-32");
    expect(kindOf("\0\0\xfe\xff\0\0\0p")).toContain("UTF-32");
    const list = Buffer.from("phone,name\n07700900001,Zoë\n", "utf16le");
    expect(kindOf(list)).toContain('"encoding": "utf-16le"');
    expect(kindOf(list, "utf-16le")).toBe("text 0");
    const mainframe = Buffer.concat([Buffer.alloc(8, 0xf1), Buffer.alloc(24, 0x81)]);
    expect(kindOf(mainframe)).toContain("EBCDIC");
    expect(kindOf(mainframe, "koi8-r")).toBe("text 0");
  });

  test("has few control characters, but for zeros at its end", () => {
    expect(kindOf(`\x01\x02\x03\x04${"a".repeat(10)}`)).toBe("text 0");
    expect(kindOf(`\x01\x02\x03\x04\x05${"a".repeat(10)}`)).toContain("a binary file");
    expect(kindOf(`${"\x01".repeat(10)}${"a".repeat(90)}`)).toBe("text 0");
    expect(kindOf(`${"\x01".repeat(11)}${"a".repeat(89)}`)).toContain("a binary file");
    expect(kindOf(`${"\t\r\n".repeat(10)}phone`)).toBe("text 0");
    expect(kindOf(`phone,name\n${"\0".repeat(100)}`)).toBe("text 0");
    expect(kindOf(`phone,name\n${"\0".repeat(100)}x`)).toContain("a binary file");
    expect(kindOf(`${"\x1f".repeat(9)}phone`)).toContain("a binary file");
    expect(kindOf(`${"\x01".repeat(9)}phone`, "latin1")).toBe("text 0");
  });

  test("that is another format's is told in whatever encoding it is", () => {
    for (const [text, what] of [
      ['{"a": 1}', "This is JSON"],
      ["BEGIN:VCARD\n", "an address book (vCard)"],
      ["<?xml version='1.0'?>\n<a></a>", "an XML file"],
    ] as const) {
      expect(kindOf(text)).toContain(what);
      expect(kindOf(Buffer.from(`\ufeff${text}`, "utf16le"))).toContain(what);
      expect(kindOf(Buffer.from(text, "utf16le"), "utf-16le")).toContain(what);
    }
  });
});
