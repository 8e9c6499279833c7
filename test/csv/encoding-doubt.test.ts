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

/** Russian words in Windows-1251: different ones, whose letters are all beyond ASCII. */
const inWindows1251 = (text: string) =>
  Buffer.from(Array.from(text, (sign) => (sign < "\x80" ? sign.charCodeAt(0) : sign.charCodeAt(0) - 0x430 + 0xe0)));
const russianWords = (count: number) =>
  Array.from({ length: count }, (_, at) =>
    [...`москва${String(at).padStart(4, "0")}`]
      .map((sign) => (/\d/.test(sign) ? "абвгдежзик"[Number(sign)] : sign))
      .join(""),
  );

describe("what is looked at of a file that is read as Windows-1252", () => {
  test("is enough after 16 KiB of different cells beyond ASCII, and not before", async () => {
    const early = async (bytes: Uint8Array) => {
      const doubt = createEncodingDoubt();
      doubt.add(bytes);
      return doubt.reason(false);
    };
    const words = russianWords(2000).map((word) => word.padEnd(15, "а"));
    const cells = (count: number) => inWindows1251(`${words.slice(0, count).join(",")},`);
    const enough = (16 * 1024) / 16;
    expect(await early(cells(enough))).toContain("seems to be Windows-1251");
    expect(await early(cells(enough - 1))).toBeUndefined();
    expect(await early(inWindows1251("москва,".repeat(4000)))).toBeUndefined();
    expect(await early(inWindows1251(`москва,${words.map(() => "plain").join(",")},`.repeat(3)))).toBeUndefined();
    expect(await early(inWindows1251("м".repeat(20_000)))).toBeUndefined();
  });

  test("is a kibibyte of each cell", async () => {
    const early = async (count: number) => {
      const doubt = createEncodingDoubt();
      const cells = russianWords(count).map((word) => word.padEnd(2000, "а"));
      doubt.add(inWindows1251(`${cells.join(",")},`));
      return doubt.reason(false);
    };
    expect(await early(15)).toBeUndefined();
    expect(await early(16)).toContain("seems to be");
  });

  test("is the beginning of it, also where more comes at once", async () => {
    const western = latin1(Array.from({ length: 3000 }, (_, at) => `Müller${at}`).join(","));
    const doubt = createEncodingDoubt();
    doubt.add(Buffer.concat([western, latin1(","), inWindows1251(russianWords(3000).join(","))]));
    expect(await doubt.reason(true)).toBeUndefined();
  });

  test("is asked about once: what comes later makes no difference", async () => {
    const doubt = createEncodingDoubt();
    doubt.add(latin1(Array.from({ length: 3000 }, (_, at) => `Müller${at}`).join(",")));
    expect(await doubt.reason(false)).toBeUndefined();
    doubt.add(inWindows1251(russianWords(3000).join(",")));
    expect(await doubt.reason(true)).toBeUndefined();
  });

  test.each([",", ";", "\t", "\r\n", '"'])("is every cell, however it is cut: behind %j", async (delimiter) => {
    const bytes = inWindows1251(`phone${delimiter}москва${delimiter}x`);
    for (let at = 1; at < bytes.length; at++) {
      const doubt = createEncodingDoubt();
      for (const part of [bytes.subarray(0, at), bytes.subarray(at)]) doubt.add(part);
      const reason = await doubt.reason(true);
      expect(reason).toContain('read as Windows-1252 it has words such as "ìîñêâà", read as Windows-1251 "москва"');
    }
  });

  test("is not known before there is a cell with bytes beyond ASCII", async () => {
    const doubt = createEncodingDoubt();
    doubt.add(latin1("phone,name\n1,Ann\n"));
    expect([await doubt.reason(false), await doubt.reason(true)]).toEqual([undefined, undefined]);
  });

  test("is named with what to do where files in it cannot be read", async () => {
    const dos = await reasonOf(createEncodingDoubt(), latin1("S\xc6o,Jo\xc6o\n"), 100);
    expect(dos).toContain("seems to be CP850 or CP857 (DOS): read as Windows-1252 it has words such as");
    expect(dos).toMatch(/"SÆo"\. Open it in the program it comes from and save it as "CSV UTF-8"\.$/);
  });
});

