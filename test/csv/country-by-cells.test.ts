import { describe, expect, test } from "vitest";
import { countryDoubt, isElsewhere } from "../../shared/csv/country-by-cells.ts";
import { createFirstCells } from "../../shared/csv/first-cells.ts";
import { readsAs } from "./number-evidence.ts";

/** What is thought of a column with this name, of rows `country: kind of number`. */
function doubtOf(name: string, rows: string, home = "GB") {
  const records = rows.split(", ").map((row, at) => ({ line: at + 2, cells: row.split(": ") }));
  const evidence = { first: createFirstCells(records), number: 1, readNumber: readsAs };
  const doubt = countryDoubt(name, 0, { ...evidence, home: home === "" ? undefined : home });
  return doubt.kind;
}

describe("a column whose cells name countries", () => {
  test.each([
    ["is asked about where only its countries have the numbers", "Spain: other", "ask"],
    ["is asked about where its countries have them as well", "Spain: both", "ask"],
    ["is asked about where they have some as well", "Spain: other, Spain: both", "ask"],
    ["is asked about where more numbers are theirs", "Spain: own, Spain: other, France: other", "ask"],
    ["is doubted where as many are the list's own", "Spain: own, France: other", "warn"],
    ["is doubted where the list's own might be theirs", "Spain: own, France: both", "warn"],
    ["is none where all are the list's own", "Spain: own", "none"],
    ["is watched where the numbers show nothing", "Spain: none", "watch"],
    ["is watched where either reading is the same", "Spain: same, France: same", "watch"],
    ["is watched where it names the list's country", "UK: other, United Kingdom: both", "watch"],
    ["is asked about where a name is misspelt", "Spain: other, Frence: other, Italy: other, Spain: other", "ask"],
    ["is none where too many are no country's", "Spain: other, Here: other, Italy: other", "none"],
    ["is asked about where others are empty or say that nobody knows", "Spain: other, : other, n/a: other", "ask"],
    ["is none where it names no country", "Ann: other", "none"],
    ["is none where it is empty", " : other", "none"],
    ["is none where it holds forms of address", "Mr: other, No: other", "none"],
  ])("%s: %s", (_, rows, kind) => {
    expect(doubtOf("Remark", rows)).toBe(kind);
  });

  test.each([
    ["Remark", "ES: other", "ask"],
    ["Remark", "es: other, FR: other", "ask"],
    ["Remark", "ES: both", "none"],
    ["Remark", "ES: both, FR: other", "none"],
    ["Remark", "ES: both, FR: other, FR: other", "ask"],
    ["Remark", "ES: none", "none"],
    ["Region", "ES: none", "watch"],
    ["Region", "ES: both", "ask"],
    ["Region", "ES: own, FR: both", "warn"],
    ["Remark", "ES: own, FR: other", "none"],
    ["Remark", "ES: other, XX: other", "none"],
    ["State", "ES: other", "none"],
    ["Title", "ES: other", "none"],
    ["Language", "ES: other", "none"],
  ])("in two letters under %s (%s) is held to more: %s", (name, rows, kind) => {
    expect(doubtOf(name, rows)).toBe(kind);
  });

  test.each([
    ["CA: none", "none"],
    ["CA: other", "none"],
    ["DE: other, IN: other", "ask"],
    ["DE: other", "none"],
    ["DE: other, IN: both", "none"],
    ["CA: own, DE: both", "none"],
    ["CA: other, FR: other", "ask"],
    ["FR: none", "watch"],
  ])("may be states of the list's country: %s", (rows, kind) => {
    expect(doubtOf("Region", rows, "US")).toBe(kind);
  });

  test("is judged by international numbers alone where the list has no country", () => {
    expect(doubtOf("Remark", "Spain: +own, Spain: +both", "")).toBe("warn");
    expect(doubtOf("Remark", "Spain: own, Spain: both", "")).toBe("ask");
    expect(doubtOf("Remark", "Spain: own", "")).toBe("watch");
  });

  test("may be countries' names where two letters would be a state's", () => {
    expect(doubtOf("State", "Spain: other")).toBe("ask");
  });

  test("is told with the first country that has a number", () => {
    const records = [
      ["France", "own"],
      ["Spain", "other"],
      ["Italy", "other"],
    ].map((cells, at) => ({ line: at + 2, cells }));
    const evidence = { first: createFirstCells(records), number: 1, readNumber: readsAs };
    const asked = countryDoubt(" Remark ", 0, { ...evidence, home: "GB" });
    expect(asked).toMatchObject({ kind: "ask", question: expect.stringContaining("would be read as GB's") });
    expect(asked).toMatchObject({ question: expect.stringContaining('"columns": {"country": "Remark"}') });
    expect(asked).toMatchObject({ question: expect.stringContaining('countries ("Spain")') });
    const nobody = countryDoubt("Remark", 0, { ...evidence, home: undefined });
    expect(nobody).toMatchObject({ question: expect.stringContaining("nothing else says whose the numbers are") });
  });
});

test("a country is elsewhere where its numbers have another calling code", () => {
  const elsewhere = (cell: string, home?: string) => isElsewhere(cell, home);
  expect([elsewhere("Spain", "GB"), elsewhere("UK", "GB"), elsewhere("Canada", "US")]).toEqual([true, false, false]);
  expect([elsewhere("Spain"), elsewhere("nowhere", "GB"), elsewhere("nowhere")]).toEqual([true, false, false]);
});
