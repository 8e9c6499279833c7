import { describe, expect, test } from "vitest";
import {
  countryOfNumber,
  dialledWithin,
  placeOfNumber,
  planOf,
  saysHowDialled,
  usualGroups,
  withOtherZero,
  withoutFormerMark,
  withoutTrunk,
} from "../shared/numbering-plan.ts";

function plan(country: string) {
  const found = planOf(country);
  if (found === undefined) throw new Error(`There is no plan of ${country}.`);
  return found;
}

test.each([
  ["+61412345678", "AU"],
  ["+18664629346", "US"],
  ["+12042345678", "CA"],
  ["+447781123456", "GG"],
  ["+447700900001", "GB"],
  ["+9124740123", "IN"],
  ["+44123", undefined],
  ["+80012345678", undefined],
  ["+999123456", undefined],
  ["447911123456", undefined],
])("the country of %s is %s", (number, country) => {
  expect(countryOfNumber(number)).toBe(country);
});

describe("a number says where in its country it is", () => {
  test.each([
    ["+442079460000", true],
    ["+447400123456", false],
    ["+5491123456789", true],
    ["+5511961234567", true],
    ["+525512345678", true],
    ["+62812345678", true],
    ["+8613123456789", true],
    ["+558001234567", false],
    ["+61412345678", false],
    ["+44123", false],
  ])("%s: %s", (number, hasArea) => {
    expect(placeOfNumber(number)).toMatchObject({ hasArea, anywhere: false });
  });

  test("or belongs to no country, or has no calling code", () => {
    expect(placeOfNumber("+80012345678")).toEqual({ callingCode: "800", hasArea: false, anywhere: true });
    expect(placeOfNumber("+999123456")).toBeUndefined();
    expect(placeOfNumber("447911123456")).toBeUndefined();
  });
});

test.each([
  ["GB", "07911123456", "7911123456"],
  ["GB", "7911123456", undefined],
  ["ES", "0612345678", undefined],
  ["HU", "06301234567", "301234567"],
  ["AL", "0672123456", "672123456"],
  ["AR", "01152345678", "1152345678"],
  ["AR", "0111523456789", "91123456789"],
  ["AR", "91123456789", undefined],
  ["AG", "4641234", "2684641234"],
  ["AG", "12684641234", "2684641234"],
  ["CO", "033211234567", "3211234567"],
])("in %s, %s is without its trunk prefix %s", (country, dialled, national) => {
  expect(withoutTrunk(plan(country), dialled)).toBe(national);
});

test("in Mexico mobiles have lost the marks that were dialled before them", () => {
  expect(
    ["15512345678", "015512345678", "0445512345678", "5512345678"].map((digits) => withoutFormerMark("52", digits)),
  ).toEqual(["5512345678", "5512345678", "5512345678", undefined]);
  expect(withoutFormerMark("54", "15512345678")).toBeUndefined();
});

test.each([
  ["GA", "06031234", "6031234"],
  ["AC", "040123", undefined],
  ["AT", "043664123456", undefined],
  ["AE", "048837661", undefined],
  ["IT", "331123456", "0331123456"],
])("in %s, %s may also be %s", (country, national, other) => {
  expect(withOtherZero(plan(country), national)).toBe(other);
});

test("digits that are no number of the plan are not the other one, even if a zero is dialled before them", () => {
  const dialledWithZero = { pattern: /^(1\d{8})$/, leadingDigits: undefined, format: "0$1" };
  const italy = { ...plan("IT"), formats: [dialledWithZero] };
  expect(dialledWithin(italy, "112345678")).toBe("0112345678");
  expect(withOtherZero(italy, "0112345678")).toBeUndefined();
});

test.each([
  ["GB", "7400123456", "07400123456", true],
  ["AR", "91123456789", "0111523456789", true],
  ["AC", "40123", "40123", true],
  ["YT", "639012345", "0639012345", true],
  ["IN", "24740123", "24740123", false],
])("in %s, %s is dialled as %s", (country, national, dialled, known) => {
  expect(dialledWithin(plan(country), national)).toBe(dialled);
  expect(saysHowDialled(plan(country), national)).toBe(known);
});

test("a number is written in the groups of its calling code's main country", () => {
  expect(usualGroups("54", "91123456789")).toEqual(["011", "15", "2345", "6789"]);
  expect(usualGroups("44", "7781123456")).toEqual(["07781", "123456"]);
  expect(usualGroups("999", "123")).toEqual([]);
});
