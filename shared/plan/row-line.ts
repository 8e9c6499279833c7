import { readJson } from "../read-json.ts";
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

/** Reads what `rowLineText` wrote, in this version or an older one; `undefined` for anything else. */
export function readRowLine(text: string): RowLine | undefined {
  const stored: unknown = readJson(text);
  if (!Array.isArray(stored)) return undefined;
  const [cells, segments, third, ...more]: readonly unknown[] = stored;
  if (!isTexts(cells) || typeof segments !== "number") return undefined;
  if (third === "invalid" || third === "skipped") {
    const [detail, line] = more;
    if (typeof detail !== "string" || !isOptionalNumber(line) || more.length > 2) return undefined;
    return { cells, segments, line, unsent: { status: third, detail } };
  }
  if (more.length > 0) return undefined;
  if (third === undefined) return { cells, segments };
  if (!Array.isArray(third) || third.length !== 2) return undefined;
  const [line, number]: readonly unknown[] = third;
  return typeof line === "number" && typeof number === "string" ? { cells, segments, line, number } : undefined;
}

const isTexts = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((cell) => typeof cell === "string");

const isOptionalNumber = (value: unknown): value is number | undefined =>
  value === undefined || typeof value === "number";
