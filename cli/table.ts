/** The lines of a table, columns two spaces apart; the columns in `right` (counted from 0) are aligned to the right. */
export function table(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  right: readonly number[] = [],
): readonly string[] {
  const widths = header.map((name, at) => Math.max(name.length, ...rows.map((row) => (row[at] ?? "").length)));
  return [header, ...rows].map((row) =>
    widths
      .map((width, at) => (right.includes(at) ? (row[at] ?? "").padStart(width) : (row[at] ?? "").padEnd(width)))
      .join("  ")
      .trimEnd(),
  );
}
