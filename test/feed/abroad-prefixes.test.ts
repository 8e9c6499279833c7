import { expect, it } from "vitest";
import { abroadPrefixes } from "../../shared/feed/abroad-prefixes.ts";
import { planOf } from "../../shared/numbering-plan.ts";

it.each([
  ["GB", "00"],
  ["US", "011"],
  ["RU", "810"],
  ["AU", "0011 0014 0015 0016 0018 0019"],
  ["BR", "0012 0014 0015 0021 0022 0023 0025 0031 0041 0043 0055 0065 0099"],
  ["KR", "001 002 005 006 008 009 0073 00345 00365 00391 00700 00727 00755 00761 00762 00766"],
])("what %s dials before a country code is all that its plan has: %s", (country, prefixes) => {
  const plan = planOf(country);
  expect(plan && abroadPrefixes(plan).join(" ")).toBe(prefixes);
});

it("one that begins with any digit is found, up to five digits", () => {
  expect(abroadPrefixes({ abroad: /^(?:0|9|12|99999|100000)/ })).toEqual(["0", "9", "12"]);
  expect(abroadPrefixes({ abroad: /^(?:00000|99999)/ })).toEqual(["00000", "99999"]);
});
