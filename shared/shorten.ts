/** The text, cut to at most so many characters (never within one), with an ellipsis where something is missing. */
export function shorten(text: string, characters: number): string {
  if (text.length <= characters) return text;
  return `${text.slice(0, characters - 1).replace(/[\uD800-\uDBFF]$/, "")}…`;
}

/**
 * The first `most` characters of a cell or option, with line breaks shown as ⏎, what nobody would see named, and an
 * ellipsis where something is missing: what a sentence shows of it.
 */
export function excerpt(value: string, most: number): string {
  if (value.length <= most && plain.test(value)) return value;
  const head = value.slice(0, most * 2);
  const characters = [...head];
  const cut = characters.length > most || head.length < value.length;
  const shown = characters
    .slice(0, most)
    .join("")
    .replace(/\r\n|[\r\n]/g, "⏎")
    .replace(unseen, nameOf);
  return cut ? `${shown}…` : shown;
}

/** Texts that are shown as they are, as nearly all are. */
const plain = /^[\x20-\x7e]*$/;

/**
 * Control characters and what only formats text or fills space; but not what joins two characters beyond ASCII, as
 * pictures and some languages need it, nor what chooses the look of such a one.
 */
const unseen =
  /(?!\u200c|\u200d|[\u{e0020}-\u{e007f}])(?:\p{Cc}|\p{Cf}|\u034f|\u115f|\u1160|\u3164|\uffa0|\ufffc)|(?<![^\0-\x7f])(?:\u200c|\u200d|[\ufe00-\ufe0f])|(?:\u200c|\u200d)(?![^\0-\x7f])/gu;

const names: ReadonlyMap<string, string> = new Map([
  ["\t", "tab"],
  ["\u00ad", "soft hyphen"],
  ["\u200b", "zero-width space"],
  ["\u200c", "zero-width non-joiner"],
  ["\u200d", "zero-width joiner"],
  ["\u200e", "left-to-right mark"],
  ["\u200f", "right-to-left mark"],
  ["\u2060", "word joiner"],
  ["\ufeff", "byte order mark"],
]);

/** An unseen character by its name, or by its code: `‹zero-width space›`, `‹U+202A›`. */
const nameOf = (character: string) =>
  `‹${names.get(character) ?? `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`}›`;

/** An excerpt in quotation marks. */
export const quoted = (value: string, most = 24): string => `"${excerpt(value, most)}"`;
