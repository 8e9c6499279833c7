const plain = 0;
/** Hardly in prose at all. */
const always = 1;
/** Opens a placeholder in front of a letter. */
const mark = 2;
/** The same, unless it joins two words: `and/or`, `check-in`, `https://`. */
const joint = 3;

const signs = new Uint8Array(128);
for (const sign of "{[<") signs[sign.charCodeAt(0)] = always;
for (const sign of "(#%@|^~$\\`") signs[sign.charCodeAt(0)] = mark;
for (const sign of "*_=:&!+>/-") signs[sign.charCodeAt(0)] = joint;
/** In other scripts' typography, and such marks as programs choose because nobody writes them. */
const wide = new Set(Array.from("«‹【〔〖《〈⟨⟪「『｛［＜（§¤¦＃％＠＄＊＝＆＿～＾｜：", (sign) => sign.charCodeAt(0)));

/** Signs of money, which stand beside a number, and beside a word where a number was to be filled in. */
const money = new Set(Array.from("£€¥₹₺₽₩₴₪฿", (sign) => sign.charCodeAt(0)));

const isLower = (code: number) => code >= 0x61 && code <= 0x7a;
const isUpper = (code: number) => code >= 0x41 && code <= 0x5a;
/** Letters beyond ASCII are taken for such whatever they are. */
const isLetter = (code: number) => isLower(code) || isUpper(code) || code >= 0xc0;
const isDigit = (code: number) => code >= 0x30 && code <= 0x39;

/**
 * Whether a text has any of the signs that placeholders are written with, a word as no sentence has it (`first_name`, `firstName`), or a
 * word for a name: a quick look at every character, for texts that nearly all have none.
 */
export function hasPlaceholderSigns(text: string): boolean {
  let before = 0x20;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code >= 0x80) {
      if (wide.has(code) || (money.has(code) && isBesideWord(text, at))) return true;
    } else {
      const sign = signs[code] ?? plain;
      if (sign !== plain && isSign(sign, before, text.charCodeAt(at + 1))) return true;
      // "%2nd line%" and "#2nd line#"; a letter before makes it another thing.
      if ((code === 0x25 || code === 0x23) && isDigit(text.charCodeAt(at + 1)) && !isDigit(before)) return true;
      if (code === 0x2e && isLower(before) && isLower(text.charCodeAt(at + 1))) return true;
      if ((code | 0x20) === 0x6e && isNameHere(text, at)) return true;
      if ((isUpper(code) && isLower(before)) || (code === 0x5f && (isLetter(before) || isDigit(before)))) return true;
    }
    before = code;
  }
  return false;
}

/** Whether a word is beside a place, or a blank and a word. */
function isBesideWord(text: string, at: number): boolean {
  const before = text.charCodeAt(at - (text.charCodeAt(at - 1) === 0x20 ? 2 : 1));
  const after = text.charCodeAt(at + (text.charCodeAt(at + 1) === 0x20 ? 2 : 1));
  return isLetter(before) || isLetter(after);
}

/** Whether "nam" or "nom" begins here, which are in most words for a name. */
function isNameHere(text: string, at: number): boolean {
  const vowel = text.charCodeAt(at + 1) | 0x20;
  return (vowel === 0x61 || vowel === 0x6f) && (text.charCodeAt(at + 2) | 0x20) === 0x6d;
}

/** Whether a sign counts between two characters; `after` is NaN at the end. */
function isSign(sign: number, before: number, after: number): boolean {
  if (sign === always) return true;
  // "((", "%(", "*|", "$$", "%7B", "%@" and "__" may all open one.
  const opens =
    isLetter(after) ||
    after === 0x28 ||
    after === 0x7c ||
    after === 0x37 ||
    after === 0x5f ||
    after === 0x24 ||
    after === 0x40;
  return opens && (sign === mark || !(isLetter(before) || isDigit(before) || before === 0x2f));
}
