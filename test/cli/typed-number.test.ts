import { expect, test } from "vitest";
import { lacksCountry, oddNumber, typedNumber } from "../../cli/typed-number.ts";

test("a number is taken without its punctuation, and nothing else is a number", () => {
  expect(typedNumber("+44 (0)7700 900-123")).toBe("+447700900123");
  expect(typedNumber("07700 900123")).toBe("07700900123");
  expect(typedNumber("hello")).toBeUndefined();
});

test("a number lacks its country only where neither it nor the settings name one", () => {
  expect(lacksCountry("07700 900123", undefined)).toBe(true);
  expect(lacksCountry("07700 900123", "GB")).toBe(false);
  for (const number of ["+44 7700 900123", "0044 7700 900123"]) expect(lacksCountry(number, undefined)).toBe(false);
});

test.each([
  ["1/2/3", /too short/u],
  ["123", /too short/u],
  ["2026-03-01", /a date.*without -$/u],
  ["11.12.2026", /a date/u],
  ["hello", /not a telephone number/u],
])("%s is not worth remembering as somebody's number", (text, why) => {
  expect(oddNumber(text)).toMatch(why);
});

test("a whole number is", () => {
  for (const number of ["+44 7700 900123", "07700 900123", "+683 4002", "555-0123"])
    expect(oddNumber(number)).toBeUndefined();
});
