import { RowStatus } from "../campaign/campaign.ts";
import { sheetText } from "./sheet-text.ts";

const declaration = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const relationships = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const types = "application/vnd.openxmlformats-officedocument.spreadsheetml";

/** Where the sheet is in the workbook. */
export const sheetPath = "xl/worksheets/sheet1.xml";

/** The content type of a workbook. */
export const workbookType = `${types}.sheet`;

/** A status' colours, text and background, as the pages have them; dark on light. */
const colours: Readonly<Record<RowStatus, readonly [text: string, background: string]>> = {
  submitted: ["FF14527F", "FFE3EFF7"],
  failed: ["FF98290B", "FFFBE6DF"],
  unknown: ["FF7A5100", "FFFBF0D6"],
  invalid: ["FF5C2F9A", "FFEFE7F9"],
  skipped: ["FF525D66", "FFEDEFF1"],
  cancelled: ["FF5C6670", "FFF4F5F6"],
};

/** The numbers of the cells' styles; all of them are text. */
export const textStyle = 1;
export const headerStyle = 2;
const firstStatusStyle = 3;

const styleOfStatus = new Map<string, number>(
  RowStatus.options.map((status, index) => [status, firstStatusStyle + index]),
);

/** The style of a cell that holds this status. */
export const statusStyle = (status: string): number => styleOfStatus.get(status) ?? textStyle;

const font = (more: string) => `<font>${more}<name val="Calibri"/><family val="2"/></font>`;
const fill = (colour: string) =>
  `<fill><patternFill patternType="solid"><fgColor rgb="${colour}"/><bgColor indexed="64"/></patternFill></fill>`;
const list = (name: string, items: readonly string[]) => `<${name} count="${items.length}">${items.join("")}</${name}>`;
/** Number format 49 is `@`: text, whatever is typed. */
const format = (fontId: number, fillId: number) =>
  `<xf numFmtId="49" fontId="${fontId}" fillId="${fillId}" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1" applyFill="1"/>`;

function styles(): string {
  const statuses = RowStatus.options.map((status) => colours[status]);
  const fonts = [
    font('<sz val="11"/>'),
    font('<b/><sz val="11"/>'),
    ...statuses.map(([text]) => font(`<sz val="11"/><color rgb="${text}"/>`)),
  ];
  const fills = [
    '<fill><patternFill patternType="none"/></fill>',
    '<fill><patternFill patternType="gray125"/></fill>',
    ...statuses.map(([, background]) => fill(background)),
  ];
  const formats = [
    '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>',
    format(0, 0),
    format(1, 0),
    ...statuses.map((_, index) => format(2 + index, 2 + index)),
  ];
  return `<styleSheet xmlns="${main}">${list("fonts", fonts)}${list("fills", fills)}<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>${list("cellXfs", formats)}<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>`;
}

/** The files of a workbook with one sheet, apart from the sheet itself. */
export const workbookParts = (sheetName: string): readonly (readonly [path: string, xml: string])[] => [
  [
    "[Content_Types].xml",
    `${declaration}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${types}.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="${types}.styles+xml"/><Override PartName="/${sheetPath}" ContentType="${types}.worksheet+xml"/></Types>`,
  ],
  ["_rels/.rels", related([["officeDocument", "xl/workbook.xml"]])],
  [
    "xl/workbook.xml",
    `${declaration}<workbook xmlns="${main}" xmlns:r="${relationships}"><sheets><sheet name="${sheetName}" sheetId="1" r:id="rId1"/></sheets></workbook>`,
  ],
  [
    "xl/_rels/workbook.xml.rels",
    related([
      ["worksheet", "worksheets/sheet1.xml"],
      ["styles", "styles.xml"],
    ]),
  ],
  ["xl/styles.xml", declaration + styles()],
];

const related = (targets: readonly (readonly [type: string, target: string])[]) =>
  `${declaration}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${targets
    .map(
      ([type, target], index) =>
        `<Relationship Id="rId${index + 1}" Type="${relationships}/${type}" Target="${target}"/>`,
    )
    .join("")}</Relationships>`;

/** The sheet up to its first row: the first row frozen, the columns as wide as `widths` says (in characters), all text. */
export const sheetStart = (widths: readonly number[]): string =>
  `${declaration}<worksheet xmlns="${main}"><sheetViews><sheetView tabSelected="1" workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/><selection pane="bottomLeft" activeCell="A2" sqref="A2"/></sheetView></sheetViews><sheetFormatPr defaultRowHeight="15"/><cols>${widths
    .map(
      (width, index) =>
        `<col min="${index + 1}" max="${index + 1}" width="${width}" style="${textStyle}" customWidth="1"/>`,
    )
    .join("")}</cols><sheetData>`;

/** The sheet after its last row: a filter over all of it, and no green corners at numbers that are meant to be text. */
export const sheetEnd = (lastCell: string): string =>
  `</sheetData><autoFilter ref="A1:${lastCell}"/><ignoredErrors><ignoredError sqref="A1:${lastCell}" numberStoredAsText="1"/></ignoredErrors></worksheet>`;

/** One cell. Empty ones can be left out, as the columns have their style. */
export const cellXml = (place: string, text: string, style: number): string =>
  `<c r="${place}" s="${style}" t="inlineStr"><is>${sheetText(text)}</is></c>`;

/** The name of a column, from 0: A, B … Z, AA … */
export function columnLetters(index: number): string {
  const letter = String.fromCharCode(65 + (index % 26));
  return index < 26 ? letter : columnLetters(Math.floor(index / 26) - 1) + letter;
}
