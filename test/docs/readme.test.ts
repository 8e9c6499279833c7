import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { simulatorSender } from "../../cli/defaults.ts";
import { exitCodes } from "../../cli/exit.ts";
import { settingsHere } from "../../cli/judge-list.ts";
import { settingNames } from "../../infra/settings.ts";
import { RowStatus } from "../../shared/campaign/campaign.ts";
import { Options } from "../../shared/campaign/options.ts";
import { judgeCsv } from "../../shared/csv/judge-csv.ts";
import { readOptions } from "../../shared/csv/read-options.ts";
import { sendColumns } from "../../shared/csv/send-columns.ts";

const readme = readFileSync("README.md", "utf8");

/** The first cells of the table after a text, without its header. */
function firstCells(after: string): readonly string[] {
  const from = readme.indexOf(after);
  expect(from, `README.md has "${after}"`).toBeGreaterThanOrEqual(0);
  const table = /\n\|[^\n]*\n\|[ :|-]+\n((?:\|[^\n]*\n)+)/u.exec(readme.slice(from))?.[1] ?? "";
  return table
    .trim()
    .split("\n")
    .map((line) => line.split("|")[1] ?? "");
}

const codeIn = (cells: readonly string[]) =>
  cells.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/gu)].map(([, code = ""]) => code));

test("the README explains every status of a row and no others", () => {
  expect(codeIn(firstCells("| `refused-<version>.json`"))).toEqual(RowStatus.options);
});

test("the README names the report's columns in order", () => {
  expect(readme).toContain(`\`${sendColumns.join(" ")}\``);
});

test("the README explains every option of a campaign and no others", () => {
  expect(codeIn(firstCells("## Options")).toSorted()).toEqual(Object.keys(Options.shape).toSorted());
});

test("the README explains every setting of a stack and no others", () => {
  expect(codeIn(firstCells("## Settings")).toSorted()).toEqual([...settingNames].toSorted());
});

/** The first code block in a language. */
const block = (language: string) => new RegExp(`\n\`\`\`${language}\n(.*?)\`\`\`\n`, "su").exec(readme)?.[1] ?? "";

test("the README's list and options can be sent as they stand", async () => {
  const read = readOptions(block("json"));
  if (read.kind === "refused") throw new Error(read.reason);
  const texts: string[] = [];
  const list = async function* () {
    yield Buffer.from(block("csv"));
  };
  for await (const event of judgeCsv(list(), { options: read.options, defaults: {} })) {
    if (event.kind === "refused") throw new Error(event.reason);
    for (const { verdict } of event.kind === "rows" ? event.rows : [])
      texts.push(verdict.kind === "send" ? verdict.send.message : verdict.detail);
  }
  expect(texts).toEqual(["Hi Zoë, we are open on Sunday.", "Hi Sam, we are open on Sunday."]);
});

test("the README's list alone can be sent to the simulator, which has a sender", async () => {
  const { defaults } = await settingsHere(true);
  const list = async function* () {
    yield Buffer.from(block("csv"));
  };
  const senders: string[] = [];
  for await (const event of judgeCsv(list(), { options: {}, defaults })) {
    if (event.kind === "refused") throw new Error(event.reason);
    for (const { verdict } of event.kind === "rows" ? event.rows : [])
      senders.push(verdict.kind === "send" ? verdict.send.snumber : verdict.detail);
  }
  expect(senders).toEqual([simulatorSender, simulatorSender]);
  expect(readme).toContain(simulatorSender);
});

test("the README explains every exit code and no others", () => {
  expect(firstCells("`NO_COLOR` is respected").map(Number)).toEqual(Object.values(exitCodes));
});

test("the README explains every command and no others", () => {
  const help = execFileSync(process.execPath, ["cli/main.ts", "--help"], { encoding: "utf8", timeout: 120_000 });
  const commands = [...(/\nCommands:\n(.*)/su.exec(help)?.[1] ?? "").matchAll(/^ {2}([a-z-]+)/gmu)]
    .map(([, name = ""]) => name)
    .filter((name) => name !== "help");
  const explained = codeIn(firstCells("## Commands")).map((command) => command.split(" ")[0] ?? "");
  expect(commands.length).toBeGreaterThan(0);
  expect(explained.toSorted()).toEqual(commands.toSorted());
});
