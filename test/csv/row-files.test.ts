import { describe, expect, test } from "vitest";
import { bounds } from "../../shared/bounds.ts";
import { attachmentKey, type FindAttachment, readFiles } from "../../shared/csv/row-files.ts";

const columns = [
  { number: 1, file: 0, filename: 1, attachment: 2 },
  { number: 2, file: 3, filename: 4, attachment: 5 },
];
const sizes: Readonly<Record<string, number>> = {
  "a.pdf": 10,
  "half.jpg": 512 * 1024,
  "more.jpg": 512 * 1024 + 1,
  "sub/b.pdf": 5,
};
const find: FindAttachment = (key) => {
  const size = sizes[key.replace(/^attachments\//, "")];
  return size === undefined ? undefined : { size };
};
const base64 = (bytes: number) => Buffer.alloc(bytes, 1).toString("base64");

/** The files of a row with these cells, or why there are none. */
const read = (cells: readonly string[], look = find) => {
  const files = readFiles(columns, cells, look);
  return files.kind === "files" ? files.files : `${files.problem}: ${files.example ?? ""}`;
};

describe("a row's files", () => {
  test.each([
    ["none", [], []],
    ["blank cells", [" ", "", "\t"], []],
    ["one of its own", ["QUJD", "a.txt"], [{ filename: "a.txt", base64: "QUJD" }]],
    ["one in lines", [" QU\r\nJD ", " a.txt "], [{ filename: "a.txt", base64: "QUJD" }]],
    ["one that is filled up", ["QUI=", "a"], [{ filename: "a", base64: "QUI=" }]],
    ["one that is filled up twice", ["QQ==", "a"], [{ filename: "a", base64: "QQ==" }]],
    ["an attachment", ["", "", "a.pdf"], [{ filename: "a.pdf", attachment: "attachments/a.pdf" }]],
    [
      "one with its folder",
      ["", "", "attachments/sub/b.pdf"],
      [{ filename: "b.pdf", attachment: "attachments/sub/b.pdf" }],
    ],
    ["one with a name", ["", "Offer.pdf", "a.pdf"], [{ filename: "Offer.pdf", attachment: "attachments/a.pdf" }]],
    [
      "both kinds",
      ["QUJD", "a.txt", "", "", "", "a.pdf"],
      [
        { filename: "a.txt", base64: "QUJD" },
        { filename: "a.pdf", attachment: "attachments/a.pdf" },
      ],
    ],
    [
      "a MiB of attachments",
      ["", "", "half.jpg", "", "", "half.jpg"],
      Array(2).fill({ filename: "half.jpg", attachment: "attachments/half.jpg" }),
    ],
  ])("may be %s", (_, cells, files) => {
    expect(read(cells)).toEqual(files);
  });

  test.each([
    [["QUJD", "a", "a.pdf"], "The row has both a file1 and an attachment1"],
    [["", "", "", "QUJD", "a", "a.pdf"], "The row has both a file2 and an attachment2"],
    [["QUJ", "a"], "The cell file1 is not base64"],
    [["QUJD=", "a"], "The cell file1 is not base64"],
    [["QU_D", "a"], "The cell file1 is not base64"],
    [["QUJD"], "The row has a file1 but no filename1"],
    [["", "a.txt"], "The row has a filename1 but no file"],
    [["QUJD", "#N/A"], "A spreadsheet's error or formula stands in place of the name of file 1"],
    [["", "=A1", "a.pdf"], "A spreadsheet's error or formula stands in place of the name of file 1"],
    [["", "", "lost.pdf"], "There is no such object under attachments/"],
    [["", "", "../a.pdf"], "There is no such object under attachments/"],
    [["", "", "attachments/"], "There is no such object under attachments/"],
    [["", "", "half.jpg", "", "", "more.jpg"], "The row's attachments are larger than 1 MiB together"],
    [["QUJD", "x".repeat(bounds.fileName + 1)], `The filename1 is longer than ${bounds.fileName} characters`],
  ])("cannot be sent as %j", (cells, problem) => {
    expect(read(cells)).toContain(problem);
  });

  test("are as long as their names and cells may be", () => {
    expect(read(["QUJD", "x".repeat(bounds.fileName)])).toHaveLength(1);
    const half = base64(9 * 1024);
    expect(read([half, "a", "", half, "b"])).toHaveLength(2);
    expect(read([half, "a", "", base64(9 * 1024 + 1), "b"])).toMatch(/24 KiB|24,576|attachments/);
    expect(read([base64(18 * 1024 + 1), "a"])).toContain("attachments/");
  });

  test("are taken as they are where nobody can look, and in the version that was found", () => {
    expect(read(["", "", "lost.pdf"], () => "unjudged")).toEqual([
      { filename: "lost.pdf", attachment: "attachments/lost.pdf" },
    ]);
    expect(read(["", "", "a.pdf"], () => ({ size: 1, version: "v2" }))).toEqual([
      { filename: "a.pdf", attachment: "attachments/a.pdf", version: "v2" },
    ]);
    expect(read(["", "", "../a.pdf"], () => "unjudged")).toContain("no such object");
    expect(read(["", "", "=A1"], () => ({ size: 1 }))).toContain("error or formula");
  });
});

test.each([
  ["a.pdf", "attachments/a.pdf"],
  [" attachments/a b.pdf ", "attachments/a b.pdf"],
  ["sub/.a.pdf", "attachments/sub/.a.pdf"],
  ["...", "attachments/..."],
  ["", undefined],
  ["  ", undefined],
  ["attachments/", undefined],
  ["/a.pdf", ""],
  ["a\\b.pdf", ""],
  ["./a.pdf", ""],
  ["../a.pdf", ""],
  ["a/../b.pdf", ""],
  ["a//b.pdf", ""],
  ["a/", ""],
  ["a/..", ""],
])("%j names the object %j", (cell, key) => {
  expect(attachmentKey(cell)).toBe(key);
});
