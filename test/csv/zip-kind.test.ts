import { expect, test } from "vitest";
import { zipReason } from "../../shared/csv/zip-kind.ts";
import { row, workbook } from "../support/workbook.ts";
import { zip } from "../support/zip.ts";

test("an OpenDocument file is told by its first file, behind whose type the next one follows at once", () => {
  const document = (type: string) => {
    // Not packed, as the format asks for: its header, name and content stand one behind the other.
    const content = Buffer.from(`application/vnd.oasis.opendocument.${type}`);
    const header = Buffer.alloc(30);
    header.write("PK\x03\x04", "latin1");
    header.writeUInt16LE("mimetype".length, 26);
    return zipReason(Buffer.concat([header, Buffer.from("mimetype"), content, Buffer.from("PK\x03\x04", "latin1")]));
  };
  expect(document("spreadsheet")).toMatch(/^This is an OpenDocument spreadsheet \(\.ods\), not a CSV\./u);
  expect(document("text")).toMatch(/^This is an OpenDocument text \(\.odt\), not a CSV\./u);
});

test("a workbook is told whatever its name ends in", () => {
  expect(zipReason(workbook([{ name: "May", rows: row(1, ["phone"]) }]))).toMatch(
    /^This is an Excel workbook, not a CSV, but its name does not end in \.xlsx\. Give it that ending,/u,
  );
  expect(zipReason(zip([{ name: "word/document.xml", content: "" }]))).toMatch(/^This is a Word document/u);
});
