import { describe, expect, test } from "vitest";
import { type CountryRole, findCountryColumns } from "../../shared/csv/country-columns.ts";
import { createFirstCells } from "../../shared/csv/first-cells.ts";
import { createWarnings } from "../../shared/csv/warnings.ts";
import { readsAs } from "./number-evidence.ts";

interface Known {
  /** What the options say about one of them, so that it is not looked for. */
  readonly decided?: readonly CountryRole[];
  /** Names of columns that have another meaning. */
  readonly taken?: readonly string[];
}

/** What is found in these lines (comma, first line the names, of which `phone` has the numbers or their kinds). */
function found(lines: readonly string[], { decided = [], taken = [] }: Known = {}) {
  const [names = [], ...rows] = lines.map((line) => line.split(","));
  const warnings = createWarnings();
  const number = names.indexOf("phone");
  const read = findCountryColumns(names, {
    first: createFirstCells(rows.map((cells, at) => ({ line: at + 2, cells }))),
    number,
    readNumber: readsAs,
    home: "GB",
    free: (at) => at !== number && !taken.includes(names[at] ?? ""),
    undecided: (role) => !decided.includes(role),
    warnings,
  });
  const told = warnings.all().map(({ code }) => code);
  if (read.kind === "refused") return /first part of the numbers/.test(read.reason) ? "part" : read.reason;
  const name = (at: number | undefined) => (at === undefined ? [] : [names[at]]);
  const { country, callingCode, doubtful } = read;
  const watched = doubtful === undefined ? [] : [`watch ${names[doubtful.at]} as ${doubtful.role}`];
  return [
    ...name(country).map((one) => `country ${one}`),
    ...name(callingCode).map((one) => `code ${one}`),
    ...watched,
    ...told,
  ].join(", ");
}

describe("a column that says by its name which country a number belongs to", () => {
  test.each<[string, readonly string[], string]>([
    ["Country", ["Spain", "NL"], "country Country"],
    ["Country", [], "country Country"],
    ["Country", ["", ""], "country Country"],
    ["Country", ["39", "44"], "country Country"],
    ["Billing Country", ["Spain", "France"], "country Billing Country"],
    ["Billing Country", ["Spain", "yes"], ""],
    ["Billing Country", ["Spain", "yes", "France"], "country Billing Country"],
    ["Billing Country", [], ""],
    ["Country of birth", ["Spain", "France"], "watch Country of birth as country"],
    ["Citizens of country", ["Spain", "France"], "watch Citizens of country as country"],
    ["Where", ["Spain", "France"], "watch Where as country"],
    ["Country Code", ["AT", "DE"], "country Country Code"],
    ["Country Code", [], "country Country Code"],
    ["Country Code", ["39", "44"], "code Country Code"],
    ["Country Code", ["39", "DE"], "country Country Code"],
    ["dial code", [], "code dial code"],
    ["dial code", ["39", "44"], "code dial code"],
    ["dial code", ["39", "x"], ""],
    ["dial code", ["39", "44", "x"], "code dial code"],
    ["dial code", ["39.0", "+44", "00 39"], "code dial code"],
    ["dial code", ["1-268", "1 345"], "part"],
    ["dial code", ["+1-268", "+1 345"], "code dial code"],
    ["dial code", ["0001", "0002"], "part"],
    ["dial code", ["SPRING", "A1"], ""],
    ["Vorwahl", ["+49", "+43"], "code Vorwahl"],
    ["Vorwahl", ["+49", "43"], "part"],
    ["Vorwahl", ["+49", "43", "+39"], "code Vorwahl"],
    ["Vorwahl", ["030", "089"], "part"],
    ["Vorwahl", ["030", "x"], ""],
    ["code", ["+39", "+44"], "code code"],
    ["code", ["+39", "44"], ""],
    ["code", ["39", "44"], ""],
    ["code", ["+39", "x"], ""],
    ["code", ["+39", "x", "+44"], "code code"],
    ["code", [], ""],
    ["Begin", ["+39", "+44"], "part"],
    ["Begin", ["+39", "+39"], "part"],
    ["Begin", ["+39"], "part"],
    ["Begin", ["+39", "44"], ""],
    ["Begin", ["+39", "x"], ""],
    ["Begin", ["+39", "+4477009"], ""],
    ["Begin", ["39", "44"], ""],
    ["Begin", [], ""],
    ["Begin", ["0030", "0031", "0032"], ""],
    ["Begin", ["0030", "0031", "+32"], "part"],
    ["Begin", ["0030", "0030", "0032"], "part"],
    ["Begin", ["0030"], "part"],
  ])("%s with %j: %s", (name, cells, told) => {
    expect(found([`${name},phone`, ...cells.map((cell) => `${cell},600123456`)])).toBe(told);
  });

  test.each([
    ["Begin", "+39", ""],
    ["Vorwahl", "030", ""],
    ["Vorwahl", "+39", "code Vorwahl"],
  ])("%s with %s is no part of numbers that are complete without it: %s", (name, code, told) => {
    for (const number of ["+34600123456", "0034600123456", "(+34)600123456"]) {
      expect(found([`${name},phone`, `${code},${number}`, `${code},${number}`])).toBe(told);
    }
    expect(found([`${name},phone`, `${code},+34600123456`, `${code},600123456`])).toBe(told || "part");
  });

  test.each<[readonly string[], Known, string]>([
    [["Country,dial code,phone", "Spain,34,600123456"], {}, "country Country, code dial code"],
    [["Country,dial code,phone", "Spain,34,600123456"], { taken: ["Country"] }, "code dial code"],
    [["Country,dial code,phone", "Spain,34,600123456"], { decided: ["country"] }, "code dial code"],
    [["Country,dial code,phone", "Spain,34,600123456"], { decided: ["callingCode"] }, "country Country"],
    [["Vorwahl,Country,phone", "030,Spain,1234567"], { decided: ["callingCode"] }, "country Country"],
    [["Vorwahl,Country,phone", "030,Spain,1234567"], { taken: ["Vorwahl"] }, "country Country"],
    [["Vorwahl,Country,phone", "030,Spain,1234567"], {}, "part"],
    [["Country,phone", "39,other", "44,both"], {}, "code Country"],
    [["Country,phone", "39,none", "44,none"], {}, "country Country"],
    [["Country,phone", "+39,other", "44,other"], {}, "country Country"],
    [["Country,phone", "39,other", "x,other"], {}, "country Country"],
    [["Country,phone", "39,other"], {}, "code Country"],
  ])("%j, %j: %s", (lines, known, told) => {
    expect(found(lines, known)).toBe(told);
  });

  test("is asked for when there are several", () => {
    expect(found([" Country ,Land,Pays,phone", "Spain,France,Italy,600123456"])).toBe(
      'The columns "Country", "Land" and "Pays" could all say which country a number belongs to. Say in the options which one is meant, such as "columns": {"country": "Country"}, or that none is: "columns": {"country": ""}.',
    );
    expect(found([" dial code ,ISD,phone", "39,34,600123456"])).toBe(
      'The columns "dial code" and "ISD" could all say which dialling code a number belongs to. Say in the options which one is meant, such as "columns": {"callingCode": "dial code"}, or that none is: "columns": {"callingCode": ""}.',
    );
  });
});

