import { expect, test } from "vitest";
import { eventDetail } from "../../shared/report/event-detail.ts";
import { running } from "../support/factories.ts";

const stack = { stack: "BulkSend", bucket: "bucket" };

test("an event names the report's files only once they are written", () => {
  const { report } = eventDetail(running(), { state: "paused", at: 0 }, stack);
  expect(report).toEqual({ page: "reports/spring/report.html", summary: "reports/spring/summary.json" });
  const complete = eventDetail(running({ state: "complete" }), { state: "complete", at: 0 }, stack);
  expect(complete.report).toMatchObject({ csv: "reports/spring/report.csv", workbook: "reports/spring/report.xlsx" });
});

test("a refusal has no figures, though a campaign has taken its name meanwhile", () => {
  const detail = eventDetail(running(), { state: "refused", at: 0, reason: "It has no rows." }, stack);
  expect(detail).toMatchObject({ state: "refused", reason: "It has no rows." });
  for (const figure of ["rows", "counts", "remaining"]) expect(detail).not.toHaveProperty(figure);
});
