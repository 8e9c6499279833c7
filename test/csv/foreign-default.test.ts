import { describe, expect, test } from "vitest";
import { columnKey } from "../../shared/csv/column-name.ts";
import { findAmong } from "../../shared/csv/find-column.ts";
import { defaultIn, isForeignDefault, rewritten } from "../../shared/csv/foreign-default.ts";

const find = findAmong(["first name"].map(columnKey));

describe("what stands between two braces in another tool's spelling is rewritten", () => {
  test.each([
    ["first_name", "{{first_name}}"],
    ["“ first name ”", "{{first name}}"],
    ["$first_name| there ", "{{$|there}}".replace("$", "first_name")],
    ["$first_name|there or you", "{{first_name|there or you}}"],
    ["unless first_name", "{{first_name}}"],
    ["first_name|split: ' '", "{{first_name}}"],
    ["first_name || 'there'", "{{first_name|there}}"],
    ["first_name, there", "{{first_name|there}}"],
    ["first_name , there | upper", "{{first_name|there}}"],
    ["first_name OR there", "{{first_name|there}}"],
    ["first_name 'there'", "{{first_name|there}}"],
    ["first_name!|there", "{{first_name|there}}"],
    ["first_name, ''", "{{first_name|}}"],
    ["first_name.upper", undefined],
    ["other, there", undefined],
    ["!, there", undefined],
  ])("%s", (inner, write) => {
    expect(rewritten(inner, find)).toBe(write);
  });

  test("up to two hundred characters", () => {
    const padded = (length: number) => "first_name".padEnd(length);
    expect([rewritten(padded(200), find), rewritten(padded(201), find)]).toEqual(["{{first_name}}", undefined]);
  });
});

describe("the default in another tool's spelling is found", () => {
  test.each([
    ["|default there", "there"],
    ["|DEFAULT there", "there"],
    ["|default_value: 'there'", "there"],
    ["|default: ''", ""],
    ["|default: ", undefined],
    ["|upper: 'x'", undefined],
    ["|' there '", "there"],
    ["'there') ", "there"],
    ["| there |x", "there"],
    ["|\nthere", "there"],
    ["|| there", "there"],
    [", there", "there"],
    ["= ", undefined],
    ["", undefined],
    [": upper", undefined],
    [":,.0f", undefined],
    [":5d", undefined],
  ])("in %j", (text, found) => {
    expect(defaultIn(text)).toBe(found);
  });
});

describe("a default is another tool's", () => {
  test.each([
    "there | x",
    "there {x",
    "lang: de",
    "last_name",
    "foo(x)",
    "Default ('x')",
    "IF EMPTY: there",
    "Or there",
    "?? there",
    "=there",
    ":-there",
    ",there",
    "'there\nand there'",
    "null",
    "NaN",
    "upper",
    "To Title Case",
    "lower words",
    "Truncate 5",
  ])("%j", (text) => {
    expect(isForeignDefault(text)).toBe(true);
    expect(isForeignDefault(` ${text} `)).toBe(true);
  });

  test.each([
    "there",
    "tel:+44",
    "Kund:innen",
    "LAST_NAME",
    "foo (x)",
    "= 5",
    "-5",
    "-there-",
    "’tis",
    "nil return",
    "title deeds",
    "date to be confirmed",
  ])("or not: %j", (text) => {
    expect(isForeignDefault(text)).toBe(false);
  });
});
