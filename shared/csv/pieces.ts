/** How much of a file is looked at to learn its encoding and layout, in bytes. */
const headBytes = 64 * 1024;

/** Bytes parsed at once: some hundreds of rows. */
const pieceBytes = 64 * 1024;

/** A file's bytes, first `headBytes` of them (or all), then in pieces that are neither tiny nor large. */
export async function* inPieces(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, undefined> {
  let held: Uint8Array[] = [];
  let size = 0;
  let wanted = headBytes;
  for await (const chunk of source) {
    held.push(chunk);
    size += chunk.length;
    if (size < wanted) continue;
    const bytes = held.length === 1 ? chunk : Buffer.concat(held);
    let at = 0;
    for (; size - at >= wanted; at += pieceBytes) {
      yield bytes.subarray(at, at + pieceBytes);
    }
    held = at < size ? [bytes.subarray(at)] : [];
    size = Math.max(0, size - at);
    wanted = pieceBytes;
  }
  if (size > 0) yield Buffer.concat(held);
  return undefined;
}
