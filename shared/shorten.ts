/** The text, cut to at most so many characters (never within one), with an ellipsis where something is missing. */
export function shorten(text: string, characters: number): string {
  if (text.length <= characters) return text;
  return `${text.slice(0, characters - 1).replace(/[\uD800-\uDBFF]$/, "")}…`;
}

/**
 * The first `most` characters of a cell or option, with line breaks and control characters made visible and an ellipsis
 * where something is missing: what a sentence shows of it.
 */
export function excerpt(value: string, most: number): string {
  const head = value.slice(0, most * 2);
  const characters = [...head];
  const cut = characters.length > most || head.length < value.length;
  const shown = characters
    .slice(0, most)
    .join("")
    .replace(/\r\n|[\r\n]/g, "⏎")
    .replace(/[\0-\x1f\x7f-\x9f\ufeff\u200b-\u200f\u202a-\u202e\u2066-\u2069]/g, "·");
  return cut ? `${shown}…` : shown;
}

/** An excerpt in quotation marks. */
export const quoted = (value: string, most = 24): string => `"${excerpt(value, most)}"`;
