import { mkdtempDisposable, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { CampaignFile } from "../../cli/campaign-file.ts";
import { checkNotNamedByReport, stepsAfterRun } from "../../cli/send-again.ts";
import type { Options } from "../../shared/campaign/options.ts";
import { checkSummary } from "../../shared/report/check-summary.ts";
import { head } from "../report/factories.ts";

/** What is to be done after a campaign of which one row failed, with these files of its report. */
function steps(
  told: Parameters<typeof stepsAfterRun>[1]["told"],
  read: Options | undefined,
  files: readonly string[] = ["report.xlsx", "not-sent.xlsx"],
): string {
  const totals = { rows: 2, sendable: 2, invalid: 0, skipped: 0 };
  const summary = {
    ...checkSummary({
      name: "spring",
      head: head(["phone"]),
      ...totals,
      options: {},
      defaults: {},
      dialect: { encoding: "utf-8", guessed: false, delimiter: "," },
      messages: [],
      at: 0,
    }),
    counts: { submitted: 1, failed: 1, unknown: 0, invalid: 0, skipped: 0, cancelled: 0 },
    files: files.map((name) => ({ name, holds: "" })),
  };
  const options = read && { file: "spring.json", text: "", read, given: [], replacing: [] };
  const file: CampaignFile = { csv: "spring.xlsx", format: "xlsx", bytes: 1, name: "spring", options };
  return stepsAfterRun(summary, { file, told, directory: "reports/spring" }).join("\n");
}

test("rows are sent again where the first were, with all that the first command was told", () => {
  const told = {
    message: "It's on",
    from: "100",
    country: "GB",
    endpoint: "https://pbx.example.com",
    rate: 5,
    data: "my data",
  };
  expect(steps(told, {})).toMatch(
    /npx bulk-send run reports\/spring\/not-sent\.xlsx --name spring-2 --options spring\.json --message "It's on" --from 100 --country GB --endpoint https:\/\/pbx\.example\.com --rate 5 --data "my data"$/u,
  );
  expect(steps({ replies: 0.1 }, undefined)).toMatch(/--name spring-2 --replies 0\.1$/u);
});

test("the sheet that the options name is another in the report's workbook, and in none in its CSV", () => {
  expect(steps({}, { sheet: "May" })).toMatch(
    /not-sent\.xlsx --name spring-2 --options spring\.json --sheet "Not sent"$/u,
  );
  expect(steps({}, { sheet: "May" }, ["report.csv"])).toMatch(/not-sent\.csv --name spring-2 --options spring\.json$/u);
});

test("a report's file is asked for a name, in the words of who gives it", async () => {
  await using directory = await mkdtempDisposable(join(tmpdir(), "send-again-"));
  const at = (file: string) => join(directory.path, file);
  // A list of this name is a list like others where there is no report beside it.
  expect(() => checkNotNamedByReport(at("report.csv"), undefined)).not.toThrow();
  expect(() => checkNotNamedByReport(at("not-sent.xlsx"), undefined)).toThrow("Name it with --name, such as spring-2.");
  await writeFile(at("summary.json"), "{}");
  for (const file of ["report.xlsx", "unknown.csv"]) {
    expect(() => checkNotNamedByReport(at(file), undefined)).toThrow(
      "has rows that were sent, or may have been. Name it",
    );
    expect(() => checkNotNamedByReport(at(file), "spring-2")).not.toThrow();
  }
  expect(() => checkNotNamedByReport(at("report.csv"), undefined, { name: "`name`" })).toThrow("Name it with `name`,");
});
