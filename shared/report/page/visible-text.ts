import { showHidden } from "../../hidden-characters.ts";

/**
 * Text for a page with nothing hidden in it: control characters, and those that change the direction of the text that
 * follows, are shown as their code points; line breaks and tabs stay.
 */
export const visibleText = (text: string): string => showHidden(text, (code) => `⟨U+${code}⟩`);
