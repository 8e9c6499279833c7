import { mkdir, writeFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { row, workbook } from "../support/workbook.ts";
import { workplace } from "./workplace.ts";

test("a list is judged row by row, and the first messages are shown as they will read", async () => {
  await using place = await workplace();
  await place.write(
    "spring.csv",
    "phone;name;snumber\n+447700900001;Ann;100\n+447700900002;Łukasz;100\n+447700900001;Bob;100\nabc;Zoe;100\n+447700900003;;100\n",
  );
  await place.write("spring.json", '{"message":"Hello {{name}}"}');
  const { code, out, err } = await place.bulkSend(["check", "spring.csv", "--rate", "0.5"]);
  expect({ code, err }).toEqual({ code: 0, err: "" });
  expect(out).toContain("spring: 5 rows: 2 would be sent, 2 invalid, 1 skipped.");
  expect(out).toContain("has opted out is counted here, and left out when the list is sent.");
  expect(out).toMatch(/1 invalid: .*letters.* \(line 5\)/);
  expect(out).toMatch(/1 invalid: .*"name" is empty.* \(line 6\)/);
  expect(out).toMatch(/1 skipped: .* \(line 4\)/);
  expect(out).toContain('Read as utf-8 with ";" between cells; options from spring.json.');
  expect(out).toContain("2 segments; at 0.5 a second it takes 4 s.");
  expect(out).toContain("1 message can hold only 70 characters a segment because of: Ł (U+0141) in 1 row.");
  expect(out).toMatch(/Line 2, to \+447700900001 from 100, 1 segment:\n {2}Hello Ann/);
});

test("times that leave nothing to send are pointed out", async () => {
  await using place = await workplace();
  await place.write("late.csv", "phone,message,snumber\n+447700900001,Hi,100\n");
  await place.write("late.json", '{"sendBefore":"2020-01-01T00:00:00Z"}');
  const { code, out } = await place.bulkSend(["check", "late.csv"]);
  expect(code).toBe(0);
  expect(out).toContain("sendBefore (2020-01-01 00:00 UTC) has passed: every row would be cancelled");
});

test("a list that lacks several things is told of all of them at once, with a command that gives them", async () => {
  await using place = await workplace();
  await place.write("spring.csv", "phone,First Name\n+447700900001,Ann\n");
  const lacking = await place.bulkSend(["check", "spring.csv"]);
  expect(lacking).toMatchObject({ code: 2, out: "" });
  expect(lacking.err).toContain("A number to send from is missing, too.");
  const [, text = "", from = ""] = /spring\.csv --message "(.*)" --from (\d+)\n$/u.exec(lacking.err) ?? [];
  expect(await place.bulkSend(["check", "spring.csv", "--message", text, "--from", from])).toMatchObject({ code: 0 });
});

test("a list whose name begins like a flag is named so that the command shown can be copied", async () => {
  await using place = await workplace();
  await place.write("-spring.csv", "phone,snumber\n+447700900001,100\n");
  const lacking = await place.bulkSend(["check", "--", "-spring.csv"]);
  expect(lacking.err).toContain("npx bulk-send check ./-spring.csv --message");
  const copied = await place.bulkSend(["check", "./-spring.csv", "--message", "Hello"]);
  expect(copied).toMatchObject({ code: 0, out: expect.stringMatching(/^-spring: 1 row: 1 would be sent/u) });
});

test("attachments are looked for in the folder beside the list, if there is one", async () => {
  await using place = await workplace();
  await place.write("spring.csv", "phone,message,snumber,attachment1\n+447700900001,Hi,100,offer.pdf\n");
  const without = await place.bulkSend(["check", "spring.csv"]);
  expect(without.out).toContain("1 would be sent");
  await mkdir(`${place.path}/attachments`);
  const missing = await place.bulkSend(["check", "spring.csv"]);
  expect(missing.out).toContain("0 would be sent, 1 invalid");
  expect(missing).toMatchObject({
    code: 2,
    err: "Nothing would be sent: every row of spring.csv is invalid or skipped.\n",
  });
  await place.write("attachments/offer.pdf", "%PDF");
  const there = await place.bulkSend(["check", "spring.csv"]);
  expect(there.out).toContain("1 would be sent");
});

test("the command line's options count before those of the JSON, and check says so", async () => {
  await using place = await workplace();
  await place.write("spring.csv", "phone,name\n07700900001,Ann\n");
  await place.write("spring.json", '{"message":"Old","snumber":"100"}');
  const flags = ["--message", "Hi {{name}}", "--country", "GB"];
  const { code, out } = await place.bulkSend(["check", "spring.csv", ...flags]);
  expect(code).toBe(0);
  expect(out).toContain(
    "options from spring.json and --message, --country (the file says otherwise; --message counts).",
  );
  expect(out).toContain("Line 2, to +447700900001 from 100, 1 segment:\n  Hi Ann\n");
});

test("for programs the result is JSON, even for a refusal", async () => {
  await using place = await workplace();
  await place.write("good.csv", "phone,message,snumber\n+447700900001,Hi,100\n");
  await place.write("bad.csv", "name\nAnn\n");
  const good = await place.bulkSend(["check", "good.csv", "--json"]);
  expect(JSON.parse(good.out)).toMatchObject({ state: "checked", rows: 1, remaining: 1, unicode: { rows: 0 } });
  const bad = await place.bulkSend(["check", "bad.csv", "--json"]);
  expect(bad.code).toBe(2);
  expect(JSON.parse(bad.out)).toMatchObject({ state: "refused", reason: expect.stringContaining("phone") });
});

test("a workbook is judged like a CSV, and said where it was read", async () => {
  await using place = await workplace();
  const rows = row(1, ["phone", "name"]) + row(2, [447700900001, "Ann"]) + row(3, [447700900002, "Bob"], 'hidden="1"');
  await writeFile(`${place.path}/spring.xlsx`, workbook([{ name: "May", rows }]));
  await place.write("spring.json", '{"message":"Hello {{name}}","snumber":"100"}');
  const { code, out, err } = await place.bulkSend(["check", "spring.xlsx"]);
  expect({ code, err }).toEqual({ code: 0, err: "" });
  expect(out).toContain("spring: 1 row: 1 would be sent, 0 invalid, 0 skipped.");
  expect(out).toContain('Read from the sheet "May" of the workbook; options from spring.json.');
  const json = JSON.parse((await place.bulkSend(["check", "spring.xlsx", "--json"])).out);
  expect(json).toMatchObject({
    dialect: { delimiter: ",", sheet: "May" },
    warnings: [{ code: "hidden-rows", lines: [3] }],
    nextSteps: expect.arrayContaining([expect.stringContaining("campaigns/spring.xlsx")]),
  });
  const hidden = row(1, ["phone", "name"]) + row(2, [447700900002, "Bob"], 'hidden="1"');
  await writeFile(`${place.path}/hidden.xlsx`, workbook([{ name: "May", rows: hidden }]));
  const flags = ["--message", "Hi {{name}}", "--from", "100"];
  const refused = await place.bulkSend(["check", "hidden.xlsx", ...flags]);
  expect(refused).toMatchObject({ code: 2, out: expect.stringContaining("hidden") });
  expect(JSON.parse((await place.bulkSend(["check", "hidden.xlsx", ...flags, "--json"])).out)).toMatchObject({
    state: "refused",
    warnings: [{ code: "hidden-rows", lines: [2] }],
  });
  await place.write("text.xlsx", "phone,name\n447700900001,Ann\n");
  expect(await place.bulkSend(["check", "text.xlsx"])).toMatchObject({ code: 2, err: expect.stringContaining(".csv") });
});
