import { describe, expect, test } from "vitest";
import { bounds } from "../../shared/bounds.ts";
import type { Options } from "../../shared/campaign/options.ts";
import { describeRow, describeWarning, judgedCsv } from "./judged-csv.ts";

const gb: Options = { country: "GB", snumber: "441632960000" };

/** What becomes of the rows, one line each without their place, and of what there is to look at. */
async function judged(content: string, options: Options = gb) {
  const { rows, last } = await judgedCsv(content, options);
  if (last.kind === "refused") throw new Error(last.reason);
  return {
    rows: rows.map((row) => describeRow(row).replace(/^row \d+ line \d+ /, "")),
    warnings: last.warnings.map(describeWarning),
    sends: rows.flatMap(({ verdict }) => (verdict.kind === "send" ? [verdict.send] : [])),
  };
}

/** What becomes of a list of one row with this text. */
const judgedText = async (text: string, options: Options = {}) =>
  judged(`phone,message\n07700900001,${text}\n`, { ...gb, ...options });

describe("a row's length", () => {
  test("is ten SMS where the options do not say, and else what they say", async () => {
    expect((await judgedText("a".repeat(1_530))).rows[0]).toMatch(/^send .* \(10\)$/);
    expect((await judgedText("a".repeat(1_531))).rows).toEqual([
      "invalid: The text is too long: more than 10 SMS (maxSegments in the options): 1531 characters (11)",
    ]);
    expect((await judgedText("a".repeat(160), { maxSegments: 1 })).rows[0]).toMatch(/^send /);
    expect((await judgedText("a".repeat(161), { maxSegments: 1 })).rows[0]).toMatch(/^invalid: .* more than 1 SMS /);
  });

  test("is counted up to four times what may be sent, and a longer text is not looked at", async () => {
    const most = 3 * 4 * 153;
    const tooLong = "invalid: The text is too long: more than 3 SMS (maxSegments in the options)";
    expect((await judgedText("a".repeat(most), { maxSegments: 3 })).rows).toEqual([
      `${tooLong}: ${most} characters (12)`,
    ]);
    expect((await judgedText("a".repeat(most + 1), { maxSegments: 3 })).rows).toEqual([`${tooLong} (4)`]);
    expect((await judgedText(`{{nobody}}${"a".repeat(most)}`, { maxSegments: 3 })).rows).toEqual([`${tooLong} (4)`]);
  });

  test("is looked at up to forty SMS where the options do not say", async () => {
    const tooLong = "invalid: The text is too long: more than 10 SMS (maxSegments in the options)";
    expect((await judgedText("a".repeat(40 * 153))).rows).toEqual([`${tooLong}: 6120 characters (40)`]);
    expect((await judgedText("a".repeat(40 * 153 + 1))).rows).toEqual([`${tooLong} (11)`]);
  });

  test("is counted so far with what its columns hold, too", async () => {
    const most = 4 * 153;
    const withName = async (name: string) =>
      (await judged(`phone,name\n07700900001,${name}\n`, { ...gb, message: "{{name}}", maxSegments: 1 })).rows;
    const tooLong = "invalid: The text is too long: more than 1 SMS (maxSegments in the options)";
    expect(await withName("a".repeat(most))).toEqual([`${tooLong}: ${most} characters (4)`]);
    expect(await withName("a".repeat(most + 1))).toEqual([`${tooLong} (2)`]);
  });

  test("is 32 KiB at most with all that belongs to it", async () => {
    const options = { maxSegments: bounds.segments };
    const [send] = (await judgedText("a".repeat(30_000), options)).sends;
    const room = bounds.rowBytes - Buffer.byteLength(JSON.stringify(send));
    expect((await judgedText("a".repeat(30_000 + room), options)).sends).toHaveLength(1);
    expect((await judgedText("a".repeat(30_001 + room), options)).rows[0]).toMatch(
      /^invalid: The row is larger than 32 KiB; shorten its text or put its files under attachments\//,
    );
  });
});

