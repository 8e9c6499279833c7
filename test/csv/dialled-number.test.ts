import { describe, expect, test } from "vitest";
import { dialledNumber } from "../../shared/csv/dialled-number.ts";
import { quoted } from "../../shared/shorten.ts";

type Format = Parameters<typeof dialledNumber>[0];

/** What is handed on and by what it is told apart, or the beginning of what is wrong. */
const read = (format: Format, cell: string, check: "valid" | "length" = "valid") => {
  const found = dialledNumber(format, check)(cell);
  return found.kind === "invalid" ? found.problem.split(/[;,]/)[0] : [found.cnumber, found.identity];
};

const [tooShort, tooLong] = ["The number is too short", "The number is too long"];

describe("what a telephone could dial", () => {
  test.each([
    ["12", ["12", "12"]],
    ["1", tooShort],
    ["1-", tooShort],
    ["*98#", ["*98#", "*98#"]],
    ["1".repeat(20), ["1".repeat(20), "1".repeat(20)]],
    [`12 ${"1".repeat(19)}`, tooLong],
    ["+1234 56789012345", ["+1234 56789012345", "+123456789012345"]],
    ["+1234 567890123456", tooLong],
    ["+44 (0)7700 900001", ["+44 (0)7700 900001", "+447700900001"]],
    ["44 (0)7700 900001", ["44 (0)7700 900001", "4407700900001"]],
    ["00 12345678", ["00 12345678", "+12345678"]],
    ["001 234 567", ["001 234 567", "001234567"]],
    ["0151 2345678 (2)", ["0151 2345678", "01512345678"]],
    ["0151 2345678 12", "Some digits are set apart"],
    ["07700 900001 / 07700 900002", "There is more than one number in the cell"],
    ["12~34567", "The number has characters that cannot be dialled"],
  ])("as it is: %s", (cell, expected) => {
    expect(read("as-is", cell)).toEqual(expected);
  });

  test.each([
    ["+447700900001", ["447700900001", "+447700900001"]],
    ["447700900001", ["447700900001", "447700900001"]],
    ["07700900001", ["07700900001", "07700900001"]],
    ["+44 7700 900001", ["447700900001", "+447700900001"]],
    ["0151-2345678", ["01512345678", "01512345678"]],
    ["00 12345678", ["0012345678", "+12345678"]],
    ["*98#", ["*98#", "*98#"]],
  ])("as its digits: %s", (cell, expected) => {
    expect(read("digits", cell)).toEqual(expected);
  });
});

describe("what may be a number of the public network, where nobody said more", () => {
  test.each([
    ["12345", tooShort],
    ["987654", ["987654", "987654"]],
    [`0${"2".repeat(17)}`, [`0${"2".repeat(17)}`, `0${"2".repeat(17)}`]],
    [`0${"2".repeat(18)}`, tooLong],
    ["20240503", "This may be a date"],
    ["20241303", ["20241303", "20241303"]],
    ["111111", "This is a placeholder"],
    ["123456789", "This is a placeholder"],
    ["+44 7700 90000", "GB's numbering plan has no such number"],
    ["+44 7700 900001", ["+44 7700 900001", "+447700900001"]],
    ["226 70 12 34 56 12", "Some digits are set apart"],
    ["0226 70 12 34 56 12", ["0226 70 12 34 56 12", "02267012345612"]],
    ["2026 70 12 34 56 12", ["2026 70 12 34 56 12", "20267012345612"]],
  ])("%s", (cell, expected) => {
    expect(read("any", cell)).toEqual(expected);
  });

  test.each([" 12345 ", ` 0${"2".repeat(18)} `, " 20240503 ", " 111111 ", " 226 70 12 34 56 12 ", " 12~34567890 "])(
    "what is wrong is shown without the blanks around it: %j",
    (cell) => {
      const found = dialledNumber("any", "valid")(cell);
      expect(found.kind === "invalid" && found.example).toBe(`"${cell.trim()}"`);
    },
  );

  test.each([" 12~34567 ", " 0151 2345678 12 ", " 07700 900001 / 07700 900002 "])(
    "so it is where a number is handed on as it is: %j",
    (cell) => {
      const found = dialledNumber("as-is", "valid")(cell);
      expect(found.kind === "invalid" && found.example).toBe(quoted(cell.trim()));
    },
  );

  test.each(["20240503", "111111", "+4477009000", "226 70 12 34 56 12"])(
    "%s counts where numbers are held to lengths alone",
    (cell) => {
      expect(read("any", cell, "length")).toEqual([cell, cell.replaceAll(" ", "")]);
    },
  );
});
