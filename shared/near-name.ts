/** The name of `names` that `wrong` is probably meant to be, if one is near: case aside, at most a third of it differs. */
export function nearName(wrong: string, names: readonly string[]): string | undefined {
  const sought = wrong.toLowerCase();
  let best: string | undefined;
  let distance = 1 + mayDiffer(names.reduce((longest, { length }) => Math.max(longest, length), 0));
  const letters = lettersOf(sought);
  for (const name of names) {
    const other = name.toLowerCase();
    // One change concerns two letters at most: nearly all names are ruled out by that.
    if (bits(letters ^ lettersOf(other)) >= 2 * distance) continue;
    const found = editDistance(sought, other, distance);
    if (found < distance) {
      distance = found;
      best = name;
    }
  }
  return best !== undefined && distance <= mayDiffer(best.length) ? best : undefined;
}

/** Which letters a word has, several of them sharing a bit. */
function lettersOf(word: string): number {
  let letters = 0;
  for (let at = 0; at < word.length; at++) letters |= 1 << (word.charCodeAt(at) & 31);
  return letters;
}

function bits(word: number): number {
  let count = 0;
  for (let rest = word; rest !== 0; rest &= rest - 1) count++;
  return count;
}

const mayDiffer = (length: number) => Math.max(1, Math.floor(length / 3));

/**
 * How many insertions, deletions, replacements and swaps of neighbouring letters turn one word into the other; some number that is not
 * below `limit` where it is so many or more, which is known sooner.
 */
export function editDistance(from: string, to: string, limit = Number.POSITIVE_INFINITY): number {
  const apart = Math.abs(from.length - to.length);
  if (apart >= limit) return apart;
  let before: number[] = [];
  let row: number[] = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let index = 0; index < from.length; index++) {
    const letter = from.charCodeAt(index);
    const next = [index + 1];
    let left = index + 1;
    let least = left;
    for (let column = 0; column < to.length; column++) {
      const other = to.charCodeAt(column);
      const diagonal = row[column] ?? 0;
      let distance = Math.min(letter === other ? diagonal : diagonal + 1, (row[column + 1] ?? 0) + 1, left + 1);
      if (index > 0 && column > 0 && letter === to.charCodeAt(column - 1) && from.charCodeAt(index - 1) === other) {
        distance = Math.min(distance, (before[column - 1] ?? 0) + 1);
      }
      next.push(distance);
      left = distance;
      if (distance < least) least = distance;
    }
    // A swap reaches over one row, and adds one.
    if (least > limit) return least;
    before = row;
    row = next;
  }
  return row.at(-1) ?? 0;
}
