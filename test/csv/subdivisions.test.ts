import { expect, test } from "vitest";
import { isSubdivision } from "../../shared/csv/subdivisions.ts";

test.each([
  ["US", "CA", "ON"],
  ["CA", "ON", "TX"],
  ["AU", "WA", "BC"],
  ["BR", "SP", "NY"],
  ["CH", "ZH", "MI"],
  ["DE", "BW", "AG"],
  ["IN", "MH", "ZH"],
  ["IT", "MI", "TX"],
  ["NL", "NH", "MI"],
  ["FR", undefined, "IN"],
])("%s has the state, province or canton %s, and not %s", (country, own, other) => {
  if (own !== undefined) expect(isSubdivision(country, own)).toBe(true);
  expect(isSubdivision(country, other)).toBe(false);
});
