import { expect, test } from "vitest";
import {
  isKnownName,
  isTextAlias,
  type Meaning,
  mappableMeaning,
  meaningByName,
  reportMeaning,
} from "../../shared/csv/column-meaning.ts";
import { columnKey } from "../../shared/csv/column-name.ts";
import { sendColumns } from "../../shared/csv/send-columns.ts";

test.each<[Meaning["kind"], string]>([
  ["cnumber", "cnumber to phone phone_number mobile msisdn recipient"],
  ["message", "message text body"],
  ["snumber", "snumber sender sender_number"],
])("a column is %s by each of the agreed names, in any header: %s", (kind, names) => {
  for (const name of names.split(" ")) {
    expect(meaningByName(columnKey(name), false), name).toEqual({ kind });
    expect(isKnownName(name.toUpperCase()), name).toBe(true);
  }
});

test("the API's own parameters are known in a header that speaks its language alone", () => {
  for (const [name, kind] of [
    ["stype", "stype"],
    ["customer", "customer"],
    ["from", "snumber"],
  ] as const) {
    expect(meaningByName(name, true)).toEqual({ kind });
    expect(meaningByName(name, false)).toBeUndefined();
    expect(isKnownName(name)).toBe(false);
  }
});

test("files are known by their number, and a report's columns by their names", () => {
  expect(meaningByName("file12", false)).toEqual({ kind: "file", number: 12 });
  expect(meaningByName("file0", false)).toBeUndefined();
  expect(["filename1", "Attachment 2", "file", "name"].map(isKnownName)).toEqual([true, true, false, false]);
  for (const name of sendColumns) expect(isKnownName(name), name).toBe(true);
  const kinds = sendColumns.map((name) => reportMeaning(columnKey(name))?.kind);
  expect(new Set(kinds)).toEqual(new Set(["send_status", "earlier-report", "send_detail"]));
  expect(reportMeaning("name")).toBeUndefined();
});

test("the options may say of each parameter which column it is", () => {
  for (const kind of ["cnumber", "message", "snumber", "stype", "customer", "country", "timezone"]) {
    expect(mappableMeaning(kind)).toEqual({ kind });
  }
  expect(mappableMeaning("callingcode")).toEqual({ kind: "callingCode" });
  expect(mappableMeaning("sendstatus")).toEqual({ kind: "send_status" });
  expect(mappableMeaning("attachment3")).toEqual({ kind: "attachment", number: 3 });
  expect(mappableMeaning("name")).toBeUndefined();
});

test("a text by another name than its own gives way to the options' text", () => {
  expect(["message", "text", "body", "name"].map(isTextAlias)).toEqual([false, true, true, false]);
});
