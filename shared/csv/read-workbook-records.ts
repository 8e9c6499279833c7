import { excerpt, quoted } from "../shorten.ts";
import { isContainer } from "../workbook/file-signature.ts";
import type { RandomBytes } from "../workbook/random-bytes.ts";
import type { Notice } from "../workbook/read-sheet.ts";
import { readWorkbook } from "../workbook/read-workbook.ts";
import type { Layout } from "./detect-layout.ts";
import { fileKind } from "./file-kind.ts";
import { oddCharacter } from "./odd-character.ts";
import type { CsvEvent, CsvReader } from "./read-records.ts";
import type { CsvRecord } from "./record-parser.ts";
import { refused } from "./refused-file.ts";
import { noteNameless } from "./row-shape.ts";
import type { Warnings } from "./warnings.ts";

/** How a workbook is read as a list, and where it is noted what a person should look at. */
export interface WorkbookReaderSettings {
  /** The sheet that the options name. */
  readonly sheet: string | undefined;
  /** Whose computers show dates that have no format of their own. */
  readonly country: string | undefined;
  readonly warnings: Warnings;
}

/** Bytes by which a file is told that only has the name of a workbook. */
const headBytes = 4096;

/** What a file is that is neither zip nor in Office's old container, as workbooks are; `undefined` where that is not known. */
async function otherKind(bytes: RandomBytes): Promise<string | undefined> {
  if (bytes.size === 0) return undefined;
  const head = Buffer.concat(await Array.fromAsync(bytes.read(0, Math.min(headBytes, bytes.size))));
  const kind = isContainer(head) ? undefined : fileKind(head, undefined);
  return kind?.kind === "refused"
    ? `The name ends in .xlsx, but ${kind.reason.replace(/^This/u, "this").replace(", not a CSV", "")}`
    : undefined;
}

/** Its report is a CSV as most programs expect one. */
const layout: Layout = { delimiter: ",", lineEnding: undefined, hintLength: 0 };

/** Reads a workbook's list as records, the first row that is not empty as the header. */
export function createWorkbookReader(bytes: RandomBytes, settings: WorkbookReaderSettings): CsvReader {
  let sheet: string | undefined;
  let others: readonly string[] = [];
  const left = createLeftOut();

  async function* read(): AsyncGenerator<CsvEvent> {
    const { country, warnings } = settings;
    const warn = noticesAsWarnings(warnings, country);
    const onNotice = (notice: Notice) => {
      left.notice(notice);
      warn(notice);
    };
    let header = false;
    for await (const event of readWorkbook(bytes, { sheet: settings.sheet, country, onNotice })) {
      switch (event.kind) {
        case "sheet":
          ({ name: sheet, others } = event);
          break;
        case "rows": {
          let { rows } = event;
          const [first] = rows;
          if (!header && first !== undefined) {
            header = true;
            left.header(first.line);
            rows = rows.slice(1);
            const { line, cells } = first;
            yield { kind: "header", record: { line, cells }, layout, fit: fitTo(cells.length, warnings) };
          }
          if (rows.length > 0) yield { kind: "records", records: rows, suspect: rows.some(hasOddCharacters) };
          break;
        }
        case "end":
          warnOfSheets(warnings, sheet ?? "", event);
          break;
        case "refused":
          yield refused((await otherKind(bytes)) ?? event.reason);
          return;
        default:
          event satisfies never;
      }
    }
  }

  return {
    events: read(),
    encoding: () => ({ name: "utf-8", guessed: false }),
    sheet: () => sheet,
    leftOut: (lack) =>
      left.inWords() + (lack === "message" || lack === "snumber" ? "" : otherSheets(sheet ?? "", others)),
  };
}

function otherSheets(sheet: string, others: readonly string[]): string {
  if (others.length === 0) return "";
  const names = others.map((name) => quoted(name, 40)).join(", ");
  return ` Only the sheet ${quoted(sheet, 40)} was read; the workbook also has ${names}. To read another one, name it in the options, such as "sheet": ${JSON.stringify(others[0])}.`;
}

/** Columns that are listed when a list lacks something. */
const hiddenShown = 12;

