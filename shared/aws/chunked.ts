/** UTF-8 takes at most so many bytes for a UTF-16 code unit. */
const widest = 3;

/**
 * The bytes of a stream of texts and bytes, in pieces of at most `size` bytes (at least 48) and not much less, the last
 * one apart: thousands of small chunks cost one copy each, texts are encoded where they are to stand, and no more than
 * one piece is held. An empty stream gives no piece. A surrogate pair may be cut between two texts: its halves are
 * joined before they are encoded.
 */
export async function* chunked(source: AsyncIterable<Uint8Array | string>, size: number): AsyncGenerator<Buffer> {
  let piece: Buffer | undefined;
  let filled = 0;
  let half = "";

  const given = (full: Buffer): Buffer => {
    const bytes = full.subarray(0, filled);
    // The piece is the receiver's now: it may still be on its way to the socket.
    piece = undefined;
    filled = 0;
    return bytes;
  };

  const take = function* (bytes: Uint8Array): Generator<Buffer> {
    for (let offset = 0; offset < bytes.byteLength; ) {
      piece ??= Buffer.allocUnsafe(size);
      const part = bytes.subarray(offset, offset + size - filled);
      piece.set(part, filled);
      filled += part.byteLength;
      offset += part.byteLength;
      if (filled === size) yield given(piece);
    }
  };

  const encode = function* (text: string): Generator<Buffer> {
    for (let offset = 0; offset < text.length; ) {
      piece ??= Buffer.allocUnsafe(size);
      // As many characters as surely fit; the room that they leave is filled in a few more rounds.
      const fitting = text.slice(offset, offset + Math.floor((size - filled) / widest));
      const part = offset + fitting.length < text.length && endsInHalf(fitting) ? fitting.slice(0, -1) : fitting;
      filled += piece.write(part, filled);
      offset += part.length;
      if (size - filled < size / 8) yield given(piece);
    }
  };

  for await (const chunk of source) {
    if (typeof chunk !== "string") {
      yield* encode(half);
      half = "";
      yield* take(chunk);
      continue;
    }
    const text = half + chunk;
    half = endsInHalf(text) ? text.slice(-1) : "";
    yield* encode(half === "" ? text : text.slice(0, -1));
  }
  yield* encode(half);
  if (piece !== undefined) yield given(piece);
}

/** Whether a text ends with the first half of a surrogate pair. */
const endsInHalf = (text: string) => (text.charCodeAt(text.length - 1) & 0xfc00) === 0xd800;