describe("bytes of UTF-8 in a file that is not", () => {
  const cut = [0x5a, 0x6f, 0xe2, 0x80, 0x0a];
  test("are damage where there are few cells, and else only where nothing else makes sense of it", async () => {
    const reason = (bytes: Uint8Array) => reasonOf(createEncodingDoubt(), bytes, 1000);
    expect(await reason(Buffer.from(cut))).toContain("This file is damaged");
    expect(await reason(Buffer.concat([Buffer.from(cut), latin1("M\xfcller,J\xfcrgen,Caf\xe9\n")]))).toContain(
      "This file is damaged",
    );
    expect(await reason(Buffer.concat([Buffer.from(cut), inWindows1251(russianWords(30).join(","))]))).toContain(
      "seems to be",
    );
    const halves = Buffer.from([0xed, 0xa0, 0xbc, 0xed, 0xbe, 0x89, 0x0a]);
    expect(await reason(Buffer.concat([halves, inWindows1251("москва,саратов,иван,мария\n")]))).toContain("CESU-8");
  });

  test("are damage where two cells are all there is, and not where a third makes sense of them", async () => {
    const [orderReady, beijing] = [
      "\xc4\xfa\xb5\xc4\xb6\xa9\xb5\xa5\xd2\xd1\xd7\xbc\xb1\xb8\xba\xc3",
      "\xb1\xb1\xbe\xa9",
    ];
    const reason = (text: string) =>
      reasonOf(createEncodingDoubt(), Buffer.concat([Buffer.from(cut), latin1(text)]), 1000);
    expect(await reason(`${orderReady}\n`)).toContain("This file is damaged");
    expect(await reason(`${orderReady},${beijing}\n`)).toContain("seems to be GBK");
  });

  test("are told before the end where enough of the file is known, and where they are", async () => {
    const doubt = createEncodingDoubt();
    doubt.add(Buffer.from(cut));
    doubt.locate([{ line: 2, cells: ["x", "Zoâ€"] }]);
    expect(await doubt.reason(false)).toBeUndefined();
    const western = latin1(Array.from({ length: 3000 }, (_, at) => `Müller${at}`).join(","));
    doubt.add(western);
    expect(await doubt.reason(false)).toContain('damaged: line 2 has "â€"');
    const late = createEncodingDoubt();
    late.add(western);
    expect(await late.reason(false)).toBeUndefined();
    late.add(Buffer.from(cut));
    expect(await late.reason(false)).toBeUndefined();
    late.locate([{ line: 7, cells: ["x", "Zoâ€"] }]);
    expect(await late.reason(false)).toContain('damaged: line 7 has "â€"');
  });

  test("are told with the first line that has them, as soon as it is known", async () => {
    const doubt = createEncodingDoubt();
    doubt.locate([{ line: 2, cells: ["â€"] }]);
    doubt.add(Buffer.from(cut));
    expect(await doubt.reason(false)).toBeUndefined();
    doubt.locate([
      { line: 3, cells: ["x", "Ann"] },
      { line: 4, cells: ["x", "Zoâ€"] },
      { line: 5, cells: ["x", "Zoâ€"] },
    ]);
    doubt.locate([{ line: 6, cells: ["x", "Zoâ€"] }]);
    expect(await doubt.reason(true)).toContain('line 4 has "â€"');
    expect(await reasonOf(createEncodingDoubt(), Buffer.from(cut), 1000)).toContain('damaged: it has "â€"');
  });
});

test.each(["latin1", "iso-8859-2", "windows-1251", "koi8-u", "macintosh", "x-mac-cyrillic", "ibm866"])(
  "a list of UTF-8 that is said to be %s is refused, and only at its end",
  async (encoding) => {
    const doubt = createStatedDoubt(encoding);
    doubt.add(Buffer.from("phone,name\n1,Zoë\n"));
    expect(await doubt.reason(false)).toBeUndefined();
    expect(await doubt.reason(true)).toContain(`The options say "encoding": "${encoding}", but this file is UTF-8`);
  },
);
