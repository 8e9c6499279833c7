import { describe, expect, test } from "vitest";
import { bounds } from "../../shared/bounds.ts";
import { parameterOf } from "../../shared/csv/column-meaning.ts";
import { type ColumnClues, readColumns } from "../../shared/csv/columns.ts";
import { createFirstCells } from "../../shared/csv/first-cells.ts";
import { bestNumberColumn } from "../../shared/csv/number-columns.ts";
import { createWarnings } from "../../shared/csv/warnings.ts";
import { describeRow, judgedCsv } from "./judged-csv.ts";
import { readsAs } from "./number-evidence.ts";

/** What the columns of these lines (comma, first line the names) are taken for. */
function rolesOf(lines: readonly string[], mapping: Readonly<Record<string, string>> = {}) {
  const [header = [], ...rows] = lines.map((line) => line.split(","));
  const records = rows.map((cells, at) => ({ line: at + 2, cells, misquoted: false }));
  const read = readColumns(header, { mapping, records, campaignText: true });
  if (read.kind === "refused") return read.reason;
  const { cnumber, country, callingCode, all } = read.columns;
  const name = (at: number | undefined) => (at === undefined ? undefined : all[at]?.name);
  return { cnumber: name(cnumber), country: name(country), callingCode: name(callingCode) };
}

describe("a column that says which country a number belongs to", () => {
  test.each([
    ["Country", ["Spain", "NL"]],
    ["Land", ["Österreich", ""]],
    ["Pays", ["France", "Belgique"]],
    ["country_code", ["GB", "es"]],
    ["Country Code", ["AT", "DE"]],
    ["Billing Country", ["United Kingdom", "France"]],
  ])("is found by the name %s and what it holds", (name, [first, second]) => {
    expect(rolesOf([`phone,${name}`, `600123456,${first}`, `0612345678,${second}`])).toEqual({
      cnumber: "phone",
      country: name,
      callingCode: undefined,
    });
  });

  test.each([
    ["code", ["+39", "+44"]],
    ["dial code", ["39", "44"]],
    ["Country Code", ["+39", "0044"]],
    ["Country Code", ["39", "44"]],
    ["Vorwahl", ["+49", "+43"]],
    ["prefix", ["+34", "+33"]],
  ])("is found by the name %s where it holds dialling codes", (name, [first, second]) => {
    expect(rolesOf([`${name},phone`, `${first},600123456`, `${second},612345678`])).toEqual({
      cnumber: "phone",
      country: undefined,
      callingCode: name,
    });
  });

  test.each([
    ["code", ["SPRING24", "A1"]],
    ["prefix", ["Dr", "Mrs"]],
    ["code", ["39", "44"]],
    ["country music", ["yes", "no"]],
  ])("is none by the name %s alone", (name, [first, second]) => {
    expect(rolesOf([`${name},phone`, `${first},07700900001`, `${second},07700900002`])).toEqual({
      cnumber: "phone",
      country: undefined,
      callingCode: undefined,
    });
  });

  test("is asked for when there are several, and may be none of them", () => {
    const lines = ["phone,Billing Country,Shipping Country", "07700900001,Spain,France"];
    expect(rolesOf(lines)).toContain('"columns": {"country": "Billing Country"}');
    expect(rolesOf(lines, { country: "shipping country" })).toMatchObject({ country: "Shipping Country" });
    expect(rolesOf(lines, { country: "" })).toMatchObject({ country: undefined });
  });

  test("is asked about when it seems to be an area's code", () => {
    const lines = ["Vorwahl,phone", "030,1234567", "089,7654321"];
    expect(rolesOf(lines)).toContain("seems to hold the first part of the numbers");
    expect(rolesOf(lines, { callingCode: "" })).toMatchObject({ callingCode: undefined });
  });

  test("counts for its row, whatever the option's country is", async () => {
    const { rows } = await judgedCsv(
      "Phone,Country\n612345678,Spain\n06 12345678,NL\n07700900001,\n07700900002,Atlantis\n",
      { country: "GB", message: "Hi", snumber: "1" },
    );
    expect(rows.map(describeRow)).toEqual([
      'row 1 line 2 send +34612345678: "Hi" (1)',
      'row 2 line 3 send +31612345678: "Hi" (1)',
      'row 3 line 4 send +447700900001: "Hi" (1)',
      expect.stringContaining("row 4 line 5 invalid"),
    ]);
  });

  test("is joined with the number when it is a dialling code", async () => {
    const { rows } = await judgedCsv("code,phone\n+39,3123456789\n+44,07700900001\n", {
      country: "GB",
      message: "Hi",
      snumber: "1",
    });
    expect(rows.map(describeRow)).toEqual([
      'row 1 line 2 send +393123456789: "Hi" (1)',
      'row 2 line 3 send +447700900001: "Hi" (1)',
    ]);
  });
});

