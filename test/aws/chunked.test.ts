import { expect, test } from "vitest";
import { chunked } from "../../shared/aws/chunked.ts";

async function* from(parts: readonly (string | Uint8Array)[]) {
  yield* parts;
}
const sizes = async (parts: readonly (string | Uint8Array)[], size: number) =>
  (await Array.fromAsync(chunked(from(parts), size))).map((piece) => piece.byteLength);
const text = async (parts: readonly (string | Uint8Array)[], size: number) =>
  Buffer.concat(await Array.fromAsync(chunked(from(parts), size))).toString();

test("pieces have exactly the size asked for, but for the last", async () => {
  expect(await sizes(["abc", "de", "", "fghij"], 4)).toEqual([4, 4, 2]);
  expect(await sizes([Buffer.alloc(8)], 4)).toEqual([4, 4]);
  expect(await sizes([Buffer.alloc(3), Buffer.alloc(10)], 4)).toEqual([4, 4, 4, 1]);
  expect(await sizes([], 4)).toEqual([]);
  expect(await sizes(["", new Uint8Array()], 4)).toEqual([]);
});

test("texts and bytes keep their order and become UTF-8", async () => {
  expect(await text(["é", Buffer.from("ü"), "👋", Buffer.from("x")], 3)).toBe("éü👋x");
});

test("a character whose halves stand in two texts is kept whole", async () => {
  const [high = "", low = ""] = "👋".split("");
  expect(await text([`a${high}`, `${low}b`], 2)).toBe("a👋b");
  expect(await text([high, "", low], 2)).toBe("👋");
  expect(await text([high, Buffer.from("x")], 2)).toBe("\uFFFDx");
  expect(await text([high], 2)).toBe("\uFFFD");
});

test("a piece given away is not written to again", async () => {
  const pieces = await Array.fromAsync(chunked(from(["aaaa", "bbbb", "cc"]), 4));
  expect(pieces.map(String)).toEqual(["aaaa", "bbbb", "cc"]);
});
