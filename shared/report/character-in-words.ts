/** A character as it is, with its code point where it cannot be seen or told from another. */
export function characterInWords(character: string): string {
  const code = `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
  return /^[\p{L}\p{N}\p{S}]$/u.test(character) ? `${character} (${code})` : `"${character}" (${code})`;
}
