import { quoted } from "../shorten.ts";
import { createDecoder, createGuessingDecoder, type Decoded, type Decoder, isEncoding } from "./decoder.ts";
import { detectLayout, type Layout } from "./detect-layout.ts";
import { createEncodingDoubt, createStatedDoubt, type EncodingDoubt } from "./encoding-doubt.ts";
import { fileKind } from "./file-kind.ts";
import { inPieces } from "./pieces.ts";
import { type CsvRecord, createRecordParser } from "./record-parser.ts";
import { type Lack, type RefusedFile, refused } from "./refused-file.ts";
import { isSuspicious } from "./suspicious.ts";

/** A CSV being read: its header, its records in the order of the file, or why it cannot be read (further). */
export type CsvEvent =
  /** `fit` makes a record one of this header's, once that is known to be the header; absent where every record is one as it comes. */
  | {
      readonly kind: "header";
      readonly record: CsvRecord;
      readonly layout: Layout;
      readonly fit?: (record: CsvRecord) => CsvRecord;
    }
  /** `suspect`: there may be control or damaged characters in these. Blank rows are left out. */
  | { readonly kind: "records"; readonly records: readonly CsvRecord[]; readonly suspect: boolean }
  /** The last event. */
  | RefusedFile;

/** A file's records, and what is known of its encoding so far. */
export interface CsvReader {
  readonly events: AsyncGenerator<CsvEvent>;
  readonly encoding: () => { readonly name: string; readonly guessed: boolean };
  /** The sheet that is read, where the list is a workbook. */
  readonly sheet?: () => string | undefined;
  /** Sentences, each after a blank, about what of a workbook was left out so far, for a list that lacks something. */
  readonly leftOut?: (lack: Lack | undefined) => string;
}

/** `stated` is the encoding the options name; `isKnown` tells header names by which the delimiter is recognised. */
export interface CsvReaderSettings {
  readonly stated: string | undefined;
  readonly isKnown: (name: string) => boolean;
}

/** Reads a CSV of any encoding, delimiter and line ending, cut into chunks anywhere, in flat memory. */
export function createCsvReader(source: AsyncIterable<Uint8Array>, settings: CsvReaderSettings): CsvReader {
  let decoder: Decoder = createGuessingDecoder();

  async function* read(): AsyncGenerator<CsvEvent> {
    const pieces = inPieces(source);
    try {
      const head = await pieces.next();
      const begun = head.done ? refused("The file is empty.") : begin(head.value, settings);
      if (begun.kind === "refused") {
        yield begun;
        return;
      }
      decoder = begun.decoder;
      yield* readRecords(begun, pieces);
    } finally {
      await pieces.return(undefined); // Else the source would stay open when reading ends before its end.
    }
  }

  return { events: read(), encoding: () => ({ name: decoder.encoding(), guessed: decoder.guessed() }) };
}

/** What the beginning of a file shows, and the first of its text. */
interface Begun {
  readonly kind: "begun";
  readonly decoder: Decoder;
  readonly doubt: EncodingDoubt;
  readonly layout: Layout;
  readonly first: Decoded;
}

function begin(head: Uint8Array, { stated, isKnown }: CsvReaderSettings): Begun | RefusedFile {
  if (stated !== undefined && !isEncoding(stated)) {
    return refused(
      `"encoding": ${quoted(stated)} in the options is not a known encoding. Try "utf-8" or "windows-1252".`,
    );
  }
  const kind = fileKind(head, stated);
  if (kind.kind === "refused") return kind;
  const encoding = kind.encoding ?? stated;
  const doubt = encoding === undefined ? createEncodingDoubt() : createStatedDoubt(encoding);
  const decoder = encoding === undefined ? createGuessingDecoder(doubt.add) : createDecoder(encoding, doubt.add);
  const first = withoutMarks(decoder.decode(head.subarray(kind.markLength)));
  const text = Buffer.from(first.utf8).toString();
  const layout = detectLayout(text, isKnown);
  const hint = Buffer.byteLength(text.slice(0, layout.hintLength));
  return { kind: "begun", decoder, doubt, layout, first: { ...first, utf8: first.utf8.subarray(hint) } };
}

/** Some programs write a byte order mark before text that has one already. */
function withoutMarks({ utf8, damaged }: Decoded): Decoded {
  let at = 0;
  while (utf8[at] === 0xef && utf8[at + 1] === 0xbb && utf8[at + 2] === 0xbf) at += 3;
  return { utf8: utf8.subarray(at), damaged };
}

async function* readRecords(
  { decoder, doubt, layout, first }: Begun,
  pieces: AsyncIterable<Uint8Array>,
): AsyncGenerator<CsvEvent> {
  const parser = createRecordParser(layout);
  let header = true;
  let suspectBefore = false;
  for await (const piece of decodedPieces(first, pieces, decoder)) {
    const suspect = isSuspicious(piece.utf8);
    const failure =
      piece.kind === "end" ? await parser.end() : await parser.parse(piece.utf8, piece.kind === "damaged");
    const records = parser.take();
    doubt.locate(records);
    const doubtful = await doubt.reason(piece.kind === "end");
    if (doubtful !== undefined) {
      yield refused(doubtful);
      return;
    }
    const titles = header ? records.shift() : undefined;
    if (titles !== undefined) {
      header = false;
      yield { kind: "header", record: titles, layout };
    }
    // The first of these records may have begun in the pieces before.
    suspectBefore ||= suspect;
    if (records.length > 0) {
      yield { kind: "records", records, suspect: suspectBefore };
      suspectBefore = suspect;
    }
    if (failure !== undefined) {
      yield refused(failure);
      return;
    }
    if (piece.kind === "damaged") {
      yield refused(
        `The row that begins in line ${parser.line()} has bytes that are not ${decoder.encoding().toUpperCase()}, unlike the rows before it. Save the file as UTF-8, or say its "encoding" in the options.`,
      );
      return;
    }
  }
  if (header) yield refused("The file is empty: it has neither column names nor rows.");
}

/** The whole text in pieces, then either `end` or, with what comes before the damage, `damaged`. */
async function* decodedPieces(first: Decoded, pieces: AsyncIterable<Uint8Array>, decoder: Decoder) {
  const piece = ({ utf8, damaged }: Decoded) =>
    damaged ? ({ kind: "damaged", utf8 } as const) : ({ kind: "text", utf8 } as const);
  const ending = createEnding();
  yield piece(ending.hold(first));
  for await (const bytes of pieces) yield piece(ending.hold(decoder.decode(bytes)));
  yield piece(ending.hold(decoder.end()));
  yield { kind: "end", utf8: new Uint8Array(0) } as const;
}

/** Leaves out the U+001A and zeros at the very end of a text, which are there for programs, not for people. */
function createEnding() {
  let held: Uint8Array = new Uint8Array(0);
  return {
    hold: ({ utf8, damaged }: Decoded): Decoded => {
      const bytes = held.length === 0 ? utf8 : Buffer.concat([held, utf8]);
      const length = bytes.findLastIndex((byte) => byte !== 0 && byte !== 0x1a) + 1;
      // So many of them are no ending: they go on into a row, which says so.
      held = bytes.length - length > longestEnding ? new Uint8Array(0) : bytes.slice(length);
      return { utf8: held.length === 0 ? bytes : bytes.subarray(0, length), damaged };
    },
  };
}

/** Bytes that are held back until it is known whether anything follows. */
const longestEnding = 1024 * 1024;
