import { CsvError, type Options, Parser } from "csv-parse";
import { bounds } from "./bounds.ts";
import { grouped } from "./in-words.ts";

/** A record has more cells than a list has columns. */
class TooManyCells extends Error {
  override readonly name = "TooManyCells";
}

/**
 * A parser of CSV that fails on a record as soon as it is larger than `bounds` let it be. csv-parse itself counts what is in cells, so
 * that a line of empty ones would fill the memory.
 */
export function createBoundedParser(options: Options): Parser {
  const parser = new Parser({ ...options, relax_column_count: true, max_record_size: bounds.recordBytes });
  const state = Reflect.get(parser, "state");
  const field = Reflect.get(state, "field");
  const textOf = field.toString.bind(field);
  // At the end of each cell the parser makes a text of the field and puts it behind the record's other cells.
  field.toString = (encoding?: string) => {
    if (state.record.length >= bounds.columns) throw new TooManyCells();
    return textOf(encoding);
  };
  const transform = parser._transform.bind(parser);
  // What is thrown from within a cell is handed on as the stream's error; in its last cell, Node does so by itself.
  parser._transform = (chunk, encoding, callback) => {
    try {
      transform(chunk, encoding, callback);
    } catch (error) {
      if (!(error instanceof TooManyCells)) throw error;
      callback(error);
    }
  };
  return parser;
}

/** How a record is too large, as a clause about its row; `undefined` for any other error. */
export function tooLargeInWords(error: unknown): string | undefined {
  if (error instanceof TooManyCells) {
    return `has more than ${grouped(bounds.columns)} cells, more than any list has columns`;
  }
  return error instanceof CsvError && error.code === "CSV_MAX_RECORD_SIZE"
    ? `is longer than ${bounds.recordBytes / 1024 ** 2} MiB, more than any row that can be sent`
    : undefined;
}
