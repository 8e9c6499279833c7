import { describe, expect, it } from "vitest";
import { findingInPlainWords, inPlainWords } from "../../console/page/plain-words.ts";
import { fieldsOf, hasPassed, type LeftOutBy, noFields, optionsOf } from "../../console/text/fields.ts";
import { tryText } from "../../console/text/try-text.ts";
import type { Options } from "../../shared/campaign/options.ts";

const sending = { sendsPerSecond: 10, simulated: false };

describe("what is filled in", () => {
  it("becomes options that the project's own schema accepts, and only what was filled in", () => {
    expect(optionsOf(noFields)).toEqual({ kind: "options", options: {}, text: "{}\n" });
    const meant = optionsOf({
      ...noFields,
      writes: true,
      message: "Hello {{Name}}",
      snumber: " \u202a442079460000\u202c ",
      country: "gb",
      numberColumn: "Mobile",
      maxSegments: "2",
      hours: { days: ["mon"], from: "09:00", to: "17:00", timezone: "Europe/London" },
      others: { duplicates: "send", columns: { customer: "Account" } },
    });
    expect(meant).toMatchObject({
      kind: "options",
      options: {
        message: "Hello {{Name}}",
        snumber: "442079460000",
        country: "GB",
        columns: { customer: "Account", cnumber: "Mobile" },
        maxSegments: 2,
        duplicates: "send",
        window: { days: ["mon"], from: "09:00", to: "17:00", timezone: "Europe/London" },
      },
    });
    expect(JSON.parse(meant.kind === "options" ? meant.text : "")).toEqual(meant.kind === "options" && meant.options);
  });

  it.each([
    ["a country of three letters", { country: "GBR" }, "country"],
    ["segments that are no number", { maxSegments: "two" }, "as a number"],
    ["an end before the beginning", { later: true, begin: "2030-02-01T09:00", stop: "2030-01-01T09:00" }, "not after"],
    ["a beginning that is being filled in", { later: true, begin: "" }, "at which time it begins"],
    ["no day", { hours: { days: [], from: "09:00", to: "17:00", timezone: "Europe/London" } }, "at least one day"],
    ["a time that is none", { hours: { days: ["mon" as const], from: "", to: "17:00", timezone: "UTC" } }, "from when"],
    ["nobody's word for being left out", { leftOut: { column: "Out", by: "one" as const, words: " , " } }, "Out"],
    ["a sender that is markup", { snumber: "<script>" }, "is not a number, line or name"],
    ["a sender that nothing fills in", { snumber: "{{sender}}" }, "is not a number, line or name"],
    ["advice that is no option", { advice: '"colour": "red"' }, "colour"],
    ["advice that has a field", { advice: '"sendAfter": "2030-01-01T09:00:00Z"' }, "a field of its own"],
  ])("is refused with a reason where it is %s", (_, changes, word) => {
    expect(optionsOf({ ...noFields, ...changes })).toMatchObject({
      kind: "fault",
      reason: expect.stringContaining(word),
    });
  });

  const ways: [LeftOutBy["by"], string, NonNullable<Options["skipWhere"]>][] = [
    ["one", "yes, TRUE,1", { column: "Out", is: ["yes", "TRUE", "1"] }],
    ["anything", "yes", { column: "Out", isNot: [""] }],
    ["none", "yes, y", { column: "Out", isNot: ["yes", "y"] }],
    ["none", ", no", { column: "Out", isNot: ["", "no"] }],
  ];
  it.each(ways)("leaves out whose column says %s of %j", (by, words, skipWhere) => {
    const meant = optionsOf({ ...noFields, leftOut: { column: "Out", by, words } });
    expect(meant).toMatchObject({ kind: "options", options: { skipWhere } });
    expect(optionsOf(fieldsOf({ skipWhere }))).toMatchObject({ kind: "options", options: { skipWhere } });
  });

  it("has neither a text nor a beginning that was taken back", () => {
    const kept = { message: "Hello", begin: "2030-01-01T09:00" };
    expect(optionsOf({ ...noFields, ...kept })).toMatchObject({ kind: "options", text: "{}\n" });
  });

  it("has the options that a finding quotes, beside the fields'", () => {
    const advice = '"numberCheck": "length", "columns": {"country": "Land"}.';
    expect(optionsOf({ ...noFields, advice, numberColumn: "Tel", country: "DE" })).toMatchObject({
      kind: "options",
      options: { numberCheck: "length", country: "DE", columns: { country: "Land", cnumber: "Tel" } },
    });
    expect(optionsOf({ ...noFields, advice: '{"encoding": "iso-8859-15"}' })).toMatchObject({
      options: { encoding: "iso-8859-15" },
    });
  });

  it("leaves out whom a file of options leaves out, in words that the fields cannot hold", () => {
    const skipWhere = { column: "Out", is: ["yes, please"] };
    const fields = fieldsOf({ skipWhere });
    expect(fields.leftOut).toBeUndefined();
    expect(optionsOf(fields)).toMatchObject({ kind: "options", options: { skipWhere } });
  });

  it("says of a beginning whether it has passed, by the clock of the device that it was typed on", () => {
    const now = new Date("2026-03-01T09:00").getTime();
    expect(hasPassed({ later: true, begin: "2026-03-01T08:59" }, now)).toBe(true);
    expect(hasPassed({ later: true, begin: "2026-03-01T09:01" }, now)).toBe(false);
    expect(hasPassed({ later: false, begin: "2026-03-01T08:59" }, now)).toBe(false);
    expect(hasPassed({ later: true, begin: "" }, now)).toBe(false);
  });

  it("is what a file of options said, when that was dropped with the list", () => {
    const options = {
      message: "Hi",
      sendAfter: "2030-01-01T09:00:00.000Z",
      columns: { cnumber: "Tel", message: "Text" },
      skipWhere: { column: "Out", is: ["yes"] },
      window: { from: "09:00", to: "17:00", timezone: "recipient" },
    };
    expect(optionsOf(fieldsOf(options))).toMatchObject({ kind: "options", options });
  });
});

