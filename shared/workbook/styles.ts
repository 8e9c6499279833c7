import { getFormatFromId } from "numfmt";
import { workbookBounds } from "../bounds.ts";
import { TooLarge } from "./unreadable-workbook.ts";
import { readXml } from "./xml.ts";

/** How cells of a style show a number: by a format code, or as each computer shows such a value. */
export interface CellFormat {
  readonly code: string;
  readonly local: "date" | "date-and-time" | "long-date" | "time" | "money" | undefined;
}

/** Built-in formats that follow the settings of the computer they are looked at on, by their numbers. */
const localBuiltIns: ReadonlyMap<number, CellFormat["local"]> = new Map([
  [14, "date"],
  [22, "date-and-time"],
  // East Asian programs' dates and times.
  ...[27, 28, 29, 30, 31, 36, 50, 51, 52, 53, 54, 57, 58].map((id) => [id, "date"] as const),
  ...[32, 33, 34, 35, 55, 56].map((id) => [id, "time"] as const),
  ...[5, 6, 7, 8, 42, 44].map((id) => [id, "money"] as const),
]);

/** The format of each cell style, in the order in which cells name them. */
export async function readStyles(chunks: AsyncIterable<string> | undefined): Promise<readonly CellFormat[]> {
  const own = new Map<number, string>();
  const styles: CellFormat[] = [];
  if (chunks === undefined) return styles;
  let inCells = false;
  await readXml(chunks, {
    open: (name, attributes) => {
      if (name === "numFmt") own.set(Number(attributes["numFmtId"]), codeIn(attributes));
      else if (name === "cellXfs") inCells = true;
      else if (name === "xf" && inCells) styles.push(formatOf(Number(attributes["numFmtId"] ?? 0), own));
    },
    close: (name) => {
      if (name === "cellXfs") inCells = false;
    },
  });
  return styles;
}

function codeIn({ formatCode = "General" }: Readonly<Record<string, string>>): string {
  if (formatCode.length > workbookBounds.formatCharacters) {
    throw new TooLarge(
      `A number format of this workbook has more than ${workbookBounds.formatCharacters} characters, which no spreadsheet program writes. Copy the list into a new workbook, or save it as CSV.`,
    );
  }
  return formatCode;
}

function formatOf(id: number, own: ReadonlyMap<number, string>): CellFormat {
  const code = own.get(id);
  if (code === undefined) return { code: String(getFormatFromId(id) ?? "General"), local: localBuiltIns.get(id) };
  // What Excel writes for "as this computer shows long dates" and "as it shows times".
  if (/^\[\$-F800\]/i.test(code)) return { code, local: "long-date" };
  return { code, local: /^\[\$-F400\]/i.test(code) ? "time" : undefined };
}
