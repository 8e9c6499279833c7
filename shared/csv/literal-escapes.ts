const htmlEntity = /&(?:#\d{2,6}|#x[\da-f]{2,5}|[a-z][a-z\d]{1,7});/i;
const htmlTag = /<\/?(?:br|p|b|i|u|em|strong|div|span|a|ul|ol|li|h[1-6]|font|table|tr|td|img)(?:\s[^<>]{0,80})?\/?>/i;
const backslash = /\\(?:[nrt"']|u[\da-f]{4})/i;

/** What in a text looks like another format's way of writing a character or a line break, such as `\n`, `&amp;` or `<br>`. */
export function literalEscape(text: string): string | undefined {
  // Nearly no text has any of these signs.
  const found =
    (text.includes("\\") ? backslash.exec(text) : null) ??
    (text.includes("&") ? htmlEntity.exec(text) : null) ??
    (text.includes("<") ? htmlTag.exec(text) : null) ??
    (text.includes("_x") ? /_x[\dA-F]{4}_/.exec(text) : null);
  return found?.[0];
}
