import { type OtherDocument, oldOfficeDocument } from "./other-document.ts";
import type { RandomBytes } from "./random-bytes.ts";
import { copyFromIt, protectedByPassword, takeAttachment, UnreadableWorkbook } from "./unreadable-workbook.ts";

/** How a zip file begins, and the container of older Office files and of encrypted ones. */
const zipMark = Buffer.from("504b0304", "hex");
const compoundMark = Buffer.from("d0cf11e0a1b11ae1", "hex");

/** Whether a file begins as workbooks do: those of today, which are zip files, and old or encrypted ones. */
export const isContainer = (head: Buffer): boolean => startsWith(head, zipMark) || startsWith(head, compoundMark);

/** Throws an UnreadableWorkbook that says what the file is, unless it begins as a workbook does. */
export async function refuseOtherFiles(bytes: RandomBytes): Promise<void> {
  if (bytes.size === 0) throw new UnreadableWorkbook("The file is empty.");
  const head = await readRange(bytes, 0, 512);
  if (startsWith(head, zipMark)) return;
  if (startsWith(head, compoundMark)) throw new UnreadableWorkbook(whatToDo(await containedIn(bytes, head)));
  throw new UnreadableWorkbook(
    head.includes(0) && !startsWith(head, Buffer.from("fffe", "hex"))
      ? "The name ends in .xlsx, but this is no Excel workbook. Save the list as an Excel workbook (.xlsx) or as CSV, and upload that."
      : "The name ends in .xlsx, but this is a text file, no Excel workbook. If it is a CSV, give it a name that ends in .csv.",
  );
}

/** What a compound file holds, as its directory says. Its header says where that begins; in short files that is near. */
async function containedIn(bytes: RandomBytes, head: Buffer): Promise<OtherDocument | undefined> {
  if (head.length < 512) return undefined;
  const sector = 2 ** Math.min(head.readUInt16LE(30), 16);
  const directory = (head.readUInt32LE(48) + 1) * sector;
  if (directory >= bytes.size) return undefined;
  return oldOfficeDocument(await readRange(bytes, directory, directory + 16 * 1024));
}

function whatToDo(document: OtherDocument | undefined): string {
  const but = (is: string, todo: string) => `The name ends in .xlsx, but this is ${is}. ${todo}`;
  if (document === undefined) return but("an old Excel workbook (.xls) or another Office file", saveAsXlsx);
  const { what, kind } = document;
  switch (kind) {
    case "encrypted":
      return protectedByPassword;
    case "workbook":
      return but(what, saveAsXlsx);
    case "text":
      return but(what, copyFromIt);
    case "mail":
      return but(what, takeAttachment);
    default:
      return kind satisfies never;
  }
}

const saveAsXlsx = "Open it, save it as an Excel workbook (.xlsx), and upload that.";

async function readRange(bytes: RandomBytes, start: number, end: number): Promise<Buffer> {
  return Buffer.concat(await Array.fromAsync(bytes.read(start, Math.min(end, bytes.size))));
}

const startsWith = (bytes: Buffer, mark: Buffer) => bytes.subarray(0, mark.length).equals(mark);
