import { excerpt } from "../shorten.ts";
import type { CsvRecord } from "./record-parser.ts";
import type { Warnings } from "./warnings.ts";

/** Cells that are shown. */
const samplesShown = 3;

/** Warns of the lines, and collects the first cells, that show whether a guessed encoding is right: those with characters beyond ASCII. */
export interface EncodingSamples {
  add(records: readonly CsvRecord[]): void;
  /** Up to three cells, shortened. */
  all(): readonly string[];
}

const warning =
  'The file is not UTF-8 and does not say what it is; it is read as Windows-1252. Look at the examples: if a letter in them is wrong, save the file as "CSV UTF-8". If they are right, "encoding": "windows-1252" in the options says so.';

/** No samples yet. */
export function createEncodingSamples(warnings: Warnings): EncodingSamples {
  const samples: string[] = [];
  return {
    add: (records) => {
      for (const { line, cells } of records) {
        if (!cells.some(isBeyondAscii)) continue;
        const telling = cells.filter(isBeyondAscii).slice(0, samplesShown - samples.length);
        const shown = telling.map((cell) => excerpt(cell, 40));
        warnings.add("encoding-guessed", warning, { line, example: shown[0] });
        samples.push(...shown);
      }
    },
    all: () => [...samples],
  };
}

const isBeyondAscii = (cell: string) => /[^\0-\x7f]/.test(cell);
