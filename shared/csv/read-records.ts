import { CsvError, type Parser, parse } from "csv-parse";
import { createDecoder, createGuessingDecoder, type Decoder } from "./decoder.ts";
import { detectLayout, type Layout, rowEndings } from "./detect-layout.ts";
import { fileKind } from "./file-kind.ts";
import { shorten } from "./shorten.ts";

/** One record as it stands in the file. */
export interface CsvRecord {
  /** Where it begins, from 1. */
  readonly line: number;
  readonly cells: readonly string[];
  /** Whether a quoted cell goes on after its closing quotation mark, so that nobody can tell what was meant. */
  readonly misquoted: boolean;
}

/** A CSV being read: its header, its records in the order of the file, or why it cannot be read (further). */
export type CsvEvent =
  | { readonly kind: "header"; readonly record: CsvRecord; readonly layout: Layout }
  /** `suspect`: there may be control or damaged characters in these. Blank rows are left out. */
  | { readonly kind: "records"; readonly records: readonly CsvRecord[]; readonly suspect: boolean }
  /** The last event. */
  | { readonly kind: "refused"; readonly reason: string };

/** A file's records, and what is known of its encoding so far. */
export interface CsvReader {
  readonly events: AsyncGenerator<CsvEvent>;
  readonly encoding: () => { readonly name: string; readonly guessed: boolean };
}

/** How much of a file is looked at to learn its encoding and layout, in bytes. */
const headBytes = 64 * 1024;

/** Bytes parsed at once: some hundreds of rows. */
const pieceBytes = 64 * 1024;

/** Longest record in bytes: no row that can be sent is near it, and an unclosed quotation mark must not fill the memory. */
const longestRecord = 1024 * 1024;

/** What each byte of UTF-8 may be a sign of: 1 a control character, 2 perhaps one (C1) or U+FFFD. */
const signs = new Uint8Array(256);
for (let byte = 0; byte < 0x20; byte++) {
  signs[byte] = byte === 0x09 || byte === 0x0a || byte === 0x0d ? 0 : 1;
}
signs[0x7f] = 1;
signs[0xc2] = 2;
signs[0xef] = 2;

/** Whether there are control characters (C0 but tab and line breaks, DEL, C1) or U+FFFD in UTF-8. */
function isSuspicious(utf8: Uint8Array): boolean {
  for (let at = 0; at < utf8.length; at++) {
    const sign = signs[utf8[at] ?? 0] ?? 0;
    if (sign === 0) {
      continue;
    }
    const next = utf8[at + 1] ?? 0;
    if (sign === 1 || (utf8[at] === 0xc2 ? next < 0xa0 : next === 0xbf && utf8[at + 2] === 0xbd)) {
      return true;
    }
  }
  return false;
}

/**
 * Reads a CSV of any encoding, delimiter and line ending, cut into chunks anywhere, in flat memory. `stated` is the
 * encoding the options name; `isKnown` tells header names by which the delimiter is recognised.
 */
export function createCsvReader(
  source: AsyncIterable<Uint8Array>,
  { stated, isKnown }: { readonly stated: string | undefined; readonly isKnown: (name: string) => boolean },
): CsvReader {
  let decoder: Decoder = createGuessingDecoder();

  async function* read(): AsyncGenerator<CsvEvent> {
    if (stated !== undefined && !isEncoding(stated)) {
      yield refused(
        `"encoding": ${shorten(stated)} in the options is no known encoding. Try "utf-8" or "windows-1252".`,
      );
      return;
    }
    const pieces = inPieces(source);
    const head = await pieces.next();
    if (head.done) {
      yield refused("The file is empty.");
      return;
    }
    const kind = fileKind(head.value, stated);
    if (kind.kind === "refused") {
      yield kind;
      return;
    }
    const encoding = kind.encoding ?? stated;
    decoder = encoding === undefined ? createGuessingDecoder() : createDecoder(encoding);
    const first = decoder.decode(head.value.subarray(kind.markLength));
    const text = Buffer.from(first.utf8).toString();
    const layout = detectLayout(text, isKnown);
    const records = createRecordParser(layout);
    let header = true;
    let dirty = false;
    const hint = Buffer.byteLength(text.slice(0, layout.hintLength));
    for (
      let decoded = { utf8: first.utf8.subarray(hint), damaged: first.damaged }, last = false; // The next piece, or the end.
      ;
    ) {
      const bytes = Buffer.from(decoded.utf8.buffer, decoded.utf8.byteOffset, decoded.utf8.length);
      const suspect = isSuspicious(bytes);
      dirty ||= suspect;
      // What follows a line break shows that it is one; after damage nothing follows.
      const failure = await records.parse(decoded.damaged ? Buffer.concat([bytes, Buffer.from("..")]) : bytes);
      const ended = last && failure === undefined && !decoded.damaged ? await records.end() : failure;
      const read = records.take();
      const titles = header ? read.shift() : undefined;
      if (titles !== undefined) {
        header = false;
        yield { kind: "header", record: titles, layout };
      }
      if (read.length > 0) {
        yield { kind: "records", records: read, suspect: dirty };
        dirty = suspect;
      }
      if (ended !== undefined) {
        yield refused(ended);
        return;
      }
      if (decoded.damaged) {
        yield refused(
          `The row that begins in line ${records.line()} has bytes that are not ${decoder.encoding().toUpperCase()}, unlike the rows before it. Save the file as UTF-8, or say its "encoding" in the options.`,
        );
        return;
      }
      if (last) {
        break;
      }
      const next = await pieces.next();
      last = next.done === true;
      decoded = next.done ? decoder.end() : decoder.decode(next.value);
    }
    if (header) {
      yield refused("The file is empty: it has neither column names nor rows.");
    }
  }

  return { events: read(), encoding: () => ({ name: decoder.encoding(), guessed: decoder.guessed() }) };
}

