import { expect, test } from "vitest";
import { createDuplicates } from "../../shared/csv/row-duplicates.ts";

const plain = (text: string) => ({ text, files: [] });
const withFile = (text: string, base64: string) => ({ text, files: [{ filename: "a.txt", base64 }] });

test("by the number, whatever is said, a later row is a duplicate of the first one, and the first line is named", () => {
  const { firstLine } = createDuplicates("number");
  expect(firstLine("+447700900001", plain("A"), 2)).toBeUndefined();
  expect(firstLine("+447700900001", withFile("B", "QQ=="), 3)).toBe(2);
  expect(firstLine("+447700900001", plain("A"), 4)).toBe(2);
  expect(firstLine("+447700900002", plain("A"), 5)).toBeUndefined();
});

test("by the text, only the same text with the same files to the same number is one", () => {
  const { firstLine } = createDuplicates("text");
  expect(firstLine("+447700900001", plain("A"), 2)).toBeUndefined();
  expect(firstLine("+447700900001", plain("B"), 3)).toBeUndefined();
  expect(firstLine("+447700900001", withFile("A", "QQ=="), 4)).toBeUndefined();
  expect(firstLine("+447700900001", withFile("A", "Qg=="), 5)).toBeUndefined();
  expect(firstLine("+447700900002", plain("A"), 6)).toBeUndefined();
  expect(firstLine("+447700900001", plain("A"), 7)).toBe(2);
  expect(firstLine("+447700900001", withFile("A", "QQ=="), 8)).toBe(4);
});

test("none is one where all are sent", () => {
  const { firstLine } = createDuplicates("send");
  expect(firstLine("+447700900001", plain("A"), 2)).toBeUndefined();
  expect(firstLine("+447700900001", plain("A"), 3)).toBeUndefined();
});
