import { describe, expect, test } from "vitest";
import { columnKey } from "../../shared/csv/column-name.ts";
import { findAmong } from "../../shared/csv/find-column.ts";
import { behindPath, columnIn, nearColumn, withLooseNames } from "../../shared/csv/template-columns.ts";

const columnsOf = (...names: readonly string[]) => ({ names, find: findAmong(names.map(columnKey)) });

test.each([
  ["name", "name"],
  ["First Name", "First Name"],
  ["contact.name", "name"],
  ["contact.data.name", "name"],
  ["contact:first_name", "first_name"],
  ["contact.town", undefined],
  ["town", undefined],
  ["contact name", undefined],
])("%s means the column %s", (inner, column) => {
  expect(columnIn(inner, columnsOf("Name", "First name").find)).toBe(column);
});

test.each([
  ["contact.name", "name"],
  ["a:b.c d-e", "c d-e"],
  ["name", undefined],
  ["1.name", undefined],
  ["contact..name", undefined],
  ["contact.1", undefined],
])("behind the path of %s is %s", (inner, last) => {
  expect(behindPath(inner)).toBe(last);
});

test.each([
  ["nmae", ["phone", " Name "], "Name"],
  ["naem", ["phone", "town"], undefined],
  ["first", ["phone", "First name"], "First name"],
  ["first name of them", ["phone", "First name"], "First name"],
  ["first", ["First name", "First order"], undefined],
  ["id", ["Identity card", "phone"], undefined],
  ["age", ["Average", "phone"], "Average"],
  ["abcdef", ["abc", "phone"], "abc"],
  ["x", ["phone", ""], undefined],
  [" ", ["a", "phone"], undefined],
  [`x${"a".repeat(49)}`, ["a".repeat(50), "phone"], "a".repeat(50)],
  ["a".repeat(60), ["aab".repeat(30), "phone"], "aab".repeat(30)],
  ["abcdef", ["ab", "phone"], undefined],
  ["", ["phone"], undefined],
  ["-", ["phone"], undefined],
  ["x".repeat(60), ["x".repeat(60), "phone"], "x".repeat(60)],
  ["x".repeat(61), ["x".repeat(61), "phone"], undefined],
])("%s is nearly, of %j, %s", (wrong, names, near) => {
  // What is known of names is kept with their list: a new one for each.
  expect(nearColumn(wrong, [...names])).toBe(near);
});

describe("names without their accents and signs", () => {
  test.each([
    ["prenom", "Prénom"],
    ["strasse", "Straße"],
    ["Grosse", "Größe"],
    ["groesse", "Größe"],
    ["navn aa", "Navn Å"],
    ["imie", "Imię"],
    ["lodz", "Łódź"],
    ["Prénom", "Prénom"],
    ["phone", "phone"],
    ["town", "town"],
  ])("%s is spelt %s", (name, spelt) => {
    const columns = withLooseNames(columnsOf("phone", " Prénom ", "Straße", "Größe", "Navn Å", "Imię", "Łódź"));
    expect(columns.spell(name)).toBe(spelt);
    expect(columns.find(name) !== undefined).toBe(name !== "town");
  });

  test("mean none where several columns have them, and the exact one where there is one", () => {
    const several = withLooseNames(columnsOf("Prénom", "Prenóm"));
    expect(several.find("prenom")).toBeUndefined();
    expect(several.spell("prenom")).toBe("prenom");
    const exact = withLooseNames(columnsOf("Prénom", "prenom"));
    expect([exact.find("prenom"), exact.spell("prenom")]).toEqual([1, "prenom"]);
  });

  test("are made once for a list", () => {
    const columns = columnsOf("Prénom");
    expect(withLooseNames(columns)).toBe(withLooseNames(columns));
    const plain = columnsOf("name");
    expect(withLooseNames(plain).find).toBe(plain.find);
  });
});

test("a column whose name has no letter or digit is not found by others that have none", () => {
  expect(withLooseNames(columnsOf("phone", "€", "Prénom")).find("!")).toBeUndefined();
});
