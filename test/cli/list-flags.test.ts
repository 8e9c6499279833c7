import { describe, expect, test } from "vitest";
import { type CampaignOptions, findCampaignFile } from "../../cli/campaign-file.ts";
import { optionsInWords } from "../../cli/check-lines.ts";
import { withFlags } from "../../cli/list-flags.ts";
import { refusal } from "../../cli/refusal.ts";
import { workplace } from "./workplace.ts";

describe("options of the command line", () => {
  test("count before those of the JSON, and it is known which of them it says otherwise", () => {
    expect(
      withFlags(
        { message: "Old", country: "GB", maxSegments: 2 },
        { message: "New", from: "100", country: "GB", sheet: "May" },
      ),
    ).toEqual({
      options: { message: "New", snumber: "100", country: "GB", maxSegments: 2, sheet: "May" },
      given: ["--message", "--from", "--country", "--sheet"],
      replacing: ["--message"],
    });
  });

  test.each([
    [{ country: "gb" }, '--country must be an ISO country code such as "GB".'],
    [{ message: " " }, "--message is empty; give it a value, or leave it out."],
    [{ sheet: "" }, "--sheet is empty; give it a value, or leave it out."],
    [{ from: "" }, "--from is empty; give it a value, or leave it out."],
  ])("%j is refused by the flag's name", (flags, sentence) => {
    expect(() => withFlags({}, flags)).toThrow(sentence);
  });

  test("beside a list count whatever the case of the ending and the form of the accents; two are refused", async () => {
    await using place = await workplace();
    await place.write("caf\u00e9.csv", "phone\n+447700900001\n");
    await place.write("cafe\u0301.JSON", '{"message":"Hi"}');
    const { name, options } = await findCampaignFile(`${place.path}/caf\u00e9.csv`, {});
    expect({ name, read: options?.read }).toEqual({ name: "caf\u00e9", read: { message: "Hi" } });
    await place.write("caf\u00e9.json", "{}");
    await expect(findCampaignFile(`${place.path}/caf\u00e9.csv`, {})).rejects.toThrow(
      "Name the one that is meant with --options",
    );
  });

  test("are uploaded as the JSON, together with the rest of it", async () => {
    await using place = await workplace();
    await place.write("spring.csv", "phone\n+447700900001\n");
    await place.write("spring.json", '{"message":"Hi","duplicates":"send"}');
    const { options } = await findCampaignFile(`${place.path}/spring.csv`, { from: "100" });
    expect(JSON.parse(options?.text ?? "")).toEqual({ message: "Hi", duplicates: "send", snumber: "100" });
    const untouched = await findCampaignFile(`${place.path}/spring.csv`, {});
    expect(untouched.options?.text).toBe('{"message":"Hi","duplicates":"send"}');
  });

  test("a sheet is chosen of a workbook, and of nothing else", async () => {
    await using place = await workplace();
    await place.write("spring.csv", "phone\n+447700900001\n");
    await place.write("spring.xlsx", "");
    await place.write("spring.json", '{"sheet":"April"}');
    const chosen = await findCampaignFile(`${place.path}/spring.xlsx`, { sheet: "May" });
    expect(chosen.options).toMatchObject({ read: { sheet: "May" }, replacing: ["--sheet"] });
    await expect(findCampaignFile(`${place.path}/spring.csv`, { sheet: "May" })).rejects.toThrow("is a CSV");
  });

  test.each<[Pick<CampaignOptions, "file" | "given" | "replacing"> | undefined, string]>([
    [undefined, "options none"],
    [{ file: "a.json", given: [], replacing: [] }, "options from a.json"],
    [{ file: undefined, given: ["--from"], replacing: [] }, "options from --from"],
    [
      { file: "a.json", given: ["--from", "--message"], replacing: ["--message"] },
      "options from a.json and --from, --message (the file says otherwise; --message counts)",
    ],
  ])("%j are named", (options, words) => {
    expect(optionsInWords(listed(options && { ...options, text: "", read: {} }))).toBe(words);
  });
});

const listed = (options?: CampaignOptions, csv = "list.csv") => ({
  csv,
  format: "csv" as const,
  bytes: 1,
  name: "list",
  options,
});

describe("what a list lacks is refused with a command to copy", () => {
  const text = { kind: "refused", reason: "No text.", lacks: "message" } as const;

  test("a text names the list's own columns, and one that sounds like a name", () => {
    expect(refusal(listed(), { ...text, header: ["Mobile", "Company Name", "First Name", ""] })).toBe(
      'No text. The columns of list.csv are "Mobile", "Company Name", "First Name". For example: npx bulk-send check list.csv --message "Hi {{First Name}}, …"',
    );
    expect(refusal(listed(), { ...text, header: ["Mobile"] })).toContain('--message "Hello, …"');
  });

  test("the flags and the JSON given stay, and every word is quoted as a shell needs it", () => {
    const options = {
      file: "my options.json",
      text: "",
      read: { message: "It's $5" },
      given: ["--message"],
      replacing: [],
    };
    const lacking = { kind: "refused", reason: "No sender.", lacks: "snumber" } as const;
    expect(refusal(listed(options, "my list.csv"), lacking)).toBe(
      `No sender. Or on the command line, for example: npx bulk-send check "my list.csv" --options "my options.json" --message 'It'\\''s $5' --from 01632960000`,
    );
  });

  test("all that is missing is said at once", () => {
    expect(refusal(listed(), { ...text, header: ["Mobile"] }, ["snumber"])).toBe(
      'No text. A number to send from is missing, too. The columns of list.csv are "Mobile". For example: npx bulk-send check list.csv --message "Hello, …" --from 01632960000',
    );
    const numbers = { kind: "refused", reason: "No numbers.", lacks: "cnumber" } as const;
    expect(refusal(listed(), numbers, ["message", "snumber"])).toContain(
      "A text and a number to send from are missing,",
    );
  });

  test("a column for the numbers is asked for; other reasons stay as they are", () => {
    expect(refusal(listed(), { kind: "refused", reason: "No numbers.", lacks: "cnumber", header: ["A"] })).toBe(
      "No numbers. Or answer the questions of: npx bulk-send new list.csv",
    );
    expect(refusal(listed(), { kind: "refused", reason: "It is empty." })).toBe("It is empty.");
  });
});
