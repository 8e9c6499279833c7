import { expect, test } from "vitest";
import { elementsOf, writeXml } from "../../../infra/local/gateway/xml.ts";

test("objects become elements: lists repeat them, undefined leaves them out, @ makes attributes", () => {
  expect(
    writeXml({
      List: {
        "@xmlns": "urn:a&b",
        Name: "x",
        Missing: undefined,
        Count: 0,
        Last: false,
        Item: [{ Key: 1 }, { Key: 2 }],
        Nothing: [],
      },
    }),
  ).toBe(
    '<List xmlns="urn:a&amp;b"><Name>x</Name><Count>0</Count><Last>false</Last><Item><Key>1</Key></Item><Item><Key>2</Key></Item></List>',
  );
});

test("an element without children is empty, not left out", () => {
  expect(writeXml({ Outputs: { member: [] }, Location: "" })).toBe("<Outputs></Outputs><Location></Location>");
});

test.each(["<&>\"'", "a\r\nb\u0001", "日本 😀", "&amp;"])("the text %j survives writing and reading", (text) => {
  expect(elementsOf(writeXml({ Key: text }), "Key")).toEqual([text]);
});
