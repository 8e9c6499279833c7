import { workbookBounds } from "../bounds.ts";
import { grouped } from "../in-words.ts";
import { columnOf } from "./cell-reference.ts";
import { UnreadableWorkbook } from "./unreadable-workbook.ts";
import { readXml } from "./xml.ts";

/** Cells that were merged downwards: what stands in the first row belongs to the others too. */
export interface MergedRows {
  readonly column: number;
  readonly from: number;
  readonly to: number;
}

/** Longest tag that closes a sheet's rows, with a prefix. */
const endTag = 64;

/** Most characters behind a sheet's rows that are kept to be read. */
const maxTail = 64 * 1024 ** 2;

/**
 * The downward merges of a sheet. They stand behind its rows, so the sheet is looked through for its end first, which
 * is much quicker than reading it.
 */
export async function readMergedRows(chunks: AsyncIterable<string>): Promise<readonly MergedRows[]> {
  const merges: MergedRows[] = [];
  await readXml(tail(chunks), {
    open: (name, { ref }) => {
      const match = name === "mergeCell" ? /^([A-Z]{1,3})(\d+):[A-Z]{1,3}(\d+)$/.exec(ref ?? "") : null;
      if (match === null) return;
      const [, column = "", from, to] = match;
      if (Number(to) > Number(from)) merges.push({ column: columnOf(column), from: Number(from), to: Number(to) });
      if (merges.length > workbookBounds.merges) {
        throw new UnreadableWorkbook(
          `The sheet has more than ${grouped(workbookBounds.merges)} merged cells of several rows. Undo the merging, or save the sheet as CSV.`,
        );
      }
    },
  });
  return merges.sort((a, b) => a.from - b.from);
}

/** What follows a sheet's rows, as a document of its own; with an empty one where no rows are. */
async function* tail(chunks: AsyncIterable<string>): AsyncGenerator<string> {
  let behind: string | undefined;
  let kept = "";
  for await (const chunk of chunks) {
    if (behind !== undefined) {
      behind += chunk;
      if (behind.length > maxTail) throw new UnreadableWorkbook("The sheet holds far more than a list does.");
      continue;
    }
    const text = kept + chunk;
    const end = text.includes("sheetData") ? /<\/(?:[\w.-]{1,40}:)?sheetData\s*>/.exec(text) : null;
    if (end === null) kept = text.slice(-endTag);
    else behind = text.slice(end.index + end[0].length);
  }
  yield `<tail>${(behind ?? "").replace(/<\/(?:[\w.-]+:)?worksheet\s*>[\s\S]*$/, "")}</tail>`;
}

/** Gives the rows of a downward merge what stands in its first. Call it for each row in order; returns how many it filled. */
export type FillMerged = (line: number, cells: string[]) => number;

/** Fills the cells of `merges`, which are in the order of their first rows. */
export function createMergeFiller(merges: readonly MergedRows[]): FillMerged {
  let next = 0;
  /** By their column: merges do not overlap, and a file that says so costs no more. */
  const open = new Map<number, { readonly to: number; readonly text: string }>();
  return (line, cells) => {
    let filled = 0;
    const own = cells.length > 0;
    for (const [column, { to, text }] of open) {
      if (to < line) open.delete(column);
      // A row with nothing of its own stays empty.
      else if (own && (cells[column] ?? "") === "") {
        while (cells.length < column) cells.push("");
        cells[column] = text;
        filled++;
      }
    }
    for (let merge = merges[next]; merge !== undefined && merge.from <= line; merge = merges[++next]) {
      const text = cells[merge.column] ?? "";
      if (merge.from === line && text !== "") open.set(merge.column, { to: merge.to, text });
    }
    return filled;
  };
}