describe("a text tried on the rows of a check", () => {
  const columns = [
    { name: "Mobile", meaning: "cnumber" },
    { name: "First name", meaning: "variable" },
  ];
  const rows = [
    { line: 2, cells: ["1", "Al"] },
    { line: 3, cells: ["2", ""] },
    { line: 4, cells: ["3", "Bo"] },
    { line: 90, cells: ["4", `${"M".repeat(200)}`] },
  ];

  it("reads as it will be sent, the first rows and the longest", () => {
    expect(tryText("Hi {{first NAME|there}}", { columns, rows }, sending)).toEqual({
      kind: "tried",
      first: [
        { kind: "text", line: 2, text: "Hi Al", segments: 1 },
        { kind: "text", line: 3, text: "Hi there", segments: 1 },
        { kind: "text", line: 4, text: "Hi Bo", segments: 1 },
      ],
      longest: { kind: "text", line: 90, text: `Hi ${"M".repeat(200)}`, segments: 2 },
    });
  });

  it("says which row lacks what it needs, and has the stack's way to stop under it", () => {
    const footer = { ...sending, optOut: { footer: "Reply STOP to stop" } };
    const tried = tryText("Hi {{First name}}", { columns, rows }, footer);
    expect(tried).toMatchObject({
      first: [{ text: "Hi Al\nReply STOP to stop" }, { kind: "invalid", line: 3 }, { kind: "text" }],
    });
  });

  it("is at fault as a whole where it names a column that is not there", () => {
    expect(tryText("Hi {{Nmae}}", { columns, rows }, sending)).toMatchObject({
      kind: "fault",
      reason: expect.stringContaining("no column has that name"),
    });
  });

  it("is not tried where there is nothing to try it on", () => {
    expect(tryText("", { columns, rows }, sending)).toBeUndefined();
    expect(tryText("Hi", { columns: undefined, rows }, sending)).toBeUndefined();
    expect(tryText("Hi", { columns, rows: [] }, sending)).toBeUndefined();
  });
});

describe("a sentence about the options", () => {
  it.each([
    [
      'To leave them out, put this into the options, with every value that means so: "skipWhere": {"column":"No } \\"x","is":["yes"]}.',
      "To leave them out, choose that column under “Who is left out”, with every value that means so.",
    ],
    [
      'To leave out all who have something there, put this into the options: "skipWhere": {"column":"Out","isNot":["","no"]}.',
      "To leave out all who have something there, choose that column under “Who is left out”.",
    ],
    [
      '"skipWhere" in the options can name one column only, and names "Out" already: delete these rows.',
      '“Who is left out” can name one column only, and names "Out" already: delete these rows.',
    ],
    [
      'nobody can tell whether two of them are the same. Say "country" in the options.',
      "nobody can tell whether two of them are the same. Fill in “Country of numbers without a country code”.",
    ],
    [
      'The number lacks its country code; say "country" in the options or write +…',
      "The number lacks its country code; fill in “Country of numbers without a country code” or write +…",
    ],
    [
      'The column "Text" is not sent: "message" in the options is the text.',
      'The column "Text" is not sent: “What everybody gets” is the text.',
    ],
    [
      'no such number; if it exists, say "numberCheck": "length" in the options',
      'no such number; if it exists, say "numberCheck": "length" in “Options” under “More”',
    ],
    ['name its "encoding" in the options.', 'name its "encoding" in “Options” under “More”.'],
  ])("names the field in place of %s", (said, plain) => {
    expect(findingInPlainWords(said)).toBe(plain);
    expect(inPlainWords(said)).toBe(plain);
  });
});

describe("plain words", () => {
  it("call options what their fields are called", () => {
    const both = 'The option "sendBefore" is not after "sendAfter", so that nothing could ever be sent.';
    expect(inPlainWords(both)).toBe("“Stop at” is not after “Day and time”, so that nothing could ever be sent.");
    expect(inPlainWords('The option "country" must be an ISO country code such as "GB".')).toBe(
      '“Country of numbers without a country code” must be an ISO country code such as "GB".',
    );
    expect(inPlainWords("The campaign's sendAfter has not come yet.")).toBe("The time to begin has not come yet.");
    // What is to be copied is left as it is.
    expect(inPlainWords('Say so in the options: "columns": {"country": ""}.')).toBe(
      'Say so in “Options” under “More”: "columns": {"country": ""}.',
    );
    expect(findingInPlainWords('The column "message" is empty.')).toBe('The column "message" is empty.');
    expect(inPlainWords('A cell says "toString".')).toBe('A cell says "toString".');
  });
});
