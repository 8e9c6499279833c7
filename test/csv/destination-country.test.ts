import { describe, expect, test } from "vitest";
import type { Defaults, Options } from "../../shared/campaign/options.ts";
import { createCountryOf, createPricedCountryOf } from "../../shared/csv/destination-country.ts";
import { judgedCsv } from "./judged-csv.ts";

const only = 'the stack\'s setting "countries" allows only GB and IE';
const defaults: Defaults = { country: "GB", countries: ["GB", "IE"] };

async function verdicts(numbers: readonly string[], options: Options, stack: Defaults = defaults) {
  const csv = `to,message,sender\n${numbers.map((number) => `${number},Hello,1\n`).join("")}`;
  const { rows } = await judgedCsv(csv, options, { defaults: stack });
  return rows.map(({ verdict }) => (verdict.kind === "send" ? verdict.send.cnumber : verdict.detail));
}

describe("a stack that texts only some countries", () => {
  test("sends to those, and says of all others that they are not among them", async () => {
    expect(await verdicts(["07700 900123", "+353 85 012 3456", "+33 6 12 34 56 78", "+44 7781 123456"], {})).toEqual([
      "+447700900123",
      "+353850123456",
      `The number belongs to FR, and ${only}: "+33612345678"`,
      `The number belongs to GG, and ${only}: "+447781123456"`,
    ]);
  });

  test.each([
    ["digits", ["447700900123", `The number belongs to FR, and ${only}: "33612345678"`]],
    ["as-is", ["07700 900123", `The number belongs to FR, and ${only}: "+33612345678"`]],
  ] as const)("whatever way they are handed on: %s", async (numberFormat, expected) => {
    expect(await verdicts(["07700 900123", "+33612345678"], { numberFormat })).toEqual(expected);
  });

  test("national numbers are the campaign's country's", async () => {
    expect(await verdicts(["07700 900123"], { numberFormat: "national" })).toEqual(["07700900123"]);
    expect(await verdicts(["06 12 34 56 78"], { numberFormat: "national", country: "FR" })).toEqual([
      `The number belongs to FR, and ${only}: "0612345678"`,
    ]);
  });

  test("sends to no number whose country cannot be told", async () => {
    expect(await verdicts(["60123"], { numberFormat: "as-is" })).toEqual([
      `The number's country cannot be told, and ${only}: "60123"`,
    ]);
    expect(await verdicts(["+80012345678"], {})).toEqual([
      `The number's country cannot be told, and ${only}: "+80012345678"`,
    ]);
    expect(await verdicts(["447700900123"], {}, { countries: ["GB", "IE"] })).toEqual([
      `The number's country cannot be told, and ${only}: "447700900123"`,
    ]);
  });

  test("a row that is left out does not make a later one a duplicate", async () => {
    const { rows } = await judgedCsv(
      "to,message,sender,country\n+33612345678,A,1,FR\n0612345678,B,1,FR\n07700900123,C,1,GB\n",
      {},
      { defaults },
    );
    expect(rows.map(({ verdict }) => verdict.kind)).toEqual(["invalid", "invalid", "send"]);
  });
});

test("digits that may have any country's code in front are of no country that could be told", () => {
  expect(createCountryOf({ numberFormat: "digits" }, {})("447700900123")).toBeUndefined();
  expect(createCountryOf({ numberFormat: "digits" }, { country: "GB" })("447700900123")).toBe("GB");
});

test("a number's country is told where the stack has prices, and not asked elsewhere", () => {
  expect(createPricedCountryOf({}, { country: "GB" })).toBeUndefined();
  const prices = { currency: "GBP", perSegment: { GB: 0.04 } };
  expect(createPricedCountryOf({}, { prices })?.("+44 7700 900123")).toBe("GB");
});

test.each([
  ["+1 204 234 5678", "CA"],
  ["+1 201 555 0123", "US"],
  ["+7 701 000 1234", "KZ"],
  ["+44 7700 900123", "GB"],
  ["+383 43 201 234", "XK"],
  ["+870 301 234 567", undefined],
])("the country of %s is %s, with or without a country of the stack", (number, country) => {
  for (const stack of [{}, { country: "GB" }]) expect(createCountryOf({}, stack)(number)).toBe(country);
});