test("a row is 32 KiB at most of which the file that it brings with it takes most", async () => {
  const file = Buffer.alloc(18_000).toString("base64");
  const withText = async (characters: number) => {
    const list = `phone,message,filename1,file1\n07700900001,${"€".repeat(characters)},a.pdf,${file}\n`;
    return (await judged(list, { ...gb, maxSegments: bounds.segments })).rows[0];
  };
  expect(await withText(2_000)).toMatch(/^send /);
  expect(await withText(3_500)).toMatch(/^invalid: The row is larger than 32 KiB; /);
});

test("the campaign's text may be as long as four times what may be sent, and is refused when it is longer", async () => {
  const last = async (characters: number) =>
    (await judgedCsv("phone\n07700900001\n", { ...gb, maxSegments: 1, message: "a".repeat(characters) })).last;
  expect((await last(612)).kind).toBe("end");
  expect(await last(613)).toMatchObject({ kind: "refused", reason: expect.stringContaining("613 characters") });
});

describe("a row that is cut off before its number", () => {
  const fewer = (cells: number) =>
    `invalid: The row has fewer cells than the header; perhaps a line break in a text is not in quotation marks: ${cells} instead of 4 (0)`;

  test.each([
    ["a column of countries", "country", gb],
    ["a column that may hold them", "nationality", gb],
    ["a column of dialling codes", "country code", gb],
    ["nothing that says", "town", gb],
  ])("is one with fewer cells, in a list with %s", async (_, column, options) => {
    const list = `name,${column},phone,message\nAnna\n\nBob,GB,07700900002,Hi\n\nCarl,GB\n\nDora,GB,07700900003,Hi\n`;
    const said = column === "country code" ? list.replaceAll("GB", "44") : list;
    const { rows } = await judged(said, options);
    // Directly below a text, it may be the rest of that.
    const close = await judged(said.replaceAll("\n\n", "\n"), options);
    expect(close.rows[1]).toMatch(/^invalid: The line below seems to be the rest of this row; /);
    expect(close.rows.toSpliced(1, 1)).toEqual(rows.toSpliced(1, 1));
    expect(rows).toEqual([fewer(1), 'send +447700900002: "Hi" (1)', fewer(2), 'send +447700900003: "Hi" (1)']);
  });

  test("does not make the one above it its beginning, where that is invalid for itself", async () => {
    const list = "phone,message,x\n07700900001,Hi\u0001 there\nand more\n07700900002,Hi,b\n";
    expect((await judged(list)).rows).toEqual([
      'invalid: A cell has a control character, which cannot be sent: column "message" (0)',
      "invalid: The row has fewer cells than the header; perhaps a line break in a text is not in quotation marks: 1 instead of 3 (0)",
      'send +447700900002: "Hi" (1)',
    ]);
  });

  test("is told from a row of its own below one that is invalid for itself", async () => {
    const list = "phone,message,x\n07700900001,Hi\u0001 there\n07700900002,Hi\n07700900003,Hi,c\n07700900004,Hi,d\n";
    expect((await judged(list)).rows.slice(1, 2)).toEqual(['send +447700900002: "Hi" (1)']);
  });
});

