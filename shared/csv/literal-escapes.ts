const htmlEntity = /&(?:#\d{2,6}|#x[\da-f]{2,5}|[a-z][a-z\d]{1,7});/i;
const htmlTag = /<\/?(?:br|p|b|i|u|em|strong|div|span|a|ul|ol|li|h[1-6]|font|table|tr|td|img)(?:\s[^<>]{0,80})?\/?>/i;
const backslash = /\\(?:[nrt"']|u[\da-f]{4}|x[\da-f]{2})/i;
/** As in links: `Hello%20there`, `Hello+there,+Ann`; within a link it is right. */
const linkEncoded = /(?<=\p{L}[,.!?]?)(?:%20|%0[AD])(?=\p{L})|(?<=^\p{L}+[,.!?]?)\+\p{L}+[,.!?]?\+(?=\p{L})/iu;
const link = /:\/\/|www\.|\.\p{L}{2,}[/?]/u;
/** As in e-mails: `Caf=C3=A9`. */
const mailEncoded = /=(?:C[2-9]|D[\dA-F])=[89AB][\dA-F]|=E[\dA-F](?:=[89AB][\dA-F]){2}/;
const json = /^\s*(?:\{\s*"[^"]{1,40}"\s*:|\[\s*")/;

/** What in a text looks like another format's way of writing a character or a line break, such as `\n`, `&amp;` or `<br>`. */
export function literalEscape(text: string): string | undefined {
  // Nearly no text has any of these signs.
  const found =
    (text.includes("\\") ? backslash.exec(text) : null) ??
    (text.includes("&") ? htmlEntity.exec(text) : null) ??
    (text.includes("<") ? htmlTag.exec(text) : null) ??
    (text.includes("%") || text.includes("+") ? (link.test(text) ? null : linkEncoded.exec(text)) : null) ??
    (text.includes("=") ? mailEncoded.exec(text) : null) ??
    (text.startsWith("{") || text.startsWith("[") ? json.exec(text) : null) ??
    (text.includes("_x") ? /_x[\dA-F]{4}_/.exec(text) : null);
  return found?.[0];
}
