import type { Defaults, Options } from "../shared/campaign/options.ts";
import type { Column } from "../shared/csv/columns.ts";
import { looksLikeNumber } from "../shared/csv/first-cells.ts";
import { type JudgedRow, judgeCsv } from "../shared/csv/judge-csv.ts";
import type { Lack, RefusedFile } from "../shared/csv/refused-file.ts";
import { counted } from "../shared/in-words.ts";
import { listAt, listBytes } from "./campaign-file.ts";

/** The beginning of a list, judged, and what nothing says yet. */
export interface ListSample {
  readonly kind: "sample";
  readonly columns: readonly Column[];
  /** The first rows; where something is missing, judged as if something had been said. */
  readonly rows: readonly JudgedRow[];
  readonly lacks: ReadonlySet<Lack>;
}

/** Rows that are looked at. */
const rowsSampled = 1000;

/** Reads the beginning of a list by these options, whatever they still lack; refused for any other reason. */
export async function sampleList(csv: string, options: Options, defaults: Defaults): Promise<ListSample | RefusedFile> {
  const lacks = new Set<Lack>();
  let assumed = options;
  for (;;) {
    const read = await firstRows(csv, assumed, defaults);
    if (read.kind === "rows") return { kind: "sample", columns: read.columns, rows: read.rows, lacks };
    const { lacks: lack, header = [] } = read;
    if (lack === undefined || lacks.has(lack)) return read;
    lacks.add(lack);
    assumed = assume(assumed, lack, header);
  }
}

/** Something in place of what is missing, so that the rows can be read. */
function assume(options: Options, lack: Lack, header: readonly string[]): Options {
  switch (lack) {
    case "cnumber":
      return { ...options, columns: { ...options.columns, cnumber: header.find((name) => name.trim() !== "") ?? "" } };
    case "message":
      return { ...options, message: "…" };
    case "snumber":
      return { ...options, snumber: "0" };
    default:
      return lack satisfies never;
  }
}

type RowsRead =
  | { readonly kind: "rows"; readonly columns: readonly Column[]; readonly rows: readonly JudgedRow[] }
  | RefusedFile;

async function firstRows(csv: string, options: Options, defaults: Defaults): Promise<RowsRead> {
  const rows: JudgedRow[] = [];
  let columns: readonly Column[] = [];
  const list = listBytes(await listAt(csv));
  for await (const event of judgeCsv(list, { options, defaults })) {
    if (event.kind === "refused") return event;
    if (event.kind === "opened") columns = event.columns;
    if (event.kind === "rows") rows.push(...event.rows.slice(0, rowsSampled - rows.length));
    if (rows.length >= rowsSampled) break;
  }
  return { kind: "rows", columns, rows };
}

/** The first line whose number begins with neither `+` nor `00`, for which a country may be needed. */
export function nationalNumberAt({ rows }: Pick<ListSample, "rows">, column: number): JudgedRow | undefined {
  return rows.find(({ cells }) => {
    const cell = (cells[column] ?? "").trim();
    return looksLikeNumber(cell) && !/^\(?\s*(\+|00|tel:\+)/.test(cell);
  });
}

/** How many messages are shown from the beginning. */
const firstShown = 3;

/** The first messages as they will read, and the longest of the sample, each with its segments. */
export function previewLines({ rows }: Pick<ListSample, "rows">): readonly string[] {
  const messages = rows.flatMap(({ line, verdict }) =>
    verdict.kind === "send"
      ? [{ line, to: verdict.send.cnumber, text: verdict.send.message, segments: verdict.segments }]
      : [],
  );
  const first = messages.slice(0, firstShown);
  const longest = messages.reduce<(typeof messages)[number] | undefined>(
    (best, each) => (best === undefined || isLonger(each, best) ? each : best),
    undefined,
  );
  const shown = longest === undefined || first.includes(longest) ? first : [...first, longest];
  return [
    ...shown.flatMap((message) => [
      `Line ${message.line}${message === longest && messages.length > 1 ? ", the longest" : ""}, to ${message.to}, ${counted(message.segments, "segment")}:`,
      ...message.text.split("\n").map((text) => `  ${text}`),
    ]),
    ...firstFaults(rows),
  ];
}

const isLonger = (one: { text: string; segments: number }, other: { text: string; segments: number }) =>
  one.segments > other.segments || (one.segments === other.segments && one.text.length > other.text.length);

/** How many of the rows looked at could not be sent, and why the first could not. */
function firstFaults(rows: readonly JudgedRow[]): readonly string[] {
  const invalid = rows.filter(({ verdict }) => verdict.kind === "invalid");
  const [first] = invalid;
  if (first === undefined || first.verdict.kind === "send") return [];
  const of = counted(rows.length, "row");
  return [`Of the first ${of}, ${invalid.length} could not be sent; line ${first.line}: ${first.verdict.problem}.`];
}
