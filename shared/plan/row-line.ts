import type { RowLine } from "./plan.ts";

/**
 * A row's line as it is stored: `[cells, segments, [line, number]]` for a row to be sent,
 * `[cells, segments, status, detail, line]` for any other. Older versions left out line and number.
 */
type StoredRowLine =
  | readonly [cells: readonly string[], segments: number, sent?: readonly [line: number, number: string]]
  | readonly [cells: readonly string[], segments: number, status: "invalid" | "skipped", detail: string, line?: number];

/** A row's line as text, without its line feed. */
export function rowLineText({ cells, segments, line = 0, number = "", unsent }: RowLine): string {
  const stored: StoredRowLine =
    unsent === undefined ? [cells, segments, [line, number]] : [cells, segments, unsent.status, unsent.detail, line];
  return JSON.stringify(stored);
}

/** Reads what `rowLineText` wrote, in this version or an older one. */
export function readRowLine(text: string): RowLine {
  const stored: StoredRowLine = JSON.parse(text);
  if (typeof stored[2] === "string") {
    const [cells, segments, status, detail = "", line] = stored;
    return { cells, segments, line, unsent: { status, detail } };
  }
  const [cells, segments, sent] = stored;
  return { cells, segments, line: sent?.[0], number: sent?.[1] };
}
