import type { Defaults, Options } from "../../shared/campaign/options.ts";
import { type Judged, type JudgedRow, judgeCsv } from "../../shared/csv/judge-csv.ts";
import type { ListWarning } from "../../shared/plan/head.ts";

/** Everything that came of a CSV, gathered. */
export interface JudgedCsv {
  readonly opened?: Extract<Judged, { kind: "opened" }>;
  readonly rows: readonly JudgedRow[];
  readonly last: Extract<Judged, { kind: "refused" | "end" }>;
}

/** Judges bytes (or text as UTF-8) cut into chunks of `chunk` bytes, and checks the order of events. */
export async function judgedCsv(
  content: string | Uint8Array,
  options: Options = {},
  {
    defaults = {},
    chunk = 1 << 30,
    attachmentSize,
    at,
  }: {
    readonly defaults?: Defaults;
    readonly chunk?: number;
    readonly at?: number;
    readonly attachmentSize?: (key: string) => Promise<number | undefined>;
  } = {},
): Promise<JudgedCsv> {
  const lookUpAttachment =
    attachmentSize &&
    (async (key: string) => {
      const size = await attachmentSize(key);
      return size === undefined ? undefined : { size };
    });
  let opened: JudgedCsv["opened"];
  let last: JudgedCsv["last"] | undefined;
  const rows: JudgedRow[] = [];
  for await (const event of judgeCsv(inChunks(content, chunk), { options, defaults, at, lookUpAttachment })) {
    if (last !== undefined || (event.kind === "opened") !== (opened === undefined && event.kind !== "refused")) {
      throw new Error(`The event ${event.kind} came out of order.`);
    }
    switch (event.kind) {
      case "opened":
        opened = event;
        break;
      case "rows":
        rows.push(...event.rows);
        break;
      case "refused":
      case "end":
        last = event;
        break;
      default:
        event satisfies never;
    }
  }
  if (last === undefined) throw new Error("There was no last event.");
  return { opened, rows, last };
}

/** Bytes in chunks of a size. */
export async function* inChunks(content: string | Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(content);
  for (let at = 0; at < bytes.length; at += size) {
    yield bytes.subarray(at, at + size);
  }
}

/** One line about a row, for comparison by eye. */
export function describeRow({ row, line, verdict }: JudgedRow): string {
  const place = `row ${row} line ${line}`;
  if (verdict.kind !== "send") return `${place} ${verdict.kind}: ${verdict.detail} (${verdict.segments})`;
  const { cnumber, message, snumber, stype, customer, files, own } = verdict.send;
  const text = message.length > 200 ? `${message.slice(0, 40)}… (${message.length})` : message;
  return [
    `${place} send ${cnumber}: ${JSON.stringify(text)} (${verdict.segments})`,
    own === undefined ? "" : ` own ${own} from ${snumber}/${stype}/${customer ?? ""}`,
    files === undefined
      ? ""
      : ` files ${files.map((file) => `${file.filename}=${"attachment" in file ? file.attachment : file.base64}`).join(" ")}`,
  ].join("");
}

/** One line about a warning, for comparison by eye. */
export const describeWarning = ({ code, text, count, lines, examples }: ListWarning): string =>
  [
    code,
    count === undefined ? "" : ` (${count})`,
    lines === undefined ? "" : ` in ${lines.join(", ")}`,
    `: ${text}`,
    examples === undefined ? "" : ` e.g. ${examples.join("; ")}`,
  ].join("");
