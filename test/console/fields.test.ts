import { describe, expect, it } from "vitest";
import { inPlainWords } from "../../console/page/plain-words.ts";
import { fieldsOf, noFields, optionsOf } from "../../console/text/fields.ts";
import { tryText } from "../../console/text/try-text.ts";

const sending = { sendsPerSecond: 10, simulated: false };

describe("what is filled in", () => {
  it("becomes options that the project's own schema accepts, and only what was filled in", () => {
    expect(optionsOf(noFields)).toEqual({ kind: "options", options: {}, text: "{}\n" });
    const meant = optionsOf({
      ...noFields,
      writes: true,
      message: "Hello {{Name}}",
      snumber: " 442079460000 ",
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
    ["segments that are no number", { maxSegments: "two" }, "maxSegments"],
    ["an end before the beginning", { begin: "2030-02-01T09:00", stop: "2030-01-01T09:00" }, "not after"],
    ["no day", { hours: { days: [], from: "09:00", to: "17:00", timezone: "Europe/London" } }, "days"],
    ["a time that is none", { hours: { days: ["mon" as const], from: "", to: "17:00", timezone: "UTC" } }, "from"],
  ])("is refused with a reason where it is %s", (_, changes, word) => {
    expect(optionsOf({ ...noFields, ...changes })).toMatchObject({
      kind: "fault",
      reason: expect.stringContaining(word),
    });
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

describe("plain words", () => {
  it("call options what their fields are called", () => {
    const both = 'The option "sendBefore" is not after "sendAfter", so that nothing could ever be sent.';
    expect(inPlainWords(both)).toBe("“Stop at” is not after “Day and time”, so that nothing could ever be sent.");
    expect(inPlainWords('The option "country" must be an ISO country code such as "GB".')).toBe(
      '“Country of numbers without a country code” must be an ISO country code such as "GB".',
    );
    expect(inPlainWords("The campaign's sendAfter has not come yet.")).toBe("The time to begin has not come yet.");
    expect(inPlainWords('A cell says "toString".')).toBe('A cell says "toString".');
  });
});
