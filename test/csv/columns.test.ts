import { describe, expect, test } from "vitest";
import { readColumns } from "../../shared/csv/columns.ts";
import { createFirstCells } from "../../shared/csv/first-cells.ts";
import { bestNumberColumn } from "../../shared/csv/number-columns.ts";
import { describeRow, judgedCsv } from "./judged-csv.ts";

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
