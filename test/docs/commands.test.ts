import { globSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { createCommandLine } from "../../cli/command-line.ts";
import { createTerminal } from "../../cli/terminal.ts";

const documents = [
  "README.md",
  "CONTRIBUTING.md",
  "SECURITY.md",
  ...globSync("docs/**/*.md"),
  ...globSync("examples/*.md"),
];

/** Every call of the command line in code, as its words: in code blocks with lines that go on, and between backticks. */
const calls = documents.flatMap((path) => {
  const text = readFileSync(path, "utf8").replaceAll("\\\n", " ");
  const blocks = [...text.matchAll(/^```(?:sh)?\n(.*?)^```$/gmsu)].flatMap(([, block = ""]) => block.split("\n"));
  const inline = [...text.matchAll(/`([^`\n]+)`/gu)].map(([, code = ""]) => code);
  return [...blocks, ...inline].flatMap((line) => {
    const call = /(?:^|\s)(?:npx bulk-send|bulk-send|npm start --) ([^#|>`]+)/u.exec(line)?.[1];
    return call === undefined ? [] : [{ path, words: call.trim().split(/\s+/u) }];
  });
});

test("every command in the documents exists", () => {
  const { names } = createCommandLine(createTerminal());
  const known = new Set([...names, "<command", "…", "--version", "--help"]);
  expect(calls.length).toBeGreaterThan(20);
  expect(calls.filter(({ words: [command = ""] }) => !known.has(command))).toEqual([]);
});

test("every option of a command in the documents exists", () => {
  const declared = readFileSync("cli/command-line.ts", "utf8").matchAll(/"(?:-\w, )?(--[a-z-]+)/gu);
  const known = new Set(["--help", ...[...declared].map(([, option = ""]) => option)]);
  const options = calls.flatMap(({ path, words }) =>
    words.filter((word) => word.startsWith("--") && word !== "--").map((option) => ({ path, option })),
  );
  expect(options.length).toBeGreaterThan(10);
  expect(options.filter(({ option }) => !known.has(option))).toEqual([]);
});
