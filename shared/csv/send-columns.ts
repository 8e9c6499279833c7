import { columnKey } from "./column-name.ts";

/** The columns that a report adds, in their order. */
export const sendColumns = [
  "send_status",
  "send_code",
  "send_key",
  "send_detail",
  "send_attempts",
  "send_at",
  "send_segments",
  "send_number",
] as const;

/** Our columns by what names in a header are compared by. */
export const reportKeys: ReadonlyMap<string, (typeof sendColumns)[number]> = new Map(
  sendColumns.map((name) => [columnKey(name), name]),
);

/** Whether this is the header of a report: what is below it was written by one, with formulas neutralised. */
export const isReportHeader = (header: readonly string[]): boolean =>
  header.some((name) => reportKeys.get(columnKey(name)) === "send_status");

/**
 * Which of the input's columns (by index) a report repeats. A header with `send_status` is that of a report uploaded
 * again: its send_ columns are replaced by this campaign's. Without it, a column such as `send_at` is the customer's own.
 */
export function keptColumns(header: readonly string[]): readonly number[] {
  const again = isReportHeader(header);
  return header.flatMap((name, index) => (again && reportKeys.has(columnKey(name)) ? [] : [index]));
}
