import type { RandomBytes } from "./random-bytes.ts";
import { protectedByPassword, UnreadableWorkbook } from "./unreadable-workbook.ts";

/** How a zip file begins, and the container of older Office files and of encrypted ones. */
const zipMark = Buffer.from("504b0304", "hex");
const compoundMark = Buffer.from("d0cf11e0a1b11ae1", "hex");

/** The entry of a compound file that holds an encrypted workbook, as its directory spells it. */
const encryptedEntry = Buffer.from("EncryptedPackage", "utf16le");

/** Whether a file begins as workbooks do: those of today, which are zip files, and old or encrypted ones. */
export const isContainer = (head: Buffer): boolean => startsWith(head, zipMark) || startsWith(head, compoundMark);

/** Throws an UnreadableWorkbook that says what the file is, unless it begins as a workbook does. */
export async function refuseOtherFiles(bytes: RandomBytes): Promise<void> {
  if (bytes.size === 0) throw new UnreadableWorkbook("The file is empty.");
  const head = await readRange(bytes, 0, 512);
  if (startsWith(head, zipMark)) return;
  if (startsWith(head, compoundMark)) {
    throw new UnreadableWorkbook(
      (await isEncrypted(bytes, head))
        ? protectedByPassword
        : "The name ends in .xlsx, but this is an old Excel workbook (.xls) or another Office file. Open it, save it as an Excel workbook (.xlsx), and upload that.",
    );
  }
  throw new UnreadableWorkbook(
    head.includes(0) && !startsWith(head, Buffer.from("fffe", "hex"))
      ? "The name ends in .xlsx, but this is no Excel workbook. Save the list as an Excel workbook (.xlsx) or as CSV, and upload that."
      : "The name ends in .xlsx, but this is a text file, no Excel workbook. If it is a CSV, give it a name that ends in .csv.",
  );
}

/** Whether a compound file lists an encrypted package. Its header says where its directory begins; in short ones that is near. */
async function isEncrypted(bytes: RandomBytes, head: Buffer): Promise<boolean> {
  if (head.length < 512) return false;
  const sector = 2 ** Math.min(head.readUInt16LE(30), 16);
  const directory = (head.readUInt32LE(48) + 1) * sector;
  if (directory >= bytes.size) return false;
  return (await readRange(bytes, directory, directory + 16 * 1024)).includes(encryptedEntry);
}

async function readRange(bytes: RandomBytes, start: number, end: number): Promise<Buffer> {
  return Buffer.concat(await Array.fromAsync(bytes.read(start, Math.min(end, bytes.size))));
}

const startsWith = (bytes: Buffer, mark: Buffer) => bytes.subarray(0, mark.length).equals(mark);
