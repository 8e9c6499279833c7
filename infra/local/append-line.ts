import { fstatSync, ftruncateSync, writeSync } from "node:fs";

/**
 * Appends a line, as a whole or not at all: what a full disk took of it is cut off again, because the next line would become a part
 * of it. `written` is called when all of it is written, and what it throws undoes the line, too. A single writer may have the file open.
 */
export function appendLine(descriptor: number, line: string, written: () => void = () => {}): void {
  const { size } = fstatSync(descriptor);
  const bytes = Buffer.from(`${line}\n`);
  try {
    // A disk with a little room takes a part of the bytes, and says so without an error.
    for (let at = 0; at < bytes.length; ) at += writeSync(descriptor, bytes, at);
    written();
  } catch (error) {
    ftruncateSync(descriptor, size);
    throw error;
  }
}
