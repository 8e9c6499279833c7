import { expect, test } from "vitest";
import { detectLayout, rowEndings } from "../../shared/csv/detect-layout.ts";

const isKnown = (name: string) => ["phone", "message"].includes(name);

test.each([
  ["phone,name\n1,2\n", ",", "\n", 0],
  ["phone;name\r\n", ";", "\r\n", 0],
  ["phone\tname\r", "\t", "\r", 0],
  ["phone|name", "|", undefined, 0],
  ["phone\n", ",", "\n", 0],
  ["", ",", undefined, 0],
  ["a;b,c;d\n", ";", "\n", 0],
  ["a,b;c\n", ",", "\n", 0],
  ["a;b\n", ";", "\n", 0],
  ['phone;name\n1;"cut', ";", "\n", 0],
  ["phone;a,b,c,d\n", ";", "\n", 0],
  ["x,phone,message;y;z;a\n", ",", "\n", 0],
  ["phone;x,message|phone\n", ";", "\n", 0],
  ['"a;b;c",phone\n', ",", "\n", 0],
  ['na"me;phone\n', ";", "\n", 0],
  ['"phone;name\n', ",", "\n", 0],
  ["\n;;\nphone;name\n", ";", "\n", 0],
  ["name;phone\r1,2,3,4\r", ";", "\r", 0],
  ["sep=;\nphone,message\n", ";", "\n", 6],
  ['"sep=|"\r\nphone,message', "|", "\r\n", 9],
  ["SEP=^\nphone,message\n", "^", "\n", 6],
  ["sep=\t", "\t", undefined, 5],
  ["sep=a\nphone;message\n", ",", "\n", 0],
  ["sep=;;\nphone,message\n", ";", "\n", 0],
])("%j is cut at %j, and its lines end in %j", (head, delimiter, lineEnding, hintLength) => {
  expect(detectLayout(head, isKnown)).toEqual({ delimiter, lineEnding, hintLength });
});

test("a carriage return alone ends rows only where lines end so", () => {
  expect(rowEndings("\r")).toEqual(["\r\n", "\n", "\r"]);
  for (const ending of ["\n", "\r\n", undefined]) expect(rowEndings(ending)).toEqual(["\r\n", "\n"]);
});
