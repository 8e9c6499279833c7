/** The characters of a cell, by Excel's limit. https://support.microsoft.com/en-us/office/excel-specifications-and-limits-1672b34d-7043-467e-8e27-269d656771c3 */
const maxCharacters = 32_767;

/** What XML cannot hold or would change, and text that reads like an escape of a spreadsheet's. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for.
const special = /[&<>\u0000-\u001f\ufffe\uffff]|_x[\da-f]{4}_|^ | $| {2}/i;
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for.
const escaped = /[&<>\u0000-\u0008\u000b-\u001f\ufffe\uffff]|_(?=x[\da-f]{4}_)/gi;

/** A text as the content of a cell, `<t>…</t>`: what a spreadsheet reads from it is the text, character by character. */
export function sheetText(text: string): string {
  const whole = (text.length > maxCharacters ? cut(text) : text).toWellFormed();
  if (!special.test(whole)) return `<t>${whole}</t>`;
  return `<t xml:space="preserve">${whole.replace(escaped, escape)}</t>`;
}

function escape(character: string): string {
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
