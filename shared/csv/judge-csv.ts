import { createHash } from "node:crypto";
import type { Defaults, Options } from "../campaign/options.ts";
import { columnKey } from "./column-name.ts";
import { type Column, type Columns, isKnownName, readColumns } from "./columns.ts";
import { createRowJudge, type JudgeRow, type RowVerdict } from "./judge-row.ts";
import { type CsvRecord, createCsvReader } from "./read-records.ts";
import { attachmentKey } from "./row-files.ts";
import { shorten } from "./shorten.ts";
import { createTally, type Totals } from "./totals.ts";

/** What a file was read as. */
export interface Dialect {
  /** As the Encoding Standard names it. */
  readonly encoding: string;
  /** The bytes are not UTF-8 and nobody said what they are, so that Windows-1252 is a guess to be looked at. */
  readonly guessed: boolean;
  /** Up to three cells, shortened, that show whether a guess is right. */
  readonly samples: readonly string[];
  readonly delimiter: string;
  /** The first line's; undefined when the file has only one. */
  readonly lineEnding?: string;
}

/** A row with its verdict. */
export interface JudgedRow {
  /** From 1; blank lines are no rows. */
  readonly row: number;
  /** Where it begins in the file, from 1. */
  readonly line: number;
  /** The original cells as decoded, untouched. */
  readonly cells: readonly string[];
  readonly verdict: RowVerdict;
}

/** What comes of a CSV: `opened`, any number of `rows`, and last either `end` or, at any time, `refused`. */
export type Judged =
  | {
      readonly kind: "opened";
      readonly header: readonly string[];
      /** As known by now: characters beyond ASCII that come later may show another encoding; `end` has the last word. */
      readonly dialect: Dialect;
      readonly columns: readonly Column[];
    }
  /** Some hundreds of rows. */
  | { readonly kind: "rows"; readonly rows: readonly JudgedRow[] }
  /** Nothing of the file may be sent, the rows given out before included; the sentence says what to change. */
  | { readonly kind: "refused"; readonly reason: string }
  /** `digest` is the SHA-256 of the bytes in hexadecimal. */
  | { readonly kind: "end"; readonly digest: string; readonly dialect: Dialect; readonly totals: Totals };

/** What rows are judged by. */
export interface JudgeSettings {
  readonly options: Options;
  readonly defaults: Defaults;
  /** Size in bytes of the object with this key (`attachments/…`), undefined when there is none. Without it, attachments are not looked at. */
  readonly attachmentSize?: (key: string) => Promise<number | undefined>;
  /** Most rows; `rowLimit` unless told otherwise. */
  readonly maxRows?: number;
}

/** Most rows of a campaign. */
export const rowLimit = 10_000_000;

/** Attachment sizes remembered. */
const sizesKept = 10_000;

/** Attachments asked for at once. */
const lookUps = 16;

/** Reads a CSV as it comes and judges every row, in one pass and flat memory. Throws only when `source` or a look-up does. */
export async function* judgeCsv(source: AsyncIterable<Uint8Array>, settings: JudgeSettings): AsyncGenerator<Judged> {
  const { options, defaults, maxRows = rowLimit } = settings;
  const digest = createHash("sha256");
  const mapped = new Set(Object.values(options.columns ?? {}).map(columnKey));
  const reader = createCsvReader(digested(source, digest), {
    stated: options.encoding,
    isKnown: (name) => mapped.has(columnKey(name)) || isKnownName(name),
  });
  const samples: string[] = [];
  const tally = createTally();
  const sizes = createSizes(settings.attachmentSize);
  let layout: Pick<Dialect, "delimiter" | "lineEnding"> = { delimiter: "," };
  let columns: Columns | undefined;
  let judge: JudgeRow | undefined;
  let row = 0;
  const dialect = (): Dialect => {
    const { name, guessed } = reader.encoding();
    return { encoding: name, guessed, samples: guessed ? [...samples] : [], ...layout };
  };

  for await (const event of reader.events) {
    switch (event.kind) {
      case "refused":
        yield event;
        return;
      case "header": {
        layout = { delimiter: event.layout.delimiter, lineEnding: event.layout.lineEnding };
        const header = event.record.cells;
        const understood = readColumns(header, options.columns);
        if (understood.kind === "refused") {
          yield understood;
          return;
        }
        columns = understood.columns;
        const compiled = createRowJudge({ columns, options, defaults, sizeOf: sizes.of });
        if (compiled.kind === "refused") {
          yield compiled;
          return;
        }
        judge = compiled.judge;
        sample(samples, [event.record], reader.encoding().guessed);
        yield { kind: "opened", header, dialect: dialect(), columns: columns.all };
        break;
      }
      case "records": {
        if (judge === undefined || columns === undefined) {
          throw new Error("The reader gave rows before the header.");
        }
        if (row + event.records.length > maxRows) {
          yield {
            kind: "refused",
            reason: `The file has more than ${maxRows.toLocaleString("en")} rows. Split it into several campaigns.`,
          };
          return;
        }
        sample(samples, event.records, reader.encoding().guessed);
        await sizes.lookUp(columns, event.records);
        const rows: JudgedRow[] = [];
        for (const record of event.records) {
          row++;
          const verdict = judge(record, row, event.suspect);
          tally.add(verdict, row);
          rows.push({ row, line: record.line, cells: record.cells, verdict });
        }
        yield { kind: "rows", rows };
        break;
      }
      default:
        event satisfies never;
    }
  }
  if (row === 0) {
    yield { kind: "refused", reason: "The file has column names but no rows." };
    return;
  }
  yield { kind: "end", digest: digest.digest("hex"), dialect: dialect(), totals: tally.totals() };
}

async function* digested(source: AsyncIterable<Uint8Array>, digest: { update(bytes: Uint8Array): unknown }) {
  for await (const chunk of source) {
    digest.update(chunk);
    yield chunk;
  }
}

function sample(samples: string[], records: readonly CsvRecord[], guessed: boolean): void {
  if (!guessed || samples.length >= 3) {
    return;
  }
  for (const { cells } of records) {
    for (const cell of cells) {
      if (/[^\0-\x7f]/.test(cell) && samples.length < 3) {
        samples.push(shorten(cell, 40).slice(1, -1));
      }
    }
  }
}

/** Looks attachments up before their rows are judged, each once while it is remembered. */
function createSizes(attachmentSize: JudgeSettings["attachmentSize"]) {
  const known = new Map<string, number | undefined>();
  return {
    of: (key: string) => (attachmentSize === undefined ? "unjudged" : known.get(key)),
    async lookUp(columns: Columns, records: readonly CsvRecord[]): Promise<void> {
      if (attachmentSize === undefined || columns.files.every(({ attachment }) => attachment === undefined)) {
        return;
      }
      const wanted = new Set<string>();
      for (const { attachment } of columns.files) {
        for (const { cells } of attachment === undefined ? [] : records) {
          const key = attachmentKey(cells[attachment ?? 0] ?? "");
          if (key !== undefined && key !== "" && !known.has(key)) {
            wanted.add(key);
          }
        }
      }
      if (known.size > 0 && known.size + wanted.size > sizesKept) {
        known.clear();
        return this.lookUp(columns, records);
      }
      const keys = [...wanted];
      for (let at = 0; at < keys.length; at += lookUps) {
        const some = keys.slice(at, at + lookUps);
        const found = await Promise.all(some.map((key) => attachmentSize(key)));
        for (const [index, key] of some.entries()) {
          known.set(key, found[index]);
        }
      }
    },
  };
}
