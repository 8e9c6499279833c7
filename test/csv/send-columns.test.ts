import { expect, test } from "vitest";
import { isReportHeader, keptColumns, sendColumns } from "../../shared/csv/send-columns.ts";

test("a report's own columns give way to those of the next, in whatever place and spelling", () => {
  expect(keptColumns([...sendColumns, "phone"])).toEqual([8]);
  expect(keptColumns(["phone", " SEND_STATUS ", "name", "Send At", "sendNumber"])).toEqual([0, 2]);
});

test("without a send_status all columns are the customer's own", () => {
  const header = ["phone", ...sendColumns.filter((name) => name !== "send_status")];
  expect(isReportHeader(header)).toBe(false);
  expect(keptColumns(header)).toEqual([...header.keys()]);
});
