/** A telephone number without its punctuation, as somebody typed it; `undefined` for anything else. */
export function typedNumber(text: string): string | undefined {
  const bare = text.replace(/[\s()./-]/gu, "");
  return /^\+?\d{3,20}$/u.test(bare) ? bare : undefined;
}
