/** A character with its code point, in quotes unless it is a letter, digit or symbol and so can be seen. */
export function characterInWords(character: string): string {
  const code = `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
  return /^[\p{L}\p{N}\p{S}]$/u.test(character) ? `${character} (${code})` : `"${character}" (${code})`;
}