describe("a column that says by its cells which country a number belongs to", () => {
  test.each<[readonly string[], Known, string]>([
    [["x,phone", "39,other"], {}, "part"],
    [["x,phone", "39,other"], { decided: ["callingCode"] }, ""],
    [["x,phone", "39,other"], { decided: ["country"] }, "part"],
    [["x,phone", "39,other"], { taken: ["x"] }, ""],
    [["x,phone", "39,both"], {}, "watch x as callingCode"],
    [["x,phone", "39,both"], { decided: ["country"] }, "watch x as callingCode"],
    [["cc,phone", "39,both"], {}, "part"],
    [["Vorwahl,phone", "39,+both"], {}, "part"],
    [["y,x,phone", "39,Spain,other"], {}, "part"],
    [["y,x,phone", "39,44,both"], {}, "watch y as callingCode"],
    [["y,x,phone", "39,44,both"], { taken: ["y"] }, "watch x as callingCode"],
    [["x,phone", "39,same", "44,same", "1,same", "x,same"], {}, "watch x as callingCode"],
    [["x,phone", "39,same", "44,same", "x,same"], {}, ""],
    [["x,phone", ",same"], {}, ""],
  ])("of digits: %j, %j: %s", (lines, known, told) => {
    expect(found(lines, known)).toBe(told);
  });

  test.each<[readonly string[], Known, string]>([
    [["x,phone", "Spain,none"], {}, "watch x as country"],
    [["x,phone", "Spain,none"], { decided: ["country"] }, ""],
    [["x,phone", "Spain,none"], { decided: ["callingCode"] }, "watch x as country"],
    [["x,phone", "Spain,none"], { taken: ["x"] }, ""],
    [["y,x,phone", "Spain,France,none"], {}, "watch y as country"],
    [["x,phone", "Spain,own", "France,other"], {}, "country-column-doubted"],
    [["x,phone", "Spain,own"], {}, ""],
    [["y,x,phone", "39,Spain,same"], {}, "watch x as country"],
    [["y,x,phone", "39,Ann,same"], {}, "watch y as callingCode"],
    [["y,x,phone", "39,Spain,same"], { decided: ["country"] }, "watch y as callingCode"],
  ])("of countries: %j, %j: %s", (lines, known, told) => {
    expect(found(lines, known)).toBe(told);
  });

  test("is asked about where its countries have the numbers", () => {
    expect(found(["x,phone", "Spain,other"])).toContain('The column "x" names countries ("Spain")');
    expect(found(["y,x,phone", "39,Spain,both"])).toContain('The column "x" names countries ("Spain")');
  });
});
