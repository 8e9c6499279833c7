import { describe, expect, test } from "vitest";
import { spreadsheetNumber } from "../../shared/csv/spreadsheet-number.ts";
import { describeRow, describeWarning, judgedCsv } from "./judged-csv.ts";

/** What becomes of a list with one row, whose name and text are given. */
async function judged(name: string, message = "Hi {{name}}") {
  const quote = (cell: string) => `"${cell.replaceAll('"', '""')}"`;
  const { rows, last } = await judgedCsv(`phone,name,message\n07700900001,${quote(name)},${quote(message)}\n`, {
    country: "GB",
    snumber: "01632960000",
  });
  const warnings = last.kind === "end" ? last.warnings.map(({ code }) => code) : [last.reason];
  const [row] = rows;
  if (row === undefined) throw new Error("There is no row.");
  return { row: describeRow(row), warnings };
}

const formulas = [
  '=T("Bob")',
  "=UPPER(A2)",
  '=A1&" x"',
  '="a"&"b"',
  "=B2",
  "=$B$2",
  "=Sheet1!A2",
  "='Sheet 1'!A2",
  "=SUM(A1:A3)",
  "=1+2",
  '=VERKETTEN(A1;" ")',
  "=[@Name]",
  "=Table1[Name]",
  "=(A1)",
  "@SUM(A1:A3)",
  "+A1",
  "-A1+B1",
  "+SUM(A1)",
  "=R[-1]C",
  '=HYPERLINK("http://x";"y")',
  "=CONCATENATE(A1",
  "'=UPPER(A2)",
  "＝A1",
  "=upper(a2)",
  "=TODAY()",
  "=VLOOKUP(A2,Sheet2!$A$1:$B$9,2,FALSE)",
  '="Hi "&A2&", your order #"&B2',
  "=A2*20%",
  '="Bob',
  "=cmd|' /C calc'!A0",
];
const noFormulas = [
  "=) hello",
  "=> see A1",
  "=D",
  "= Hello =",
  "=== SALE ===",
  "=50% off today",
  "=Sale (today)",
  "= A4 paper",
  "=^_^=",
  "=( sad",
  "-5",
  "- see A1",
  "+ A1 courses",
  "-sale(now)",
  "@anna",
  "@anna (see)",
  "- Milk\n- Eggs",
  "+50% more",
  "=Sale-Today",
  "+44 7700 900001",
];

