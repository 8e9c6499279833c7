import fc from "fast-check";
import { expect, test } from "vitest";
import { chunked } from "../../shared/aws/chunked.ts";

async function* from(parts: readonly (string | Uint8Array)[]) {
  yield* parts;
}
const sizes = async (parts: readonly (string | Uint8Array)[], size: number) =>
  (await Array.fromAsync(chunked(from(parts), size))).map((piece) => piece.byteLength);
const text = async (parts: readonly (string | Uint8Array)[], size: number) =>
  Buffer.concat(await Array.fromAsync(chunked(from(parts), size))).toString();

test("bytes come in pieces of exactly the size asked for, but for the last", async () => {
  expect(await sizes([Buffer.alloc(96)], 48)).toEqual([48, 48]);
  expect(await sizes([Buffer.alloc(40), Buffer.alloc(100)], 48)).toEqual([48, 48, 44]);
  expect(await sizes([], 48)).toEqual([]);
  expect(await sizes(["", new Uint8Array()], 48)).toEqual([]);
});

test("texts of any characters, cut anywhere, come whole and in pieces that are nearly full", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.string({ unit: "binary", maxLength: 300 })),
      fc.array(fc.nat(2_000)),
      fc.integer({ min: 48, max: 400 }),
      async (texts, cuts, size) => {
        const whole = texts.join("");
        const at = [0, ...cuts.filter((cut) => cut < whole.length).sort((a, b) => a - b), whole.length];
        const parts = at.slice(1).map((end, index) => whole.slice(at[index], end));
        const pieces = await Array.fromAsync(chunked(from(parts), size));
        expect(Buffer.concat(pieces).equals(Buffer.from(whole))).toBe(true);
        for (const [index, { length }] of pieces.entries()) {
          expect(length).toBeLessThanOrEqual(size);
          if (index < pieces.length - 1) expect(length).toBeGreaterThan(size * (7 / 8));
        }
      },
    ),
  );
});

test("texts and bytes keep their order and become UTF-8", async () => {
  expect(await text(["é", Buffer.from("ü"), "👋", Buffer.from("x")], 48)).toBe("éü👋x");
});

test("a character whose halves stand in two texts is kept whole", async () => {
  const [high = "", low = ""] = "👋".split("");
  expect(await text([`a${high}`, `${low}b`], 48)).toBe("a👋b");
  expect(await text([high, "", low], 48)).toBe("👋");
  expect(await text([high, Buffer.from("x")], 48)).toBe("\uFFFDx");
  expect(await text([high], 48)).toBe("\uFFFD");
});

test("a piece given away is not written to again", async () => {
  const [a, b, c] = ["a", "b", "c"].map((letter) => Buffer.from(letter.repeat(48)));
  const pieces = await Array.fromAsync(chunked(from([a ?? "", b ?? "", c ?? ""]), 48));
  expect(pieces.map((piece) => piece.toString()[0])).toEqual(["a", "b", "c"]);
});
