import fc from "fast-check";

/** Any text that UTF-8 can hold: code points of every plane, without lone surrogates. */
export const anyText = fc.string({
  unit: fc
    .oneof(
      fc.integer({ min: 0, max: 0xd7ff }),
      fc.integer({ min: 0xe000, max: 0x10ffff }),
      fc.integer({ min: 0, max: 127 }),
    )
    .map((point) => String.fromCodePoint(point)),
});

/** Any text that JavaScript can hold, lone surrogates included. */
export const anyString = fc.string({
  unit: fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)),
});