describe("a formula in place of its value", () => {
  test.each(formulas)("%s is never sent", async (formula) => {
    for (const { row } of [await judged(formula), await judged("Ann", formula)]) {
      expect(row).toMatch(/invalid: .*(?:spreadsheet's formula|marks of the program)/);
      expect(row).toContain(JSON.stringify(formula.slice(0, 3)).slice(1, -1).replaceAll("\\", ""));
    }
  });

  test.each(noFormulas)("%s is none", async (text) => {
    expect((await judged(text)).row).toMatch(/ send /);
    expect((await judged("Ann", text)).row).toMatch(/ send /);
  });

  test("a text in a formula is understood, blanks aside", async () => {
    expect((await judged('="0123"')).row).toContain('send +447700900001: "Hi 0123"');
  });

  test("a formula as the campaign's text is refused", async () => {
    const { last } = await judgedCsv("phone,name\n07700900001,Ann\n", { snumber: "1", message: '="Hi "&B2' });
    expect(last).toMatchObject({ kind: "refused", reason: expect.stringContaining("formula") });
  });
});

describe("a text in quotation marks as a whole", () => {
  test.each(['\\"Hi\\"', "\\'Hi\\'", '""Hi""', "b'Hi'"])("%s has a program's marks and is invalid", async (text) => {
    expect((await judged("Ann", text)).row).toContain("holds the marks of the program that wrote it");
    expect((await judged(text)).row).toContain("holds the marks of the program that wrote it");
  });

  test.each(["'Hi Ann'", '"Hi Ann"', "“Hi Ann”", "„Hi Ann“", "«Hi Ann»", "‘Don’t’", "`Hi`"])(
    "%s is asked about",
    async (text) => {
      expect(await judged("Ann", text)).toMatchObject({
        row: expect.stringContaining(" send "),
        warnings: ["text-in-quotes"],
      });
      expect(await judged(text)).toMatchObject({
        row: expect.stringContaining(" send "),
        warnings: ["value-in-quotes"],
      });
    },
  );

  test.each(['"Yes" or "no"', "'Yes' or 'no'", '"Yes" it is', "It's Ann's", "'t Hart", "“One” and “two”"])(
    "%s is not",
    async (text) => {
      expect((await judged("Ann", text)).warnings).toEqual([]);
      expect((await judged(text)).warnings).toEqual([]);
    },
  );

  test("the campaign's text is looked at too", async () => {
    const list = "phone,name\n07700900001,Ann\n";
    const { last } = await judgedCsv(list, { snumber: "1", message: "'Hi {{name}}'" });
    expect(last.kind === "end" && last.warnings.map(describeWarning)).toEqual([
      expect.stringContaining("text-in-quotes"),
    ]);
    expect((await judgedCsv(list, { snumber: "1", message: '\\"Hi\\"' })).last.kind).toBe("refused");
  });
});

describe("a row's own text for which its program lacked a value", () => {
  test.each(["Hi #N/A, bye", "Hi #NAME?, bye", "Hi #REF!", "Total: #DIV/0!", "Hi [object Object], bye"])(
    "%s is invalid",
    async (text) => {
      expect((await judged("Ann", text)).row).toContain(
        "invalid: The row's text has a program's error in it; correct it",
      );
    },
  );

  test.each(["Hi null, bye", "Dear undefined,", "Hallo NaN!", "Hi None", "Hi , your order", "Hi #VALUE!"])(
    "%s is asked about",
    async (text) => {
      expect(await judged("Ann", text)).toMatchObject({
        row: expect.stringContaining(" send "),
        warnings: ["text-without-value"],
      });
    },
  );

  test.each(["Bonjour !", "Hi all", "Hi, nullable", "#sale #1 #DIY", "Great #value!", "Hi Nonete, bye"])(
    "%s is sent",
    async (text) => {
      expect(await judged("Ann", text)).toMatchObject({ row: expect.stringContaining(" send "), warnings: [] });
    },
  );
});

describe("a text in another format's codes", () => {
  test.each([
    "Hello%20Ann%2C%20see you",
    "Hello+Ann,+your+order+is+ready",
    "Caf=C3=A9 is open",
    "Caf\\xe9 is open",
    'Say \\"hi\\" to Ann',
    '{"text":"Hi"}',
    '["Hi"]',
  ])("%s is asked about", async (text) => {
    expect((await judged("Ann", text)).warnings).toContain("literal-escape");
  });

  test.each([
    "See https://shop.example/a%20b+c+d",
    "50%20 off",
    "1+1+1 free, A+B+C",
    "Text me: a=b",
    "SÃO PAULO, Âge, Ça va",
    "[Hi] {there",
  ])("%s is not", async (text) => {
    expect((await judged("Ann", text)).warnings).toEqual([]);
  });
});

describe("a value that somebody should look at", () => {
  const list = [
    "phone,name,birthday,amount,id",
    "07700900001,NULL,1,1,1",
    "07700900002,'Ann',1,1,1",
    "07700900003,M?ller,1,1,1",
    "07700900004,Ann,45000,1,1",
    "07700900005,Ann,1,0.30000000000000004,1",
    "07700900006,Ann,1,1,1.23E+11",
    "",
  ].join("\n");

  test("is named with its column, and what to do about it", async () => {
    const { last } = await judgedCsv(list, { snumber: "1", message: "{{name}} {{birthday}} {{amount}} {{id}}" });
    expect(last.kind === "end" && last.warnings.map(describeWarning)).toEqual([
      expect.stringMatching(/^empty-token \(1\) in 2: .* empty these cells: .* e\.g\. name: "NULL"$/),
      expect.stringMatching(/^value-in-quotes \(1\) in 3: .* take them away\. e\.g\. name: "'Ann'"$/),
      expect.stringMatching(/^letters-lost \(1\) in 4: .* "CSV UTF-8" .* e\.g\. name: "M\?ller"$/),
      expect.stringMatching(/^date-as-number \(1\) in 5: .* as a date and .* e\.g\. birthday: "45000"$/),
      expect.stringMatching(/^calculated-value \(1\) in 6: .* Round .* e\.g\. amount: "0\.30000000000000004"$/),
      expect.stringMatching(/^scientific-value \(1\) in 7: .* without decimals, .* e\.g\. id: "1\.23E\+11"$/),
    ]);
  });

  test.each([
    ["0.3000000001", "calculated"],
    ["51.500000002", "calculated"],
    ["51.50000002", undefined],
    ["1.0000001", undefined],
    ["-0.1", undefined],
    ["1E5", undefined],
    ["1E+05", "scientific"],
    ["12E5", undefined],
  ])("%j in any column is one: %j", (cell, kind) => {
    expect(spreadsheetNumber("id", cell)).toBe(kind);
  });

  test("is asked about in rows that are sent, and in no others", async () => {
    const { last } = await judgedCsv(`${list}nobody,NULL,1,1,1\n07700900001,NULL,1,1,1\n`, {
      snumber: "1",
      message: "{{name}}",
    });
    expect(last.kind === "end" && last.warnings.map(({ code, lines }) => [code, lines])).toContainEqual([
      "empty-token",
      [2],
    ]);
  });
});

test("a text of blanks alone is empty, also where columns and defaults leave nothing else", async () => {
  expect((await judged(" ", "{{name|}} {{name|}}")).row).toBe("row 1 line 2 invalid: The text is empty (0)");
});

test("a row's text is no spreadsheet's error between blanks either", async () => {
  expect((await judged("Ann", " #N/A ")).row).toMatch(
    /^row 1 line 2 invalid: The column "message" holds a spreadsheet's error/,
  );
});

test("a code in a text is shown with what stands around it", async () => {
  const { last } = await judgedCsv(`phone,message\n07700900001,${"abcdefghi ".repeat(12)}Hello%20Ann%2C%20see you\n`, {
    country: "GB",
    snumber: "1",
  });
  expect(last.kind === "end" && last.warnings.map(describeWarning)).toEqual([
    expect.stringMatching(/^literal-escape .*Hello%20Ann%2C%20see you/),
  ]);
});

describe("a row's own text that somebody should look at", () => {
  test.each([
    [
      "NULL",
      'empty-token (1) in 2: Texts have a value filled in that usually stands for "nothing".',
      'message: "NULL"',
    ],
    ["Hi null, bye", "text-without-value (1) in 2: A text seems to lack a value", '"Hi null,"'],
    ["'Hi'", "text-in-quotes (1) in 2: Texts stand in quotation marks as a whole", "\"'Hi'\""],
    ["Hi %s bye", "unknown-placeholder (1) in 2: Something in a text looks like a placeholder", '"%s"'],
    [
      "Hi {{name|town}}",
      "column-name-in-text (1) in 2: Texts have a column's name in them",
      '"{{name|town}}": {{town}}',
    ],
    ["Hello%20Ann%2C%20see you", 'literal-escape (1) in 2: A text has "%20" in it', '"Hello%20Ann%2C%20see you"'],
  ])("is shown: %s", async (text, words, example) => {
    const { last } = await judgedCsv(`phone,name,town,message\n07700900001,Ann,Hull,"${text}"\n`, { snumber: "1" });
    const [warning = "", ...others] = last.kind === "end" ? last.warnings.map(describeWarning) : [];
    expect(others).toEqual([]);
    expect(warning.startsWith(words)).toBe(true);
    expect(warning).toContain(` e.g. ${example}`);
  });

  test("is asked about once for the campaign's text, with no line", async () => {
    const { last } = await judgedCsv("phone\n07700900001\n07700900002\n", { snumber: "1", message: "Hi%20you%2C bye" });
    expect(last.kind === "end" && last.warnings.map(({ code, count, lines }) => [code, count, lines])).toEqual([
      ["literal-escape", 1, undefined],
    ]);
  });
});

describe("a campaign's text of blanks", () => {
  test("is none: refused where rows have none either, and no text for rows without their own", async () => {
    const none = await judgedCsv("phone,name\n07700900001,Ann\n", { snumber: "1", message: " \n " });
    expect(none.last).toMatchObject({
      kind: "refused",
      reason: expect.stringContaining("There is no text to send."),
    });
    const { rows } = await judgedCsv("phone,message\n07700900001, \n07700900002,Hi\n", { snumber: "1", message: "  " });
    expect(rows.map(describeRow)).toEqual([
      "row 1 line 2 invalid: The text is empty (0)",
      'row 2 line 3 send 07700900002: "Hi" (1)',
    ]);
  });
});

test("line breaks of every kind in text and values are one character each", async () => {
  const list = 'phone,name,message\n1234567,"Ann\r\nLee","Hi {{name}},\r\nbye"\n1234568,"Bo\rb",\n1234569,Cy,"a\rb"\n';
  const { rows } = await judgedCsv(list, { snumber: "1", message: "Hi {{name}}", numberCheck: "length" });
  expect(rows.map(({ verdict }) => (verdict.kind === "send" ? verdict.send.message : verdict.detail))).toEqual([
    "Hi Ann\nLee,\nbye",
    "Hi Bo\nb",
    "a\nb",
  ]);
});

describe("a character that nobody means to send", () => {
  const odd = [
    ["\0", "control"],
    ["\u001b", "control"],
    ["\u0085", "control"],
    ["\ufffd", "damaged"],
    ["\ud83d", "damaged"],
    ["\udc4b", "damaged"],
  ] as const;

  test.each(odd)("%j in the campaign's text refuses it", async (character, what) => {
    const options = { country: "GB", snumber: "01632960000" };
    for (const message of [`Hi ${character}`, `Hi {{name|${character}}}`]) {
      const { last, rows } = await judgedCsv("phone,name\n07700900001,Ann\n", { ...options, message });
      expect(last).toMatchObject({
        kind: "refused",
        reason: expect.stringMatching(`The text has a ${what} character`),
      });
      expect(rows).toEqual([]);
    }
  });

  test("is none of those that texts have", async () => {
    const message = "Hi {{name}} 👋🏽\u00a0é\tthere\r\n";
    const options = { country: "GB", snumber: "01632960000", message };
    expect((await judgedCsv("phone,name\n07700900001,Ann\n", options)).rows[0]?.verdict.kind).toBe("send");
  });
});
