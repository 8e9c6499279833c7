import { isEbcdic } from "./ebcdic.ts";
import { type RefusedFile, refused } from "./refused-file.ts";
import { textKind } from "./text-kind.ts";
import { utf16WithoutMark } from "./utf16-without-mark.ts";
import { officeFileReason, zipReason } from "./zip-kind.ts";

/** What a file's first bytes say: text, in an encoding its mark names, or the reason why it cannot be a CSV. */
export type FileKind =
  /** `encoding` when a byte order mark of `markLength` bytes names it. */
  { readonly kind: "text"; readonly encoding?: string; readonly markLength: number } | RefusedFile;

const uploadCsv = "Upload the list of numbers as a CSV.";

const signatures: readonly (readonly [bytes: readonly number[], reason: string | ((head: Uint8Array) => string)])[] = [
  [[0x50, 0x4b, 0x03, 0x04], zipReason],
  [[0xd0, 0xcf, 0x11, 0xe0], officeFileReason],
  [[0x89, 0x50, 0x4e, 0x47], `This is a PNG picture, not a CSV. ${uploadCsv}`],
  [[0xff, 0xd8, 0xff], `This is a JPEG picture, not a CSV. ${uploadCsv}`],
  [[0x47, 0x49, 0x46, 0x38], `This is a GIF picture, not a CSV. ${uploadCsv}`],
  [[0x25, 0x50, 0x44, 0x46], `This is a PDF, not a CSV. ${uploadCsv}`],
  [[0x1f, 0x8b], "This is a gzip file, not a CSV. Unpack it and upload the CSV that is in it."],
  [
    [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c],
    "This is a 7-Zip archive, not a CSV. Unpack it and upload the CSV that is in it.",
  ],
  [
    [0x52, 0x61, 0x72, 0x21, 0x1a, 0x07],
    "This is a RAR archive, not a CSV. Unpack it and upload the CSV that is in it.",
  ],
  [
    [...Buffer.from("SQLite format 3\0")],
    "This is an SQLite database, not a CSV. Export the table with the numbers as a CSV.",
  ],
  [
    [0x7b, 0x5c, 0x72, 0x74, 0x66],
    'This is a rich text document, not a CSV. Copy its list into a spreadsheet and save it as "CSV UTF-8".',
  ],
];

/** More files that are no text, by their first bytes. */
const tables = "Export the table with the numbers as a CSV.";
const binaries: readonly (readonly [beginning: RegExp, reason: string])[] = [
  [/^PAR1[\0-\x08\x0e-\x1f]/, `This is a Parquet file, not a CSV. ${tables}`],
  [
    /^(?:ORC[\0-\x08]|Obj\x01|ARROW1\0|FEA1[\0-\x08])/,
    `This is a table in a format for programs (ORC, Avro or Arrow), not a CSV. ${tables}`,
  ],
  [/^\0\x01\0\0Standard (?:Jet|ACE) DB/, `This is a Microsoft Access database, not a CSV. ${tables}`],
  [
    /^(?:\$FL[23]|<stata_dta>|RD[XA][234]\n|\x80[\x02-\x05]\x95|\x89HDF)/,
    `This is a file of a statistics program, not a CSV. ${tables}`,
  ],
  [
    /^(?:BZh[1-9]1AY&SY|\xfd7zXZ|\x28\xb5\x2f\xfd|\x04\x22\x4d\x18)/,
    "This is a compressed file, not a CSV. Unpack it and upload the CSV that is in it.",
  ],
  [/^[\s\S]{257}ustar/, "This is a tar archive, not a CSV. Unpack it and upload the CSV that is in it."],
  [/^L\0\0\0\x01\x14\x02\0/, "This is a shortcut (.lnk), not a CSV: it says where a file is. Upload that file."],
  [
    /^bplist0/,
    "This is a shortcut or a settings file of macOS, not a CSV. If it leads to the list, open it and upload the list itself.",
  ],
  [
    /^\0\x05\x16\x07/,
    'This is what macOS keeps beside a file ("._…"), not a CSV. Upload the file of the same name without "._".',
  ],
  [/^!BDN/, "This is an Outlook data file (.pst), not a CSV. Export the contacts as a CSV."],
  [
    /^\x09[\0\x02\x04\x08][\x04-\x10]\0/,
    'This is an old Excel workbook (.xls), not a CSV. Open it in the spreadsheet program and save it as "CSV UTF-8".',
  ],
  [
    /^(?:BM[\s\S]{4}\0{4}|II\*\0|MM\0\*|RIFF[\s\S]{4}WEBP|[\s\S]{4}ftyp)/,
    `This is a picture or a video, not a CSV. ${uploadCsv}`,
  ],
  [/^(?:MZ[\s\S]{0,60}\0|\x7fELF)/, `This is a program, not a CSV. ${uploadCsv}`],
];

const marks: readonly (readonly [bytes: readonly number[], encoding: string])[] = [
  [[0xef, 0xbb, 0xbf], "utf-8"],
  [[0xff, 0xfe], "utf-16le"],
  [[0xfe, 0xff], "utf-16be"],
];

/** Judges a file by its first kilobytes; `stated` is the encoding the options name. A byte order mark is stronger. */
export function fileKind(head: Uint8Array, stated: string | undefined): FileKind {
  for (const [bytes, reason] of signatures) {
    if (startsWith(head, bytes)) return refused(typeof reason === "string" ? reason : reason(head));
  }
  const beginning = Buffer.from(head.subarray(0, 512)).toString("latin1");
  const binary = binaries.find(([pattern]) => pattern.test(beginning))?.[1];
  if (binary !== undefined) return refused(binary);
  if (startsWith(head, [0xff, 0xfe, 0, 0]) || startsWith(head, [0, 0, 0xfe, 0xff])) {
    return refused("This file is UTF-32, which cannot be read. Save it as UTF-8.");
  }
  const mark = marks.find(([bytes]) => startsWith(head, bytes));
  if (mark === undefined && stated === undefined) {
    const wrong = withoutMark(head);
    if (wrong !== undefined) return wrong;
  }
  const [bytes, encoding] = mark ?? [[], undefined];
  // Of what a list is not, only the first signs matter, which are ASCII.
  const text = new TextDecoder(encoding ?? stated ?? "latin1").decode(head.subarray(0, 4096));
  const other = textKind(text);
  return other === undefined ? { kind: "text", encoding, markLength: bytes.length } : refused(other);
}

function withoutMark(head: Uint8Array): RefusedFile | undefined {
  const utf16 = utf16WithoutMark(head);
  if (utf16 !== undefined) {
    return refused(
      `This file looks like UTF-16 but lacks its byte order mark. Save it as UTF-8, or say "encoding": "${utf16}" in the options.`,
    );
  }
  if (isEbcdic(head)) {
    return refused(
      "This file is EBCDIC, as mainframes write it, which cannot be read. Transfer it as text, so that it is converted, or save it as UTF-8.",
    );
  }
  let controls = 0;
  // Zeros at the end are what a program that reserves space leaves behind.
  const length = head.findLastIndex((byte) => byte !== 0) + 1;
  for (let at = 0; at < length; at++) {
    const byte = head[at] ?? 0;
    controls += byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d ? 1 : 0;
  }
  if (controls > Math.max(4, length * 0.1)) return refused(`This is a binary file, not a CSV. ${uploadCsv}`);
  return undefined;
}

const startsWith = (head: Uint8Array, bytes: readonly number[]) => bytes.every((byte, at) => head[at] === byte);
