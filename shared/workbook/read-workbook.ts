import { workbookBounds } from "../bounds.ts";
import type { CellFormats } from "./cell-text.ts";
import { localFormats } from "./local-formats.ts";
import { readMergedRows } from "./merged-cells.ts";
import type { RandomBytes } from "./random-bytes.ts";
import { type OnNotice, readSheet, type SheetRow } from "./read-sheet.ts";
import { readSharedStrings } from "./shared-strings.ts";
import { readStyles } from "./styles.ts";
import { damaged, TooLarge, UnreadableWorkbook } from "./unreadable-workbook.ts";
import { readWorkbookParts, type SheetPart, smallPart } from "./workbook-parts.ts";
import { openZip, type ZipParts } from "./zip-parts.ts";

/** What comes of a workbook: the sheet that is read, its rows, and last what else there is; or, at any time, a refusal. */
export type WorkbookEvent =
  /** `others`: names of the visible sheets beside it, whatever is in them. */
  | { readonly kind: "sheet"; readonly name: string; readonly others: readonly string[] }
  | { readonly kind: "rows"; readonly rows: readonly SheetRow[] }
  /** Names of the other sheets that have something in them. */
  | { readonly kind: "end"; readonly visible: readonly string[]; readonly hidden: readonly string[] }
  | { readonly kind: "refused"; readonly reason: string };

/** How a workbook is read. */
export interface WorkbookSettings {
  /** The name of the sheet; without it the first one that is visible and has something in it. */
  readonly sheet: string | undefined;
  /** Whose computers show what the workbook leaves open, by its ISO code. */
  readonly country: string | undefined;
  readonly onNotice: OnNotice;
}

/** How many other sheets are looked into, and named. */
const sheetsShown = 12;

/** Reads a workbook's list in flat memory but for its shared texts. Nothing in it is calculated, run or followed. */
export async function* readWorkbook(bytes: RandomBytes, settings: WorkbookSettings): AsyncGenerator<WorkbookEvent> {
  try {
    yield* read(bytes, settings);
  } catch (error) {
    if (!(error instanceof UnreadableWorkbook)) throw error;
    yield { kind: "refused", reason: error.message };
  }
}

async function* read(bytes: RandomBytes, settings: WorkbookSettings): AsyncGenerator<WorkbookEvent> {
  const zip = await openZip(bytes);
  const parts = await readWorkbookParts(zip);
  const formats: CellFormats = {
    strings: await readSharedStrings(await open(zip, parts.sharedStrings, workbookBounds.textBytes)),
    styles: await readStyles(await open(zip, parts.styles, smallPart)),
    date1904: parts.date1904,
    local: localFormats(settings.country),
  };
  const { onNotice } = settings;
  const work = { marks: 0 };
  for (const candidate of chosen(parts.sheets, settings.sheet)) {
    const merges = await readMergedRows(await sheetChunks(zip, candidate));
    let found = false;
    for await (const rows of readSheet(await sheetChunks(zip, candidate), { formats, merges, onNotice, work })) {
      if (!found) yield { kind: "sheet", name: candidate.name, others: visibleBeside(parts.sheets, candidate) };
      found = true;
      yield { kind: "rows", rows };
    }
    if (!found) continue;
    const others = parts.sheets.filter((sheet) => sheet !== candidate).slice(0, sheetsShown);
    yield { kind: "end", ...(await withContent(zip, others, formats)) };
    return;
  }
  throw new UnreadableWorkbook(nothingVisible(parts.sheets, settings.sheet));
}

const visibleBeside = (sheets: readonly SheetPart[], read: SheetPart) =>
  sheets
    .filter((sheet) => sheet !== read && !sheet.hidden)
    .slice(0, sheetsShown)
    .map(({ name }) => name);

function nothingVisible(sheets: readonly SheetPart[], wanted: string | undefined): string {
  if (wanted !== undefined) return `The sheet "${wanted}", which the options name, has nothing visible in it.`;
  const hidden = sheets.filter((sheet) => sheet.hidden);
  if (sheets.length - hidden.length > workbookBounds.sheetsSearched) {
    return `The first ${workbookBounds.sheetsSearched} sheets of this workbook have nothing visible in them. Name the list's sheet in the options as "sheet".`;
  }
  if (hidden.length === 0) {
    return "This workbook has nothing visible in it: its sheets are empty, or all rows are hidden.";
  }
  return `No visible sheet of this workbook has anything in it; hidden are ${named(hidden)}. Unhide the list's sheet, or name it in the options as "sheet".`;
}

const named = (sheets: readonly SheetPart[]) =>
  sheets
    .slice(0, sheetsShown)
    .map(({ name }) => `"${name}"`)
    .join(", ");

/** Which of the sheets have anything in them, by name. */
async function withContent(zip: ZipParts, sheets: readonly SheetPart[], formats: CellFormats) {
  const found: SheetPart[] = [];
  for (const sheet of sheets) if (await hasContent(zip, sheet, formats)) found.push(sheet);
  const names = (hidden: boolean) => found.filter((sheet) => sheet.hidden === hidden).map(({ name }) => name);
  return { visible: names(false), hidden: names(true) };
}

async function hasContent(zip: ZipParts, sheet: SheetPart, formats: CellFormats): Promise<boolean> {
  try {
    const reading = { formats, merges: [], onNotice: () => {}, work: { marks: 0 } };
    for await (const _ of readSheet(await sheetChunks(zip, sheet, smallPart), reading)) return true;
    return false;
  } catch (error) {
    // It is not the list, and may be as large as it likes.
    if (error instanceof TooLarge) return true;
    throw error;
  }
}

/** The sheets that may be the list's, in their order. */
function chosen(sheets: readonly SheetPart[], wanted: string | undefined): readonly SheetPart[] {
  if (wanted === undefined) return sheets.filter(({ hidden }) => !hidden).slice(0, workbookBounds.sheetsSearched);
  const key = (name: string) => name.normalize("NFC").trim().toLowerCase();
  const found = sheets.filter(({ name }) => key(name) === key(wanted));
  if (found.length > 0) return found.slice(0, 1);
  throw new UnreadableWorkbook(
    `The options say "sheet": "${wanted}", but this workbook has no such sheet; it has ${named(sheets)}.`,
  );
}

/** A part that a workbook may do without, but does not lack where it is named: dates would be read as numbers. */
async function open(zip: ZipParts, part: string | undefined, maxBytes: number) {
  if (part === undefined) return undefined;
  const chunks = await zip.open(part, maxBytes);
  if (chunks === undefined) throw damaged();
  return chunks;
}

async function sheetChunks(
  zip: ZipParts,
  { name, part }: SheetPart,
  maxBytes: number = workbookBounds.sheetBytes,
): Promise<AsyncIterable<string>> {
  const chunks = await zip.open(part, maxBytes);
  if (chunks === undefined) {
    throw new UnreadableWorkbook(`This workbook lists the sheet "${name}" but lacks its content.`);
  }
  return chunks;
}
