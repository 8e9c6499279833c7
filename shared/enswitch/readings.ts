/** One UTF-16 unit of a text read in some way, and the stretch of the text that it stands for. */
export interface Unit {
  readonly unit: string;
  readonly start: number;
  readonly end: number;
}

/** Escapes within escapes are undone as often; nobody encodes more often by accident. */
const mostRounds = 4;

/**
 * A character as URLs, HTML, JSON, other program text and mails write it: `%C3`, `=C3`, `\xC3`, `\u00c3`, `%u00c3`,
 * `\303`, `&#195;`, `&#xC3;`, `&amp;`.
 */
const escapes =
  /(?:[%=]|\\x)([0-9a-f]{2})|[%\\]u([0-9a-f]{4})|\\([0-7]{3})|(?:&#x|\\u\{)([0-9a-f]{1,8})[;}]?|&#([0-9]{1,9});?|&([a-z]{2,9});?/gi;

/** UTF-8 that was taken for Latin-1, as which the single bytes of `%C3%B6` are read first. */
const misread = /[\u00C2-\u00DF][\u0080-\u00BF]|[\u00E0-\u00EF][\u0080-\u00BF]{2}|[\u00F0-\u00F4][\u0080-\u00BF]{3}/g;

/** HTML's names for what stands in passwords and is no letter or digit. */
const named: Readonly<Record<string, string>> = {
  ...{ amp: "&", apos: "'", ast: "*", bsol: "\\", cent: "¢", colon: ":", comma: ",", commat: "@", deg: "°" },
  ...{ dollar: "$", equals: "=", euro: "€", excl: "!", grave: "`", gt: ">", hat: "^", hyphen: "-", lcub: "{" },
  ...{ lowbar: "_", lpar: "(", lsqb: "[", lt: "<", micro: "µ", midast: "*", nbsp: " ", num: "#", para: "¶" },
  ...{ percnt: "%", period: ".", plus: "+", pound: "£", quest: "?", quot: '"', rcub: "}", rpar: ")", rsqb: "]" },
  ...{ sect: "§", semi: ";", sol: "/", szlig: "ß", tilde: "~", verbar: "|", vert: "|", yen: "¥" },
};

/**
 * A text as it stands, then with one layer of escapes undone after the other, as long as there are any. Each reading tells
 * which stretch of the text each of its units stands for.
 */
export function* readings(text: string): Generator<readonly Unit[]> {
  let units = unitsOf(text);
  yield units;
  for (let round = 0; round < mostRounds; round++) {
    const before = units;
    for (const [pattern, meaning] of undo) units = replaced(units, pattern, meaning);
    if (units === before) return;
    yield units;
  }
}

/** A text as it stands. */
const unitsOf = (text: string): readonly Unit[] => text.split("").map((unit, at) => ({ unit, start: at, end: at + 1 }));

/** The text of a reading. */
export const textOf = (units: readonly Unit[]): string => units.map(({ unit }) => unit).join("");

/** Puts what `meaning` says in place of each match; the same units when nothing matches. */
function replaced(
  units: readonly Unit[],
  pattern: RegExp,
  meaning: (match: RegExpMatchArray) => string | undefined,
): readonly Unit[] {
  const out: Unit[] = [];
  let done = 0;
  for (const match of textOf(units).matchAll(pattern)) {
    const last = match.index + match[0].length;
    const [first, final] = [units[match.index], units[last - 1]];
    const value = meaning(match);
    if (value === undefined || first === undefined || final === undefined) continue;
    out.push(...units.slice(done, match.index));
    out.push(...value.split("").map((unit) => ({ unit, start: first.start, end: final.end })));
    done = last;
  }
  return done === 0 ? units : [...out, ...units.slice(done)];
}

const undo = [
  [escapes, characterOf],
  [misread, ([bytes]: RegExpMatchArray) => Buffer.from(bytes, "latin1").toString("utf8")],
] as const;

function characterOf([, byte, unit, octal, hex, decimal, name]: RegExpMatchArray): string | undefined {
  if (name !== undefined) return entityNamed(name);
  if (octal !== undefined) return String.fromCodePoint(Number.parseInt(octal, 8));
  const code = decimal === undefined ? Number.parseInt(byte ?? unit ?? hex ?? "", 16) : Number(decimal);
  return code <= 0x10ffff ? String.fromCodePoint(code) : undefined;
}

/** Accents are left out where texts are compared, so that "ouml" is as good as an "o". */
function entityNamed(name: string): string | undefined {
  const accented = /^([a-z])(?:uml|acute|grave|circ|tilde|ring|cedil|slash|caron)$/i.exec(name)?.[1];
  return accented ?? named[name.toLowerCase()];
}
