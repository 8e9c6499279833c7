import type { Options } from "../campaign/options.ts";
import type { Column } from "./columns.ts";
import type { Judged, JudgedRow } from "./judge-csv.ts";
import type { Lack, RefusedFile } from "./refused-file.ts";

/** The beginning of a list, judged, and what nothing says yet. */
export interface ListSample {
  readonly kind: "sample";
  readonly columns: readonly Column[];
  /** The first rows; where something is missing, judged as if something had been said. */
  readonly rows: readonly JudgedRow[];
  readonly lacks: ReadonlySet<Lack>;
}

/** Rows that are looked at. */
const rowsRead = 1000;

/**
 * Reads the beginning of a list by these options, whatever they still lack; refused for any other reason. `judge` begins
 * the list again each time.
 */
export async function readSample(
  judge: (options: Options) => Promise<AsyncIterable<Judged>>,
  options: Options,
): Promise<ListSample | RefusedFile> {
  const lacks = new Set<Lack>();
  let assumed = options;
  for (;;) {
    const read = await firstRows(await judge(assumed));
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

async function firstRows(judged: AsyncIterable<Judged>): Promise<RowsRead> {
  const rows: JudgedRow[] = [];
  let columns: readonly Column[] = [];
  for await (const event of judged) {
    if (event.kind === "refused") return event;
    if (event.kind === "opened") columns = event.columns;
    if (event.kind === "rows") rows.push(...event.rows.slice(0, rowsRead - rows.length));
    if (rows.length >= rowsRead) break;
  }
  return { kind: "rows", columns, rows };
}
