import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bounds } from "../../shared/bounds.ts";
import { readOptions } from "../../shared/csv/read-options.ts";

const refusal = (text: string) => {
  const read = readOptions(text);
  return read.kind === "refused" ? read.reason : undefined;
};

test("options are read, with or without a byte order mark", () => {
  const text =
    '{"message":"Hi {{name}}","customer":42,"window":{"from":"09:00","to":"20:00","timezone":"Europe/London"}}';
  const options = {
    message: "Hi {{name}}",
    customer: "42",
    window: { from: "09:00", to: "20:00", timezone: "Europe/London" },
  };
  expect(readOptions(text)).toEqual({ kind: "options", options });
  expect(readOptions(`\ufeff${text}\n`)).toEqual({ kind: "options", options });
});

describe("what is wrong is said in a sentence that names it", () => {
  test.each([
    ['{"mesage":"x"}', 'The options have an unknown key: "mesage". Did you mean "message"?'],
    ['{"Snumber":"1"}', 'The options have an unknown key: "Snumber". Did you mean "snumber"?'],
    [
      '{"window":{"frm":"09:00","to":"10:00","timezone":"UTC"}}',
      'The options have an unknown key in "window": "frm". Did you mean "from"?',
    ],
    ['{"window":{"to":"10:00","timezone":"UTC"}}', 'The option "window.from" is missing.'],
    [
      '{"window":{"from":"9","to":"10:00","timezone":"UTC"}}',
      'The option "window.from" must be a time such as "09:00".',
    ],
    ...["EST", "Etc/GMT+2", "etc/gmt-11"].map((zone): [string, string] => [
      `{"window":{"from":"09:00","to":"10:00","timezone":"${zone}"}}`,
      'The option "window.timezone" must be the name of a place, such as "America/New_York": "EST" has no summer time, and "Etc/GMT+2" is two hours behind UTC.',
    ]),
    [
      '{"window":{"from":"09:00","to":"10:00","timezone":"Mars"}}',
      'The option "window.timezone" must be an IANA time zone such as "Europe/London", or "recipient" for that of each recipient.',
    ],
    [
      '{"window":{"days":["mon"],"from":"09:00","to":"18:00","timezone":"UTC","hours":{"mon":{"from":"10:00","to":"11:00"},"sat":{"from":"10:00","to":"14:00"}}}}',
      'The option "window.hours.sat" must be for a day that is in "window.days".',
    ],
    ['{"skipWhere":{"column":"DNC"}}', 'The option "skipWhere" must be a "column" with either "is" or "isNot".'],
    [
      '{"skipWhere":{"column":"DNC","is":["yes"],"isNot":["no"]}}',
      'The option "skipWhere" must be a "column" with either "is" or "isNot".',
    ],
    [
      '{"skipWhere":{"column":"DNC","isnot":["no"]}}',
      'The options have an unknown key in "skipWhere": "isnot". Did you mean "isNot"?',
    ],
    ['{"stype":"mobile"}', 'The option "stype" must be "" or "phone".'],
    ['{"customer":"Acme"}', 'The option "customer" must be a customer\'s number in Enswitch, such as 1234.'],
    ['{"maxSegments":0}', 'The option "maxSegments" is too small: it must be more than 0.'],
    ['{"maxSegments":"3"}', 'The option "maxSegments" must be a number.'],
    [
      '{"stopAfterFailures":{"after":1,"rate":2}}',
      'The option "stopAfterFailures.rate" is too large: it must be at most 1.',
    ],
    ['{"country":"gb"}', 'The option "country" must be an ISO country code such as "GB".'],
    ['["message"]', 'The options must be one JSON object, such as {"message": "Hello"}.'],
    [
      '{"sendAfter":"2026-03-01T10:00:00Z","sendBefore":"2026-03-01T10:30:00+01:00"}',
      'The option "sendBefore" is not after "sendAfter", so that nothing could ever be sent. Correct one of them.',
    ],
    [
      '{"sendAfter":"2026-03-01T10:00:00Z","sendBefore":"2026-03-01T11:00:00+01:00"}',
      'The option "sendBefore" is not after "sendAfter", so that nothing could ever be sent. Correct one of them.',
    ],
    ["", "The options are empty. Write at least {}, or leave the file out."],
    [" \n", "The options are empty. Write at least {}, or leave the file out."],
    ...["null", "5", '"message"'].map((text): [string, string] => [
      text,
      'The options must be one JSON object, such as {"message": "Hello"}.',
    ]),
    ['{"message":5}', 'The option "message" must be a text in quotation marks.'],
    ['{"maxSegments":1.5}', 'The option "maxSegments" must be a whole number.'],
    ['{"maxSegments":256}', 'The option "maxSegments" is too large: it must be at most 255.'],
    ['{"stopAfterFailures":5}', 'The option "stopAfterFailures" must be an object { … }.'],
    ['{"stopAfterFailures":{"rate":0.5}}', 'The option "stopAfterFailures.after" is missing.'],
    [
      '{"stopAfterFailures":{"aftr":5,"rate":0.5}}',
      'The options have an unknown key in "stopAfterFailures": "aftr". Did you mean "after"?',
    ],
    ['{"columns":null}', 'The option "columns" must be an object { … }.'],
    ['{"columns":"cnumber"}', 'The option "columns" must be an object { … }.'],
    ['{"columns":{"cnumber":5}}', 'The option "columns.cnumber" must be a text in quotation marks.'],
    [
      '{"foo":1,"window":{"bar":1}}',
      'The options have an unknown key in "window": "bar". Known are days, from, to, timezone, hours, except.',
    ],
    [
      '{"window":{"hours":{"__proto__":{}}},"columns":{"__proto__":"x"}}',
      'The options have an unknown key in "columns": "__proto__".',
    ],
    ['{"columns":{"__proto__":"x"}}', 'The options have an unknown key in "columns": "__proto__".'],
    ['{"skipWhere":{"column":"a","is":"x"}}', 'The option "skipWhere.is" must be a list [ … ].'],
    ['{"skipWhere":{"column":"a","is":[]}}', 'The option "skipWhere.is" must have at least 1 entry.'],
    ['{"customer":true}', 'The option "customer" must be a customer\'s number in Enswitch, such as 1234.'],
    ['{"customer":"1234567890123456"}', 'The option "customer" is longer than 15 characters.'],
    ['{"customer":1234567890123456}', 'The option "customer" is longer than 15 characters.'],
    [
      '{"snumber":"#N/A"}',
      'The option "snumber" has a spreadsheet\'s error in place of the number to send from: "#N/A".',
    ],
    [
      '{"snumber":"=A1"}',
      'The option "snumber" has a spreadsheet\'s formula in place of the number to send from: "=A1".',
    ],
    [
      '{"snumber":"null"}',
      'The option "snumber" has a word for nothing in place of the number to send from; leave it out if the stack\'s is meant: "null".',
    ],
    ['{"snumber":"!!!"}', 'The option "snumber" is not a number, line or name to send from: "!!!".'],
  ])("%s", (text, reason) => {
    expect(refusal(text)).toBe(reason);
  });

  test.each([
    ["sender", 'The number that messages come from is "snumber".'],
    ["from", 'The number that messages come from is "snumber".'],
    ["Sender-ID", 'The number that messages come from is "snumber".'],
    ["text", 'The text is "message".'],
    ["body", 'The text is "message".'],
    ["phone", 'A column is named in "columns", such as {"columns": {"cnumber": "its name in the list"}}.'],
    ["to", 'A column is named in "columns", such as {"columns": {"cnumber": "its name in the list"}}.'],
    ["charset", 'Did you mean "encoding"?'],
    ["sendAt", 'Did you mean "sendAfter"?'],
  ])("what other tools call %s", (key, advice) => {
    expect(refusal(JSON.stringify({ [key]: "x" }))).toBe(`The options have an unknown key: "${key}". ${advice}`);
  });

  const hours = (window: string) => `{"window":{"from":"09:00","to":"18:00","timezone":"UTC",${window}}}`;
  test.each([
    ['"days":[]', 'The option "window.days" must have at least 1 entry.'],
    [
      `"except":${JSON.stringify(Array.from({ length: 101 }, () => "2026-12-25"))}`,
      'The option "window.except" must have at most 100 entries.',
    ],
    [
      '"hours":{"friyay":{"from":"10:00","to":"11:00"}}',
      'The options have an unknown key in "window.hours": "friyay". Known are mon, tue, wed, thu, fri, sat, sun.',
    ],
    [
      '"hours":{"Fri":{"from":"10:00","to":"11:00"}}',
      'The options have an unknown key in "window.hours": "Fri". Did you mean "fri"?',
    ],
    [
      '"hours":{"fri":{"from":"10:00","to":"11:00","zone":"x"}}',
      'The options have an unknown key in "window.hours.fri": "zone". Known are from, to.',
    ],
    [
      '"hours":{"__proto__":{"from":"10:00","to":"11:00"}}',
      'The options have an unknown key in "window.hours": "__proto__".',
    ],
  ])("in a window, %s", (window, reason) => {
    expect(refusal(hours(window))).toBe(reason);
  });

  test("several unknown keys are all named", () => {
    expect(refusal('{"mesage":1,"foo":2}')).toMatch(/^The options have unknown keys: "mesage", "foo"\. Known are /);
    expect(refusal('{"foo":1,"bar":2}')).toMatch(/^The options have unknown keys: "foo", "bar"\. Known are message, /);
  });
});

