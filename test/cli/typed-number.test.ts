import { expect, test } from "vitest";
import { lacksCountry, typedNumber } from "../../cli/typed-number.ts";

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
