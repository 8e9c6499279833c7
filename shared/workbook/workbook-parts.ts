import { posix } from "node:path";
import { openDocument } from "./other-document.ts";
import { copyFromIt, saveAsWorkbook, UnreadableWorkbook } from "./unreadable-workbook.ts";
import { readXml } from "./xml.ts";
import type { ZipParts } from "./zip-parts.ts";

/** A sheet of cells, as the workbook lists it. */
export interface SheetPart {
  readonly name: string;
  readonly part: string;
  readonly hidden: boolean;
}

/** Where a workbook keeps what a list is read from. */
export interface WorkbookParts {
  /** In the order of their tabs, without those that hold a chart or macros. */
  readonly sheets: readonly SheetPart[];
  readonly date1904: boolean;
  readonly sharedStrings: string | undefined;
  readonly styles: string | undefined;
}

/** Largest part that is read whole, in bytes unpacked: lists of parts and styles are far smaller. */
export const smallPart = 16 * 1024 * 1024;

interface Relation {
  /** The last word of its type, which both editions of the format share. */
  readonly type: string;
  readonly target: string;
}

/** Finds the sheets by the relations between the workbook's parts, as the format asks for, never by their usual names. */
export async function readWorkbookParts(zip: ZipParts): Promise<WorkbookParts> {
  const roots = await readRelations(zip, "");
  const main = [...roots.values()].find(({ type }) => type === "officeDocument")?.target;
  const isBinary = main?.toLowerCase().endsWith(".bin") ?? false;
  const chunks = main === undefined || isBinary ? undefined : await zip.open(main, smallPart);
  if (main === undefined || chunks === undefined) throw new UnreadableWorkbook(await otherFile(zip, isBinary));
  const relations = await readRelations(zip, main);
  const sheets: SheetPart[] = [];
  let date1904 = false;
  await readXml(chunks, {
    open: (name, attributes) => {
      if (name === "workbookPr") date1904 = isTrue(attributes["date1904"]);
      if (name !== "sheet") return;
      const relation = relations.get(relationId(attributes));
      if (relation?.type !== "worksheet") return;
      const hidden = /^(very)?hidden$/i.test(attributes["state"] ?? "");
      sheets.push({ name: attributes["name"] ?? "", part: relation.target, hidden });
    },
  });
  if (sheets.length === 0) throw new UnreadableWorkbook(await otherFile(zip, false));
  const partOf = (wanted: string) => [...relations.values()].find(({ type }) => type === wanted)?.target;
  return { sheets, date1904, sharedStrings: partOf("sharedStrings"), styles: partOf("styles") };
}

/** Whether an attribute says yes. */
export const isTrue = (value: string | undefined): boolean => value === "1" || value === "true" || value === "on";

/** What another zip file is, and what to do. */
async function otherFile(zip: ZipParts, isBinary: boolean): Promise<string> {
  if (isBinary) return `This is a binary Excel workbook (.xlsb). ${saveAsWorkbook}`;
  const has = (pattern: RegExp) => zip.names.some((name) => pattern.test(name));
  if (has(/^content\.xml$/)) {
    const { what, kind } = openDocument(await openDocumentType(zip));
    return kind === "workbook"
      ? `This is ${what}. ${saveAsWorkbook}`
      : `This is ${what}, no Excel workbook. ${copyFromIt}`;
  }
  if (has(/\.iwa$|^index\.zip$/)) return `This is a Numbers spreadsheet. ${saveAsWorkbook}`;
  if (has(/^word\//)) return `This is a Word document, no Excel workbook. ${copyFromIt}`;
  if (has(/^ppt\//)) return `This is a PowerPoint presentation, no Excel workbook. ${copyFromIt}`;
  return "This zip file holds no Excel workbook. Save the list as an Excel workbook (.xlsx) or as CSV, and upload that.";
}

/** The last word of an OpenDocument file's media type; one that does not say is most likely a spreadsheet, with this name. */
async function openDocumentType(zip: ZipParts): Promise<string> {
  const chunks = await zip.open("mimetype", mediaType);
  const text = chunks === undefined ? "" : (await Array.fromAsync(chunks)).join("");
  return /opendocument\.([a-z-]+)/.exec(text)?.[1] ?? "spreadsheet";
}

/** Most bytes of a media type, which has some fifty. */
const mediaType = 1024;

const relationId = (attributes: Readonly<Record<string, string>>) =>
  Object.entries(attributes).find(([name]) => /(^|:)id$/.test(name))?.[1] ?? "";

async function readRelations(zip: ZipParts, of: string): Promise<ReadonlyMap<string, Relation>> {
  const folder = posix.dirname(of);
  const chunks = await zip.open(posix.join(folder, "_rels", `${posix.basename(of)}.rels`), smallPart);
  const relations = new Map<string, Relation>();
  if (chunks === undefined) return relations;
  await readXml(chunks, {
    open: (name, { Id, Type = "", Target = "", TargetMode }) => {
      // A part outside the file is never read.
      if (name !== "Relationship" || Id === undefined || TargetMode?.toLowerCase() === "external") return;
      const target = Target.startsWith("/") ? Target.slice(1) : posix.join(folder, Target);
      relations.set(Id, { type: Type.slice(Type.lastIndexOf("/") + 1), target });
    },
  });
  return relations;
}
