import { mkdtempDisposable, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { CampaignFile } from "../../cli/campaign-file.ts";
import { checkNotNamedByReport, stepsAfterRun, stepsHere } from "../../cli/send-again.ts";
import type { Options } from "../../shared/campaign/options.ts";
import { checkSummary } from "../../shared/report/check-summary.ts";
import { head } from "../report/factories.ts";

/** A campaign of which one row failed, with these files of its report. */
const summaryOf = (options: Options, files: readonly string[]) => ({
  ...checkSummary({
    name: "spring",
    head: head(["phone"]),
    ...{ rows: 2, sendable: 2, invalid: 0, skipped: 0 },
    options,
    defaults: {},
    dialect: { encoding: "utf-8", guessed: false, delimiter: "," },
    messages: [],
    at: 0,
  }),
  counts: { submitted: 1, failed: 1, unknown: 0, invalid: 0, skipped: 0, cancelled: 0 },
  files: files.map((name) => ({ name, holds: "" })),
  nextSteps: ["Upload the file."],
});

const allFiles = ["report.xlsx", "not-sent.xlsx"];

/** What is to be done after such a campaign of `run`. */
function steps(
  told: Parameters<typeof stepsAfterRun>[1]["told"],
  read: Options | undefined,
  files: readonly string[] = allFiles,
): string {
  const options = read && { file: "spring.json", text: "", read, given: [], replacing: [] };
  const file: CampaignFile = { csv: "spring.xlsx", format: "xlsx", bytes: 1, name: "spring", options };
  return stepsAfterRun(summaryOf({}, files), { file, told, directory: "reports/spring" }).join("\n");
}

/** The same, where nothing is known of the command that sent it. */
function stepsLater(
  options: Options,
  changes: {
    readonly local?: boolean;
    readonly atRest?: boolean;
    readonly simulated?: boolean;
    readonly rate?: number;
  } = {},
  files = allFiles,
): string {
  const { local = true, atRest = true, simulated = false, rate = 10 } = changes;
  const opened = {
    stack: { local, outputs: { Endpoint: "https://pbx.example.com", SendsPerSecond: rate } },
    ...{ atRest, simulated, words: ["--data", "d"] },
  };
  return stepsHere(summaryOf(options, files), opened, "reports/spring").join("\n");
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

test("whoever looks later is told of the command, too: with what the campaign was sent by, to where it was sent", () => {
  const run = "npx bulk-send run reports/spring/not-sent.xlsx --name spring-2";
  expect(stepsLater({})).toMatch(`then send it under a new name: ${run} --endpoint https://pbx.example.com --data d`);
  expect(stepsLater({ message: "It's on", snumber: "100", country: "GB" }, { rate: 5 })).toMatch(
    `${run} --message "It's on" --from 100 --country GB --endpoint https://pbx.example.com --rate 5 --data d`,
  );
  expect(stepsLater({}, { simulated: true, rate: 100 })).toMatch(new RegExp(`${run} --data d$`, "mu"));
  expect(stepsLater({}, { simulated: true, rate: 10 })).toMatch(`${run} --rate 10 --data d`);
  expect(stepsLater({ sheet: "May" })).toMatch(`${run} --sheet "Not sent" --endpoint`);
  expect(stepsLater({ sheet: "May" }, {}, ["report.csv"])).not.toMatch("--sheet");
  // What no flag can say is in a file, but no text or sender is left to what that file says now.
  expect(stepsLater({ message: "Hi", maxSegments: 2, encoding: "latin1" }, { simulated: true, rate: 100 })).toMatch(
    new RegExp(
      String.raw`send it under a new name \(spring\.json: a file with its other options, maxSegments, encoding\): ${run} --options spring\.json --message Hi --data d$`,
      "mu",
    ),
  );
});

test("where something is running, what was not sent is uploaded to it; on AWS, the report's own words stand", () => {
  expect(stepsLater({ snumber: "100" }, { atRest: false, rate: 5 })).toMatch(
    /npx bulk-send upload reports\/spring\/not-sent\.xlsx --name spring-2 --from 100 --data d$/u,
  );
  expect(stepsLater({}, { local: false })).toBe("Upload the file.");
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
