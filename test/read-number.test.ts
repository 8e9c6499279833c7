import { expect, test } from "vitest";
import { type NumberingPlan, planOf } from "../shared/numbering-plan.ts";
import { readNumber } from "../shared/read-number.ts";

test("a mobile behind the country's own code may be a fixed line, too, where those have no trunk prefix", () => {
  const germany = planOf("DE");
  if (germany === undefined) throw new Error("There is no plan of Germany.");
  const digits = "4915112345678";
  const read = (home: NumberingPlan) => readNumber({ plus: false, digits, head: digits.length }, home, "valid");
  expect(read(germany)).toMatchObject({ kind: "number", number: "+4915112345678" });
  const asDialled = { pattern: /^(\d+)$/, leadingDigits: undefined, format: "$1" };
  expect(read({ ...germany, formats: [asDialled] })).toEqual({
    kind: "ambiguous",
    numbers: ["+494915112345678", "+4915112345678"],
  });
});
