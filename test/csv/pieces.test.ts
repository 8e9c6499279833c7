import { describe, expect, test } from "vitest";
import { inPieces } from "../../shared/csv/pieces.ts";

const size = 64 * 1024;

/** The lengths of the pieces that become of chunks of these lengths; what is in them must stay the same. */
async function piecesOf(...lengths: readonly number[]): Promise<readonly number[]> {
  const bytes = Buffer.alloc(lengths.reduce((sum, length) => sum + length, 0));
  for (let at = 0; at < bytes.length; at++) bytes[at] = (at * 7 + (at >> 8)) & 0xff;
  async function* source() {
    let at = 0;
    for (const length of lengths) {
      yield bytes.subarray(at, at + length);
      at += length;
    }
  }
  const pieces: Uint8Array[] = [];
  for await (const piece of inPieces(source())) pieces.push(piece);
  expect(Buffer.concat(pieces).equals(bytes)).toBe(true);
  return pieces.map(({ length }) => length);
}

describe("a file comes in pieces of 64 KiB, whatever it was cut into", () => {
  test.each([
    ["nothing", [], []],
    ["an empty chunk", [0], []],
    ["one that is small", [10], [10]],
    ["small ones", [10, 20, 30], [60]],
    ["one just as large", [size], [size]],
    ["one byte less", [size - 1], [size - 1]],
    ["one byte more", [size + 1], [size, 1]],
    ["a large one", [size * 3 + 5], [size, size, size, 5]],
    ["halves", [size / 2, size / 2, size / 2, size / 2, 3], [size, size, 3]],
    ["odd ones", [50_000, 50_000, 50_000, 50_000], [size, size, size, 200_000 - 3 * size]],
    ["a small one and a large one", [1, size * 2, size], [size, size, size, 1]],
  ])("%s", async (_, chunks, pieces) => {
    expect(await piecesOf(...chunks)).toEqual(pieces);
  });
});
