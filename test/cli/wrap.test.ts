import fc from "fast-check";
import { expect, test } from "vitest";
import { wrapped, wrappedText } from "../../cli/wrap.ts";

test("a sentence is broken between words, never within one, and keeps its indent", () => {
  expect(wrapped("  1 invalid: The number has letters in it (line 102)", 30)).toEqual([
    "  1 invalid: The number has",
    "  letters in it (line 102)",
  ]);
  expect(wrapped("short", 80)).toEqual(["short"]);
});

test("a command to copy is never broken, and begins its own line where it does not fit", () => {
  const command = "npx bulk-send resume spring --data .bulk-send-simulator-elsewhere";
  expect(wrapped(`Paused by Bert. ${command}`, 60)).toEqual(["Paused by Bert.", command]);
  expect(wrapped("Nothing is running here, as far as I can see; npx bulk-send serve", 40)).toEqual([
    "Nothing is running here, as far as I can",
    "see; npx bulk-send serve",
  ]);
  const upload = "AWS_ACCESS_KEY_ID=a AWS_REGION=b aws s3 cp list.csv s3://bucket/campaigns/list.csv";
  expect(wrapped(upload, 40)).toEqual([upload]);
});

test("a command whose text has ends of lines is not broken in any of them, and what follows is", () => {
  const prose = "A sentence that is longer than the terminal";
  const folded = ["A sentence that is longer", "than the terminal"];
  const commands = [
    `npx bulk-send run list.csv --message 'Hello, it'\\''s "us"\nwith a text in several lines\nof $5' --rate 5`,
    'npx bulk-send run "a list of \\"May\\"\nand of June, which is long.csv"',
  ];
  for (const command of commands) {
    expect(wrappedText(`Then: ${command}\n${prose}`, 25)).toEqual(["Then:", ...command.split("\n"), ...folded]);
  }
  expect(wrappedText(`It's one.\n${prose}`, 25)).toEqual(["It's one.", ...folded]);
  expect(wrappedText(`Then: npx bulk-send run 'a\\'\n${prose}`, 25).slice(-2)).toEqual(folded);
});

test("an address, a path or a name is never broken, however long", () => {
  const address = `s3://bucket/campaigns/${"long-name-".repeat(8)}.csv`;
  expect(wrapped(`spring is uploaded to ${address}.`, 40)).toEqual(["spring is uploaded to", `${address}.`]);
  expect(wrapped(`${address} is of another list, and nothing is sent.`, 40)).toEqual([
    address,
    "is of another list, and nothing is sent.",
  ]);
});

test("what is to be installed, or done with AWS's own command line, can be copied as it stands", () => {
  const install = 'npm install "@aws-cdk/toolkit-lib@^1.43.0" "aws-cdk-lib@^2.275.0"';
  expect(wrapped(`Deploying needs the AWS CDK. To install it: ${install}`, 50)).toEqual([
    "Deploying needs the AWS CDK. To install it:",
    install,
  ]);
  const protect = "aws cloudformation update-termination-protection --no-enable-termination-protection --stack-name A";
  expect(wrapped(`It is protected. To take that away: ${protect}`, 60)).toEqual([
    "It is protected. To take that away:",
    protect,
  ]);
});

test("JSON in a sentence has a line of its own, whatever blanks it has", () => {
  const entry = '"skipWhere": {"column":"SMS opt-in of {2024}","is":["no","it\\"s no","not [yet]"]}';
  const advice = "Warning: Rows are sent to. To leave them out, put this into the options:";
  expect(wrapped(`${advice} ${entry}. (2 times, lines 3 and 4) e.g. SMS opt-in: "no"`, 60)).toEqual([
    "Warning: Rows are sent to. To leave them out, put this into",
    "the options:",
    entry,
    '(2 times, lines 3 and 4) e.g. SMS opt-in: "no"',
  ]);
  expect(wrapped('Say in the options "columns": {"country": "of the person"}, or {"country": ""}.', 50)).toEqual([
    "Say in the options",
    '"columns": {"country": "of the person"}',
    "or",
    '{"country": ""}',
  ]);
});

test("an entry of the options is not broken within its text, and a placeholder is no JSON", () => {
  expect(wrapped('To read another one, name it in the options, such as "sheet": "Guests of May".', 64)).toEqual([
    "To read another one, name it in the options, such as",
    '"sheet": "Guests of May".',
  ]);
  expect(wrapped("The placeholder {{first name}} has no column in this list of ours", 40)).toEqual([
    "The placeholder {{first name}} has no",
    "column in this list of ours",
  ]);
});

test("the last cell of a row is broken below its own beginning", () => {
  expect(wrapped("2026-11-26  spring: paused (person): Somebody paused it", 40)).toEqual([
    "2026-11-26  spring: paused (person):",
    "            Somebody paused it",
  ]);
  expect(wrapped("TODO  mail: ann@example.com has yet to confirm it", 30)).toEqual([
    "TODO  mail: ann@example.com",
    "      has yet to confirm it",
  ]);
});

test("a sentence that begins with a placeholder is broken as any other", () => {
  const line = '{{name|there}} says "there" where the cell is empty. Write \\n for a new line.';
  expect(wrapped(line, 70)).toEqual([
    '{{name|there}} says "there" where the cell is empty. Write \\n for a',
    "new line.",
  ]);
});

test("JSON and tables stay as they are", () => {
  const table = "spring-sale  complete, simulated  1,000       985       2        0  2026-11-26 05:49  root";
  for (const line of [table, `{"name": "${"x ".repeat(60)}"}`]) expect(wrapped(line, 40)).toEqual([line]);
});

test("no word is lost, and no line is too long that could be shorter", () => {
  const word = fc.stringMatching(/^[a-z]{1,12}$/u);
  fc.assert(
    fc.property(
      fc.array(word, { minLength: 1, maxLength: 60 }),
      fc.integer({ min: 24, max: 100 }),
      (words, columns) => {
        const lines = wrapped(words.join(" "), columns);
        expect(lines.join(" ").split(" ")).toEqual(words);
        for (const line of lines) expect(line.length).toBeLessThanOrEqual(columns);
      },
    ),
  );
});

test("a table's row whose last cell has little room stays whole, and a command that is one character too long has its own line", () => {
  const row = `${"name".padEnd(30)}  what it does, which is longer than there is room for`;
  expect(wrapped(row, 60)).toEqual([row]);
  expect(wrapped(row, 70).length).toBeGreaterThan(1);
  const command = "npx bulk-send serve";
  expect(wrapped(`Paused by Bert, for now. ${command}`, 44)).toEqual([`Paused by Bert, for now. ${command}`]);
  expect(wrapped(`Paused by Bert, for now. ${command}`, 43)).toEqual(["Paused by Bert, for now.", command]);
});

test("lines are not broken to less than 20 characters: the terminal does that better", () => {
  const sentence = "Nothing was sent, and the name is free.";
  expect(wrapped(sentence, 20)).toEqual(["Nothing was sent,", "and the name is", "free."]);
  expect(wrapped(sentence, 19)).toEqual([sentence]);
  expect(wrapped(`  ${sentence}`, 21)).toEqual([`  ${sentence}`]);
});
