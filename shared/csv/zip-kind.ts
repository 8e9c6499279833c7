const saveAsCsv = 'Open it and save the sheet with the numbers as "CSV UTF-8".';

/** What a zip file is, by the names of its first files, and what to do with it. */
export function zipReason(head: Uint8Array): string {
  const text = Buffer.from(head).toString("latin1");
  const type = /mimetypeapplication\/vnd\.oasis\.opendocument\.([a-z]+)/.exec(text)?.[1];
  if (type === "spreadsheet") {
    return 'This is an OpenDocument spreadsheet (.ods), not a CSV. Open it and save it as an Excel workbook (.xlsx) or as "CSV UTF-8".';
  }
  if (type !== undefined) {
    return `This is an OpenDocument file with a ${type}, not a CSV. Copy its list into a spreadsheet and save that as "CSV UTF-8".`;
  }
  const names = namesIn(head);
  const has = (start: string) => names.some((name) => name.startsWith(start));
  if (has("word/")) {
    return 'This is a Word document, not a CSV. Copy its list into a spreadsheet and save that as "CSV UTF-8".';
  }
  if (has("ppt/")) return "This is a PowerPoint presentation, not a CSV. Upload the list of numbers as a CSV.";
  if (names.some((name) => name.startsWith("Index/") || name.endsWith(".iwa"))) {
    return 'This is an Apple Numbers document, not a CSV. Open it in Numbers and export it as CSV with the text encoding "Unicode (UTF-8)".';
  }
  if (
    names.some((name) => /^xl\/.*\.bin$/i.test(name) && !/printerSettings|vbaProject|embeddings|ctrlProps/i.test(name))
  ) {
    return 'This is a binary Excel workbook (.xlsb), not a CSV. Open it and save it as an Excel workbook (.xlsx) or as "CSV UTF-8".';
  }
  if (has("xl/") || text.includes("[Content_Types].xml") || has("_rels/") || has("docProps/")) {
    return 'This is an Excel workbook, not a CSV, but its name does not end in .xlsx. Give it that ending, or open it in the spreadsheet program and save it as "CSV UTF-8".';
  }
  return "This is a zip file, not a CSV. Unpack it and upload the CSV that is in it.";
}

/** What a file in Microsoft's old container is, and what to do with it. */
export function officeFileReason(head: Uint8Array): string {
  const has = (name: string) => Buffer.from(head).includes(Buffer.from(name, "utf16le"));
  if (has("EncryptedPackage") || has("EncryptionInfo")) {
    return 'This workbook is protected with a password, so that it cannot be read. Open it with the password and save it as "CSV UTF-8".';
  }
  if (has("WordDocument")) {
    return 'This is an old Word document, not a CSV. Copy its list into a spreadsheet and save that as "CSV UTF-8".';
  }
  if (has("Workbook") || has("Book")) return `This is an old Excel workbook (.xls), not a CSV. ${saveAsCsv}`;
  return `This is an old Excel workbook (.xls), a workbook that is protected with a password, or another Office file, not a CSV. ${saveAsCsv}`;
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
