/**
 * Which UTF-16 a file without a byte order mark is, if it is. Whatever its script, a list has line ends and delimiters,
 * which in UTF-16 are an ASCII byte beside a zero, always on the same side; in no other encoding of text are there zeros.
 */
export function utf16WithoutMark(head: Uint8Array): "utf-16le" | "utf-16be" | undefined {
  const zeros = { even: 0, odd: 0 };
  /** Line ends, commas, semicolons, tabs, bars and digits with a zero before or behind them. */
  const signs = { little: 0, big: 0 };
  const units = head.length >> 1;
  for (let unit = 0; unit < units; unit++) {
    const first = head[unit * 2] ?? 0;
    const second = head[unit * 2 + 1] ?? 0;
    if (first === 0) zeros.even++;
    if (second === 0) zeros.odd++;
    if (second === 0 && isSign(first)) signs.little++;
    if (first === 0 && isSign(second)) signs.big++;
  }
  const most = Math.max(signs.little, signs.big);
  if (units < 8 || most < 4 || most < units * 0.02 || Math.min(signs.little, signs.big) > most * 0.05) return undefined;
  const encoding = signs.little > signs.big ? "utf-16le" : "utf-16be";
  const stray = encoding === "utf-16le" ? zeros.even : zeros.odd;
  // U+0100 and the like do have a zero on the other side, but few texts have many of them.
  if (stray > most * 0.2) return undefined;
  const text = new TextDecoder(encoding).decode(head.subarray(0, units * 2));
  return /[\ufffd\0]/.test(text.slice(0, -1)) ? undefined : encoding;
}

const isSign = (byte: number) =>
  byte === 0x0a || byte === 0x0d || byte === 0x09 || byte === 0x2c || byte === 0x3b || byte === 0x7c || isDigit(byte);

const isDigit = (byte: number) => byte >= 0x30 && byte <= 0x39;
