import type { RandomBytes } from "../../shared/workbook/random-bytes.ts";
import { type ZippedFile, zip } from "./zip.ts";

/** A sheet of a workbook to be written. */
export interface WrittenSheet {
  readonly name: string;
  readonly state?: "hidden" | "veryHidden";
  /** XML of the rows; see `row`. */
  readonly rows: string;
  /** XML before the rows, such as `<cols>…</cols>`. */
  readonly before?: string;
  /** XML behind the rows, such as `<mergeCells>…</mergeCells>`. */
  readonly after?: string;
}

/** What else is in a workbook. */
export interface WrittenParts {
  /** XML of the shared strings' items, such as `<t>Ann</t>`. */
  readonly strings?: readonly string[];
  /** Format codes of the cell styles 1, 2, …; a number is a built-in format. */
  readonly formats?: readonly (string | number)[];
  readonly date1904?: boolean;
  /** The namespaces of the strict edition. */
  readonly strict?: boolean;
  readonly more?: readonly ZippedFile[];
}

const declaration = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const escaped = (text: string) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/"/g, "&quot;");

/** A row's XML. Texts become inline strings, numbers numbers; what begins with `<c` stands as it is, `undefined` is no cell. */
export function row(line: number, cells: readonly (string | number | undefined)[], attributes = ""): string {
  const inside = cells.map((cell, index) => {
    const at = `${String.fromCharCode(65 + index)}${line}`;
    if (cell === undefined) return "";
    if (typeof cell === "number") return `<c r="${at}"><v>${cell}</v></c>`;
    return cell.startsWith("<c") ? cell : `<c r="${at}" t="inlineStr"><is><t>${escaped(cell)}</t></is></c>`;
  });
  return `<row r="${line}" ${attributes}>${inside.join("")}</row>`;
}

const contentTypes = (sheets: number) => {
  const type = (part: string, kind: string) =>
    `<Override PartName="/xl/${part}" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.${kind}+xml"/>`;
  return `${declaration}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>${[
    type("workbook.xml", "sheet.main"),
    type("sharedStrings.xml", "sharedStrings"),
    type("styles.xml", "styles"),
    ...Array.from({ length: sheets }, (_, index) => type(`worksheets/sheet${index + 1}.xml`, "worksheet")),
  ].join("")}</Types>`;
};

/** The files of a workbook, as Excel lays them out. */
export function workbookFiles(sheets: readonly WrittenSheet[], parts: WrittenParts = {}): readonly ZippedFile[] {
  const { strings = [], formats = [], date1904 = false, strict = false, more = [] } = parts;
  const office = strict ? "http://purl.oclc.org/ooxml" : "http://schemas.openxmlformats.org";
  const main = strict ? `${office}/spreadsheetml/main` : `${office}/spreadsheetml/2006/main`;
  const types = strict ? `${office}/officeDocument/relationships` : `${office}/officeDocument/2006/relationships`;
  const relations = (list: readonly (readonly [id: string, type: string, target: string])[]) =>
    `${declaration}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${list
      .map(([id, type, target]) => `<Relationship Id="${id}" Type="${types}/${type}" Target="${target}"/>`)
      .join("")}</Relationships>`;
  const own = formats.flatMap((code, index) =>
    typeof code === "string" ? [`<numFmt numFmtId="${170 + index}" formatCode="${escaped(code)}"/>`] : [],
  );
  const styles = formats.map((code, index) => `<xf numFmtId="${typeof code === "string" ? 170 + index : code}"/>`);
  return [
    { name: "[Content_Types].xml", content: contentTypes(sheets.length) },
    { name: "_rels/.rels", content: relations([["rId1", "officeDocument", "xl/workbook.xml"]]) },
    {
      name: "xl/workbook.xml",
      content: `${declaration}<workbook xmlns="${main}" xmlns:r="${types}"><workbookPr date1904="${date1904}"/><sheets>${sheets
        .map(
          ({ name, state = "visible" }, index) =>
            `<sheet name="${escaped(name)}" sheetId="${index + 1}" state="${state}" r:id="rId${index + 1}"/>`,
        )
        .join("")}</sheets></workbook>`,
    },
    {
      name: "xl/_rels/workbook.xml.rels",
      content: relations([
        ...sheets.map((_, index) => [`rId${index + 1}`, "worksheet", `worksheets/sheet${index + 1}.xml`] as const),
        ["rId101", "sharedStrings", "sharedStrings.xml"],
        ["rId102", "styles", "/xl/styles.xml"],
      ]),
    },
    {
      name: "xl/sharedStrings.xml",
      content: `${declaration}<sst xmlns="${main}">${strings.map((item) => `<si>${item}</si>`).join("")}</sst>`,
    },
    {
      name: "xl/styles.xml",
      content: `${declaration}<styleSheet xmlns="${main}"><numFmts>${own.join("")}</numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/>${styles.join("")}</cellXfs></styleSheet>`,
    },
    ...sheets.map(({ rows, before = "", after = "" }, index) => ({
      name: `xl/worksheets/sheet${index + 1}.xml`,
      content: `${declaration}<worksheet xmlns="${main}">${before}<sheetData>${rows}</sheetData>${after}</worksheet>`,
    })),
    ...more,
  ];
}

/** A workbook's bytes. */
export const workbook = (sheets: readonly WrittenSheet[], parts: WrittenParts = {}): Buffer =>
  zip(workbookFiles(sheets, parts));

/** Bytes in memory, to be read by ranges. */
export const inMemory = (bytes: Uint8Array, chunk = 64 * 1024): RandomBytes => ({
  size: bytes.length,
  read: async function* (start, end) {
    for (let at = start; at < end; at += chunk) yield bytes.subarray(at, Math.min(end, at + chunk));
  },
});