describe("the column of the numbers", () => {
  test.each([
    "Mobile Number",
    "Telephone",
    "Cell",
    "Cell Phone",
    "WhatsApp",
    "Phone No.",
    "Tel",
    "Handy",
    "Mobiltelefon",
  ])("is found by the name %s", (name) => {
    expect(rolesOf([`name,${name}`, "Ann,07700900001"])).toMatchObject({ cnumber: name });
  });

  test.each([
    "Portable",
    "Móvil",
    "Teléfono",
    "Cellulare",
    "Téléphone",
    "N° de téléphone",
    "Telefon komórkowy",
    "Мобильный",
  ])("is found by the name %s", (name) => {
    expect(rolesOf([`name,${name}`, "Ann,07700900001"])).toMatchObject({ cnumber: name });
  });

  test("is asked for when an agreed name and a mobile's both hold numbers", () => {
    expect(rolesOf(["Phone,Mobile No.", "01632960001,07700900001"])).toContain('"columns": {"cnumber": "Mobile No."}');
    expect(rolesOf(["Mobile,Telephone", "07700900001,01632960001"])).toMatchObject({ cnumber: "Mobile" });
    expect(rolesOf(["Phone,WhatsApp", "07700900001,07700900002"])).toMatchObject({ cnumber: "Phone" });
  });

  test("is advised by what the first rows hold", () => {
    const lines = ["Kontakt,Handy privat,Handy Art,Fax", "Ann,07700 900001,iPhone,01632 960001"];
    expect(rolesOf(lines)).toContain('"columns": {"cnumber": "Handy privat"}');
  });
});

test.each([
  [["First Name,Phone 1 - Label,Phone 1 - Value", "Ann,Mobile,+44 7700 900001"], "Phone 1 - Value"],
  [["Telefon Assistent,Telefon (privat),Mobiltelefon", "030 1234567,030 1234568,0171 2345678"], "Mobiltelefon"],
  [["Reference,Contact", "1234567,+44 7700 900001", "7654321,+44 7700 900002"], "Contact"],
  [["Reference,City", "1234567,Hull"], undefined],
])("of the columns in %j, the likely one is %s", (lines, column) => {
  const [header = [], ...rows] = lines.map((line) => line.split(","));
  const first = createFirstCells(rows.map((cells, at) => ({ line: at + 2, cells })));
  expect(bestNumberColumn(header, first)).toBe(column);
});

test.each(["cnumber", "message", "snumber", "stype", "customer", "file1", "filename1", "attachment1"])(
  "no two columns are %s",
  (name) => {
    const read = readColumns(["cnumber", ...(name === "cnumber" ? [] : [name]), name.toUpperCase()]);
    expect(read).toMatchObject({ kind: "refused", reason: expect.stringContaining(`which means ${name}`) });
  },
);

test("digits in front of the numbers are dialling codes only where they can be, and mostly have a plus sign under an area's name", () => {
  const asked = expect.stringContaining("seems to hold the first part of the numbers");
  expect(rolesOf(["dial code,phone", "1234,600123456", "1345,600123457"])).toEqual(asked);
  expect(rolesOf(["dial code,phone", "+1268,600123456", "+1345,600123457"])).toMatchObject({
    callingCode: "dial code",
  });
  expect(rolesOf(["Vorwahl,phone", "+49,600123456", "43,612345678"])).toEqual(asked);
});

