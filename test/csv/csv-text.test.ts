import { expect, test } from "vitest";
import { csvLine, quoteFor } from "../../shared/csv/csv-text.ts";

test.each([
  [",", ["a", "b c", ""], "a,b c,\r\n"],
  [",", ["a,b", 'say "hi"', "x\ny", "x\ry", "a;b"], '"a,b","say ""hi""","x\ny","x\ry",a;b\r\n'],
  [";", ["a,b", "a;b"], 'a,b;"a;b"\r\n'],
  ["\t", ["a\tb", "a b"], '"a\tb"\ta b\r\n'],
  ["|", ["a|b", "a"], '"a|b"|a\r\n'],
  ["^", ["a^b", "a"], '"a^b"^a\r\n'],
  ["-", ["a-b", "+"], '"a-b"-+\r\n'],
  ["]", ["a]b", "a"], '"a]b"]a\r\n'],
  ["\\", ["a\\b", "r"], '"a\\b"\\r\r\n'],
  [",", [""], '""\r\n'],
  [",", ["", ""], ",\r\n"],
  [",", [], "\r\n"],
])("with %j, %j is the line %j", (delimiter, cells, line) => {
  expect(csvLine(cells, quoteFor(delimiter), delimiter)).toBe(line);
});
