import fc from "fast-check";
import { expect, it } from "vitest";
import { utf8Length } from "../shared/utf8-length.ts";

it("is what the text takes in UTF-8, also of half characters", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      expect(utf8Length(text)).toBe(Buffer.byteLength(text));
    }),
  );
  for (const text of ["", "a", "é", "€", "🎉", "\ud83c", "\udf89", "\udf89\ud83c", "\ud83c\ud83c\udf89"]) {
    expect(utf8Length(text)).toBe(Buffer.byteLength(text));
  }
});
