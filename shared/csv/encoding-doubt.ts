import { isUtf8 } from "node:buffer";
import { excerpt, quoted } from "../shorten.ts";
import { type LikelyEncoding, likelyEncoding } from "./likely-encoding.ts";
import type { CsvRecord } from "./record-parser.ts";
import { unfinished } from "./utf8.ts";
import { createUtf8Runs, type Utf8Run } from "./utf8-runs.ts";

/** Whether a file really is in the encoding it is read in: looks at its bytes as they come, in bounded memory. */
export interface EncodingDoubt {
  /** Bytes that are read in that encoding. */
  add(bytes: Uint8Array): void;
  /** The records that came of these bytes, in which the place of a fault can be found. */
  locate(records: readonly CsvRecord[]): void;
  /** Why the file must not be read so, as soon as that is clear; at the latest at its `end`. */
  reason(end: boolean): Promise<string | undefined>;
}

/** Bytes of cells beyond ASCII that are judged: far more than a detector needs to be sure. */
const sampleBytes = 16 * 1024;

/** So few cells are too little for a guess when one of them has a part of a character of UTF-8. */
const fewCells = 2;

/** Most bytes of one cell that count. */
const longestCell = 1024;

/** UTF-8 that was found in a file, as it is read, and where. */
interface Found {
  readonly text: string;
  readonly run: Utf8Run;
  line?: number;
}

function locateIn(found: Found | undefined, records: readonly CsvRecord[]): void {
  if (found === undefined || found.line !== undefined) return;
  found.line = records.find((record) => record.cells.some((cell) => cell.includes(found.text)))?.line;
}

/** For a file that is read as Windows-1252 because it is not UTF-8. Nothing seen yet. */
export function createEncodingDoubt(): EncodingDoubt {
  const cells = createCellSample();
  const runs = createUtf8Runs();
  let judged = false;
  let mixed: Found | undefined;
  return {
    add: (bytes) => {
      if (!judged) cells.add(bytes);
      if (mixed !== undefined) return;
      const run = runs.find(bytes);
      if (run !== undefined) mixed = { text: new TextDecoder("windows-1252").decode(run.bytes), run };
    },
    locate: (records) => locateIn(mixed, records),
    reason: async (end) => {
      if (!judged && (end || cells.isFull())) {
        judged = true;
        const sample = cells.bytes();
        // What is certain, or all there is to go by, counts before a guess.
        const certain = mixed?.run.kind === "halves" || (mixed?.run.kind === "cut" && cells.count() <= fewCells);
        const likely = certain ? undefined : await likelyEncoding(sample);
        if (likely !== undefined) return contradicted(likely, sample);
      }
      return judged && mixed !== undefined && (end || mixed.line !== undefined) ? mixture(mixed) : undefined;
    },
  };
}

function contradicted({ name, label }: LikelyEncoding, sample: Uint8Array): string {
  const example = quoted(firstCell(sample, "windows-1252"), 30);
  const saved = 'Open it in the program it comes from and save it as "CSV UTF-8"';
  if (name === undefined) {
    return `This file is not UTF-8, or a part of it is damaged, and read as Windows-1252 its words make no sense, such as ${example}. ${saved}, or name its "encoding" in the options.`;
  }
  const wrong = `This file is not UTF-8, and seems to be ${name}: read as Windows-1252 it has words such as ${example}`;
  if (label === undefined) return `${wrong}. ${saved}.`;
  return `${wrong}, read as ${name} ${quoted(firstCell(sample, label), 30)}. If that is right, say "encoding": ${JSON.stringify(label)} in the options; else save the file as "CSV UTF-8".`;
}

function firstCell(sample: Uint8Array, encoding: string): string {
  const text = new TextDecoder(encoding).decode(sample);
  return text.slice(0, text.indexOf("\n"));
}

function mixture({ text, line, run }: Found): string {
  const has = `${line === undefined ? "it" : `line ${line}`} has "${excerpt(text, 12)}"`;
  const believed = 'If these characters are right as they stand here, say "encoding": "windows-1252" in the options.';
  switch (run.kind) {
    case "whole":
      return `Part of this file is UTF-8 and part of it is not: ${has}, which is UTF-8, but other lines are not. Save the whole file as "CSV UTF-8". ${believed}`;
    case "cut":
      return `This file is damaged: ${has}, which is a part of a character in UTF-8, whose other bytes are missing. Export the list again as "CSV UTF-8". ${believed}`;
    case "halves":
      return `This file is not quite UTF-8: ${has}, which is a picture (emoji) or a rare character, written as two halves (CESU-8), as some databases export it. Export the list again as UTF-8 (in MySQL utf8mb4, in Oracle AL32UTF8). ${believed}`;
    default:
      return run.kind satisfies never;
  }
}

/** Encodings of one byte a character: any bytes can be read in them, so that a wrong one shows nowhere. */
const oneByteEach = /^(?:windows-|iso-8859-|koi8-|macintosh|x-mac-|ibm866)/;

/** For a file that the options say is in `encoding`, which must be one that is known: whether it is UTF-8 all the same. */
export function createStatedDoubt(encoding: string): EncodingDoubt {
  const decoder = new TextDecoder(encoding);
  const runs = createUtf8Runs();
  let isUtf8SoFar = oneByteEach.test(decoder.encoding);
  /** The beginning of a character whose rest is in the next bytes. */
  let begun: Uint8Array = new Uint8Array(0);
  let found: Found | undefined;
  return {
    add: (added) => {
      if (!isUtf8SoFar) return;
      const bytes = begun.length === 0 ? added : Buffer.concat([begun, added]);
      const whole = bytes.subarray(0, bytes.length - unfinished(bytes));
      begun = Uint8Array.from(bytes.subarray(whole.length));
      isUtf8SoFar = isUtf8(whole);
      const run = found === undefined ? runs.find(added) : undefined;
      if (run !== undefined) found = { text: decoder.decode(run.bytes), run };
    },
    locate: (records) => locateIn(found, records),
    reason: async (end) => {
      if (!end || !isUtf8SoFar || begun.length > 0 || found?.run.kind !== "whole") return undefined;
      const { line, text, run } = found;
      const meant = excerpt(new TextDecoder().decode(run.bytes), 12);
      return `The options say "encoding": ${JSON.stringify(encoding)}, but this file is UTF-8: ${line === undefined ? "it" : `line ${line}`} has "${excerpt(text, 12)}", which is "${meant}" in UTF-8. Leave "encoding" out of the options.`;
    },
  };
}

/** The different cells of a file that have bytes beyond ASCII, one a line. */
function createCellSample() {
  const seen = new Set<string>();
  let size = 0;
  /** The beginning of a cell whose rest is in the next bytes. */
  let begun = "";
  const keep = (cell: string) => {
    if (size >= sampleBytes || !/[\x80-\xff]/.test(cell)) return;
    const part = cell.slice(0, longestCell);
    if (seen.has(part)) return;
    seen.add(part);
    size += part.length + 1;
  };
  return {
    add: (bytes: Uint8Array) => {
      if (size >= sampleBytes) return;
      // Not at "|", which is the second byte of characters in the encodings of East Asia.
      const parts = `${begun}${Buffer.from(bytes).toString("latin1")}`.split(/[,;\t\r\n"]+/);
      begun = parts.pop()?.slice(0, longestCell) ?? "";
      for (const part of parts) keep(part);
    },
    isFull: () => size >= sampleBytes,
    count: () => seen.size,
    bytes: () => {
      keep(begun);
      return Buffer.from(`${[...seen].join("\n")}\n`, "latin1");
    },
  };
}
