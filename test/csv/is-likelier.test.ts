import { describe, expect, test } from "vitest";
import { isLikelier } from "../../shared/csv/is-likelier.ts";

/** A reading of ten words; of a text in no alphabet of one language, unless one is given. */
const reading = (absurd: number, confidence: number, text = "ЖЮ", words = 10) => ({
  sense: { words, absurd },
  confidence,
  text,
});

describe("bytes are rather in another encoding than in Windows-1252", () => {
  test.each([
    ["more than three words of ten are absurd, and a quarter of them there", 4, 0.9, 0, 0],
    ["the same, with one that is absurd there", 5, 0.9, 1, 0],
    ["more than one is, and the detector is a tenth surer of the other", 2, 0.5, 0, 0.56],
    ["none is, and the detector is two fifths surer of it", 0, 0.5, 0, 0.71],
    ["fewer are than there, and it is three times as sure", 0, 0.25, 1, 0.76],
  ])("where %s", (_, wrong, sureness, other, otherSureness) => {
    expect(isLikelier(reading(other, otherSureness), reading(wrong, sureness, "ñß"))).toBe(true);
  });

  test.each([
    ["more than one word of ten is absurd there, too", 9, 0, 2, 1],
    ["three of ten are, and it is surer of Windows-1252", 3, 0.5, 0, 0.5],
    ["four times as many are, and not more", 4, 0.5, 1, 0.5],
    ["more than one is, and it is hardly surer of the other", 2, 0.5, 0, 0.55],
    ["one is, and it is hardly surer of the other", 1, 0.5, 0, 0.6],
    ["none is, and it is hardly surer of the other", 0, 0.5, 0, 0.7],
    ["fewer are than there, and it is three times as sure, and not more", 0, 0.25, 1, 0.75],
  ])("but not where %s", (_, wrong, sureness, other, otherSureness) => {
    expect(isLikelier(reading(other, otherSureness), reading(wrong, sureness, "ñß"))).toBe(false);
  });

  test("never where it is the same text", () => {
    expect(isLikelier(reading(0, 1, "ñß"), reading(9, 0, "ñß"))).toBe(false);
  });

  test("where the letters are not those of one language, if they are there", () => {
    expect(isLikelier(reading(0, 0.51, "łąść"), reading(0, 0.5, "ñß"))).toBe(true);
    expect(isLikelier(reading(0, 0.5, "łąść"), reading(0, 0.5, "ñß"))).toBe(false);
    for (const text of ["Hélène", "šuma"]) {
      expect(isLikelier(reading(0, 0.76, "łąść"), reading(0, 0.25, text))).toBe(true);
      expect(isLikelier(reading(0, 0.75, "łąść"), reading(0, 0.25, text))).toBe(false);
      expect(isLikelier(reading(0, 1, "łąść", 2), reading(0, 0.25, text, 2))).toBe(false);
      expect(isLikelier(reading(0, 1, "łąść", 3), reading(0, 0.25, text, 3))).toBe(true);
    }
  });

  test("with signs of euros, where there is a price", () => {
    const withEuro = { ...reading(0, 0, "nur 5€"), withEuro: true };
    for (const text of ["nur 5¤", "5 ¤", "¤5", "¤ 5"]) expect(isLikelier(withEuro, reading(1, 1, text))).toBe(true);
    for (const text of ["die ¤", "5  ¤"]) expect(isLikelier(withEuro, reading(1, 1, text))).toBe(false);
    expect(isLikelier({ ...withEuro, withEuro: false }, reading(1, 1, "nur 5¤"))).toBe(false);
  });

  test("by the detector alone where there are no words", () => {
    expect(isLikelier(reading(0, 0, "ЖЮ", 0), reading(0, 0, "ñß", 0))).toBe(false);
    expect(isLikelier(reading(0, 0.8, "ЖЮ", 0), reading(0, 0.5, "ñß", 0))).toBe(true);
  });
});
