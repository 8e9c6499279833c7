/** The characters of a cell, by Excel's limit. https://support.microsoft.com/en-us/office/excel-specifications-and-limits-1672b34d-7043-467e-8e27-269d656771c3 */
const maxCharacters = 32_767;

/** What may have to be escaped or kept from being trimmed: one search, because every cell is searched for it. */
const odd = /[&<>_\u0000-\u001f\ud800-\udfff\ufffe\uffff]|^ | $| {2}/;
/** What may have to be escaped. */
const special = /[&<>_\u0000-\u001f\ufffe\uffff]/;
/** What XML cannot hold or would change, and text that reads like an escape of a spreadsheet's. */
const escaped = /[&<>\u0000-\u0008\u000b-\u001f\ufffe\uffff]|_(?=x[\da-f]{4}_)/gi;

/** A text as the content of a cell, `<t>…</t>`: what a spreadsheet reads from it is the text, character by character. */
export function sheetText(text: string): string {
  if (text.length <= maxCharacters && !odd.test(text)) return `<t>${text}</t>`;
  const whole = (text.length > maxCharacters ? cut(text) : text).toWellFormed();
  if (special.test(whole)) return `<t xml:space="preserve">${whole.replace(escaped, escapeCharacter)}</t>`;
  const blanks = whole.startsWith(" ") || whole.endsWith(" ") || whole.includes("  ");
  return blanks ? `<t xml:space="preserve">${whole}</t>` : `<t>${whole}</t>`;
}

function escapeCharacter(character: string): string {
  switch (character) {
    case "&":
      return "&amp;";
    case "<":
      return "&lt;";
    case ">":
      return "&gt;";
    default:
      return `_x${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}_`;
  }
}

/** As much as a cell holds, ending in "…", of exactly `maxCharacters`, by which a cut text is known. */
const cut = (text: string) =>
  text
    .slice(0, maxCharacters - 1)
    .replace(/[\ud800-\udbff]$/, "…")
    .concat("…");
