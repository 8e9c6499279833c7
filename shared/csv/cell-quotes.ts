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
const behindBlank = {
  problem:
    "A cell begins with a blank and a quotation mark, so that nobody can tell where it ends; remove the blank before the mark",
};

/** Whether a cell begins with blanks and then a quotation mark, which the parser takes for a part of the text. */
export function hasBlankBeforeQuote(cells: readonly string[]): boolean {
  for (const cell of cells) {
    if (beginsBehindBlank(cell)) return true;
  }
  return false;
}

function beginsBehindBlank(cell: string): boolean {
  const first = cell.charCodeAt(0);
  return (first === 0x20 || first === 0x09 || first === 0xa0) && cell.trimStart().charCodeAt(0) === 0x22;
}

/**
 * Reads quotation marks with blanks before or behind them. `misquoted` are the places of cells that went on after their
 * closing mark, which the parser leaves as they are, marks and all, but with doubled marks made single.
 */
export function readQuotes(cells: readonly string[], misquoted: ReadonlySet<number>): ReadQuotes {
  let doubt: Problem | undefined;
  const read = cells.map((cell, at) => {
    if (misquoted.has(at)) {
      const inside = /^"([^"]*)"[ \t\u00a0]+$/.exec(cell)?.[1];
      if (inside === undefined) doubt ??= notDoubled;
      return inside ?? cell;
    }
    if (!beginsBehindBlank(cell)) return cell;
    const inside = /^[ \t\u00a0]+"((?:[^"]|"")*)"[ \t\u00a0]*$/.exec(cell)?.[1];
    if (inside === undefined) doubt ??= behindBlank;
    return inside?.replaceAll('""', '"') ?? cell;
  });
  return doubt === undefined ? { cells: read } : { cells, doubt };
}
