const hidden =
  /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F\u061C\u200E\u200F\u2028-\u202E\u2066-\u2069\uFEFF]/g;

/** A character's code point as people write it: U+202E has the code `202E`. */
const codeOf = (character: string) => character.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0");

/**
 * A text with nothing hidden in it: control characters (C0 and C1, which terminals obey) and those that turn the direction of the text
 * that follows, or break its line unseen, are replaced by what `show` makes of their code; line breaks and tabs stay, and half a surrogate pair becomes U+FFFD.
 */
export const showHidden = (text: string, show: (code: string) => string): string =>
  text.replace(hidden, (character) => show(codeOf(character))).toWellFormed();