/** What these lines (comma, first line the names) are understood as, and what a person is told of it. */
function judged(lines: readonly string[], clues: ColumnClues = {}) {
  const [header = [], ...rows] = lines.map((line) => line.split(","));
  const warnings = createWarnings();
  const records = rows.map((cells, at) => ({ line: at + 2, cells, misquoted: false }));
  const read = readColumns(header, { records, warnings, ...clues });
  const told = warnings.all().map(({ code, text }) => `${code}: ${text}`);
  if (read.kind === "refused") return { read, meanings: read.reason, told };
  return { read, meanings: read.columns.all.map(({ meaning }) => parameterOf(meaning)).join(" "), told };
}

describe("a column's meaning by its name", () => {
  test.each<[string, ColumnClues, string]>([
    ["cnumber,from,customer,stype", {}, "cnumber snumber customer stype"],
    ["phone,from,customer,stype", {}, "cnumber variable variable variable"],
    ["phone,text,sender", {}, "cnumber message snumber"],
    ["phone,timezone", {}, "cnumber variable"],
    ["phone,timezone", { byRecipient: true }, "cnumber timezone"],
    ["phone,timezone", { byRecipient: true, mapping: { timezone: "" } }, "cnumber variable"],
    ["phone,timezone,where", { byRecipient: true, mapping: { timezone: "where" } }, "cnumber variable timezone"],
    ["phone,Text!,town", { mapping: { message: "town" } }, "cnumber variable message"],
    ["phone,Text!,town", { mapping: { customer: "text!" } }, "cnumber customer variable"],
    ["text,body", { mapping: { cnumber: "text" } }, "cnumber message"],
    ["phone,sender,from", { mapping: { snumber: "From" } }, "cnumber variable snumber"],
    ["phone,send_status,text", { mapping: { message: "text" } }, "cnumber send_status message"],
    ["phone,status", { mapping: { send_status: "status" } }, "cnumber send_status"],
    ["phone,1. Text *,text", {}, "cnumber variable message"],
    ["phone,1. Sender *,sender", {}, "cnumber variable snumber"],
    ["phone,1. Customer *,text", {}, "cnumber variable message"],
    ["cnumber,1. Customer *,2. File1 *", {}, "cnumber variable variable"],
    ["phone,,x,,", {}, "cnumber nameless variable nameless nameless"],
  ])("%s with %j: %s", (header, clues, meanings) => {
    expect(judged([header], clues)).toMatchObject({ meanings, told: [] });
  });

  const aside = (name: string) =>
    `column-left-aside: The column "${name}" is not sent: "message" in the options is the text. To send each row's own text, say so in the options: "columns": {"message": "${name}"}.`;
  const guessed = (name: string, parameter: string) =>
    `column-guessed: The column "${name}" is taken for each row's ${parameter}. If it is something else, rename it in the first line.`;
  test.each<[string, ColumnClues, string, string]>([
    ["phone, text ", { campaignText: true }, "cnumber variable", aside("text")],
    ["phone, 1. Text *", { campaignText: true }, "cnumber variable", aside("1. Text *")],
    ["phone,1. Text *,X", { campaignText: false }, "cnumber message variable", guessed("1. Text *", "message")],
    ["phone, 1. Sender *", { campaignText: true }, "cnumber snumber", guessed("1. Sender *", "snumber")],
  ])("%s with %j is told of", (header, clues, meanings, told) => {
    expect(judged([header], clues)).toMatchObject({ meanings, told: [told] });
  });

  test("message is the row's own text, whatever the options' is", () => {
    expect(judged(["phone,message"], { campaignText: true })).toMatchObject({ meanings: "cnumber message", told: [] });
    expect(readColumns(["phone", "text"], { campaignText: true })).toMatchObject({ columns: { message: undefined } });
  });

  test("is where the rows find it", () => {
    expect(
      judged(["stype,file2,cnumber,filename1,file1,attachment10,attachment2,customer,from,text,tz,,"], {
        byRecipient: true,
      }).read,
    ).toMatchObject({
      columns: {
        cnumber: 2,
        stype: 0,
        customer: 7,
        snumber: 8,
        message: 9,
        timezone: 10,
        nameless: 2,
        files: [
          { number: 1, file: 4, filename: 3, attachment: undefined },
          { number: 2, file: 1, filename: undefined, attachment: 6 },
          { number: 10, file: undefined, filename: undefined, attachment: 5 },
        ],
      },
    });
  });

  test("of an earlier report counts in all its columns", () => {
    expect(judged(["phone,send_status,send_detail,send_status,send_detail"]).read).toMatchObject({
      columns: {
        sendStatus: [1, 3],
        sendDetail: [2, 4],
        inWords: expect.stringMatching(/^The first line names "phone", .*\.$/),
      },
    });
  });
});

