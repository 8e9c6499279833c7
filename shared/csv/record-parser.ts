import { CsvError, type Parser, parse } from "csv-parse";
import { type Layout, rowEndings } from "./detect-layout.ts";

/** One record as it is in the file. */
export interface CsvRecord {
  /**
   * The line in which a spreadsheet shows it: a record with line breaks in its cells is one line, a blank line counts, and
   * `sep=` is not shown.
   */
  readonly line: number;
  readonly cells: readonly string[];
  /** Whether a quoted cell continues after its closing quotation mark, so that nobody can tell what was meant. */
  readonly misquoted: boolean;
}

/** Parses a CSV's text piece by piece. `parse` and `end` resolve to a sentence when the text cannot be parsed further. */
export interface RecordParser {
  /** Parses on; with `cut`, as if something followed, which shows that a line break before it is one. */
  parse(utf8: Uint8Array, cut: boolean): Promise<string | undefined>;
  end(): Promise<string | undefined>;
  /** The records completed since the last call, without blank ones. */
  take(): CsvRecord[];
  /** The line in which the record that is being read begins, from 1. */
  line(): number;
}

/** Longest record in bytes: no sendable row comes near it, and an unclosed quotation mark must not fill the memory. */
const longestRecord = 1024 * 1024;

/** A parser of the text that follows a file's `sep=` line, if it has one. */
export function createRecordParser(layout: Layout): RecordParser {
  let read: CsvRecord[] = [];
  let next = 1;
  let misquoted = false;
  const parser = parse({
    delimiter: layout.delimiter,
    record_delimiter: rowEndings(layout.lineEnding),
    relax_column_count: true,
    relax_quotes: true,
    max_record_size: longestRecord,
    on_record: (cells: string[]) => {
      const line = next++;
      if (!isBlank(cells)) read.push({ line, cells, misquoted });
      misquoted = false;
      return null;
    },
  });
  parser.on("error", () => {}); // Each call hears of its own errors.
  onMisquoted(parser, () => {
    misquoted = true;
  });
  const settle = (error: Error | null | undefined, { resolve, reject }: Settling) => {
    const reason = error ? reasonFor(error, next) : undefined;
    if (error && reason === undefined) reject(error);
    else resolve(reason);
  };
  return {
    parse: async (utf8, cut) => {
      if (utf8.length === 0) return undefined;
      const { promise, ...settling } = Promise.withResolvers<string | undefined>();
      parser.write(cut ? Buffer.concat([utf8, Buffer.from("..")]) : utf8, (error) => settle(error, settling));
      return promise;
    },
    end: () => {
      const { promise, ...settling } = Promise.withResolvers<string | undefined>();
      parser.once("error", (error) => settle(error, settling));
      parser.once("finish", () => settle(undefined, settling));
      parser.end();
      return promise;
    },
    take: () => {
      const taken = read;
      read = [];
      return taken;
    },
    line: () => next,
  };
}

type Settling = Omit<PromiseWithResolvers<string | undefined>, "promise">;

/** What to do about the row that begins in `line`; `undefined` for an error that isn't the file's fault. */
function reasonFor(error: Error, line: number): string | undefined {
  if (!(error instanceof CsvError)) return undefined;
  switch (error.code) {
    case "CSV_QUOTE_NOT_CLOSED":
      return `A quotation mark in the row that begins in line ${line} is never closed. Close it, or double it if it belongs to the text.`;
    case "CSV_MAX_RECORD_SIZE":
      return `The row that begins in line ${line} is longer than 1 MiB. Probably a quotation mark in it is never closed.`;
    default:
      return undefined;
  }
}

/**
 * Tells when a quotation mark closes a cell that then continues. With `relax_quotes` csv-parse puts the opening mark back
 * in front of the field and says nothing; that step is the only sign there is.
 */
function onMisquoted(parser: Parser, tell: () => void): void {
  const field = Reflect.get(Reflect.get(parser, "state"), "field");
  const prepend = field.prepend.bind(field);
  field.prepend = (mark: Buffer) => {
    tell();
    prepend(mark);
  };
}

function isBlank(cells: readonly string[]): boolean {
  for (const cell of cells) {
    if (cell !== "" && cell.trim() !== "") return false;
  }
  return true;
}
