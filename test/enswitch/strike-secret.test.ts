import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { strikeSecret } from "../../shared/enswitch/strike-secret.ts";

const secret = 'p;a&s"%s+ wörd<9>';
const json = (text: string) => JSON.stringify(text).slice(1, -1);
const html = (text: string) => text.replace(/[^A-Za-z0-9 ]/g, (character) => `&#${character.codePointAt(0)};`);
const namedHtml = (text: string) =>
  text
    .replaceAll("&", "&amp;")
    .replaceAll('"', "&quot;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll("ö", "&ouml;");
const percent = (bytes: Buffer) => [...bytes].map((byte) => `%${byte.toString(16).padStart(2, "0")}`).join("");
const utf16 = (text: string, prefix: string) =>
  text.replace(/[^ -~]|["'<>&]/g, (unit) => `${prefix}${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);

const base32 = (text: string) =>
  [...Buffer.from(text)]
    .map((byte) => byte.toString(2).padStart(8, "0"))
    .join("")
    .replace(/.{1,5}/g, (bits) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"[Number.parseInt(bits.padEnd(5, "0"), 2)] ?? "");

/** Ways in which servers give back what they were given. */
const forms: readonly (readonly [string, (text: string) => string])[] = [
  ["as it is", (text) => text],
  ["in capitals", (text) => text.toUpperCase()],
  ["without its accents", (text) => text.normalize("NFD").replace(/\p{M}/gu, "")],
  ["with accents apart", (text) => text.normalize("NFD")],
  ["without its blanks", (text) => text.replaceAll(" ", "")],
  ["with zero-width characters between", (text) => text.split("").join("\u200B")],
  ["percent-encoded", encodeURIComponent],
  ["percent-encoded with small escapes", (text) => encodeURIComponent(text).replace(/%../g, (it) => it.toLowerCase())],
  ["percent-encoded throughout", (text) => percent(Buffer.from(text))],
  ["percent-encoded Latin-1", (text) => percent(Buffer.from(text, "latin1"))],
  ["percent-encoded twice", (text) => encodeURIComponent(encodeURIComponent(text))],
  ["encoded as a form", (text) => new URLSearchParams({ text }).toString().slice("text=".length)],
  ["as decimal entities", html],
  ["as hexadecimal entities", (text) => html(text).replace(/\d+(?=;)/g, (code) => `x${Number(code).toString(16)}`)],
  ["as entities without semicolons", (text) => html(text).replaceAll(";", " ")],
  ["as named entities", namedHtml],
  ["as named entities of percent escapes", (text) => namedHtml(encodeURIComponent(text))],
  ["as JSON within JSON", (text) => json(json(text))],
  ["in escapes of JavaScript", (text) => utf16(text, "\\u")],
  ["in escapes of old JavaScript", (text) => utf16(text, "%u")],
  ["with slashes added", (text) => text.replace(/[;&<"]/g, "\\$&")],
  ["as quoted-printable", (text) => percent(Buffer.from(text)).replaceAll("%", "=")],
  ["in octal", (text) => [...Buffer.from(text)].map((byte) => `\\${byte.toString(8).padStart(3, "0")}`).join("")],
  ["UTF-8 read as Latin-1", (text) => Buffer.from(text).toString("latin1")],
  ["in base64", (text) => Buffer.from(text).toString("base64")],
  ["in base64 for URLs", (text) => Buffer.from(`??>>${text}`).toString("base64url")],
  ["in base64, percent-encoded", (text) => encodeURIComponent(Buffer.from(text).toString("base64"))],
  ["behind a user name in base64", (text) => Buffer.from(`user:${text}`).toString("base64")],
  ["in hexadecimal digits", (text) => Buffer.from(text).toString("hex")],
  ["backwards", (text) => [...text].reverse().join("")],
  ["in base32", base32],
  ["in base32, in small letters, behind a user name", (text) => base32(`user:${text}`).toLowerCase()],
  ["in base64 twice", (text) => Buffer.from(Buffer.from(text).toString("base64")).toString("base64")],
  ["in base64 of hexadecimal digits", (text) => Buffer.from(Buffer.from(text).toString("hex")).toString("base64")],
  ["in hexadecimal digits of base64", (text) => Buffer.from(Buffer.from(text).toString("base64")).toString("hex")],
  ["percent-encoded, in base64", (text) => Buffer.from(encodeURIComponent(text)).toString("base64")],
  ["as JSON, in base64", (text) => Buffer.from(JSON.stringify({ user: "x", text })).toString("base64")],
  [
    "in a dump of bytes",
    (text) =>
      Buffer.from(text)
        .toString("hex")
        .replace(/..(?!$)/g, "$& "),
  ],
];

describe("a secret that is given back", () => {
  test.each(forms)("%s leaves nothing behind", (_name, form) => {
    const struck = strikeSecret(`no user with ${form(secret)} here`, secret);
    expect(struck).toMatch(/^no user with (\*\*\*[=;%3dD ]{0,6})+ here$/);
  });

  test.each(forms)("%s, cut in its middle, leaves less than four of its characters", (_name, form) => {
    const echo = form(secret);
    const struck = strikeSecret(`got ${echo.slice(0, Math.ceil(echo.length * 0.8))}`, secret);
    expect(struck).toMatch(/^got \*\*\*/);
    for (let at = 0; at + 4 <= secret.length; at++) expect(struck).not.toContain(secret.slice(at, at + 4));
  });

  test("with blanks around it is found without them", () => {
    expect(strikeSecret("got hunter2hunter2!", "  hunter2hunter2 ")).toBe("got ***!");
  });

  test("that looks escaped is found when it comes back without its escapes", () => {
    expect(strikeSecret("got open sesame", "open%20sesame")).toBe("got ***");
  });

  test.each([
    ["s-e-c-r-e-t", "***"],
    ['["s","e","c","r","e","t"]', '["***"]'],
    ["s . e . c . r . e . t", "***"],
    ["T/E/R/C/E/S", "***"],
    ["x-s-e-c-r-e", "x-***"],
    ["s-e-c", "s-e-c"],
    ["1-2-3-4-5-6", "1-2-3-4-5-6"],
    ["s----- e----- c----- r----- e----- t", "s----- e----- c----- r----- e----- t"],
  ])("spelled out is struck out as far as it tells something: %s", (echo, struck) => {
    for (const hidden of ["secret", "s;e;c;r;e;t"]) expect(strikeSecret(`got ${echo}!`, hidden)).toBe(`got ${struck}!`);
  });

  test("more than once is struck out each time", () => {
    expect(strikeSecret("hunter2, hunter2 or hunter2?", "hunter2")).toBe("***, *** or ***?");
  });
});

describe("as much of a secret as tells something", () => {
  test("is four of its characters in a row; three may stand in any word", () => {
    expect(strikeSecret("got cdef!", "abcdefgh")).toBe("got ***!");
    expect(strikeSecret("got xdefx!", "abcdefgh")).toBe("got xdefx!");
  });

  test("is all of a shorter one", () => {
    expect(strikeSecret("got axyzb, xy or yz", "xyz")).toBe("got a***b, xy or yz");
  });

  test("is four characters without their escapes, if that is what the secret looks like", () => {
    expect(strikeSecret("got Abcd!", "%41bcd")).toBe("got ***!");
    expect(strikeSecret("got Abc!", "%41bc")).toBe("got Abc!");
  });

  test("is four characters in base64 or in hexadecimal digits, and no fewer", () => {
    const encoded = (text: string) => [Buffer.from(text).toString("base64url"), Buffer.from(text).toString("hex")];
    for (const word of encoded("p4ss")) expect(strikeSecret(`got ${word}!`, "p4ss")).toBe("got ***!");
    for (const word of encoded("p4s w0rd")) expect(strikeSecret(`got ${word}!`, "p4s")).toBe(`got ${word}!`);
    for (const word of encoded("a p4s w0rd")) expect(strikeSecret(`got ${word}!`, "hop4s")).toBe(`got ${word}!`);
  });

  test.each(["", "x", "xy", "xyz", "xyzw"])("is found in base64 that follows upon %j without a gap", (before) => {
    const word = before + Buffer.from("hunter2").toString("base64url");
    expect(strikeSecret(`got ${word}!`, "hunter2")).toBe("got ***!");
  });

  test.each(["", "x", "xy", "xyz", "xyzw", "xyzwa", "xyzwab", "xyzwabc"])(
    "is found in base32 that follows upon %j without a gap",
    (before) => {
      expect(strikeSecret(`got ${before}${base32("hunter2")}!`, "hunter2")).toBe("got ***!");
    },
  );

  test.each(["00", "07 00", "ff", "fffe"])("is found in base64 in hexadecimal digits behind %j", (before) => {
    const word = `${before} ${Buffer.from(Buffer.from("hunter2").toString("base64")).toString("hex")}`;
    expect(strikeSecret(`got ${word}!`, "hunter2")).toBe("got ***!");
  });

  test("is struck out once where it is found in several ways, and to the end of the longest", () => {
    // These digits stand for the secret, and the secret is among them as well.
    expect(strikeSecret("33313333!", "3133")).toBe("***!");
    expect(strikeSecret("hunter2hunter2 and hunter2", "hunter2")).toBe("*** and ***");
  });
});

test.each(
  Object.entries({
    ...{ amp: "&", apos: "'", ast: "*", bsol: "\\", cent: "¢", colon: ":", comma: ",", commat: "@", deg: "°" },
    ...{ dollar: "$", equals: "=", euro: "€", excl: "!", grave: "`", gt: ">", hat: "^", hyphen: "-", lcub: "{" },
    ...{ lowbar: "_", lpar: "(", lsqb: "[", lt: "<", micro: "µ", midast: "*", nbsp: " ", num: "#", para: "¶" },
    ...{ percnt: "%", period: ".", plus: "+", pound: "£", quest: "?", quot: '"', rcub: "}", rpar: ")", rsqb: "]" },
    ...{ sect: "§", semi: ";", sol: "/", szlig: "ß", tilde: "~", verbar: "|", vert: "|", yen: "¥" },
  }),
)("&%s; is read as %s within a secret", (name, character) => {
  expect(strikeSecret(`got x1&${name};2y.`, `x1${character}2y`)).toBe("got ***.");
});

describe("what is no secret stays", () => {
  test.each([
    ["a short secret's letters in other words", "Invalid number", "zq"],
    ["no secret at all", "Invalid number", ""],
    ["escapes that are no part of it", "100%25 &amp; %41%42 =C3=B6 \\u0041", secret],
    ["words that happen to be base64", "InvalidInput at 0x7f3a9c12deadbeef", secret],
    ["a blank secret", "a + b", "  +"],
    ["what has a few of its letters backwards", "Your rate plan does not allow this.", "simulator-password"],
    ["a code beyond Unicode", "&#x7fffffff; &#999999999; &unknown;", secret],
  ])("%s", (_name, text, hidden) => {
    expect(strikeSecret(text, hidden)).toBe(text);
  });
});

test("any secret, in any form, within any text, is not there afterwards", () => {
  const anySecret = fc.string({ minLength: 6, maxLength: 40, unit: "grapheme" }).filter((text) => /\w{6}/.test(text));
  fc.assert(
    fc.property(anySecret, fc.constantFrom(...forms), fc.string(), fc.string(), (hidden, [, form], before, after) => {
      const echo = form(hidden);
      const struck = strikeSecret(`${before} ${echo} ${after}`, hidden);
      expect(struck).toContain("***");
      if (!before.includes(echo) && !after.includes(echo)) expect(struck).not.toContain(echo);
    }),
    { numRuns: 1000 },
  );
});

test("a long hostile text takes little time to read", () => {
  for (const text of ["%25".repeat(1_300), "&amp;".repeat(800), "61".repeat(2_000), "\\u005c".repeat(600)]) {
    expect(strikeSecret(text, secret).length).toBeLessThanOrEqual(text.length);
  }
});

test.each([
  ["+++ is wrong", "+++", "*** is wrong"],
  ["is it +++", "+++", "is it ***"],
  ["ABC is wrong", "abc", "*** is wrong"],
  ["a%62c is wrong", "abc", "*** is wrong"],
])("a short secret is struck out as a whole, wherever it stands: %s", (text, secret, expected) => {
  expect(strikeSecret(text, secret)).toBe(expected);
});
