import { describe, expect, it, test } from "vitest";
import { readTexts } from "../../shared/enswitch/read-texts.ts";

const ok = { responses: [{ code: "200", key: "", message: "OK" }] };
const text = { uniqueid: "a1", received: 1767225600, snumber: "447700900001", body: "STOP" };
const read = (answer: unknown, status = 200) =>
  readTexts(status, typeof answer === "string" ? answer : JSON.stringify(answer), "snumber");
const one = [{ id: "a1", at: 1767225600_000, number: "447700900001", body: "STOP" }];

describe("an answer with texts", () => {
  test.each<[string, unknown]>([
    ["as the guide shows it", { ...ok, data: [text] }],
    ["with codes as numbers", { responses: [{ code: 200 }], data: [text] }],
    ["with several responses", { responses: [{ code: "200" }, { code: 204 }], data: [text] }],
    ["with one response that is no list", { responses: { code: "200" }, data: [text] }],
    ["with unknown fields everywhere", { ...ok, version: 4, data: [{ ...text, files: [], x: { y: null } }] }],
    ["with times as text", { ...ok, data: [{ ...text, received: "1767225600" }] }],
    ["with times in milliseconds", { ...ok, data: [{ ...text, received: 1767225600000 }] }],
    ["with times with fractions", { ...ok, data: [{ ...text, received: "1767225600.0" }] }],
    ["with times as dates", { ...ok, data: [{ ...text, received: "2026-01-01T00:00:00Z" }] }],
    ["with numbers as numbers", { ...ok, data: [{ ...text, snumber: 447700900001 }] }],
    ["with blanks around", { ...ok, data: [{ ...text, snumber: " 447700900001 ", uniqueid: " a1 " }] }],
    ["as an object by id", { ...ok, data: { a1: text } }],
    ["as a single entry", { ...ok, data: text }],
    ["with entries that are none", { ...ok, data: [null, "x", 7, text] }],
    ["with entries without a number", { ...ok, data: [{ ...text, snumber: "" }, { body: "hi" }, text] }],
    ["after a byte order mark", `\ufeff${JSON.stringify({ ...ok, data: [text] })}`],
    ["with a field named message", { ...ok, data: [{ ...text, body: undefined, message: "STOP" }] }],
    ["with its words under two names", { ...ok, data: [{ ...text, message: "other", text: "another" }] }],
    ["with a field named text", { ...ok, data: [{ ...text, body: undefined, text: "STOP" }] }],
    ["with any code that is a yes", { responses: [{ code: 200 }, { code: 299 }], data: [text] }],
  ])("is read %s", (_, answer) => {
    expect(read(answer)).toEqual({ kind: "texts", texts: one });
  });

  test.each<[string, unknown, object]>([
    ["no id", { ...text, uniqueid: undefined }, { id: undefined }],
    ["a number as its id", { ...text, uniqueid: 17 }, { id: "17" }],
    ["no time", { ...text, received: undefined }, { at: undefined }],
    ["a time of nonsense", { ...text, received: "soon" }, { at: undefined }],
    ["a time before all times", { ...text, received: -5 }, { at: undefined }],
    ["a time beyond all times", { ...text, received: 1e300 }, { at: undefined }],
    ["null for words", { ...text, body: null }, { body: "" }],
    ["a number for words", { ...text, body: 1 }, { body: "1" }],
    ["no words", { ...text, body: undefined }, { body: "" }],
    ["a time of nothing", { ...text, received: 0 }, { at: undefined }],
    ["the first time of all", { ...text, received: 0.001 }, { at: 1 }],
    ["the last time in seconds", { ...text, received: 99_999_999_999 }, { at: 99_999_999_999_000 }],
    ["the first time in milliseconds", { ...text, received: 100_000_000_000 }, { at: 100_000_000_000 }],
    ["a time at the end of all times", { ...text, received: 8.64e15 }, { at: undefined }],
  ])("may have an entry with %s", (_, entry, differs) => {
    expect(read({ ...ok, data: [entry] })).toEqual({ kind: "texts", texts: [{ ...one[0], ...differs }] });
  });

  it("may have no words four times in a row, as pictures do, and any number of times beside one that has some", () => {
    const wordless = { ...text, body: undefined };
    expect(read({ ...ok, data: Array(4).fill(wordless) })).toMatchObject({ texts: { length: 4 } });
    expect(read({ ...ok, data: [...Array(6).fill(wordless), text] })).toMatchObject({ texts: { length: 7 } });
  });

  it("may be empty", () => {
    expect(read({ ...ok, data: [] })).toEqual({ kind: "texts", texts: [] });
    expect(read({ responses: [{ code: "204" }] })).toEqual({ kind: "texts", texts: [] });
    expect(read({ responses: [{ code: "204" }], data: null })).toEqual({ kind: "texts", texts: [] });
  });

  it("has the number in the field that the owner names", () => {
    const answer = JSON.stringify({ ...ok, data: [{ ...text, snumber: "ours", cnumber: "447700900001" }] });
    expect(readTexts(200, answer, "cnumber")).toEqual({ kind: "texts", texts: one });
  });
});