/** Remembers what of a sheet is hidden, as far as a list may lack it. */
function createLeftOut() {
  const columns: { readonly line: number; readonly shown: string }[] = [];
  let rows = 0;
  let headerLine: number | undefined;
  return {
    notice: (notice: Notice) => {
      if (notice.kind === "hidden-row") rows++;
      if (notice.kind === "hidden-column" && columns.length < hiddenShown) {
        columns.push({ line: notice.line, shown: `${quoted(notice.text, 40)} (column ${notice.column})` });
      }
    },
    header: (line: number) => {
      headerLine = line;
    },
    inWords: () => {
      const named = columns.filter(({ line }) => line === headerLine).map(({ shown }) => shown);
      const hiddenColumns =
        named.length === 0
          ? ""
          : ` Columns that are hidden in the sheet are left out: ${named.join(", ")}. If one of them is needed, unhide it and save the workbook.`;
      const hiddenRows =
        rows === 0
          ? ""
          : " Rows that are hidden, by hand or by a filter, are left out, too. Show all rows if they belong to the list.";
      return hiddenColumns + hiddenRows;
    },
  };
}

/**
 * Gives a row as many cells as the header has: a spreadsheet does not store the empty ones at a row's end, and nobody can name further
 * ones. Those are noted.
 */
const fitTo =
  (columns: number, warnings: Warnings) =>
  ({ line, cells }: CsvRecord): CsvRecord => {
    if (cells.length === columns) return { line, cells };
    if (cells.length < columns) return { line, cells: [...cells, ...Array<string>(columns - cells.length).fill("")] };
    const beyond = cells.slice(columns).find((cell) => cell.trim() !== "");
    if (beyond !== undefined) noteNameless(warnings, beyond, line);
    return { line, cells: cells.slice(0, columns) };
  };

const hasOddCharacters = ({ cells }: CsvRecord) => cells.some((cell) => oddCharacter(cell) !== undefined);

/** Turns what a sheet's reader noticed into sentences for a person. */
function noticesAsWarnings(warnings: Warnings, country: string | undefined): (notice: Notice) => void {
  const dates =
    country === undefined
      ? 'Dates of this sheet have no format of their own, and no country is set: they are written as 2026-03-14. If they should read otherwise, give them a format in the sheet, or set "country" in the options.'
      : `Dates or times of this sheet have no format of their own: they are written as computers in ${country} show them. If they should read otherwise, give them a format in the sheet.`;
  return (notice) => {
    const { kind, line } = notice;
    switch (kind) {
      case "hidden-row":
        return warnings.add(
          "hidden-rows",
          "Rows that are hidden, by hand or by a filter, are left out: nothing is sent to them. Show all rows and save the workbook if they belong to the list.",
          { line },
        );
      case "hidden-column":
        return warnings.add(
          "hidden-columns",
          "Columns that are hidden are left out, as if they were not there. Unhide them and save the workbook if the list needs them.",
          { line, example: `${notice.column}: ${excerpt(notice.text, 40)}` },
        );
      case "merged-cells":
        return warnings.add(
          "merged-cells",
          "Cells that are merged over several rows count for each of these rows. Split them if that is not what is meant.",
          { line },
        );
      case "formula-without-result":
        return warnings.add(
          "formula-without-result",
          "Formulas have no result stored, because no spreadsheet program calculated them: their cells count as the error #N/A. Open the workbook in one, save it, and upload that.",
          { line },
        );
      case "date-by-country":
        return warnings.add("dates-by-country", dates, { line, example: excerpt(notice.text, 40) });
      case "decimal-by-country":
        return warnings.add(
          "decimals-by-country",
          `Decimals are written as computers in ${country} show them. If they should read otherwise, make them texts in the sheet.`,
          { line, example: excerpt(notice.text, 40) },
        );
      default:
        return kind satisfies never;
    }
  };
}

function warnOfSheets(
  warnings: Warnings,
  sheet: string,
  { visible, hidden }: { readonly visible: readonly string[]; readonly hidden: readonly string[] },
): void {
  const others = [...visible, ...hidden.map((name) => `${name} (hidden)`)];
  if (others.length === 0) return;
  warnings.add(
    "other-sheets",
    `Only the sheet "${sheet}" is read; left out: ${others.map((name) => `"${name}"`).join(", ")}. To read another one, name it in the options as "sheet".`,
  );
}
