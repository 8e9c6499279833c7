/** The name of `names` that `wrong` is probably meant to be, if one is near: case aside, at most a third of it differs. */
export function nearName(wrong: string, names: readonly string[]): string | undefined {
  const distances = names.map((name) => ({ name, distance: editDistance(wrong.toLowerCase(), name.toLowerCase()) }));
  const best = distances.sort((a, b) => a.distance - b.distance)[0];
  return best !== undefined && best.distance <= Math.max(1, Math.floor(best.name.length / 3)) ? best.name : undefined;
}

/** How many insertions, deletions, replacements and swaps of neighbouring letters turn one word into the other. */
export function editDistance(from: string, to: string): number {
  let before: readonly number[] = [];
  let row: readonly number[] = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let index = 0; index < from.length; index++) {
    const next = [index + 1];
    for (let column = 0; column < to.length; column++) {
      const replaced = (row[column] ?? 0) + (from[index] === to[column] ? 0 : 1);
      const swapped =
        index > 0 && column > 0 && from[index] === to[column - 1] && from[index - 1] === to[column]
          ? (before[column - 1] ?? 0) + 1
          : replaced;
      next.push(Math.min(replaced, swapped, (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1));
    }
    before = row;
    row = next;
  }
  return row.at(-1) ?? 0;
}