describe("JSON that cannot be read is shown by its place", () => {
  test.each([
    ["hello", 1, 1],
    ['{"message":"a",}', 1, 16],
    ['{"message":"a" "b":1}', 1, 16],
    ["{message:1}", 1, 2],
    ['{"maxSegments":tru}', 1, 19],
    ['{"message":\n "a\nb"}', 2, 4],
    ['{"message":"a"', 1, 15],
    ['{"message":"a"}}', 1, 16],
    ["{'message':1}", 1, 2],
  ])("%j: line %i, character %i", (text, line, character) => {
    expect(refusal(text)).toContain(`The options are not valid JSON: look at line ${line}, character ${character}.`);
  });

  test.each([
    ["{“message”: “Hi”}", 'It has “ or ” where JSON needs ", as word processors write them'],
    ["{'message':1}", "It has ' where JSON needs \""],
    ['{"message":"a",}', "It has a comma after the last entry"],
    ['{"message":"a"}\n// mine', "It has a comment"],
    ['{"message":"a // b" /* mine */}', "It has a comment"],
    ['{\n"message":"a"\n"country":"GB"}', "A comma between two entries is missing"],
    ["{message:1}", "A name is not in quotation marks"],
    ['"skipWhere": {"column":"SMS opt-in","is":["no"]}', "The braces around it are missing"],
    ['\n"message": "Hi",\n"country": "GB",', "The braces around it are missing"],
    ["message: Hi", "The braces around it are missing"],
    ['{"message":"Hi"}\n"skipWhere": {"column":"a","is":["no"]}', "An entry stands after the last }"],
    ['{"window":{"hours":{"mon":{}}}}, "country": "GB"', "An entry stands after the last }"],
    ['{"message":"He said "hi" to me"}', 'A quotation mark inside a text is written \\".'],
    ['{"message":\n "a\nb"}', "A text goes on over the end of its line"],
    ['{"maxSegments":None}', "JSON writes true, false and null"],
  ])("%j: the usual mistake is named", (text, cause) => {
    expect(refusal(text)).toContain(cause);
  });

  test("what stands inside a text is no mistake", () => {
    expect(refusal(`{"message":"“Hi” // it’s, }" 5`)).toMatch(/character \d+\.$/);
  });

  test("no text makes it throw or repeats the text", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 60 }), (text) => {
        expect(["options", "refused"]).toContain(readOptions(text).kind);
      }),
    );
    expect(refusal('{"message": "call +447700900001 now}')).not.toContain("7700");
  });
});

