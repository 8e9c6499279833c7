import { describe, expect, test } from "vitest";
import { bounds } from "../../shared/bounds.ts";
import type { Defaults, Options } from "../../shared/campaign/options.ts";
import { readColumns } from "../../shared/csv/columns.ts";
import { createRowSenders } from "../../shared/csv/row-sender.ts";

/** Who sends a row of a list with this header, or why nobody does. */
function senderOf(header: string, cells: readonly string[], options: Options = {}, defaults: Defaults = {}) {
  const columns = readColumns(header.split(","));
  if (columns.kind === "refused") throw new Error(columns.reason);
  const senders = createRowSenders(columns.columns, options, defaults);
  if (senders.kind === "refused") return [senders.lacks, senders.reason];
  const sender = senders.read(cells);
  if (sender.kind === "invalid") return `${sender.problem}: ${sender.example ?? ""}`;
  const { snumber, stype, customer, own } = sender;
  return { snumber, stype, customer, own };
}

const header = "cnumber,snumber,stype,customer";

describe("who sends a row", () => {
  test.each([
    ["1", "2", "1"],
    ["1", undefined, "1"],
    [undefined, "2", "2"],
    [" ", "2", "2"],
    ["", "2", "2"],
  ])("is the options' %j rather than the stack's %j", (snumber, stack, from) => {
    expect(senderOf("phone", ["07700900001"], { snumber }, { snumber: stack })).toEqual({
      snumber: from,
      stype: "",
      customer: undefined,
      own: undefined,
    });
  });

  test("must be said by somebody", () => {
    for (const nobody of [undefined, "", " "]) {
      expect(senderOf("phone", ["1"], { snumber: nobody }, { snumber: nobody })).toEqual([
        "snumber",
        expect.stringContaining("Nothing says which number to send from"),
      ]);
    }
    expect(senderOf("phone,sender", ["1", " "])).toContain("The row has no number to send from");
    expect(senderOf("phone,sender", ["1", "2"])).toEqual({
      snumber: "2",
      stype: "",
      customer: undefined,
      own: ["snumber"],
    });
  });

  test.each([
    [["1", "5", "PHONE", "7"], { snumber: "5", stype: "phone", customer: "7", own: ["snumber", "stype", "customer"] }],
    [["1", "", "", ""], { snumber: "2", stype: "phone", customer: "8", own: undefined }],
    [["1"], { snumber: "2", stype: "phone", customer: "8", own: undefined }],
    [["1", "", "", "7"], { snumber: "2", stype: "phone", customer: "7", own: ["customer"] }],
    [["1", ' =" 5 "', "", ""], { snumber: "5", stype: "phone", customer: "8", own: ["snumber"] }],
    [["1", '="5"', "", ""], { snumber: "5", stype: "phone", customer: "8", own: ["snumber"] }],
  ])("is what the row's own cells say, of %j, and else what the options say", (cells, sender) => {
    expect(senderOf(header, cells, { snumber: "2", stype: "phone", customer: "8" }, { customer: "9" })).toEqual(sender);
  });

  test("is what a single cell says", () => {
    expect(senderOf("cnumber,stype", ["1", "phone"], { snumber: "2" })).toMatchObject({
      stype: "phone",
      own: ["stype"],
    });
    expect(senderOf("cnumber,customer", ["1", "7"], { snumber: "2" })).toMatchObject({
      customer: "7",
      own: ["customer"],
    });
  });

  test("is of the type and customer that the options say, and else the stack", () => {
    const stack = { snumber: "3", stype: "phone", customer: "9" } as const;
    for (const list of ["phone", header]) {
      expect(senderOf(list, ["1"], {}, stack)).toMatchObject({ snumber: "3", stype: "phone", customer: "9" });
      expect(senderOf(list, ["1"], { stype: "", customer: "8" }, stack)).toMatchObject({ stype: "", customer: "8" });
      expect(senderOf(list, ["1"], { snumber: "2" }, {})).toMatchObject({ stype: "", customer: undefined });
    }
  });

  test.each([
    ["#N/A", "", "", "a spreadsheet's error in place of the number to send from"],
    ["=B2", "", "", "a spreadsheet's formula in place of the number to send from"],
    ["null", "", "", "The number to send from is missing"],
    ["<b>", "", "", "The number to send from is not one"],
    ["5", "mobile", "", 'stype must be "phone"'],
    ["5", "", "Ann", "customer must be a customer's number"],
    ["5", "", "1".repeat(bounds.customer + 1), "customer must be a customer's number"],
  ])("is nobody where the cells say %j, %j, %j", (snumber, stype, customer, problem) => {
    expect(senderOf(header, ["1", snumber, stype, customer], { snumber: "2" })).toContain(problem);
  });

  test("may be a customer's number of some length", () => {
    expect(senderOf(header, ["1", "5", "", "1".repeat(bounds.customer)])).toMatchObject({ snumber: "5" });
  });
});
