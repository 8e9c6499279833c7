import { describe, expect, test } from "vitest";
import { createEncodingDoubt, createStatedDoubt, type EncodingDoubt } from "../../shared/csv/encoding-doubt.ts";

/** What is doubted at the end of bytes that come in pieces of a size, and of which these cells were read. */
async function reasonOf(doubt: EncodingDoubt, bytes: Uint8Array, size: number, cells: readonly string[] = []) {
  for (let at = 0; at < bytes.length; at += size) {
    doubt.add(bytes.subarray(at, at + size));
    doubt.locate([]);
    const early = await doubt.reason(false);
    if (early !== undefined) return early;
  }
  doubt.locate(cells.map((cell, at) => ({ line: at + 2, cells: ["x", cell] })));
  return doubt.reason(true);
}

const latin1 = (text: string) => Buffer.from(text, "latin1");

describe("a file that the options say is in another encoding, and is UTF-8", () => {
  const list = "phone,name\n1,Zoë\n2,Müller\n";

  test.each([1, 2, 3, 7, 1000])("is refused, cut at %s", async (size) => {
    const reason = await reasonOf(createStatedDoubt("latin1"), Buffer.from(list), size, ["Ann", "ZoÃ«"]);
    expect(reason).toContain('The options say "encoding": "latin1", but this file is UTF-8');
    expect(reason).toContain('line 3 has "Ã«", which is "ë" in UTF-8');
  });

  test("is refused without a line where none is known", async () => {
    expect(await reasonOf(createStatedDoubt("koi8-r"), Buffer.from(list), 5)).toContain(
      'but this file is UTF-8: it has "',
    );
  });

  test.each([
    ["windows-1252", latin1(list)],
    ["windows-1252", latin1("plain\n")],
    ["windows-1252", Buffer.concat([Buffer.from(list), latin1("caf\xe9,\n")])],
    ["windows-1252", Buffer.concat([latin1("caf\xe9,\n"), Buffer.from(list)])],
    ["windows-1252", Buffer.concat([Buffer.from(list), latin1("caf\xc3")])],
    ["shift_jis", Buffer.from(list)],
    ["utf-16le", Buffer.from(list)],
  ])("is believed to be %s where its bytes do not all say otherwise", async (encoding, bytes) => {
    for (const size of [1, 3, 1000]) expect(await reasonOf(createStatedDoubt(encoding), bytes, size)).toBeUndefined();
  });
});

describe("a file that is read as Windows-1252 since nothing says what it is", () => {
  test("is not doubted where its words make sense", async () => {
    expect(await reasonOf(createEncodingDoubt(), latin1("J\xfcrgen,M\xfcller\nCaf\xe9\n"), 4)).toBeUndefined();
    expect(await createEncodingDoubt().reason(true)).toBeUndefined();
  });

  test("is refused where other lines are UTF-8", async () => {
    const bytes = Buffer.concat([latin1("M\xfcller,J\xfcrgen,Gr\xfc\xdfe\n"), Buffer.from("Zoë €\n")]);
    const reason = await reasonOf(createEncodingDoubt(), bytes, 1000, ["Müller", "ZoÃ« â‚¬"]);
    expect(reason).toContain('Part of this file is UTF-8 and part of it is not: line 3 has "Ã«"');
  });

  test("is refused where another encoding makes sense of it", async () => {
    const russian = new Map([..."абвгдежзийклмнопрстуфхцчшщъыьэюя"].map((letter, at) => [letter, 0xe0 + at]));
    const bytes = Buffer.from(
      [..."иван,москва\nмария,саратов\n"].map((sign) => russian.get(sign) ?? sign.charCodeAt(0)),
    );
    const reason = await reasonOf(createEncodingDoubt(), bytes, 5);
    const last = bytes.subarray(0, -1).subarray(-7);
    expect(await reasonOf(createEncodingDoubt(), Buffer.concat([Buffer.from("phone,"), last]), 5)).toContain("read as");
    expect(reason).toContain("seems to be Windows-1251: read as Windows-1252 it has words such as");
    expect(reason).toContain('read as Windows-1251 "иван"');
    expect(reason).toContain('"encoding": "windows-1251"');
  });

  test.each([
    ["cut", [0x5a, 0x6f, 0xc3, 0xab, 0xe2, 0x80], "This file is damaged"],
    ["halves", [0xed, 0xa0, 0xbc, 0xed, 0xbe, 0x89], "CESU-8"],
  ])("is refused where it has characters that are %s", async (_, wrong, why) => {
    const bytes = Buffer.from([...wrong, 0x0a]);
    for (const size of [1, 1000]) expect(await reasonOf(createEncodingDoubt(), bytes, size)).toContain(why);
  });
});
