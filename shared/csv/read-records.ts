import { CsvError, type Parser, parse } from "csv-parse";
import { createDecoder, createGuessingDecoder, type Decoded, type Decoder } from "./decoder.ts";
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

/** Whether there are control characters (C0 but tab and line breaks, DEL, C1) or U+FFFD in UTF-8. */
function isSuspicious(utf8: Uint8Array): boolean {
  const offset = (4 - (utf8.byteOffset % 4)) % 4;
  const aligned = Math.min(utf8.length, offset);
  const words =
    aligned < offset
      ? new Uint32Array(0)
      : new Uint32Array(utf8.buffer, utf8.byteOffset + offset, (utf8.length - offset) >> 2);
  for (let at = 0; at < aligned; at++) {
    if (isSuspiciousAt(utf8, at)) {
      return true;
    }
  }
  // Four bytes at a time: a word of plain characters has no high bit, no byte below a blank, and no DEL.
  for (let index = 0; index < words.length; index++) {
    const word = words[index] ?? 0;
    const deleted = word ^ 0x7f7f7f7f;
    if (((word | (word - 0x20202020) | (deleted - 0x01010101)) & 0x80808080) !== 0) {
      const at = aligned + index * 4;
      if (
        isSuspiciousAt(utf8, at) ||
        isSuspiciousAt(utf8, at + 1) ||
        isSuspiciousAt(utf8, at + 2) ||
        isSuspiciousAt(utf8, at + 3)
      ) {
        return true;
      }
    }
  }
  for (let at = aligned + words.length * 4; at < utf8.length; at++) {
    if (isSuspiciousAt(utf8, at)) {
      return true;
    }
  }
  return false;
}

function isSuspiciousAt(utf8: Uint8Array, at: number): boolean {
  const byte = utf8[at] ?? 0;
  if (byte < 0x20) {
    return byte !== 0x09 && byte !== 0x0a && byte !== 0x0d;
  }
  const next = utf8[at + 1] ?? 0;
  return byte === 0x7f || (byte === 0xc2 && next < 0xa0) || (byte === 0xef && next === 0xbf && utf8[at + 2] === 0xbd);
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
    const pieces = inPieces(source);
    try {
      yield* readPieces(pieces);
    } finally {
      await pieces.return(undefined); // Else the source would stay open when reading ends before its end.
    }
  }

  async function* readPieces(pieces: AsyncGenerator<Uint8Array, undefined>): AsyncGenerator<CsvEvent> {
    const head = await pieces.next();
    if (head.done) {
      yield refused("The file is empty.");
      return;
    }
    if (stated !== undefined && !isEncoding(stated)) {
      yield refused(
        `"encoding": ${shorten(stated)} in the options is no known encoding. Try "utf-8" or "windows-1252".`,
      );
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
    const hint = Buffer.byteLength(text.slice(0, layout.hintLength));
    const records = createRecordParser(layout);
    let header = true;
    let dirty = false;
    for await (const decoded of decodedPieces({ ...first, utf8: first.utf8.subarray(hint) }, pieces, decoder)) {
      const suspect = isSuspicious(decoded.utf8);
      dirty ||= suspect;
      const failure =
        decoded.kind === "end" ? await records.end() : await records.parse(decoded.utf8, decoded.kind === "damaged");
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
      if (failure !== undefined) {
        yield refused(failure);
        return;
      }
      if (decoded.kind === "damaged") {
        yield refused(
          `The row that begins in line ${records.line()} has bytes that are not ${decoder.encoding().toUpperCase()}, unlike the rows before it. Save the file as UTF-8, or say its "encoding" in the options.`,
        );
        return;
      }
    }
    if (header) {
      yield refused("The file is empty: it has neither column names nor rows.");
    }
  }

  return { events: read(), encoding: () => ({ name: decoder.encoding(), guessed: decoder.guessed() }) };
}

/** The whole text in pieces, then either `end` or, with what comes before the damage, `damaged`. */
async function* decodedPieces(first: Decoded, pieces: AsyncIterable<Uint8Array>, decoder: Decoder) {
  const piece = ({ utf8, damaged }: Decoded) => ({ kind: damaged ? "damaged" : "text", utf8 }) as const;
  yield piece(first);
  for await (const bytes of pieces) {
    yield piece(decoder.decode(bytes));
  }
  yield piece(decoder.end());
  yield { kind: "end", utf8: new Uint8Array(0) } as const;
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
    /** Parses on; with `cut`, as if something followed, which shows that a line break before it is one. */
    parse: (bytes: Uint8Array, cut: boolean) =>
      bytes.length === 0
        ? undefined
        : new Promise<string | undefined>((resolve, reject) => {
            parser.write(cut ? Buffer.concat([bytes, Buffer.from("..")]) : bytes, (error) =>
              attempt(() => explained(error), resolve, reject),
            );
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
