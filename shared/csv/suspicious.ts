/** Whether there are control characters (C0 but tab and line breaks, DEL, C1) or U+FFFD in UTF-8. */
export function isSuspicious(utf8: Uint8Array): boolean {
  const offset = (4 - (utf8.byteOffset % 4)) % 4;
  const aligned = Math.min(utf8.length, offset);
  const words =
    aligned < offset
      ? new Uint32Array(0)
      : new Uint32Array(utf8.buffer, utf8.byteOffset + offset, (utf8.length - offset) >> 2);
  for (let at = 0; at < aligned; at++) {
    if (isSuspiciousAt(utf8, at)) return true;
  }
  // Four bytes at a time: a word of plain characters has no high bit, no byte below a blank, and no DEL.
  for (let index = 0; index < words.length; index++) {
    const word = words[index] ?? 0;
    const deleted = word ^ 0x7f7f7f7f;
    if (((word | (word - 0x20202020) | (deleted - 0x01010101)) & 0x80808080) === 0) continue;
    const at = aligned + index * 4;
    if (
      isSuspiciousAt(utf8, at) ||
      isSuspiciousAt(utf8, at + 1) ||
      isSuspiciousAt(utf8, at + 2) ||
      isSuspiciousAt(utf8, at + 3)
    ) {
      return true;
    }
  }
  for (let at = aligned + words.length * 4; at < utf8.length; at++) {
    if (isSuspiciousAt(utf8, at)) return true;
  }
  return false;
}

function isSuspiciousAt(utf8: Uint8Array, at: number): boolean {
  const byte = utf8[at] ?? 0;
  if (byte < 0x20) return byte !== 0x09 && byte !== 0x0a && byte !== 0x0d;
  const next = utf8[at + 1] ?? 0;
  return byte === 0x7f || (byte === 0xc2 && next < 0xa0) || (byte === 0xef && next === 0xbf && utf8[at + 2] === 0xbd);
}
