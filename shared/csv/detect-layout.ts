import { parse } from "csv-parse/sync";

/** How a CSV is laid out, as its beginning shows it. */
export interface Layout {
  readonly delimiter: string;
  /** The first line ending; undefined when the file has only one line. */
  readonly lineEnding: string | undefined;
  /** Length in characters of Excel's `sep=;` line with its ending; 0 without one. */
  readonly hintLength: number;
}

const delimiters = [",", ";", "\t", "|"];

/**
 * Reads delimiter and line ending from a file's beginning. Excel's `sep=` line decides; else the delimiter by which the
 * header shows the most names that are known (`isKnown`), and of those the one that cuts it into the most cells.
 */
export function detectLayout(head: string, isKnown: (name: string) => boolean): Layout {
  const hint = /^"?sep=([^"\r\n\p{L}\p{N}])"?(\r\n|\n|\r|$)/iu.exec(head);
  const hintLength = hint?.[0].length ?? 0;
  const lineEnding = /\r\n|\n|\r/.exec(head)?.[0];
  if (hint?.[1] !== undefined) return { delimiter: hint[1], lineEnding, hintLength };
  let best = { delimiter: ",", known: 0, cells: 1 };
  for (const delimiter of delimiters) {
    const cells = header(head, delimiter, lineEnding);
    const known = cells.filter(isKnown).length;
    if (known > best.known || (known === best.known && cells.length > best.cells)) {
      best = { delimiter, known, cells: cells.length };
    }
  }
  return { delimiter: best.delimiter, lineEnding, hintLength };
}

/** What ends a row: a lone CR does only in files whose lines end so, elsewhere it is a line break inside a cell. */
export const rowEndings = (lineEnding: string | undefined): string[] =>
  lineEnding === "\r" ? ["\r\n", "\n", "\r"] : ["\r\n", "\n"];

function header(head: string, delimiter: string, lineEnding: string | undefined): string[] {
  try {
    const records = parse(head, {
      delimiter,
      record_delimiter: rowEndings(lineEnding),
      relax_quotes: true,
      relax_column_count: true,
      skip_records_with_empty_values: true,
      to: 1,
    });
    return records[0] ?? [];
  } catch {
    return []; // Such as a quote that is not closed: with this delimiter there is no header.
  }
}
