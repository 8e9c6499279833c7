const odd = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffd]/;

/**
 * What a text has that nobody means to send: a control character but tab and line breaks, or one that was damaged on its way (U+FFFD, or
 * half of a pair, which becomes one). `isSuspicious` looks for the same in bytes.
 */
export function oddCharacter(text: string): "control" | "damaged" | undefined {
  const found = odd.exec(text)?.[0];
  if (found !== undefined) return found === "\ufffd" ? "damaged" : "control";
  return text.isWellFormed() ? undefined : "damaged";
}
