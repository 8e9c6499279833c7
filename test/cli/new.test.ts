import { expect, test } from "vitest";
import type { Prompter } from "../../cli/ask.ts";
import { newOptions } from "../../cli/commands/new.ts";
import { previewLines, sampleList } from "../../cli/list-sample.ts";
import { screen } from "./screen.ts";
import { workplace } from "./workplace.ts";

/** Somebody who gives these answers, and what was asked, with the faults that were found with answers. */
function person(answers: readonly (string | boolean)[]) {
  const left = [...answers];
  const asked: string[] = [];
  const answer = (question: string) => {
    asked.push(question);
    const next = left.shift();
    if (next === undefined) throw new Error(`Nobody expected to be asked "${question}".`);
    return next;
  };
  const prompter: Prompter = {
    confirm: async (question) => answer(question) === true,
    choose: async (question, choices, likely) => {
      const chosen = String(answer(`${question} ${choices.join("|")} (${likely})`));
      expect(choices).toContain(chosen);
      return chosen;
    },
    line: async (question, fault) => {
      for (;;) {
        const given = String(answer(question));
        const wrong = await fault(given);
        if (wrong === undefined) return given;
        asked.push(`! ${wrong}`);
      }
    },
  };
  return { prompter, asked, left };
}

const contacts =
  "First Name,Home Fax,Business Line,Her mobile,City\nAnn,020 7946 0001,020 7946 0002,07700 900001,Hull\nŁukasz,,,07700 900002,Stoke-on-Trent\n";

test("what a list lacks is asked for, with a preview, and written beside the list", async () => {
  await using place = await workplace();
  await place.write("contacts.csv", contacts);
  const { prompter, asked, left } = person([
    "Her mobile",
    "XX",
    "gb",
    "Hi {{Name}}",
    "Hi {{First Name}},\\nsee you in {{City}}",
    true,
    "",
    "01632960000",
    false,
  ]);
  const { terminal, text } = screen();
  expect(await newOptions(`${place.path}/contacts.csv`, terminal, prompter)).toBe(0);
  expect(left).toEqual([]);
  expect(JSON.parse(await place.read("contacts.json"))).toEqual({
    columns: { cnumber: "Her mobile" },
    country: "GB",
    message: "Hi {{First Name}},\nsee you in {{City}}",
    snumber: "01632960000",
  });
  expect(asked[0]).toContain("First Name|Home Fax|Business Line|Her mobile|City (Her mobile)");
  expect(asked[1]).toMatch(/^The country/);
  expect(text()).toContain('Line 2 has "07700 900001", without a country code.');
  expect(asked.join("\n")).toMatch(/! [^\n]*XX|! [^\n]*country/);
  expect(asked.join("\n")).toMatch(/! The text names \{\{Name\}\}/);
  expect(asked.join("\n")).toContain("! Without it nothing can be sent.");
  expect(text()).toContain("Line 2, to +447700900001, 1 segment:\n  Hi Ann,\n  see you in Hull");
  expect(text()).toContain("Line 3, the longest, to +447700900002, 1 segment:");
  expect(text()).toContain("npx bulk-send check");
});

test("an answer that the list's rows contradict is shown to do so, and asked again", async () => {
  await using place = await workplace();
  await place.write("contacts.csv", contacts);
  const answers = [
    "City",
    false,
    "Her mobile",
    "us",
    false,
    "gb",
    "Hello",
    true,
    "Acme",
    false,
    "O1632 960000",
    true,
    false,
  ];
  const { prompter, asked, left } = person(answers);
  const { terminal, text } = screen();
  expect(await newOptions(`${place.path}/contacts.csv`, terminal, prompter)).toBe(0);
  expect(left).toEqual([]);
  expect(asked).toContain(
    '0 of the first 2 cells of "City" look like a phone number; the first is "Hull". Are these the numbers all the same?',
  );
  expect(text()).toMatch(
    /Of the first 2 rows, 2 could not be sent; line 2: [^\n]*\n[\s\S]*In GB that is \+447700900001\./u,
  );
  expect(asked).toContain("Is US right all the same?");
  expect(asked.filter((question) => question.includes("is a name and not a number"))).toHaveLength(2);
  expect(JSON.parse(await place.read("contacts.json"))).toEqual({
    columns: { cnumber: "Her mobile" },
    country: "GB",
    message: "Hello",
    snumber: "O1632 960000",
  });
});

test("what the list says itself is not asked; the whole list is checked where wanted", async () => {
  await using place = await workplace();
  await place.write("spring.csv", "phone,text,sender\n+447700900001,Hello,100\n");
  const { prompter, asked, left } = person([true, false]);
  const { terminal, text } = screen();
  expect(await newOptions(`${place.path}/spring.csv`, terminal, prompter)).toBe(0);
  expect(left).toEqual([]);
  expect(asked[0]).toMatch(/^Check/);
  expect(await place.read("spring.json")).toBe("{}\n");
  expect(text()).toContain('The texts come from the column "text".');
  expect(text()).toContain("spring: 1 row: 1 would be sent");
});

test("a JSON that exists is only changed after asking, and what it says is kept", async () => {
  await using place = await workplace();
  await place.write("spring.csv", "phone\n+447700900001\n");
  await place.write("spring.json", '{"snumber":"100"}');
  const no = person([false]);
  expect(await newOptions(`${place.path}/spring.csv`, screen().terminal, no.prompter)).toBe(0);
  expect(await place.read("spring.json")).toBe('{"snumber":"100"}');
  const yes = person([true, "Hello", false, "Hello there", true, false]);
  expect(await newOptions(`${place.path}/spring.csv`, screen().terminal, yes.prompter)).toBe(0);
  expect(JSON.parse(await place.read("spring.json"))).toEqual({ snumber: "100", message: "Hello there" });
});

test("without a terminal one sentence says which flags do the same", async () => {
  await using place = await workplace();
  await place.write("spring.csv", "phone\n+447700900001\n");
  const { code, out, err } = await place.bulkSend(["new", "spring.csv"]);
  expect({ code, out }).toEqual({ code: 2, out: "" });
  expect(err).toMatch(
    /^new asks questions[^\n]*--message, --from and --country[^\n]*npx bulk-send check spring.csv [^\n]*\n$/,
  );
});

test("a list that no options would help is refused", async () => {
  await using place = await workplace();
  await place.write("empty.csv", "");
  await expect(newOptions(`${place.path}/empty.csv`, screen().terminal, person([]).prompter)).rejects.toThrow(/empty/);
});

test("a preview names the first row that could not be sent", async () => {
  await using place = await workplace();
  await place.write("list.csv", "phone,name\n+447700900001,Ann\n+447700900002,\n");
  const sample = await sampleList(`${place.path}/list.csv`, { message: "Hi {{name}}", snumber: "1" }, {});
  if (sample.kind === "refused") throw new Error(sample.reason);
  expect(previewLines(sample)).toEqual([
    "Line 2, to +447700900001, 1 segment:",
    "  Hi Ann",
    expect.stringMatching(/^Of the first 2 rows, 1 could not be sent; line 3: The column "name" is empty/),
  ]);
});
