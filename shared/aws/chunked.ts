/**
 * The bytes of a stream of texts and bytes, in pieces of exactly `size` bytes (the last one shorter): thousands of
 * small chunks cost one copy each, and no more than one piece is held. An empty stream gives no piece.
 * A surrogate pair may be cut between two texts: its halves are joined before they are encoded.
 */
export async function* chunked(source: AsyncIterable<Uint8Array | string>, size: number): AsyncGenerator<Buffer> {
  let piece = Buffer.allocUnsafe(size);
  let filled = 0;
  let half = "";

  const take = function* (bytes: Uint8Array): Generator<Buffer> {
    for (let offset = 0; offset < bytes.byteLength; ) {
      const part = bytes.subarray(offset, offset + size - filled);
      piece.set(part, filled);
      filled += part.byteLength;
      offset += part.byteLength;
      if (filled === size) {
        yield piece;
        // The piece is the receiver's now: it may still be on its way to the socket.
        piece = Buffer.allocUnsafe(size);
        filled = 0;
      }
    }
  };

  for await (const chunk of source) {
    if (typeof chunk !== "string") {
      if (half !== "") yield* take(Buffer.from(half));
      half = "";
      yield* take(chunk);
      continue;
    }
    const text = half + chunk;
    half = /[\uD800-\uDBFF]$/.test(text) ? text.slice(-1) : "";
    yield* take(Buffer.from(half === "" ? text : text.slice(0, -1)));
  }
  if (half !== "") yield* take(Buffer.from(half));
  if (filled > 0) yield piece.subarray(0, filled);
}
