/** Short enough that V8 does not take the joined text for a large object, which only a full collection frees. */
const chunkCharacters = 16 * 1024;

/** Bytes handed over at once; a character of UTF-16 is at most three of UTF-8. */
const blockBytes = 256 * 1024;

/** Gathers text into blocks of UTF-8. A block is only valid while it is being handed over: its memory is used again. */
export function createBlocks(write: (bytes: Uint8Array) => void) {
  const block = Buffer.allocUnsafeSlow(blockBytes);
  let text = "";
  let filled = 0;

  const hand = () => {
    if (filled > 0) write(block.subarray(0, filled));
    filled = 0;
  };
  const encode = () => {
    const chunk = text;
    text = "";
    if (chunk.length * 3 > blockBytes - filled) hand();
    if (chunk.length * 3 > blockBytes) write(Buffer.from(chunk));
    else filled += block.write(chunk, filled);
  };

  return {
    add(more: string): void {
      text += more;
      if (text.length >= chunkCharacters) encode();
    },
    /** Hands over what is left. */
    end(): void {
      encode();
      hand();
    },
  };
}
