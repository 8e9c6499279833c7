import { describe, expect, test } from "vitest";
import { columnKey } from "../../shared/csv/column-name.ts";
import { createFirstCells } from "../../shared/csv/first-cells.ts";
import {
  bestNumberColumn,
  isNumberName,
  likelyNumberColumn,
  numberColumnAdvice,
  otherCountryInName,
  rivalNumberColumn,
} from "../../shared/csv/number-columns.ts";

/** A header and the first rows below it; `n` in a cell is a number, `m` another one. */
function listOf(header: string, ...rows: readonly string[]) {
  const names = header.split(",");
  const number = (cell: string) => (cell === "n" ? "07700900001" : cell === "m" ? "07700900002" : cell);
  const records = rows.map((row, at) => ({ line: at + 2, cells: row.split(",").map(number) }));
  return [{ names, keys: names.map(columnKey), named: names.length }, createFirstCells(records)] as const;
}

/** The name of the column that is taken; what is asked where there are several. */
function likely(header: string, ...rows: readonly string[]) {
  const [list, first] = listOf(header, ...rows);
  const found = likelyNumberColumn(list, first);
  switch (found.kind) {
    case "column":
      return list.names[found.at];
    case "several":
      return /The columns (.*) could/.exec(found.reason)?.[1];
    case "none":
      return undefined;
    default:
      return found satisfies never;
  }
}

describe("the column of the numbers, where no name is an agreed one", () => {
  test.each([
    ["name,Mobile No", ["Ann,n"], "Mobile No"],
    ["name,Mobile No", ["Ann,"], "Mobile No"],
    ["name,Mobile No", [], "Mobile No"],
    ["name,Mobile No", ["Ann,none"], undefined],
    ["name,Telefon", ["Ann,n"], "Telefon"],
    ["name,WhatsApp", ["Ann,n"], "WhatsApp"],
    ["name,Phone (mobile)", ["Ann,n"], "Phone (mobile)"],
    ["name,Phone (mobile)", [], undefined],
    ["name,1. Mobile No *", ["Ann,n"], "1. Mobile No *"],
    ["name,Phone / Mobile No", ["Ann,n"], "Phone / Mobile No"],
    ["name,Phone (fax)", ["Ann,n"], undefined],
    ["name,Reference", ["Ann,n"], undefined],
    ["Mobile No,Cell No", ["n,m"], '"Mobile No" and "Cell No"'],
    ["Mobile No,Cell No", ["n,"], '"Mobile No" and "Cell No"'],
    ["Mobile No,Cell No", ["n,none"], "Mobile No"],
    ["Mobile No,Work phone", ["n,m"], '"Mobile No" and "Work phone"'],
    ["Mobile No,Work phone", ["n,none"], "Mobile No"],
    ["Mobile No,Phone type", ["n,m"], "Mobile No"],
    ["Mobile No,Phone (partner)", ["n,m"], "Mobile No"],
    ["Mobile No,Reference", ["n,m"], "Mobile No"],
    ["Mobile No,My handy", ["n,m"], '"Mobile No" and "My handy"'],
    ["Mobile No,Fax", ["n,m"], "Mobile No"],
    ["name,Mobile No//Cell", ["Ann,n"], "Mobile No//Cell"],
    ["Mobile No,Mobile No (hotel)", ["n,m"], "Mobile No"],
    ["Work phone,Mobile No,Cell No", ["n,n,n"], '"Work phone", "Mobile No" and "Cell No"'],
  ])("of %s with %j is %s", (header, rows, column) => {
    expect(likely(header, ...rows)).toBe(column);
  });

  test("is advised, of several, by its name and numbers", () => {
    const [list, first] = listOf("Work phone,Mobile No,Cell No", "n,none,m");
    expect(likelyNumberColumn(list, first)).toMatchObject({
      reason: expect.stringContaining('"columns": {"cnumber": "Cell No"}'),
    });
  });

  test("is known by many names, also decorated ones, and by none that is somebody else's", () => {
    for (const name of [
      "Mobile",
      "Handy",
      "N° de portable",
      "Móvil",
      "Telefon",
      "手机",
      "Phone & Mobile",
      "Phone or Cell",
      "Recipient / Handy",
      "Phone/Number",
    ]) {
      expect(isNumberName(name), name).toBe(true);
    }
    for (const name of [
      "Phone (fax)",
      "Phone - Value",
      "Phone & Town",
      "Phone ( value )",
      "Reference",
      "Mobile (old)",
      "",
      "Emergency phone",
    ]) {
      expect(isNumberName(name), name).toBe(false);
    }
  });
});

/** The other column that could as well be meant, if the first one has the agreed name. */
function rival(header: string, ...rows: readonly string[]) {
  const [list, first] = listOf(header, ...rows);
  const at = rivalNumberColumn(list, 0, first);
  return at === undefined ? undefined : list.names[at];
}

