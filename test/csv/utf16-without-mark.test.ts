import { describe, expect, test } from "vitest";
import { utf16WithoutMark } from "../../shared/csv/utf16-without-mark.ts";

const little = (text: string) => Buffer.from(text, "utf16le");
const big = (text: string) => Buffer.from(text, "utf16le").swap16();

describe("UTF-16 without its mark", () => {
  test("is told by line ends, delimiters and digits, on whichever side their zeros are", () => {
    for (let code = 1; code < 0x80; code++) {
      const text = `漢字漢字${String.fromCharCode(code).repeat(4)}`;
      const isSign = /[\t\n\r,;|0-9]/.test(text);
      expect(utf16WithoutMark(little(text)), JSON.stringify(text)).toBe(isSign ? "utf-16le" : undefined);
      expect(utf16WithoutMark(big(text)), JSON.stringify(text)).toBe(isSign ? "utf-16be" : undefined);
    }
  });

  test.each([
    ["eight characters, four signs", "Zoë,1,2\n", true],
    ["four signs at the beginning", ",,,,漢字漢字", true],
    ["half a picture at the beginning", "\udc00Zoë,1,2,3\n", false],
    ["seven characters", "Zoë,1,2", false],
    ["three signs", "Anna,1,a", false],
    ["signs in every fiftieth place", `${"a".repeat(196)},,,,`, true],
    ["signs in fewer", `${"a".repeat(197)},,,,`, false],
    ["a few letters that have a zero on the other side", `${"Ā".repeat(2)},1,2,3\n1,2`, true],
    ["many letters that have a zero on the other side", `${"Ā".repeat(4)},1,2,3\n1,2,3`, false],
  ])("is found among %s: %s", (_, text, isIt) => {
    expect(utf16WithoutMark(little(text))).toBe(isIt ? "utf-16le" : undefined);
    expect(utf16WithoutMark(big(text))).toBe(isIt ? "utf-16be" : undefined);
  });

  test("has its signs on one side only, but for a few", () => {
    const mixed = (others: number) => Buffer.concat([little("a,".repeat(100)), big(",".repeat(others))]);
    expect(utf16WithoutMark(mixed(5))).toBe("utf-16le");
    expect(utf16WithoutMark(mixed(6))).toBeUndefined();
    expect(utf16WithoutMark(Buffer.from("name,phone\nZoe,07700900001\n"))).toBeUndefined();
  });

  test("has whole characters and no zeros as such, but for what the end cuts", () => {
    const list = "Zoë,1,2,3\nAnn,4,5\n";
    expect(utf16WithoutMark(little(`${list}\ud83d`))).toBe("utf-16le");
    expect(utf16WithoutMark(little(`${list}\ud83dx`))).toBeUndefined();
    expect(utf16WithoutMark(little(`${list}\0x`))).toBeUndefined();
    expect(utf16WithoutMark(Buffer.concat([little(list), Buffer.of(0x41)]))).toBe("utf-16le");
    expect(utf16WithoutMark(Buffer.concat([big(list), Buffer.of(0)]))).toBe("utf-16be");
  });
});
