import { describe, expect, test } from "vitest";
import { utf7Word } from "../../shared/csv/utf7.ts";

/** A text as UTF-7 writes it: what is beyond ASCII in base64 of UTF-16. */
const utf7 = (text: string) =>
  text.replace(/[^\0-\x7f]+/g, (run) => {
    const base64 = Buffer.from(run, "utf16le").swap16().toString("base64").replace(/=+$/, "");
    return `+${base64}-`;
  });

describe("a word in UTF-7", () => {
  test.each([
    "Müller",
    "José",
    "5 € off",
    "Мария",
    "Γιώργος",
    "שרה",
    "محمد",
    "東京",
    "カタカナ",
    "서울",
    "🎉",
    "ÄÖÜ",
    "ñandú",
    "größer",
  ])("%s is found, and what was meant", (word) => {
    const found = utf7Word(`Dear ${utf7(word)}, hello`);
    expect(found && `Dear ${utf7(word)}, hello`.replace(found.found, found.meant)).toBe(`Dear ${word}, hello`);
  });

  test("comes with the rest of the word that it is in, of which twenty characters are enough", () => {
    expect(utf7Word("An den Herrn M+APw-ller, Köln")).toEqual({ found: "M+APw-ller", meant: "Müller" });
    expect(utf7Word(`${"a".repeat(30)}+APw-${"b".repeat(30)}`)).toEqual({
      found: `${"a".repeat(20)}+APw-${"b".repeat(20)}`,
      meant: `${"a".repeat(20)}ü${"b".repeat(20)}`,
    });
    expect(utf7Word("1+abd-+APw-r")).toEqual({ found: "1+abd-+APw-r", meant: "1+abd-ür" });
    expect(utf7Word("Gr+APwA3w-e!")).toEqual({ found: "Gr+APwA3w-e", meant: "Grüße" });
  });

  test("may end without a hyphen where no other letter follows", () => {
    expect(utf7Word("caf+AOk.")).toEqual({ found: "caf+AOk", meant: "café" });
    expect(utf7Word("1+ABC or caf+AOk-")?.meant).toBe("café");
  });

  test.each([
    "Müller",
    "A+B",
    "C++ and A+",
    "call +447700900001",
    "+APy-",
    "+AP-",
    "+APwA-",
    "+APwA3wA-",
    "a+abcd-",
    "+AGEAYgBj-",
    "+BBwA6Q-",
    "+BBw-",
    "+2DwA-",
    "+AAQ-",
    "+AIUA/A-",
    "wifi+Mars+Venus",
    "sum=one+two-three",
  ])("is not seen in %s", (text) => {
    expect(utf7Word(text)).toBeUndefined();
  });
});
