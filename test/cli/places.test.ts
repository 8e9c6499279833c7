import { chownSync, mkdirSync, writeFileSync } from "node:fs";
import { mkdtempDisposable } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, expect, test } from "vitest";
import { logCommands } from "../../cli/commands/logs.ts";
import { dataDirectoryFor, dataDirectoryHere } from "../../cli/data-directory.ts";
import { firstLine } from "../../cli/first-line.ts";
import { projectOfNpmStart } from "../../cli/standing.ts";
import { targetOptions } from "../../cli/target.ts";
import { personOf } from "../../shared/campaign/person.ts";

const home = process.cwd();
afterEach(() => process.chdir(home));

test("what is really sent and what is simulated are kept apart, and an older directory goes on", async () => {
  await using place = await mkdtempDisposable(join(tmpdir(), "bulk-send-places-"));
  process.chdir(place.path);
  expect([await dataDirectoryFor("endpoint"), await dataDirectoryFor("simulator")]).toEqual([
    ".bulk-send",
    ".bulk-send-simulator",
  ]);
  mkdirSync(".bulk-send");
  const settings = { endpoint: "the simulator", sendsPerSecond: 100 };
  writeFileSync(".bulk-send/settings.json", JSON.stringify({ ...settings, simulated: true }));
  expect(await dataDirectoryFor("simulator")).toBe(".bulk-send");
  expect(targetOptions({ stack: "BulkSend", local: true })).toEqual(["--data", ".bulk-send"]);
  writeFileSync(".bulk-send/settings.json", JSON.stringify({ ...settings, simulated: false }));
  expect(await dataDirectoryFor("simulator")).toBe(".bulk-send-simulator");
  mkdirSync(".bulk-send-simulator");
  expect(dataDirectoryHere()).toEqual({ directory: ".bulk-send", other: ".bulk-send-simulator" });
});

test("what is simulated is not kept from running by a directory that nobody named and that cannot be read", async () => {
  await using place = await mkdtempDisposable(join(tmpdir(), "bulk-send-places-"));
  process.chdir(place.path);
  mkdirSync(".bulk-send");
  const settings = { endpoint: "the simulator", sendsPerSecond: 100, simulated: true };
  writeFileSync(".bulk-send/settings.json", JSON.stringify(settings).slice(0, -1));
  expect(await dataDirectoryFor("simulator")).toBe(".bulk-send-simulator");
  writeFileSync(".bulk-send/settings.json", JSON.stringify(settings));
  expect(await dataDirectoryFor("simulator")).toBe(".bulk-send");
  // A colleague's, in a folder of several people's.
  if (process.getuid?.() !== 0) return;
  chownSync(".bulk-send", 65_534, 65_534);
  expect(await dataDirectoryFor("simulator")).toBe(".bulk-send-simulator");
  expect(await dataDirectoryFor("endpoint")).toBe(".bulk-send");
});

test("only npm start of this project stands elsewhere than its user", () => {
  const own = resolve("package.json");
  expect(projectOfNpmStart({ npm_lifecycle_event: "start", npm_package_json: own })).toBe(home);
  expect(projectOfNpmStart({ npm_lifecycle_event: "npx", npm_package_json: own })).toBeUndefined();
  expect(projectOfNpmStart({ npm_lifecycle_event: "start", npm_package_json: "/else/package.json" })).toBeUndefined();
});

test.each([
  [["run", "spring.csv", "--rate", "5"], "Reading spring.csv …"],
  [["run", "--rate", "5", "spring.csv"], "Reading spring.csv …"],
  [["run", "a\u001b[2J\u202eb.csv"], "Reading a\\u001B[2J\\u202Eb.csv …"],
  [["upload", "a\u009b2Jb.csv"], "Uploading a\\u009B2Jb.csv …"],
  [["run", "--yes", "spring.csv"], "Reading spring.csv …"],
  [["run", "--demo"], expect.stringContaining("nothing leaves this machine")],
  [["status", "--data", "x"], "Opening the data directory …"],
  [["status"], "Looking up the stack …"],
  [["run", "--help"], undefined],
  [["--version"], undefined],
  [[], undefined],
])("%j begins with %s", (words, line) => {
  expect(firstLine(words)).toEqual(line);
});

test.each([
  ["AWS:AROAEXAMPLE123:ann@example.com", "ann@example.com"],
  ["AROAEXAMPLE123:ann@example.com", "ann@example.com"],
  ["assumed-role/Admin/ann", "ann"],
  ["AWS:AIDAEXAMPLE", "AIDAEXAMPLE"],
  ["ann", "ann"],
  ["unknown (found by listing)", "unknown (found by listing)"],
])("%s is %s everywhere", (identity, person) => {
  expect(personOf(identity)).toBe(person);
});

test("the logs of a stack on AWS are followed by a command that can be copied", () => {
  const outputs = { SenderLogGroupName: "/aws/lambda/Sender" };
  expect(logCommands(["sender"], outputs, { region: "eu-west-2" })).toEqual([
    "aws logs tail /aws/lambda/Sender --since 1h --follow --region eu-west-2",
  ]);
  expect(() => logCommands(["reporter"], outputs, {})).toThrow("deploy it again");
});
