import { expect, test } from "vitest";
import { list, workplace } from "./workplace.ts";

test.each([
  [[], /Usage: bulk-send/],
  [["run"], /Missing required argument 'csv'/],
  [["fly"], /Unknown command 'fly'/],
  [["run", "list.csv", "--rat", "3"], /Did you mean --rate\?/],
  [["run", "list.csv", "--rate", "5000"], /from 0.05 to 1000/],
  [["run", "list.csv", "--out", ""], /Name a directory; this is empty/],
  [["status", "--data", " "], /Name a directory; this is empty/],
  [["run", "list.csv"], /There is no file list.csv/],
  [["check", "."], /is not a file/],
  [["upload", "list.csv", "--country"], /argument missing/],
  [["suppress", "add", "hello", "--local"], /hello is not a telephone number/],
  [["opt-outs", "add", "+447700900123", "hello", "--local"], /^Nothing was added: hello is not a telephone number/],
  [["opt-outs", "remove", "hello", "--local"], /^Nothing was removed: hello/],
  [["opt-outs", "show", "--local"], /^Opt-outs does not know "show"; it knows list, add and remove\. See npx/],
  [["logs", "all"], /^Logs does not know "all"; it knows splitter, sender and reporter\./],
  [["rate", "fast"], /^N cannot be "fast"\. It must be a number/],
  [["run", "list.csv", "--endpoint"], /argument missing/],
  [["--local", "status", "spring"], /^--local goes behind the command: npx bulk-send status spring --local$/m],
  [["--rate", "5", "run", "my list.csv"], /: npx bulk-send run "my list\.csv" --rate 5$/m],
  [["--local"], /^Unknown option '--local'\./],
])("%j is exit 2, with a sentence", async (args, sentence) => {
  await using place = await workplace();
  const finished = await place.bulkSend(args);
  expect(finished).toMatchObject({ code: 2, out: "" });
  expect(finished.err).toMatch(sentence);
  if (args.length > 0) expect(finished.err.trimEnd().split("\n")).toHaveLength(1);
});

test("help is exit 0 and names every command", async () => {
  await using place = await workplace();
  const { code, out } = await place.bulkSend(["--help"]);
  expect(out.split("\n").filter((line) => line.length > 80)).toEqual([]);
  expect(code).toBe(0);
  const commands =
    "run serve check tidy new upload list status history report pause resume cancel approve rate cap credentials test doctor people logs suppress opt-outs".split(
      " ",
    );
  for (const command of commands) expect(out).toMatch(new RegExp(`^  ${command} `, "m"));
});

test("invalid options are refused before anything starts", async () => {
  await using place = await workplace();
  await place.write("list.csv", "phone,message,snumber\n+447700900001,hi,100\n");
  await place.write("list.json", '{"mesage":"Hi"}');
  const { code, err } = await place.bulkSend(["run", "list.csv"]);
  expect(code).toBe(2);
  expect(err).toMatch(/^list\.json: .*mesage.*"message"/);
});

test("without AWS credentials, a command for a stack says how to sign in and how to use this machine instead", async () => {
  await using place = await workplace();
  const environment = { AWS_EC2_METADATA_DISABLED: "true", AWS_REGION: "eu-west-1" };
  const { code, out, err } = await place.bulkSend(["list"], environment);
  expect({ code, out }).toEqual({ code: 1, out: "" });
  expect(err).toMatch(/no AWS credentials.*--profile.*--local/);
  expect(err.trimEnd().split("\n")).toHaveLength(1);
});

test.each([
  ["people", "list"],
  ["console", "--stack", "BulkSend"],
])("%j is for a stack, and offers no other way", async (...words) => {
  await using place = await workplace();
  const environment = { AWS_EC2_METADATA_DISABLED: "true", AWS_REGION: "eu-west-1" };
  const { code, err } = await place.bulkSend(words, environment);
  expect(code).toBe(1);
  expect(err).toMatch(/no AWS credentials.*--profile/);
  expect(err).not.toMatch(/--local/);
  if (words[0] === "people") expect((await place.bulkSend(["people", "--help"])).out).not.toMatch(/--local|--data/);
});

test("a missing data directory is named", async () => {
  await using place = await workplace();
  const { code, err } = await place.bulkSend(["list", "--data", "elsewhere"]);
  expect(code).toBe(1);
  expect(err).toMatch(/no directory elsewhere/);
});

test("a setting under a name that nobody reads is refused, with the names there are; remarks and schemas may stay", async () => {
  await using place = await workplace({
    dailyLimit: 5,
    $schema: "https://example.com",
    "//": "a remark",
    country: "GB",
  });
  await place.write("spring.csv", list(2));
  const refused = await place.bulkSend(["check", "spring.csv"]);
  expect(refused).toMatchObject({ code: 1, out: "" });
  expect(refused.err).toMatch(
    /bulk-send\.json: "dailyLimit" is not a setting\. The settings are [^\n]*maxMessagesPerDay/u,
  );
  await place.write("bulk-send.json", '{"$schema":"https://example.com","//":"a remark","country":"GB"}');
  expect(await place.bulkSend(["check", "spring.csv"])).toMatchObject({ code: 0 });
});
