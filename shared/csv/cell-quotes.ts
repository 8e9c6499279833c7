import type { Problem } from "./problem.ts";

/** The cells of a record whose quotation marks are not where they should be, as far as it is clear what they mean. */
export interface ReadQuotes {
  readonly cells: readonly string[];
  /** Set when it is not clear. */
  readonly doubt?: Problem;
}

const notDoubled = {
  problem: "A quotation mark inside a quoted cell is not doubled, so that nobody can tell where the cell ends",
};
const blankBeforeMark = {
  problem:
    "A cell begins with a blank and a quotation mark, so that nobody can tell where it ends; remove the blank before the mark",
};

/** The cells of one record whose quotation marks are not where they should be, by their places from 0. */
export interface OddQuotes {
  /** Cells that go on after their closing mark, which the parser leaves as they are; and what was between the marks. */
  readonly misquoted: ReadonlyMap<number, string>;
  /** Cells without marks of their own that begin with blanks and a mark, which the parser takes for a part of the text. */
  readonly behindBlank: ReadonlySet<number>;
}

/** Whether a text begins with blanks and then a quotation mark. */
export function beginsBehindBlank(cell: string): boolean {
  const first = cell.charCodeAt(0);
  return (first === 0x20 || first === 0x09 || first === 0xa0) && cell.trimStart().charCodeAt(0) === 0x22;
}

/** Reads quotation marks with blanks before or behind them: such blanks belong to the list's writing, not to a text. */
export function readQuotes(cells: readonly string[], { misquoted, behindBlank }: OddQuotes): ReadQuotes {
  let doubt: Problem | undefined;
  const read = cells.map((cell, at) => {
    const inside = misquoted.get(at);
    if (inside !== undefined) {
      if (/^[ \t\u00a0]+$/.test(cell.slice(inside.length + 2))) return inside;
      doubt ??= notDoubled;
    }
    if (!behindBlank.has(at)) return cell;
    const quoted = /^[ \t\u00a0]+"((?:[^"]|"")*)"[ \t\u00a0]*$/.exec(cell)?.[1];
    if (quoted === undefined) doubt ??= blankBeforeMark;
    return quoted?.replaceAll('""', '"') ?? cell;
  });
  return doubt === undefined ? { cells: read } : { cells, doubt };
}
