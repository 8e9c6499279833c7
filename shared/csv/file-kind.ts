import { type RefusedFile, refused } from "./refused-file.ts";

/** What a file's first bytes say: text, in an encoding its mark names, or the reason why it cannot be a CSV. */
export type FileKind =
  /** `encoding` when a byte order mark of `markLength` bytes names it. */
  { readonly kind: "text"; readonly encoding?: string; readonly markLength: number } | RefusedFile;

const saveAsCsv = 'Open it in the spreadsheet program and save it as "CSV UTF-8".';

const signatures: readonly (readonly [bytes: readonly number[], reason: string])[] = [
  [
    [0x50, 0x4b, 0x03, 0x04],
    "This is an Excel workbook or another zip file, not a CSV. If it is an Excel workbook, give it a name that ends in .xlsx; else save the list as CSV.",
  ],
  [[0xd0, 0xcf, 0x11, 0xe0], `This is an old Excel workbook or another Office file, not a CSV. ${saveAsCsv}`],
  [[0x89, 0x50, 0x4e, 0x47], "This is a PNG picture, not a CSV. Upload the list of numbers as a CSV."],
  [[0xff, 0xd8, 0xff], "This is a JPEG picture, not a CSV. Upload the list of numbers as a CSV."],
  [[0x47, 0x49, 0x46, 0x38], "This is a GIF picture, not a CSV. Upload the list of numbers as a CSV."],
  [[0x25, 0x50, 0x44, 0x46], "This is a PDF, not a CSV. Upload the list of numbers as a CSV."],
  [[0x1f, 0x8b], "This is a gzip file, not a CSV. Unpack it and upload the CSV that is in it."],
  [[0x7b, 0x5c, 0x72, 0x74, 0x66], `This is a rich text document, not a CSV. ${saveAsCsv}`],
];

const marks: readonly (readonly [bytes: readonly number[], encoding: string])[] = [
  [[0xef, 0xbb, 0xbf], "utf-8"],
  [[0xff, 0xfe], "utf-16le"],
  [[0xfe, 0xff], "utf-16be"],
];

/** Judges a file by its first kilobytes; `stated` is the encoding the options name. A byte order mark is stronger. */
export function fileKind(head: Uint8Array, stated: string | undefined): FileKind {
  for (const [bytes, reason] of signatures) {
    if (startsWith(head, bytes)) return refused(reason);
  }
  if (startsWith(head, [0xff, 0xfe, 0, 0]) || startsWith(head, [0, 0, 0xfe, 0xff])) {
    return refused("This file is UTF-32, which cannot be read. Save it as UTF-8.");
  }
  for (const [bytes, encoding] of marks) {
    if (startsWith(head, bytes)) return { kind: "text", encoding, markLength: bytes.length };
  }
  return (stated === undefined ? withoutMark(head) : undefined) ?? { kind: "text", markLength: 0 };
}

function withoutMark(head: Uint8Array): FileKind | undefined {
  let controls = 0;
  const zeros = { even: 0, odd: 0 };
  for (let at = 0; at < head.length; at++) {
    const byte = head[at] ?? 0;
    if (byte === 0) zeros[at % 2 === 0 ? "even" : "odd"]++;
    controls += byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d ? 1 : 0;
  }
  const half = head.length / 2;
  if (half >= 8 && Math.max(zeros.even, zeros.odd) > half * 0.7 && Math.min(zeros.even, zeros.odd) < half * 0.1) {
    const encoding = zeros.odd > zeros.even ? "utf-16le" : "utf-16be";
    return refused(
      `This file looks like UTF-16 but lacks its byte order mark. Save it as UTF-8, or say "encoding": "${encoding}" in the options.`,
    );
  }
  if (controls > Math.max(4, head.length * 0.1)) {
    return refused("This is a binary file, not a CSV. Upload the list of numbers as a CSV.");
  }
  return undefined;
}

const startsWith = (head: Uint8Array, bytes: readonly number[]) => bytes.every((byte, at) => head[at] === byte);
