import { IncomingMessage } from "node:http";
import { Socket } from "node:net";
import { describe, expect, test } from "vitest";
import { checkReadConditions, checkWriteConditions, rangeOf } from "../../../infra/local/s3/conditions.ts";
import { deleteMarker } from "../../../infra/local/s3/lifecycle.ts";

const requestWith = (headers: Readonly<Record<string, string>>) =>
  Object.assign(new IncomingMessage(new Socket()), { headers });

const stored = { versionId: "1", etag: "abc", size: 10, modifiedAt: 0, headers: {}, parts: [] };
const deleted = deleteMarker("2", 0);

describe("a range", () => {
  test.each([
    ["bytes=0-3", { start: 0, end: 3 }],
    ["bytes=9-9", { start: 9, end: 9 }],
    ["bytes=4-", { start: 4, end: 9 }],
    ["bytes=4-10", { start: 4, end: 9 }],
    ["bytes=-3", { start: 7, end: 9 }],
    ["bytes=-30", { start: 0, end: 9 }],
    ["bytes=-", undefined],
    ["lines=1-2", undefined],
  ])("%s of ten bytes is %j", (range, expected) => {
    expect(rangeOf(requestWith({ range }), 10)).toEqual(expected);
  });

  test("behind the end does not exist", () => {
    expect(() => rangeOf(requestWith({ range: "bytes=10-" }), 10)).toThrow("not satisfiable");
    expect(() => rangeOf(requestWith({ range: "bytes=0-" }), 0)).toThrow("not satisfiable");
  });
});

describe("a condition", () => {
  test("to write where there is nothing holds under a delete marker", () => {
    const absent = requestWith({ "if-none-match": "*" });
    for (const current of [undefined, deleted]) expect(() => checkWriteConditions(absent, current)).not.toThrow();
    expect(() => checkWriteConditions(absent, stored)).toThrow("pre-conditions");
  });

  test("to replace what was read holds for that tag alone, and for nothing that is gone", () => {
    expect(() => checkWriteConditions(requestWith({ "if-match": '"abc"' }), stored)).not.toThrow();
    expect(() => checkWriteConditions(requestWith({ "if-match": '"abd"' }), stored)).toThrow("pre-conditions");
    for (const current of [undefined, deleted]) {
      expect(() => checkWriteConditions(requestWith({ "if-match": '"abc"' }), current)).toThrow("does not exist");
    }
  });

  test("to read takes any of several tags, weak ones too", () => {
    const read = (headers: Readonly<Record<string, string>>) => () =>
      checkReadConditions(requestWith(headers), stored, {});
    expect(read({ "if-match": 'W/"x", "abc"' })).not.toThrow();
    expect(read({ "if-match": '"x"' })).toThrow("pre-conditions");
    expect(read({ "if-none-match": '"x", W/"abc"' })).toThrow("Not modified");
    expect(read({ "if-none-match": "*" })).toThrow("Not modified");
    expect(read({ "if-none-match": '"x"' })).not.toThrow();
  });
});
