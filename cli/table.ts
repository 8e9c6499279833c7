/** Lines of a table in columns two spaces apart; `right` are the columns of numbers. */
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
