import type { Bucket } from "../ports/bucket.ts";
import { createOutput, type Output } from "../ports/output.ts";
import { sheetRows } from "./sheet-rows.ts";
import { createSheetWriter, type Sheet } from "./sheet-writer.ts";
import { sheetPath, workbookParts, workbookType } from "./workbook-parts.ts";
import { createZipFile } from "./zip-file.ts";

/**
 * A sheet's columns.
 * https://support.microsoft.com/en-us/office/excel-specifications-and-limits-1672b34d-7043-467e-8e27-269d656771c3
 */
const sheetColumns = 16_384;

/** Bytes of XML: less than a zip file can hold without extensions, more than anybody wants to open. */
const sheetBytes = 2 ** 31;

/** Why there is no workbook. */
export type LeftOut = "rows" | "columns" | "size";

/**
 * Begins to store a workbook of one sheet, in which every cell is text. The same rows make the same bytes. A sheet that
 * outgrows what a spreadsheet program can open is given up, and nothing is stored: that is no failure, and `leftOut`
 * says why.
 */
export function createWorkbookObject(bucket: Bucket, key: string, name: string, { header, statusColumn }: Sheet) {
  const output = createOutput();
  let leftOut: LeftOut | undefined;
  let wait: Promise<void> | undefined;
  let bytes = 0;

  const stored = storedUnless(() => leftOut !== undefined, bucket, key, output);
  // Whoever writes next, ends, or waits for `stored` learns of a failure; until then it must not count as unhandled.
  stored.catch(output.fail);

  const zip = createZipFile((piece) => {
    wait = output.write(piece);
  });
  for (const [path, xml] of workbookParts(name)) {
    const part = zip.begin(path);
    part.add(Buffer.from(xml));
    part.end();
  }
  const entry = zip.begin(sheetPath);
  const sheet = createSheetWriter({ header, statusColumn }, (block) => {
    bytes += block.length;
    entry.add(block);
  });

  const giveUp = (reason: LeftOut) => {
    leftOut = reason;
    output.fail(new Error(`${key} is left out.`));
  };
  if (header.length > sheetColumns) giveUp("columns");

  return {
    /** Resolves when the whole workbook is stored, or is given up. */
    stored,
    /** Adds a row. A promise is returned only when the writer should wait; it rejects when the storing failed. */
    add(cells: readonly string[]): Promise<void> | undefined {
      if (leftOut !== undefined) return undefined;
      if (sheet.rows() > sheetRows) giveUp("rows");
      else if (cells.length > sheetColumns) giveUp("columns");
      else if (bytes > sheetBytes) giveUp("size");
      if (leftOut !== undefined) return undefined;
      wait = undefined;
      sheet.add(cells);
      return wait;
    },
    /** Hands over what is left; nothing more comes. */
    async end(): Promise<void> {
      if (leftOut !== undefined) return;
      sheet.end();
      entry.end();
      zip.end();
      output.end();
    },
    /** Gives up because of a failure: nothing is stored, unless all of it is already. */
    fail: output.fail,
    leftOut: () => leftOut,
  };
}

/** Stores what comes out; a failure is none when the workbook was left out on purpose. */
async function storedUnless(isLeftOut: () => boolean, bucket: Bucket, key: string, output: Output): Promise<void> {
  try {
    await bucket.put(key, output.chunks, workbookType);
  } catch (error) {
    if (isLeftOut()) return;
    throw error;
  }
  if (!output.isRead()) throw new Error(`${key} was stored before all of it was written.`);
}