describe("what the options say of the columns", () => {
  test.each<[string, Readonly<Record<string, string>>, string]>([
    ["phone,x", { nope: "x" }, 'maps "nope", which is not a parameter of a message'],
    ["phone,x", { message: "" }, 'says that message is the column "", but the first line names "phone", "x".'],
    ["phone,", { message: "" }, 'says that message is the column "", but the first line names "phone".'],
    ["phone,x", { message: "y" }, 'says that message is the column "y", but the first line names "phone", "x".'],
    ["phone,x,X", { message: "x" }, 'says that message is the column "x", but several columns have that name.'],
    ["x,X,phone", { message: "x" }, 'says that message is the column "x", but several columns have that name.'],
    ["phone,x", { message: "x", snumber: "x" }, 'gives the column "x" or the parameter snumber twice.'],
    ["phone,x,y", { message: "x", Message: "y" }, 'gives the column "y" or the parameter Message twice.'],
    ["phone,x", { country: "", Country: "x" }, 'gives the column "x" or the parameter Country twice.'],
  ])("is refused where it cannot be: %s, %j", (header, mapping, reason) => {
    expect(judged([header], { mapping }).meanings).toContain(`"columns" in the options ${reason}`);
  });

  test("is looked for below the first line, too", () => {
    const lines = ["My list,", "kunde,name", "07700900002,Bob"];
    const lower = 'The column names seem to be in line 2 ("kunde", "name")';
    expect(judged(lines, { mapping: { customer: "x", CNumber: "Kunde" } }).meanings).toContain(lower);
    expect(judged(lines, { mapping: { cnumber: "Kunde", CNumber: "x" } }).meanings).toContain(lower);
    expect(judged(["My list,", "phone,name", "07700900002,Bob"], { mapping: { cnumber: "Kunde" } }).meanings).toContain(
      'cnumber is the column "Kunde", but the first line names "My list"',
    );
    expect(judged(["My list,", "Handy,name", "07700900002,Bob"]).meanings).toContain('in line 2 ("Handy", "name")');
    expect(judged(["My list,", "to,name", "07700900002,Bob"]).meanings).toContain('in line 2 ("to", "name")');
  });
});

