import { excerpt, quoted } from "../shorten.ts";
import { type LikelyEncoding, likelyEncoding } from "./likely-encoding.ts";
import type { CsvRecord } from "./record-parser.ts";
import { createUtf8Runs } from "./utf8-runs.ts";

/** Whether a file that is read as Windows-1252 really is: looks at its bytes as they come, in bounded memory. */
export interface EncodingDoubt {
  /** Bytes that are read as Windows-1252. */
  add(bytes: Uint8Array): void;
  /** The records that came of these bytes, in which the place of a fault can be found. */
  locate(records: readonly CsvRecord[]): void;
  /** Why the file must not be read as Windows-1252, as soon as that is clear; at the latest at its `end`. */
  reason(end: boolean): Promise<string | undefined>;
}

/** Bytes of cells beyond ASCII that are judged: far more than a detector needs to be sure. */
const sampleBytes = 16 * 1024;

/** Most bytes of one cell that count. */
const longestCell = 1024;

/** Nothing seen yet. */
export function createEncodingDoubt(): EncodingDoubt {
  const cells = createCellSample();
  const runs = createUtf8Runs();
  let judged = false;
  let guessing = false;
  let mixed: { readonly text: string; line?: number } | undefined;
  return {
    add: (bytes) => {
      guessing = true;
      if (!judged) cells.add(bytes);
      if (mixed !== undefined) return;
      const found = runs.find(bytes);
      if (found !== undefined) mixed = { text: new TextDecoder("windows-1252").decode(found) };
    },
    locate: (records) => {
      if (mixed === undefined || mixed.line !== undefined) return;
      const { text } = mixed;
      mixed.line = records.find((record) => record.cells.some((cell) => cell.includes(text)))?.line;
    },
    reason: async (end) => {
      if (!guessing) return undefined;
      if (!judged && (end || cells.isFull())) {
        judged = true;
        const sample = cells.bytes();
        const likely = await likelyEncoding(sample);
        if (likely !== undefined) return contradicted(likely, sample);
      }
      return judged && mixed !== undefined && (end || mixed.line !== undefined) ? mixture(mixed) : undefined;
    },
  };
}

function contradicted({ name, label }: LikelyEncoding, sample: Uint8Array): string {
  const text = new TextDecoder("windows-1252").decode(sample);
  const example = quoted(text.split("\n", 1)[0] ?? "", 30);
  const saved = 'Open it in the program it comes from and save it as "CSV UTF-8"';
  if (name === undefined) {
    return `This file is not UTF-8, and read as Windows-1252 its words make no sense, such as ${example}. ${saved}, or name its "encoding" in the options.`;
  }
  const wrong = `This file is not UTF-8, and seems to be ${name}: read as Windows-1252 it has words such as ${example}`;
  if (label === undefined) return `${wrong}. ${saved}.`;
  const right = new TextDecoder(label).decode(sample).split("\n", 1)[0] ?? "";
  return `${wrong}, read as ${name} ${quoted(right, 30)}. If that is right, say "encoding": ${JSON.stringify(label)} in the options; else save the file as "CSV UTF-8".`;
}

const mixture = ({ text, line }: { readonly text: string; readonly line?: number }) =>
  `Part of this file is UTF-8 and part of it is not: ${line === undefined ? "it" : `line ${line}`} has "${excerpt(text, 12)}", which is UTF-8, but other lines are not. Save the whole file as "CSV UTF-8". If these characters are right as they stand here, say "encoding": "windows-1252" in the options.`;

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
    bytes: () => {
      keep(begun);
      return Buffer.from(`${[...seen].join("\n")}\n`, "latin1");
    },
  };
}