function createRecordParser(layout: Layout) {
  const breaks = layout.lineEnding === "\r" ? /\r\n|\n|\r/g : /\n/g;
  let read: CsvRecord[] = [];
  let next = layout.hintLength > 0 ? 2 : 1;
  let lines = 0;
  let misquoted = false;
  const parser = parse({
    delimiter: layout.delimiter,
    record_delimiter: rowEndings(layout.lineEnding),
    relax_column_count: true,
    relax_quotes: true,
    max_record_size: longestRecord,
    on_record: (cells: string[], info) => {
      // The parser counts a CRLF inside quotes as two lines, so that its count only tells whether there are any.
      const line = next;
      next += info.lines - lines === 1 ? 1 : 1 + lineBreaks(cells, breaks);
      lines = info.lines;
      if (!isBlank(cells)) {
        read.push({ line, cells, misquoted });
      }
      misquoted = false;
      return null;
    },
  });
  parser.on("error", () => {}); // Handed over by the calls' own callbacks.
  onMisquoted(parser, () => {
    misquoted = true;
  });
  const explained = (error: Error | null | undefined): string | undefined => {
    if (!error) {
      return undefined;
    }
    if (error instanceof CsvError && error.code === "CSV_QUOTE_NOT_CLOSED") {
      return `A quotation mark in the row that begins in line ${next} is never closed. Close it, or double it if it belongs to the text.`;
    }
    if (error instanceof CsvError && error.code === "CSV_MAX_RECORD_SIZE") {
      return `The row that begins in line ${next} is longer than 1 MiB. Probably a quotation mark in it is never closed.`;
    }
    throw error;
  };
  return {
    parse: (bytes: Uint8Array) =>
      bytes.length === 0
        ? undefined
        : new Promise<string | undefined>((resolve, reject) => {
            parser.write(bytes, (error) => attempt(() => explained(error), resolve, reject));
          }),
    end: () =>
      new Promise<string | undefined>((resolve, reject) => {
        parser.once("error", (error) => attempt(() => explained(error), resolve, reject));
        parser.once("finish", () => resolve(undefined));
        parser.end();
      }),
    take: () => {
      const taken = read;
      read = [];
      return taken;
    },
    /** Where the record that is being read begins. */
    line: () => next,
  };
}

function attempt<T>(compute: () => T, resolve: (value: T) => void, reject: (error: unknown) => void): void {
  try {
    resolve(compute());
  } catch (error) {
    reject(error);
  }
}

/**
 * Tells when a quotation mark closes a cell that then goes on. With `relax_quotes` csv-parse puts the opening mark back
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
    if (cell !== "" && cell.trim() !== "") {
      return false;
    }
  }
  return true;
}

const lineBreaks = (cells: readonly string[], breaks: RegExp) =>
  cells.reduce((sum, cell) => sum + (cell.match(breaks)?.length ?? 0), 0);

function isEncoding(label: string): boolean {
  try {
    new TextDecoder(label);
    return true;
  } catch {
    return false;
  }
}

/** The bytes again, first `headBytes` of them (or all), then in pieces that are neither tiny nor large. */
async function* inPieces(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, undefined> {
  let held: Uint8Array[] = [];
  let size = 0;
  let wanted = headBytes;
  for await (const chunk of source) {
    held.push(chunk);
    size += chunk.length;
    if (size < wanted) {
      continue;
    }
    const bytes = held.length === 1 ? chunk : Buffer.concat(held);
    let at = 0;
    for (; size - at >= wanted; at += pieceBytes) {
      yield bytes.subarray(at, at + pieceBytes);
    }
    held = at < size ? [bytes.subarray(at)] : [];
    size = Math.max(0, size - at);
    wanted = pieceBytes;
  }
  if (size > 0) {
    yield Buffer.concat(held);
  }
  return undefined;
}

const refused = (reason: string): CsvEvent => ({ kind: "refused", reason });
