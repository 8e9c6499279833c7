/** The value in quotes, cut after `most` characters, with line breaks and control characters made visible: for reasons and examples. */
export function shorten(value: string, most = 24): string {
  const head = value.slice(0, most * 2);
  const characters = [...head];
  const cut = characters.length > most || head.length < value.length;
  const shown = characters
    .slice(0, most)
    .join("")
    .replace(/\r\n|[\r\n]/g, "⏎")
    .replace(/[\0-\x1f\x7f-\x9f\ufeff\u200b-\u200f\u202a-\u202e\u2066-\u2069]/g, "·");
  return `"${shown}${cut ? "…" : ""}"`;
}
