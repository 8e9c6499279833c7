import { excerpt } from "../shorten.ts";
import type { CsvRecord } from "./record-parser.ts";

/** Cells that are shown. */
const samplesShown = 3;

/** Collects the first cells that show whether a guessed encoding is right: those with characters beyond ASCII. */
export interface EncodingSamples {
  add(records: readonly CsvRecord[]): void;
  /** Up to three cells, shortened. */
  all(): readonly string[];
}

/** No samples yet. */
export function createEncodingSamples(): EncodingSamples {
  const samples: string[] = [];
  return {
    add: (records) => {
      if (samples.length >= samplesShown) return;
      for (const { cells } of records) {
        for (const cell of cells) {
          if (/[^\0-\x7f]/.test(cell) && samples.length < samplesShown) samples.push(excerpt(cell, 40));
        }
      }
    },
    all: () => [...samples],
  };
}
