import { oldOfficeDocument, openDocument } from "../workbook/other-document.ts";
import { takeAttachment } from "../workbook/unreadable-workbook.ts";

const saveSheet = 'Open it and save the sheet with the numbers as "CSV UTF-8".';
const saveAsList = 'Open it and save it as an Excel workbook (.xlsx) or as "CSV UTF-8".';
const copyFromIt = 'Copy its list into a spreadsheet and save that as "CSV UTF-8".';

/** What a zip file is, by the names of its first files, and what to do with it. */
export function zipReason(head: Uint8Array): string {
  const text = Buffer.from(head).toString("latin1");
  const type = /mimetypeapplication\/vnd\.oasis\.opendocument\.([a-z-]+)/.exec(text)?.[1];
  if (type !== undefined) {
    const { what, kind } = openDocument(type);
    return `This is ${what}, not a CSV. ${kind === "workbook" ? saveAsList : copyFromIt}`;
  }
  const names = namesIn(head);
  const has = (start: string) => names.some((name) => name.startsWith(start));
  if (has("word/")) return `This is a Word document, not a CSV. ${copyFromIt}`;
  if (has("ppt/")) return "This is a PowerPoint presentation, not a CSV. Upload the list of numbers as a CSV.";
  if (names.some((name) => name.startsWith("Index/") || name.endsWith(".iwa"))) {
    return 'This is an Apple Numbers document, not a CSV. Open it in Numbers and export it as CSV with the text encoding "Unicode (UTF-8)".';
  }
  if (
    names.some((name) => /^xl\/.*\.bin$/i.test(name) && !/printerSettings|vbaProject|embeddings|ctrlProps/i.test(name))
  ) {
    return `This is a binary Excel workbook (.xlsb), not a CSV. ${saveAsList}`;
  }
  if (has("visio/")) return `This is a Visio drawing, not a CSV. ${copyFromIt}`;
  if (has("xl/") || text.includes("[Content_Types].xml") || has("_rels/") || has("docProps/")) {
    return 'This is an Excel workbook, not a CSV, but its name does not end in .xlsx. Give it that ending, or open it in the spreadsheet program and save it as "CSV UTF-8".';
  }
  return "This is a zip file, not a CSV. Unpack it and upload the CSV that is in it.";
}

/** What a file in Microsoft's old container is, and what to do with it. */
export function officeFileReason(head: Uint8Array): string {
  const document = oldOfficeDocument(head);
  if (document === undefined) {
    return `This is an old Excel workbook (.xls), a workbook that is protected with a password, or another Office file, not a CSV. ${saveSheet}`;
  }
  const { what, kind } = document;
  switch (kind) {
    case "encrypted":
      return 'This workbook is protected with a password, so that it cannot be read. Open it with the password and save it as "CSV UTF-8".';
    case "workbook":
      return `This is ${what}, not a CSV. ${saveSheet}`;
    case "text":
      return `This is ${what}, not a CSV. ${copyFromIt}`;
    case "mail":
      return `This is ${what}, not a CSV. ${takeAttachment}`;
    default:
      return kind satisfies never;
  }
}

/** The names in the headers of a zip's files, as far as they are in its first bytes. */
function namesIn(head: Uint8Array): readonly string[] {
  const bytes = Buffer.from(head);
  const names: string[] = [];
  for (
    let at = bytes.indexOf("PK\x03\x04");
    at >= 0 && at + 30 <= bytes.length;
    at = bytes.indexOf("PK\x03\x04", at + 4)
  ) {
    names.push(bytes.toString("utf8", at + 30, at + 30 + bytes.readUInt16LE(at + 26)));
  }
  return names;
}
