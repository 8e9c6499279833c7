/** Characters that nobody sees: formatting marks, variation selectors, fillers, the frame of a keycap. */
const unseen =
  /\p{Cf}|[\ufe00-\ufe0f]|[\u{e0100}-\u{e01ef}]|\u034f|\u115f|\u1160|\u17b4|\u17b5|[\u180b-\u180f]|\u20e3|\u3164|\uffa0|\ufffc/gu;

const plainText = /^[\x20-\x7e]*$/;

let zeros: readonly number[] | undefined;

/**
 * A number's text as a keyboard has it: no unseen characters, every blank, dash and slash the usual one, digits of any
 * script as 0 to 9. Line breaks stay.
 */
export function plainNumberText(text: string): string {
  if (plainText.test(text)) return text.trim();
  return text
    .normalize("NFC")
    .replace(unseen, "")
    .replace(/[\p{Zs}\t]/gu, " ")
    .replace(/[\p{Pd}\u2043\u2212\u02d7]/gu, "-")
    .replace(/[\u2044\u2215\uff0f]/g, "/")
    .replace(/[\uff0e\u00b7\u2022\u2027\u2024\u30fb]/g, ".")
    .replace(/\uff0b|\ufe62/g, "+")
    .replace(/\uff08/g, "(")
    .replace(/\uff09/g, ")")
    .replace(/(?![0-9])\p{Nd}/gu, digitOf)
    .trim();
}

function digitOf(character: string): string {
  const code = Number(character.codePointAt(0));
  zeros ??= zerosOfScripts();
  const zero = zeros.findLast((start) => start <= code);
  return zero === undefined ? character : String(code - zero);
}

/** Where each script's digits begin: they come in runs of ten, or of several tens, each of which begins with a zero. */
function zerosOfScripts(): readonly number[] {
  const found: number[] = [];
  for (let code = 0x30; code < 0x1fc00; code++) {
    if (!/\p{Nd}/u.test(String.fromCodePoint(code))) continue;
    found.push(code);
    code += 9;
  }
  return found;
}
