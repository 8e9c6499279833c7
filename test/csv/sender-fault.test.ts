import { describe, expect, it } from "vitest";
import { readOptions } from "../../shared/csv/read-options.ts";
import { senderFault } from "../../shared/csv/sender-fault.ts";
import { judgedCsv } from "./judged-csv.ts";

const senders = [
  "01632960000",
  "+44 (0)1632 960000",
  "0049-30/123456",
  "442079460000",
  "100",
  "Front desk",
  "Müller & Söhne",
  "Зубной врач",
  "sip:front.desk@pbx.example.com",
  "*100#",
  "1".repeat(64),
];

const none = [
  ["<script>", "no-sender"],
  ["<b>100</b>", "no-sender"],
  ["{{sender}}", "no-sender"],
  ["[object Object]", "no-sender"],
  ["100\n200", "no-sender"],
  ["☎", "no-sender"],
  ["+-()", "no-sender"],
  ["=A1", "formula"],
  ["#REF!", "error"],
  ["null", "nothing"],
  ["4.42E+11", "no-sender"],
  ["442079460000.0", "no-sender"],
  ["1".repeat(65), "no-sender"],
] as const;

describe("a number, line or name to send from", () => {
  it.each(senders)("may be %j, in the options as in a cell", async (snumber) => {
    expect(senderFault(snumber)).toBeUndefined();
    expect(readOptions(JSON.stringify({ snumber }))).toEqual({ kind: "options", options: { snumber } });
    expect(await judgedRow(snumber)).toBe("send");
  });

  it.each(none)("is not %j", async (snumber, fault) => {
    expect(senderFault(snumber)).toBe(fault);
    const read = readOptions(JSON.stringify({ snumber }));
    expect(read).toMatchObject({ kind: "refused", reason: expect.stringContaining('The option "snumber"') });
    expect(await judgedRow(snumber)).toBe("invalid");
  });

  it.each(['"100"', "100\u202e"])(
    "is %j without what exports wrap around cells, which options do not have",
    async (snumber) => {
      expect(readOptions(JSON.stringify({ snumber }))).toMatchObject({ kind: "refused" });
      expect(await judgedRow(snumber)).toBe("send");
    },
  );

  it("may be left to the stack by an empty option", () => {
    expect(readOptions('{"snumber": " "}')).toMatchObject({ kind: "options" });
  });
});

async function judgedRow(snumber: string) {
  const cell = `"${snumber.replaceAll('"', '""')}"`;
  const { rows } = await judgedCsv(`phone,sender,message\n+447700900001,${cell},Hi\n`, {});
  return rows[0]?.verdict.kind;
}
