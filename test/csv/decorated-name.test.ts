import { describe, expect, test } from "vitest";
import { plainName, undecorated } from "../../shared/csv/decorated-name.ts";

describe("a column's name is found", () => {
  test.each([
    ["Phone", "Phone", []],
    ["2. Phone", "Phone", []],
    ["12) Phone", "Phone", []],
    ["Q3: Phone", "Phone", []],
    ["[Q3] Phone", "Phone", []],
    ["question 4. Phone", "Phone", []],
    ["b) Phone", "Phone", []],
    ["* Phone *", "Phone", []],
    ["Ｐｈｏｎｅ", "Phone", []],
    ["Phone 2", "Phone", []],
    ["Phone #2", "Phone", []],
    ["Phone_12", "Phone", []],
    ["Phone2", "Phone", []],
    ["Phone 123", "Phone 123", []],
    ["Phone (mobile)", "Phone", ["mobile"]],
    ["Phone [mobile] (work)", "Phone", ["mobile", "work"]],
    ["(Phone)", "(Phone)", []],
    ["Phone - mobile", "Phone", ["mobile"]],
    ["Phone-mobile", "Phone-mobile", []],
    ["Phone: mobile", "Phone", ["mobile"]],
    ["Phone +44", "Phone", ["+44"]],
    ["Phone in UK", "Phone", ["UK"]],
    ["Phone with country code", "Phone", ["country code"]],
    ["Telefon mit Vorwahl", "Telefon", ["Vorwahl"]],
    ["Téléphone avec indicatif", "Téléphone", ["indicatif"]],
    ["What is your phone?", "phone", []],
    ["Please enter your mobile number", "mobile number", []],
    ["Customer's phone", "phone", []],
    ["Ihre Telefonnummer", "Telefonnummer", []],
    ["Votre portable", "portable", []],
    ["Theme", "Theme", []],
    ["Submitted", "Submitted", []],
  ])("in %j", (written, name, remarks) => {
    expect(plainName(written)).toEqual({ name, remarks });
  });
});

test.each([
  ["3. Message *", "Message"],
  ["3.5 Message", "5 Message"],
  ["  Text:  ", "Text"],
  ["2nd phone", "2nd phone"],
  ["", ""],
  ["***", ""],
])("without numbering and marks, %j is %j", (written, plain) => {
  expect(undecorated(written)).toBe(plain);
});

test("of a very long name only the beginning is looked at", () => {
  expect(undecorated(`Phone${" x".repeat(100_000)}`).length).toBeLessThanOrEqual(100);
  expect(plainName(`What is the best mobile number that we can use to reach you by text message (required)`)).toEqual({
    name: "mobile number that we can use to reach you by text message",
    remarks: ["required"],
  });
});
