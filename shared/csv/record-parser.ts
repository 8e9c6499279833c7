import { CsvError, type Parser } from "csv-parse";
import { createBoundedParser, tooLargeInWords } from "../bounded-parser.ts";
import { beginsBehindBlank, type OddQuotes, readQuotes } from "./cell-quotes.ts";
import { type Layout, rowEndings } from "./detect-layout.ts";
import type { Problem } from "./problem.ts";
import { swallowedRows } from "./swallowed-rows.ts";

/** One record as it is in the file. */
export interface CsvRecord {
  /**
   * The line in which a spreadsheet shows it: a record with line breaks in its cells is one line, a blank line counts, and
   * `sep=` is not shown.
   */
  readonly line: number;
  readonly cells: readonly string[];
  /** Why nobody can tell where its cells begin and end. */
  readonly doubt?: Problem;
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

/** A parser of the text that follows a file's `sep=` line, if it has one. */
export function createRecordParser(layout: Layout): RecordParser {
  let read: CsvRecord[] = [];
  let next = 1;
  /** Lines of the text up to the last record: a record with more than one has line breaks in its cells. */
  let lines = 0;
  let width: number | undefined;
  const odd = { misquoted: new Map<number, string>(), behindBlank: new Set<number>() };
  const parser = createBoundedParser({
    delimiter: layout.delimiter,
    record_delimiter: rowEndings(layout.lineEnding),
    relax_quotes: true,
    on_record: (cells: string[], context) => {
      const line = next++;
      const several = context.lines - lines > 1;
      lines = context.lines;
      if (isBlank(cells)) return null;
      const { cells: meant, doubt } = readOddQuotes(cells, odd);
      const swallowed =
        several && width !== undefined
          ? swallowedRows(meant, { delimiter: layout.delimiter, width }, doubt !== undefined)
          : undefined;
      read.push({ line, cells: meant, doubt: swallowed ?? doubt });
      width ??= cells.length;
      return null;
    },
  });
  parser.on("error", () => {}); // Each call hears of its own errors.
  watchQuotes(parser, odd);
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
  const row = `row that begins in line ${line}`;
  if (error instanceof CsvError && error.code === "CSV_QUOTE_NOT_CLOSED") {
    return `A quotation mark in the ${row} is never closed. Close it, or double it if it belongs to the text.`;
  }
  const tooLarge = tooLargeInWords(error);
  return tooLarge === undefined
    ? undefined
    : `The ${row} ${tooLarge}. Look at whether it and its quotation marks end where they should; if so, remove what is too much.`;
}

interface OddQuotesSeen extends OddQuotes {
  readonly misquoted: Map<number, string>;
  readonly behindBlank: Set<number>;
}

/** A record's cells as they are meant. Forgets what was odd about them: the next record begins. */
function readOddQuotes(cells: readonly string[], odd: OddQuotesSeen): ReturnType<typeof readQuotes> {
  if (odd.misquoted.size === 0 && odd.behindBlank.size === 0) return { cells };
  const read = readQuotes(cells, odd);
  odd.misquoted.clear();
  odd.behindBlank.clear();
  return read;
}

/**
 * Notes what csv-parse knows of a cell's quotation marks and does not hand on. Two steps show it: with `relax_quotes` it
 * puts the opening mark of a cell that continues after its closing mark back in front of the field, and at the end of a
 * cell it makes a text of the field, while `wasQuoting` still tells whether marks stood around it. (Its documented way, a
 * `cast` that is told `quoting`, makes two objects a cell, which takes a quarter more time.)
 */
function watchQuotes(parser: Parser, { misquoted, behindBlank }: OddQuotesSeen): void {
  const state = Reflect.get(parser, "state");
  const field = Reflect.get(state, "field");
  const place = (): number => Reflect.get(state, "record").length;
  const prepend = field.prepend.bind(field);
  const textOf = field.toString.bind(field);
  field.prepend = (mark: Buffer) => {
    misquoted.set(place(), textOf("utf8"));
    prepend(mark);
  };
  field.toString = (encoding?: string) => {
    const text = textOf(encoding);
    if (encoding !== undefined && beginsBehindBlank(text) && !state.wasQuoting) behindBlank.add(place());
    return text;
  };
}

/** Whether a record has nothing in it; the U+001A with which DOS ended files is nothing. */
function isBlank(cells: readonly string[]): boolean {
  if (cells.length === 1 && /^[\s\0\x1a]*$/.test(cells[0] ?? "")) return true;
  for (const cell of cells) {
    if (cell !== "" && cell.trim() !== "") return false;
  }
  return true;
}
