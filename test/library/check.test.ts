import { mkdir, mkdtempDisposable, readdir, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { check as checkCommand } from "../../cli/commands/check.ts";
import { createTerminal } from "../../cli/terminal.ts";
import { check, Refused } from "../../library/index.ts";
import { row, workbook } from "../support/workbook.ts";

const csv = "phone,name\n+442079460001,Ann\n+442079460002,Bob\n12,Eve\n";
const options = { message: "Hi {{name}}", snumber: "100" };

test("a list is judged as the command judges it, whether it is a file, bytes or a stream", async () => {
  await using directory = await mkdtempDisposable(join(tmpdir(), "bulk-send-library-"));
  const path = join(directory.path, "spring.csv");
  await writeFile(path, csv);
  await writeFile(join(directory.path, "spring.json"), JSON.stringify(options));
  const said: string[] = [];
  await checkCommand(path, { json: true }, { ...createTerminal(), say: (line) => said.push(line) });

  const ofFile = await check(path);
  expect(ofFile).toMatchObject({ name: "spring", state: "checked", rows: 3, remaining: 2, counts: { invalid: 1 } });
  const withoutTimes = (summary: object) =>
    JSON.parse(JSON.stringify({ ...summary, endedAt: "", updatedAt: "", nextSteps: [] }));
  expect(withoutTimes(ofFile)).toEqual(withoutTimes(JSON.parse(said[0] ?? "")));

  const content = new TextEncoder().encode(csv);
  expect(withoutTimes(await check({ fileName: "spring.csv", content }, { options }))).toEqual(withoutTimes(ofFile));
  const stream = (async function* () {
    for (const byte of content) yield Uint8Array.of(byte);
  })();
  expect(withoutTimes(await check({ fileName: "spring.csv", content: stream }, { options }))).toEqual(
    withoutTimes(ofFile),
  );
});

test("a workbook is judged from its bytes, and what was kept of it is gone afterwards", async () => {
  const kept = async () => (await readdir(tmpdir())).filter((name) => name.startsWith("bulk-send-list-")).length;
  const before = await kept();
  const content = workbook([{ name: "May", rows: row(1, ["phone", "name"]) + row(2, ["+442079460001", "Ann"]) }]);
  const judged = await check({ fileName: "may.xlsx", content }, { options });
  expect(judged).toMatchObject({ name: "may", state: "checked", remaining: 1 });
  expect(await kept()).toBe(before);
});

test("a refused list has its reason, and settings count as those of a stack", async () => {
  const content = new TextEncoder().encode(csv);
  const refused = await check({ fileName: "spring.csv", content }, { options: { message: "Hi" } });
  expect(refused).toMatchObject({ name: "spring", state: "refused", reason: expect.stringContaining("snumber") });
  const settings = { snumber: "100", sendsPerSecond: 4 };
  const judged = await check({ fileName: "spring.csv", content }, { options: { message: "Hi" }, settings });
  expect(judged).toMatchObject({ state: "checked", seconds: 0.5 });
});

test("a list of which every row is invalid is checked, with nothing remaining", async () => {
  const content = new TextEncoder().encode("phone,name\n12,Ann\n13,Bob\n");
  const judged = await check({ fileName: "spring.csv", content }, { options });
  expect(judged).toMatchObject({ state: "checked", rows: 2, remaining: 0, counts: { invalid: 2 } });
});

test.each([
  [{ options: JSON.parse('{"mesage":"Hi"}') }, 'Did you mean "message"?'],
  [{ settings: { sendsPerSecond: 0 } }, "In the settings: sendsPerSecond is 0, but must be a number from"],
  [{ settings: JSON.parse('{"sendPerSecond":4}') }, "In the settings: sendPerSecond is not a setting"],
  [{ settings: JSON.parse('{"limit":4}') }, 'In the settings: "limit" is not a setting. The settings are endpoint, '],
  [{ name: "a//b" }, "The name has an empty part"],
])("what is wrong with %j is said in a sentence", async (given, sentence) => {
  const list = { fileName: "spring.csv", content: new TextEncoder().encode(csv) };
  await expect(check(list, { options, ...given })).rejects.toThrow(Refused);
  await expect(check(list, { options, ...given })).rejects.toThrow(sentence);
});

test.each(["", ".", "..", "../spring.csv", "a/b.csv"])("content cannot be named %j", async (fileName) => {
  await expect(check({ fileName, content: new Uint8Array() })).rejects.toThrow("name the file alone");
});

test("a stream that fails fails the check, with its own error", async () => {
  const content = (async function* () {
    yield new TextEncoder().encode(csv);
    throw new Error("the source is gone");
  })();
  await expect(check({ fileName: "spring.csv", content }, { options })).rejects.toThrow("the source is gone");
});

test.each([
  ["a\nb.csv", "a control character"],
  ["a\0.csv", "a control character"],
  [`${"a".repeat(252)}.csv`, "longer than 255 bytes"],
])("the file's name %j is refused with a sentence, not by the system", async (fileName, sentence) => {
  const checking = check({ fileName, content: new TextEncoder().encode(csv) }, { options, name: "spring" });
  await expect(checking).rejects.toThrow(Refused);
  await expect(checking).rejects.toThrow(sentence);
});

test("a program is told of its own options, not of a command's flags", async () => {
  await using directory = await mkdtempDisposable(join(tmpdir(), "bulk-send-library-"));
  const path = join(directory.path, "account.csv");
  await writeFile(path, csv);
  await expect(check(path, { options })).rejects.toThrow("Or name the campaign with `name`.");
  const twice = join(directory.path, "twice.csv");
  await writeFile(twice, csv);
  for (const ending of ["json", "JSON"]) await writeFile(join(directory.path, `twice.${ending}`), "{}");
  await expect(check(twice)).rejects.toThrow("Name the one that is meant with `options`.");
});

test("a list that has the name of options is refused, and is not its own options", async () => {
  const content = new TextEncoder().encode("phone,message\n+442079460001,Hi\n");
  const checking = check({ fileName: "spring.json", content }, { settings: { snumber: "100" } });
  await expect(checking).rejects.toThrow(Refused);
  await expect(checking).rejects.toThrow("has the name of data for programs, but what it holds looks like a CSV");
});

test("a signal ends the check while the content's source does not answer, and nothing of the content is kept", async () => {
  const kept = async () => (await readdir(tmpdir())).filter((name) => name.startsWith("bulk-send-list-"));
  const before = await kept();
  const stopped = new AbortController();
  const content = (async function* () {
    yield new TextEncoder().encode(csv);
    stopped.abort(new Error("enough"));
    await new Promise(() => {});
  })();
  const checking = check({ fileName: "spring.csv", content }, { options, signal: stopped.signal });
  await expect(checking).rejects.toThrow("enough");
  expect((await kept()).filter((name) => !before.includes(name))).toEqual([]);
});

test.each([0, -1, 1_001, 1e6, Number.NaN, Number.POSITIVE_INFINITY])(
  "nothing is judged at a rate of %d",
  async (rate) => {
    const content = new TextEncoder().encode(csv);
    const checking = check({ fileName: "spring.csv", content }, { options, rate });
    await expect(checking).rejects.toThrow(Refused);
    await expect(checking).rejects.toThrow(`rate is ${rate}, but must be a number from 0.05 to 1000.`);
  },
);

test("the attachments that are looked for are those beside the list", async () => {
  await using directory = await mkdtempDisposable(join(tmpdir(), "bulk-send-library-"));
  const path = join(directory.path, "spring.csv");
  await writeFile(path, "phone,attachment1\n+442079460001,there.pdf\n+442079460002,missing.pdf\n");
  await mkdir(join(directory.path, "attachments"));
  await writeFile(join(directory.path, "attachments", "there.pdf"), "%PDF");
  const text = { message: "Hi", snumber: "100" };
  expect(await check(path, { options: text })).toMatchObject({ remaining: 1, counts: { invalid: 1 } });
});

test("a signal ends the check of a file, too", async () => {
  await using directory = await mkdtempDisposable(join(tmpdir(), "bulk-send-library-"));
  const path = join(directory.path, "spring.csv");
  await writeFile(path, csv);
  const signal = AbortSignal.abort(new Error("enough"));
  await expect(check(path, { options, signal })).rejects.toThrow("enough");
});

test("the most messages of a day put off when the last recipient is reached", async () => {
  const content = new TextEncoder().encode("phone\n+442079460001\n+442079460002\n+442079460003\n");
  const window = { timezone: "recipient", from: "00:00", to: "23:59" } as const;
  const doneInHours = async (maxMessagesPerDay?: number) => {
    const given = { options: { ...options, message: "Hi", window }, settings: { country: "GB", maxMessagesPerDay } };
    const judged = await check({ fileName: "spring.csv", content }, given);
    const doneAt = judged.state === "checked" ? judged.zones?.[0]?.doneAt : undefined;
    return (Date.parse(doneAt ?? "") - Date.now()) / 3_600_000;
  };
  // The third day begins more than one day from now, whatever the time is.
  expect(await doneInHours(1)).toBeGreaterThan(23);
  expect(await doneInHours()).toBeLessThan(1);
});
