import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { Options } from "../../shared/campaign/options.ts";
import { type Judged, type JudgedRow, judgeCsv } from "../../shared/csv/judge-csv.ts";
import { inMemory, row, type WrittenParts, type WrittenSheet, workbook } from "../support/workbook.ts";
import { describeRow, describeWarning } from "./judged-csv.ts";

async function judged(bytes: Uint8Array, options: Options = {}) {
  const rows: JudgedRow[] = [];
  let last: Judged | undefined;
  for await (const event of judgeCsv(inMemory(bytes), { options: { snumber: "1", ...options }, defaults: {} })) {
    if (event.kind === "rows") rows.push(...event.rows);
    last = event;
  }
  if (last?.kind !== "end" && last?.kind !== "refused") throw new Error("There was no last event.");
  return { rows: rows.map(describeRow), cells: rows.map(({ cells }) => cells), last };
}

const list = (rows: string, more: Partial<WrittenSheet> = {}, parts?: WrittenParts) =>
  workbook([{ name: "List", rows, ...more }], parts);

describe("a workbook as a list", () => {
  it("is judged like a CSV: by the first row that is not empty, each row at the line that its sheet shows", async () => {
    const bytes = list(
      row(3, [undefined, "phone", "text", "note"]) +
        row(4, [undefined, 447700900001, "Hi Ann", "x"]) +
        row(5, ["", " "]) +
        row(6, [undefined, "447700900002", "Hi Bob"]),
    );
    const { rows, cells, last } = await judged(bytes, { columns: { cnumber: "phone" } });
    if (last.kind === "refused") {
      // Where a column without a name is still refused.
      expect(last.reason).toContain("Column 1");
      return;
    }
    expect(rows).toEqual([
      'row 1 line 4 send 447700900001: "Hi Ann" (1)',
      'row 2 line 6 send 447700900002: "Hi Bob" (1)',
    ]);
    expect(cells[1]).toEqual(["", "447700900002", "Hi Bob", ""]);
  });

  it("has the digest of its bytes, and a dialect that its report can be written in", async () => {
    const bytes = list(row(1, ["phone", "text"]) + row(2, [447700900001, "Hi"]));
    expect((await judged(bytes)).last).toMatchObject({
      kind: "end",
      digest: createHash("sha256").update(bytes).digest("hex"),
      dialect: { encoding: "utf-8", guessed: false, samples: [], delimiter: ",", sheet: "List" },
      warnings: [],
    });
  });

  it("fills the empty cells at a row's end, which no spreadsheet stores", async () => {
    const bytes = list(row(1, ["phone", "text", "note"]) + row(2, [447700900001, "Hi"]));
    const { rows, cells } = await judged(bytes);
    expect(rows).toEqual(['row 1 line 2 send 447700900001: "Hi" (1)']);
    expect(cells).toEqual([["447700900001", "Hi", ""]]);
  });

  it("finds control characters, which are stored in a way of their own", async () => {
    const bytes = list(row(1, ["phone", "text"]) + row(2, [447700900001, "Hi_x0007_"]) + row(3, [447700900002, "Hi"]));
    const { rows } = await judged(bytes);
    expect(rows[0]).toMatch(/^row 1 line 2 invalid: .*control/);
    expect(rows[1]).toMatch(/send/);
  });

  it("finds halves of characters, which would be sent as others", async () => {
    const rows =
      row(1, ["phone", "text"]) + row(2, [447700900001, "Hi _xD83D_"]) + row(3, [447700900002, "_xD83D__xDC4B_"]);
    const { rows: judgedRows } = await judged(list(rows));
    expect(judgedRows[0]).toMatch(/^row 1 line 2 invalid: .*damaged/);
    expect(judgedRows[1]).toBe('row 2 line 3 send 447700900002: "👋" (1)');
  });

  it("says what was left out, filled in or understood in one way of several", async () => {
    const rows = [
      row(1, ["phone", "text", "due", "secret"]),
      row(2, [447700900001, "Hi", '<c r="C2" s="1"><v>46095</v></c>', "pin"]),
      row(3, [447700900002, undefined, '<c r="C3"><f>1+1</f></c>']),
      row(4, [447700900003, "Hi"], 'hidden="1"'),
    ].join("");
    const sheets = [
      {
        name: "List",
        rows,
        before: '<cols><col min="4" max="4" hidden="1"/></cols>',
        after: '<mergeCells><mergeCell ref="B2:B3"/></mergeCells>',
      },
      { name: "Notes", rows: row(1, ["x"]) },
      { name: "Old", state: "hidden" as const, rows: row(1, ["x"]) },
    ];
    const { last } = await judged(workbook(sheets, { formats: [14] }), { country: "GB" });
    if (last.kind !== "end") throw new Error(last.reason);
    expect(last.warnings.map(describeWarning)).toEqual(
      [
        /^hidden-columns \(1\) in 1: .* e\.g\. D: secret$/,
        /^dates-by-country \(1\) in 2: .* in GB .* e\.g\. 14\/03\/2026$/,
        /^formula-without-result \(1\) in 3: /,
        /^merged-cells \(1\) in 3: /,
        /^hidden-rows \(1\) in 4: /,
        /^other-sheets: .*"Notes", "Old \(hidden\)"/,
      ].map((pattern) => expect.stringMatching(pattern)),
    );
  });

  it("is read from the sheet that the options name", async () => {
    const sheet = (name: string, phone: number) => ({ name, rows: row(1, ["phone", "text"]) + row(2, [phone, "Hi"]) });
    const bytes = workbook([sheet("May", 447700900001), sheet("June", 447700900002)]);
    expect((await judged(bytes)).rows[0]).toContain("447700900001");
    expect((await judged(bytes, { sheet: "june" })).rows[0]).toContain("447700900002");
    expect((await judged(bytes, { sheet: "July" })).last).toMatchObject({
      kind: "refused",
      reason: expect.stringContaining('it has "May", "June"'),
    });
  });

  it.each([
    ["%PDF-1.7\n", "The name ends in .xlsx, but this is a PDF. Upload the list of numbers as a CSV."],
    ["<html><body>", /^The name ends in \.xlsx, but this is an HTML page, as some programs write it/],
    ["phone,name\n1,Ann\n", /^The name ends in \.xlsx, but this is a text file, no Excel workbook/],
  ])("that only has the name of one is refused by what it is: %j", async (content, reason) => {
    const events = await Array.fromAsync(judgeCsv(inMemory(Buffer.from(content)), { options: {}, defaults: {} }));
    expect(events).toEqual([expect.objectContaining({ kind: "refused", reason: expect.stringMatching(reason) })]);
  });

  it("with column names and no rows, or no workbook at all, is refused", async () => {
    const reason = async (bytes: Uint8Array) => (await judged(bytes)).last;
    expect(await reason(list(row(1, ["phone", "text"])))).toMatchObject({ reason: expect.stringContaining("no rows") });
    expect(await reason(Buffer.from("phone,text"))).toMatchObject({ reason: expect.stringContaining("text file") });
  });

  it("names a hidden column, and the other sheets, where the list lacks its numbers", async () => {
    const hidden = { before: '<cols><col min="2" max="2" hidden="1"/></cols>' };
    const rows = row(1, ["Name", "Phone", "City"]) + row(2, ["Ann", 447700900001, "Hull"]);
    const sheets = [
      { name: "Cover", rows, ...hidden },
      { name: "People", rows: row(1, ["phone"]) + row(2, [447700900001]) },
      { name: "Old", state: "hidden" as const, rows: row(1, ["x"]) },
    ];
    expect((await judged(workbook(sheets), { message: "Hi" })).last).toMatchObject({
      kind: "refused",
      reason: expect.stringMatching(
        /^No column holds the phone numbers: .* Columns that are hidden in the sheet are left out: "Phone" \(column B\)\. If one of them is needed, unhide it and save the workbook\. Only the sheet "Cover" was read; the workbook also has "People"\. To read another one, name it in the options, such as "sheet": "People"\.$/,
      ),
    });
    expect((await judged(workbook(sheets), { message: "Hi", sheet: "People" })).last).toMatchObject({ kind: "end" });
  });

  it("names a hidden column that the text needs, but not where nothing is hidden", async () => {
    const rows = row(1, ["phone", "First name"]) + row(2, [447700900001, "Ann"]);
    const hidden = await judged(list(rows, { before: '<cols><col min="2" max="2" hidden="1"/></cols>' }), {
      message: "Hi {{First name}}",
    });
    expect(hidden.last).toMatchObject({ reason: expect.stringContaining('left out: "First name" (column B).') });
    const lacking = await judged(list(rows), { message: "Hi {{Town}}" });
    expect(lacking.last).toMatchObject({ reason: expect.not.stringContaining("left out") });
  });

  it("says that all rows are hidden where only names are left", async () => {
    const { last } = await judged(list(row(1, ["phone", "text"]) + row(2, [447700900001, "Hi"], 'hidden="1"')));
    expect(last).toMatchObject({
      reason: expect.stringMatching(/^The file has column names but no rows\. Rows that are hidden/),
    });
  });

  it("leaves cells beyond the last name aside, and says so", async () => {
    const { rows, last } = await judged(
      list(
        row(1, ["phone", "text"]) +
          row(2, [447700900001, "Hi", undefined, " a note"]) +
          row(3, [447700900002, "Hi", "x"]),
      ),
    );
    expect(rows).toEqual(['row 1 line 2 send 447700900001: "Hi" (1)', 'row 2 line 3 send 447700900002: "Hi" (1)']);
    if (last.kind !== "end") throw new Error(last.reason);
    expect(last.warnings.map(describeWarning)).toEqual([
      expect.stringMatching(/^nameless-cells \(2\) in 2, 3: .* e\.g\. "a note"; "x"$/),
    ]);
  });
});
