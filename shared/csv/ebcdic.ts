/** Bytes that are looked at. */
const looked = 4096;

/**
 * Whether bytes are text as IBM's mainframes write it. Its digits and blanks are where other encodings have letters with accents
 * and the sign @, and it has neither the digits nor the small letters of ASCII.
 */
export function isEbcdic(head: Uint8Array): boolean {
  const bytes = head.subarray(0, looked);
  let digits = 0;
  let letters = 0;
  let ends = 0;
  let ascii = 0;
  for (const byte of bytes) {
    if (byte >= 0xf0 && byte <= 0xf9) digits++;
    else if (isLetter(byte) || byte === 0x40 || byte === 0x6b || byte === 0x5e || byte === 0x4e) letters++;
    else if (byte === 0x15 || byte === 0x25 || byte === 0x0d) ends++;
    else if ((byte >= 0x30 && byte <= 0x39) || byte === 0x0a || byte === 0x20) ascii++;
  }
  return (
    bytes.length >= 16 &&
    digits * 10 >= bytes.length &&
    ascii * 50 < bytes.length &&
    digits + letters + ends > bytes.length * 0.85
  );
}

const isLetter = (byte: number) =>
  ((byte >= 0x81 && byte <= 0xa9) || (byte >= 0xc1 && byte <= 0xe9)) && (byte & 0x0f) >= 1 && (byte & 0x0f) <= 9;
