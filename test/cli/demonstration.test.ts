import { expect, test } from "vitest";
import {
  demonstratedBehaviour,
  demonstratedList,
  demonstratedSettings,
  demonstratedText,
  demonstration,
} from "../../cli/demonstration.ts";
import { settingsHere } from "../../cli/judge-list.ts";
import { unknownsToHold } from "../../shared/account/account.ts";
import { judgedCsv } from "../csv/judged-csv.ts";

test("the demonstration's list has one wrong row, and its calls go wrong before they are over", async () => {
  const { last } = await judgedCsv(Buffer.from(demonstratedList()), {
    message: demonstratedText,
    snumber: "1",
    country: "GB",
  });
  if (last.kind !== "end") throw new Error(last.reason);
  expect(last.totals).toMatchObject({ rows: demonstration.rows, invalid: 1, skipped: 0 });
  expect(last.warnings).toEqual([]);
  const { faults } = demonstratedBehaviour;
  expect(faults.filter((fault) => fault?.kind === "reset")).toHaveLength(1);
  expect(faults.filter((fault) => fault?.kind === "too-many").length).toBeGreaterThanOrEqual(unknownsToHold);
  expect(demonstration.changeRateAt).toBeGreaterThan(faults.length);
  expect(demonstration.changeRateAt).toBeLessThan(demonstration.rows);
});

test("no setting of the project stops the demonstration, whatever cdk.json says", async () => {
  const { defaults, settings } = await settingsHere(true, demonstratedSettings);
  expect(settings.approval).toBe("never");
  expect(settings.maxMessagesPerDay).toBeUndefined();
  for (const value of [defaults.window, defaults.countries, defaults.prices]) expect(value).toBeUndefined();
});
