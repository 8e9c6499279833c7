/** Characters that no shell gives a meaning. */
const plain = /^[\w@%+=:,./-]+$/u;

/** A word as it can be pasted into a shell, in quotation marks where it needs them. */
function shellWord(word: string): string {
  if (plain.test(word)) return word;
  return /["$`\\!]/.test(word) ? `'${word.replaceAll("'", "'\\''")}'` : `"${word}"`;
}

/** A command of bulk-send as it can be copied and run. */
export const copyable = (...words: readonly string[]): string => ["npx bulk-send", ...words.map(shellWord)].join(" ");
