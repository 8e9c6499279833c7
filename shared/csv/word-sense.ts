/** How many of a text's words beyond ASCII there are, and how many of them no language writes. */
export interface WordSense {
  readonly words: number;
  readonly absurd: number;
}

/** Scripts of which a word has letters of one. */
const scripts = [
  /\p{Script=Latin}/u,
  /\p{Script=Cyrillic}/u,
  /\p{Script=Greek}/u,
  /\p{Script=Hebrew}/u,
  /\p{Script=Arabic}/u,
  /\p{Script=Thai}/u,
];

/** What decoding with the wrong table leaves inside words. An apostrophe, a dash or a dot may stand between two letters. */
const absurd = [
  // A character that is none, a control character, one without a meaning, or a piece of a frame.
  /[\ufffd\x80-\x9f\p{Co}\p{Cn}\u2500-\u259f]/u,
  // A sign between two letters.
  /\p{L}[^\p{L}\p{M}\p{N}\0-\x7f’‘´·–—…ªº°®™×\u00a0\u00ad\u200b-\u200f\u2010-\u2015\u0e3f]+\p{L}/u,
  // A capital letter beyond ASCII that follows a small one, or an opening or closing mark on the wrong side of a letter.
  /\p{Ll}(?![A-Z])\p{Lu}/u,
  /\p{L}[¡¿„‚‹](?!\p{L})/u,
  /(?<!\p{L})[†‡‰™›…ˆ˜”¥£¢¤¦§¨¯±²³¸¹¼½¾÷×º»©®](?=\p{Ll})/u,
  // A capital beyond ASCII within a word that goes on in small letters: "MŸller".
  /\p{Lu}[^\P{Lu}\0-\x7f]\p{Ll}/u,
  // What becomes of a sign of money in front of its number: "œ5", "Û5", "¤5".
  /(?<![\p{L}\p{N}])[œŒÛÕúñśњ¤](?=\p{N})|\p{N}¤/u,
  // A mark of a note behind a quotation mark.
  /[‘’“”„‚][†‡‰ˆ‹˜]/u,
  // A sign of mathematics beside a small letter.
  /\p{Ll}[√∫∂∑∏∞≈≠≤≥◊∆]|[√∫∂∑∏∞≈≠≤≥◊∆]\p{Ll}/u,
  // One or two characters of East Asia inside a word of another script.
  /[A-Za-z][\p{Script=Han}\p{Script=Hangul}]{1,2}[a-z]/u,
  // Letters and signs by turns: two signs beside a letter where a word would have letters.
  /[¢£¤¥¦§¨¬¯±²³µ¶¸¹¼½¾]{2}/u,
];

/** Looks at every word of a text that has a character beyond ASCII. */
export function wordSense(text: string): WordSense {
  let words = 0;
  let wrong = 0;
  for (const [word] of text.matchAll(/[^\s!-&(-/:-@[-`{-~]+/g)) {
    if (!/[^\0-\x7f]/.test(word)) continue;
    words += 1;
    if (absurd.some((pattern) => pattern.test(word)) || scripts.filter((script) => script.test(word)).length > 1) {
      wrong += 1;
    }
  }
  return { words, absurd: wrong };
}