describe("an answer without texts says why", () => {
  test.each<[string, unknown, number, RegExp]>([
    ["401", { responses: [{ code: "401" }] }, 200, /credentials/u],
    ["402", { responses: [{ code: 402 }] }, 200, /"texts" privilege/u],
    ["402, mirrored", { responses: [{ code: 402 }] }, 402, /"texts" privilege/u],
    ["402 beside 200", { responses: [{ code: 200 }, { code: "402" }], data: [text] }, 200, /"texts" privilege/u],
    ["400", { responses: [{ code: "400", key: "start" }] }, 200, /code 400, start/u],
    ["404 of Enswitch", { responses: [{ code: "404" }] }, 200, /3\.13/u],
    ["404 of the server", "<h1>404</h1>", 404, /3\.13/u],
    ["a page", "<h1>Welcome</h1>", 200, /HTTP 200.*not one of Enswitch/u],
    ["a proxy", "", 502, /HTTP 502/u],
    ["an answer cut off", '{"responses":[{"code":"200"}],"data":[{"uniq', 200, /not one of Enswitch/u],
    ["no responses", { data: [text] }, 200, /not one of Enswitch/u],
    ["an empty list of responses", { responses: [], data: [text] }, 200, /no response/u],
    ["a code that is none", { responses: [{ code: "OK" }], data: [text] }, 200, /not one of Enswitch/u],
    ["no data", ok, 200, /no list/u],
    ["a text for data", { ...ok, data: "none" }, 200, /no list/u],
    ["numbers for data", { ...ok, data: [1, 2] }, 200, /no list/u],
    [
      "another field for the number",
      { ...ok, data: [{ ...text, snumber: undefined, from: "1" }] },
      200,
      /numberField/u,
    ],
    ["199", { responses: [{ code: 199 }], data: [text] }, 200, /code 199\)/u],
    ["300", { responses: [{ code: 300 }], data: [text] }, 200, /code 300\)/u],
    [
      "400 with two keys",
      {
        responses: [
          { code: 400, key: "" },
          { code: 400, key: "end" },
          { code: 400, key: "start" },
        ],
      },
      200,
      /code 400, end\)/u,
    ],
    ["400 with a key that is none", { responses: [{ code: 400, key: "<b>" }] }, 200, /code 400\)/u],
    ["204 with a text for data", { responses: [{ code: 204 }], data: "none" }, 200, /no list/u],
    ["no words in five", { ...ok, data: Array(5).fill({ ...text, body: undefined }) }, 200, /words/u],
    ["no words anywhere", { ...ok, data: Array(6).fill({ ...text, body: undefined }) }, 200, /words/u],
  ])("%s", (_, answer, status, cause) => {
    const failed = read(answer, status);
    expect(failed).toEqual({ kind: "failed", cause: expect.stringMatching(cause) });
    expect(JSON.stringify(failed)).not.toContain("4477");
  });
});