test.each([
  ["Phone,Mobile No", ["n,m"], "Mobile No"],
  ["Phone,Mobile No", ["n,n"], undefined],
  ["Phone,Mobile No", ["n,none"], undefined],
  ["Phone,Telephone", ["n,m"], "Telephone"],
  ["Phone,WhatsApp", ["n,m"], undefined],
  ["Mobile,Telephone", ["n,m"], undefined],
  ["Phone,Phone (mobile)", ["n,m"], "Phone (mobile)"],
  ["Phone,WhatsApp / Mobile No", ["n,m"], "WhatsApp / Mobile No"],
  ["Phone,Phone (mobile) (work)", ["n,m"], "Phone (mobile) (work)"],
  ["Mobile,Phone (mobile)", ["n,m"], undefined],
  ["Phone,Phone (2)", ["n,m"], undefined],
  ["Phone,phone", ["n,m"], undefined],
  ["Recipient,Mobile No", ["n,m"], undefined],
  ["Phone,Recipient (1)", ["n,m"], undefined],
  ["Phone,Phone/Number", ["n,m"], "Phone/Number"],
  ["Phone,Reference", ["n,m"], undefined],
  ["Phone,Mobile No,Cell", ["n,n,n", "m,n,m"], "Mobile No"],
])("beside the agreed name, of %s with %j could be meant %s", (header, rows, column) => {
  expect(rival(header, ...rows)).toBe(column);
});

test.each([
  ["Phone 1 - Value,Phone 1 - Type", ["n,Mobile"], "Phone 1 - Value"],
  ["Phone 1 - Value,Phone 1 - Type", ["n,Home fax"], undefined],
  ["Phone 1 - Value,Phone 1 - Label,Phone 2 - Value,Phone 2 - Label", ["n,Home,m,Mobile"], "Phone 2 - Value"],
  ["Work phone,Old phone", ["none,n"], "Old phone"],
  ["Phone (fax),Work phone", ["n,m"], "Work phone"],
  ["Phone (old),Contact", ["n,+44 7700 900001"], "Contact"],
  ["Work phone,Mobile", ["n,n"], "Mobile"],
  ["Work phone,Home phone", ["n,n", "none,n"], "Home phone"],
  ["Work phone,Home phone", ["n,n"], "Work phone"],
  ["Contact,Reference", ["+44 7700 900001,1234567"], "Contact"],
  ["Reference,Other", ["1234567,7654321"], undefined],
  ["Phone type,Mobile", ["n,m"], "Mobile"],
  ["Mobile type,Phone", ["n,m"], "Phone"],
  ["Work phone,Mobile", ["n,none"], "Work phone"],
  [",Reference", ["+44 7700 900001,1234567"], undefined],
  ["Contact,Work phone", ["+44 7700 900001,n"], "Work phone"],
  ["Phone 1 - Label,Phone 1 - Value,Work phone", ["Mobile,n,m"], "Phone 1 - Value"],
  ["Phone 1 - Value,Phone 1 - Type,Work mobile", ["n,Mobile,m", "n,Home,m"], "Work mobile"],
  [",Mobile", ["n,m"], "Mobile"],
  ["Phone 1 - Type,Phone 1 - Value", ["Home fax,n"], undefined],
  ["Phone 1 - Value , Phone 1 - Type ", ["n,Home fax"], undefined],
])("of %s with %j, the best is %s", (header, rows, column) => {
  const [list, first] = listOf(header, ...rows);
  expect(bestNumberColumn(list.names, first)).toBe(column);
  if (column !== undefined) expect(numberColumnAdvice(list, first)).toBe(`"columns": {"cnumber": "${column}"}`);
});

test("several without rows are advised by the first of them, by its bare name", () => {
  const [list, first] = listOf("name, HP ,CEP");
  expect(likelyNumberColumn(list, first)).toEqual({
    kind: "several",
    reason: expect.stringMatching(/^The columns "HP" and "CEP" .*, such as "columns": \{"cnumber": "HP"\}\.$/),
  });
});

test("is advised by its name where no row shows it", () => {
  const [list, first] = listOf("Reference,Work phone", "x,y");
  expect(numberColumnAdvice(list, first)).toBe('"columns": {"cnumber": "Work phone"}');
  const [other, none] = listOf("Reference,Town", "x,y");
  expect(numberColumnAdvice(other, none)).toBe('"columns": {"cnumber": "…"}');
});

test.each([
  ["Mobile (ES)", "n", "GB", "ES"],
  ["Mobile (Spain)", "n", "GB", "Spain"],
  ["Mobile (GB)", "n", "GB", undefined],
  ["Mobile (+34)", "n", "GB", "+34"],
  ["Mobile (+44)", "n", "GB", undefined],
  ["Mobile (0034)", "n", undefined, "0034"],
  ["Mobile (ES)", "n", undefined, "ES"],
  ["Mobile (ES)", "+34600123456", "GB", undefined],
  ["Mobile (ES)", "(0034) 600123456", "GB", undefined],
  ["Mobile (work)", "n", "GB", undefined],
  ["Mobile (ES) (FR)", "n", "GB", "ES"],
  ["Mobile", "n", "GB", undefined],
])("the name %s above %s in a list of %s says another country: %s", (name, cell, home, country) => {
  const [, first] = listOf(name, cell);
  expect(otherCountryInName(name, 0, first, home)).toBe(country);
});

test("a column of which only some numbers have their country's code may be another country's", () => {
  const [, first] = listOf("Mobile (ES)", "+34600123456", "n");
  expect(otherCountryInName("Mobile (ES)", 0, first, "GB")).toBe("ES");
});

test("the other column that could be meant may stand in front", () => {
  const [list, first] = listOf("Mobile No,Phone", "n,m");
  expect(rivalNumberColumn(list, 1, first)).toBe(0);
});