describe("a list whose columns cannot be understood", () => {
  test("may still be told which column holds the numbers, and only where it has names", () => {
    const told = (lines: readonly string[], clues?: ColumnClues) => judged(lines, clues).read;
    const lacking = { kind: "refused", lacks: "cnumber" };
    expect(told(["name,town", "Ann,Hull"])).toMatchObject(lacking);
    expect(told(["name,Mobile Number,Handy", "Ann,07700900001,07700900002"])).toMatchObject(lacking);
    expect(told(["Phone,Mobile No.", "01632960001,07700900001"])).toMatchObject(lacking);
    expect(told(["phone,to", "07700900001,07700900002"])).toMatchObject(lacking);
    expect(told(["07700900001,Ann", "07700900002,Bob"])).toEqual({
      kind: "refused",
      reason: expect.stringContaining("The first line seems to be a row already"),
    });
    expect(told(["phone,text,body"])).toEqual({
      kind: "refused",
      reason:
        'The columns "text" and "body" both mean message. Say in the options which one is meant, such as "columns": {"message": "text"}.',
    });
  });

  test("is advised to take the column that holds the numbers", () => {
    expect(judged(["sender, snumber", "Ann,07700900001"]).meanings).toContain("No column holds the phone numbers");
    expect(judged(["phone,sender, snumber", "07700900001,Ann,07700900002"]).meanings).toContain(
      'such as "columns": {"snumber": "sender"}',
    );
    const advice = (name: string) => expect.stringContaining(`such as "columns": {"cnumber": "${name}"}`);
    expect(judged(["phone, to", "07700900001,Ann"]).meanings).toEqual(advice("phone"));
    expect(judged(["phone, to", "Ann,07700900001"]).meanings).toEqual(advice("to"));
  });

  test("is not asked which column holds the numbers where the options say so", () => {
    const lines = ["Phone,Mobile No.", "01632960001,07700900001"];
    expect(judged(lines, { mapping: { cnumber: "Phone" } }).meanings).toBe("cnumber variable");
  });

  test("is not taken for a title because its second line has a number's name", () => {
    expect(judged(["Mobile,Handy", "to,Phone", "07700900001,07700900002"]).meanings).not.toContain("in line 2");
    expect(judged(["Mobile 1,Handy", "07700900001,07700900002", "phone,to"]).meanings).toContain("could all hold");
  });

  test("is told of numbers of another country than the list's", () => {
    const lines = ["name, Mobile (ES) ", "Ann,600123456"];
    const refusal = (country: string) =>
      `The column "Mobile (ES)" seems to hold numbers of "ES", but ${country}. Say "country" in the options as the numbers need it, and "columns": {"cnumber": "Mobile (ES)"}.`;
    expect(judged(lines, { home: "GB" }).meanings).toBe(refusal("the list's country is GB"));
    expect(judged(lines).meanings).toBe(refusal("the list has no country"));
    expect(judged(lines, { home: "ES" })).toMatchObject({
      meanings: "variable cnumber",
      told: [expect.stringContaining('The numbers are taken from the column "Mobile (ES)"')],
    });
    expect(judged(["Mobile (ES)", "phone", "600123456"], { home: "GB" }).meanings).toContain("seems to hold numbers");
  });

  test.each([
    [bounds.columns, 1, undefined],
    [2, bounds.columnName, undefined],
    [1, bounds.columnName + 1, "The name of column 1 in the first line has more than 1,000 characters"],
    [2, bounds.columnName + 1, 'The name of column 2 in the first line has more than 1,000 characters: "xxxx'],
  ])("has %s columns, one with a name of %s characters", (columns, length, reason) => {
    const names = ["phone", "x".repeat(length), ...Array.from({ length: Math.max(0, columns - 2) }, () => "")];
    const read = readColumns(names.slice(-columns));
    expect(read.kind === "refused" ? read.reason : undefined).toEqual(
      reason === undefined ? undefined : expect.stringContaining(reason),
    );
  });
});

describe("a column of countries that the options name, or say is none", () => {
  test.each<[readonly string[], Readonly<Record<string, string>>, string]>([
    [["phone,Country", "07700900001,Spain"], {}, "cnumber country"],
    [["phone,Country", "07700900001,Spain"], { country: "" }, "cnumber variable"],
    [["phone,Land,where", "07700900001,Spain,France"], { country: "where" }, "cnumber variable country"],
    [["phone,dial code", "600123456,+34"], {}, "cnumber callingCode"],
    [["phone,dial code", "600123456,+34"], { callingCode: "" }, "cnumber variable"],
    [["phone,dial code,x", "600123456,+34,+39"], { callingCode: "X" }, "cnumber variable callingCode"],
  ])("%j with %j: %s", (lines, mapping, meanings) => {
    expect(judged(lines, { mapping }).meanings).toBe(meanings);
  });

  test("may be asked about or watched, by the list's own country", () => {
    const known: ColumnClues = { home: "GB", readNumber: readsAs };
    expect(judged(["phone,x", "other,Spain"], known).meanings).toContain("would be read as GB's");
    expect(judged(["phone,x", "none,Spain"], known).read).toMatchObject({
      columns: { country: undefined, doubtfulCountry: { at: 1, role: "country" } },
    });
  });

  test.each(["country", "callingCode", "timezone"])("%s is no two columns", (name) => {
    const clues: ColumnClues = { byRecipient: true, mapping: { [name]: "x" } };
    expect(judged(["phone,x,y"], clues).meanings).toBe(`cnumber ${name} variable`);
    expect(judged(["phone,timezone,tz"], { byRecipient: true }).meanings).toContain("both mean timezone");
  });
});