describe("a column that may say which country a number belongs to", () => {
  const list = (...rows: readonly string[]) =>
    ["name,nationality,phone,message", "Ann,GB,07700900001,Hi", "Bob,FR,07700900002,Hi", ...rows, ""].join("\n");

  test("does not change why a number is invalid", async () => {
    const { rows } = await judged(list("Carl,FR,0612345678,Hi", "Dora,,0612345678,Hi"));
    expect(rows.slice(2)).toEqual(
      Array(2).fill(expect.stringMatching(/^invalid: GB's numbering plan has no such number/)),
    );
  });

  test("makes a row invalid whose number would be somebody else's there", async () => {
    const { rows } = await judged(list("Carl,IE,07700900003,Hi", "Dora,GB,07700900004,Hi"));
    expect(rows.at(-1)).toBe('send +447700900004: "Hi" (1)');
  });
});

describe("a column that says nothing in the first rows, and something later", () => {
  const later = async (header: string, first: string, rows: readonly string[], country: string) => {
    const many = Array.from({ length: 32 }, (_, at) => first.replace("NN", String(10 + at)));
    const list = [header, ...many, ...rows, ""].join("\n");
    const judgedRows = await judged(list, { snumber: "1", message: "Hi", country });
    return judgedRows.rows.slice(32).map((row) => row.replace(/^send ([+\d]*).*/, "$1"));
  };

  test("makes rows of another country invalid whose numbers would be somebody else's there", async () => {
    const rows = [
      "07700900001, FR ",
      "01632960001, Germany ",
      "01632960002,Narnia",
      "01632960003,",
      "01632960004",
      "1,DE",
    ];
    expect(await later("phone, Region ", "077009000NN,United Kingdom", rows, "GB")).toEqual([
      "+447700900001",
      'invalid: The column "Region" names another country than the options; say there whether it is the number\'s: "columns": {"country": "Region"}, or {"country": ""} if it is not: "Germany" (0)',
      "+441632960002",
      "+441632960003",
      "+441632960004",
      expect.stringMatching(/^invalid: The number has the wrong length for GB/),
    ]);
    // What is no number at home keeps its own reason, even if it is one there.
    expect(await later("phone,Region", "077009000NN,United Kingdom", ["0612345678,France"], "GB")).toEqual([
      expect.stringMatching(/^invalid: GB's numbering plan has no such number/),
    ]);
  });

  test("also where both countries have one calling code", async () => {
    expect(
      await later(
        "phone,Region",
        "24101NN,Barbados",
        ["4101234,Barbados", "4101234,Grenada", "+14734101235,Grenada"],
        "BB",
      ),
    ).toEqual(["+12464101234", expect.stringMatching(/^invalid: The column "Region" names another/), "+14734101235"]);
  });

  test("or dialling codes with which numbers would be somebody else's", async () => {
    const rows = ["33,0612345678", " 49 ,01632960001", ",07700900001", "44,07700900002"];
    expect(await later(" Col A ,phone", "44,077009000NN", rows, "GB")).toEqual([
      expect.stringMatching(/^invalid: GB's numbering plan has no such number/),
      'invalid: The column "Col A" may hold the number\'s dialling code; say in the options whether it does: "columns": {"callingCode": "Col A"}, or {"callingCode": ""} if it does not: "49" (0)',
      "+447700900001",
      "+447700900002",
    ]);
  });

  test("and a row that ends before its number has none, in each of these lists", async () => {
    for (const [header, first] of [
      ["name,Col A,phone", "Ann,44,077009000NN"],
      ["name,Region,phone", "Ann,United Kingdom,077009000NN"],
    ] as const) {
      expect(await later(header, first, ["", "Bob", "", first.replace("NN", "99")], "GB")).toEqual([
        expect.stringMatching(/^invalid: The row has fewer cells than the header; .*: 1 instead of 3/),
        "+447700900099",
      ]);
      expect((await later(header, first, ["Bob", "Carl", first.replace("NN", "99")], "GB")).at(-1)).toBe(
        "+447700900099",
      );
    }
    const rows = ["44,07700900098", "Bob", "44,07700900099,Dora"];
    expect(await later("Col A,phone,name", "44,077009000NN,Ann", rows, "GB")).toEqual([
      expect.stringMatching(/^invalid: The line below seems to be the rest of this row/),
      expect.stringMatching(/^invalid: The row has fewer cells than the header/),
      "+447700900099",
    ]);
  });
});

test("a row that lacks cells is asked for them where it has fewer than five digits for its number", async () => {
  const { rows } = await judged("phone,message\n1234\n\n12345\n\n07700900001,Hi\n", { ...gb, message: "Hi" });
  expect(rows).toEqual([
    expect.stringMatching(/^invalid: The row has fewer cells than the header; .*: 1 instead of 2/),
    expect.stringMatching(/^invalid: The number has the wrong length for GB/),
    'send +447700900001: "Hi" (1)',
  ]);
});

describe("numbers without a country", () => {
  const mixed = async (...numbers: readonly string[]) =>
    (await judged(`phone,message\n${numbers.map((number) => `${number},Hi`).join("\n")}\n`, { snumber: "1" })).warnings
      .filter((line) => line.startsWith("numbers-with-and-without-country"))
      .map((line) => /in ([\d, ]+)/.exec(line)?.[1]);

  test("beside such that have it are pointed out once, where the second kind begins", async () => {
    expect(await mixed("07700900001", "+447700900002", "07700900003", "+447700900004")).toEqual(["3"]);
    expect(await mixed("+447700900002", "+447700900003", "07700900001")).toEqual(["4"]);
    expect(await mixed("07700900001", "07700900003")).toEqual([]);
    expect(await mixed("+447700900002", "+447700900003")).toEqual([]);
    // A short number has no country.
    expect(await mixed("+447700900002", "60777")).toEqual([]);
  });
});

describe("a list that says what was sent before", () => {
  const header = "phone,message,send_status,send_detail\n";

  test("is heard however its words are written", async () => {
    const { rows } = await judged(
      `${header}07700900001,Hi, Submitted ,\n07700900002,Hi,UNKNOWN,\n07700900003,Hi,Failed ,\n07700900004,Hi,sent,\n`,
    );
    expect(rows).toEqual([
      "skipped: Already submitted, as send_status says (0)",
      "skipped: Perhaps already submitted: send_status is unknown (0)",
      'send +447700900003: "Hi" (1)',
      expect.stringMatching(/^invalid: send_status is none of .*: "sent"/),
    ]);
  });

  test("makes rows with the same text and files duplicates, and no others", async () => {
    const file = Buffer.from("a").toString("base64");
    const { rows } = await judged(
      `phone,message,filename1,file1,send_status\n07700900001,Hi,a.pdf,${file},submitted\n07700900001,Hi,a.pdf,${file},\n07700900001,Hi,,,\n`,
    );
    expect(rows.map((row) => row.replace(/ files .*/, ""))).toEqual([
      "skipped: Already submitted, as send_status says (0)",
      "skipped: same number and text as line 2 (1)",
      'send +447700900001: "Hi" (1)',
    ]);
  });

  test("says nothing of a row that ends before", async () => {
    const { rows } = await judged(`${header}07700900001,Hi\n\n07700900002,Hi,submitted\n`);
    expect(rows).toEqual(['send +447700900001: "Hi" (1)', "skipped: Already submitted, as send_status says (0)"]);
  });
});

describe("rows that the options leave out", () => {
  const list =
    "phone,message,tags\n07700900001,Hi, VIP \n07700900002,Hi,ＶＩＰ\n07700900003,Hi,other; vip \n07700900004,Hi,vips\n07700900005,Hi,\n";
  const sent = async (skipWhere: Options["skipWhere"]) =>
    (await judged(list, { ...gb, skipWhere })).sends.map(({ cnumber }) => cnumber.at(-1)).join("");

  test("are those with one of the words, however it is written, alone or among others", async () => {
    expect(await sent({ column: "tags", is: ["vip"] })).toBe("45");
    expect(await sent({ column: "Tags", is: [" Vip "] })).toBe("45");
    expect(await sent({ column: "tags", is: ["vips", ""] })).toBe("123");
  });

  test("or those without one of the words as the whole cell", async () => {
    expect(await sent({ column: "tags", isNot: ["vip"] })).toBe("12");
    expect(await sent({ column: "tags", isNot: [" VIPS ", "other; VIP"] })).toBe("34");
    expect(await sent({ column: "tags", isNot: [""] })).toBe("5");
  });

  test("are told by a cell that is missing at a row's end as by an empty one", async () => {
    const short = "phone,message,tags\n07700900001,Hi,vip\n\n07700900002,Hi\n\n07700900003,Hi,\n";
    const sentOf = async (skipWhere: Options["skipWhere"]) =>
      (await judged(short, { ...gb, skipWhere })).sends.map(({ cnumber }) => cnumber.at(-1)).join("");
    expect(await sentOf({ column: "tags", is: [""] })).toBe("1");
    expect(await sentOf({ column: "tags", isNot: [""] })).toBe("23");
  });

  test("must be told by one column", async () => {
    const twice = "phone,message,tags,Tags\n07700900001,Hi,vip,\n";
    await expect(judged(twice, { ...gb, skipWhere: { column: "tags", is: ["vip"] } })).rejects.toThrow(
      '"skipWhere" in the options names the column "tags", but several columns have that name. Rename them in the first line.',
    );
  });

  test("say which column leaves them out, and by what", async () => {
    const { rows } = await judged(list, { ...gb, skipWhere: { column: " tags ", is: ["vip"] } });
    expect(rows[0]).toBe('skipped: The column "tags" says "VIP", which "skipWhere" in the options leaves out (0)');
  });
});