test.each([
  ['{"message": "First", "snumber": "1", "message": "Second"}', '"message"'],
  [String.raw`{"message": "a", "mess\u0061ge": "b"}`, '"message"'],
  ['{"window": {"from": "09:00", "to": "18:00", "timezone": "UTC", "to" : "20:00"}}', '"to"'],
])("%s is refused: nobody can tell which is meant", (text, name) => {
  expect(readOptions(text)).toEqual({
    kind: "refused",
    reason: `The options have ${name} twice. Remove the one that is not meant.`,
  });
});

test("the same name in two objects, or in a text, is not there twice", () => {
  const text = String.raw`{"message": "{\"message\": \"message\": }", "columns": {"message": "to"}}`;
  expect(readOptions(text)).toMatchObject({ kind: "options" });
  expect(readOptions('{"columns": {"message": "to"}, "message": "Hi"}')).toMatchObject({ kind: "options" });
});

test("a window excepts so many dates, and no more", () => {
  const excepting = (count: number) => {
    const except = Array.from({ length: count }, (_, at) =>
      new Date(Date.UTC(2026, 0, 1 + at)).toISOString().slice(0, 10),
    );
    return readOptions(JSON.stringify({ window: { from: "09:00", to: "17:00", timezone: "UTC", except } }));
  };
  expect(excepting(bounds.exceptDates).kind).toBe("options");
  expect(excepting(bounds.exceptDates + 1)).toMatchObject({
    kind: "refused",
    reason: `The option "window.except" must have at most ${bounds.exceptDates} entries.`,
  });
});

test.each([
  '{"sendAfter":"2026-03-01T10:00:00Z"}',
  '{"sendBefore":"2026-03-01T10:00:00Z"}',
  '{"sendAfter":"2026-03-01T10:00:00Z","sendBefore":"2026-03-01T11:00:01+01:00"}',
  '{"snumber":" "}',
])("%s may be what is meant", (text) => {
  expect(readOptions(text)).toEqual({ kind: "options", options: JSON.parse(text) });
});

test("options of 256 KiB are read, and larger ones are not", () => {
  const [before, behind] = ['{"message":"', '"}'];
  const text = (bytes: number) => before + "é".repeat((bytes - before.length - behind.length) / 2) + behind;
  expect(readOptions(text(256 * 1024)).kind).toBe("options");
  expect(refusal(text(256 * 1024 + 2))).toContain("The options are larger than 256 KiB");
});
