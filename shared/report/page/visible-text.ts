const hidden = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069\uFEFF]/g;

/**
 * Text for a page with nothing hidden in it: control characters, and those that change the direction of the text that
 * follows, are shown as their code points; line breaks and tabs stay.
 */
export const visibleText = (text: string): string =>
  text
    .replace(hidden, (character) => `⟨U+${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}⟩`)
    .toWellFormed();
