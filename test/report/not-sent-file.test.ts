import { expect, test } from "vitest";
import { notSentFile } from "../../shared/report/not-sent-file.ts";

test("what was not sent is in a workbook, unless the list is too long for a sheet", () => {
  expect(notSentFile({ rows: 1_048_575 })).toBe("not-sent.xlsx");
  expect(notSentFile({ rows: 1_048_576 })).toBe("not-sent.csv");
});
