/**
 * The place, line and column from 1, where a text stops being JSON. The platform's messages lack the place in some
 * cases and repeat the text in others.
 */
export function jsonFault(text: string): { readonly line: number; readonly column: number } {
  // The shortest beginning that no continuation can complete ends at the fault.
  let good = 0;
  let bad = text.length + 1;
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (middle <= text.length && canGoOn(text.slice(0, middle))) {
      good = middle;
    } else {
      bad = middle;
    }
  }
  const before = text.slice(0, Math.min(good, text.length));
  const lineStart = before.lastIndexOf("\n") + 1;
  return { line: before.split("\n").length, column: before.length - lineStart + 1 };
}

/** Whether a text could be the beginning of JSON: it parses, or fails only at its end. */
function canGoOn(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch (error) {
    const message = error instanceof Error ? error.message : "";
    const position = /at position (\d+)/.exec(message)?.[1];
    return (
      /end of JSON input|Unterminated/.test(message) ||
      (position !== undefined && Number(position) >= text.length) ||
      /(?:[{[,:\s]|^)(?:t|tr|tru|f|fa|fal|fals|n|nu|nul|-)$/.test(text)
    );
  }
}

/** What people write where JSON wants something else. The first that the text has outside of its texts is named. */
const causes: readonly (readonly [sign: RegExp, cause: string])[] = [
  [
    /[“”„‟«»]/,
    'It has “ or ” where JSON needs ", as word processors write them: replace them by plain quotation marks, in a plain text editor.',
  ],
  [/[‘’]|'/, "It has ' where JSON needs \": replace them around names and texts."],
  [/\/\/|\/\*|^\s*#/m, "It has a comment, which JSON cannot have: remove it."],
  [
    /^\s*(?:""|[A-Za-z_]\w*)\s*:/,
    "The braces around it are missing: write { before its first character and } after its last.",
  ],
  [
    /^\s*\{(?:[^{}]|\{(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*\})*\}\s*,?\s*""\s*:/,
    "An entry stands after the last }: put it before that }, with a comma between it and the entry above.",
  ],
  [/,\s*[}\]]/, "It has a comma after the last entry: remove it."],
  [/["\d\w\]}]\s*\n\s*"/, "A comma between two entries is missing: put one at the end of each line but the last."],
  [/""\s*[A-Za-z]/, 'A quotation mark inside a text is written \\".'],
  [/\b(?:True|False|None|undefined)\b/, "JSON writes true, false and null, in small letters."],
  [/[{,]\s*[A-Za-z_]\w*\s*:/, 'A name is not in quotation marks: write it as "name".'],
  [/;/, "It has a semicolon where JSON needs a comma."],
  [
    /[\u00a0\u2000-\u200f\u2028\u2029\u3000\ufeff]/,
    "It has a blank that is none for JSON: type it again with the space bar.",
  ],
];

/** What is probably wrong with a text that is not JSON, in a sentence; `undefined` if it is none of the usual mistakes. */
export function jsonFaultCause(text: string): string | undefined {
  // Texts in plain quotation marks may hold anything; only what stands around them matters.
  const around = text.replace(/"(?:[^"\\\r\n]|\\.)*"/g, '""');
  const found = causes.find(([sign]) => sign.test(around))?.[1];
  if (found !== undefined) return found;
  return /"[^"]*[\r\n]/.test(around.replaceAll('""', ""))
    ? "A text goes on over the end of its line: write \\n where a line shall end, or close its quotation mark."
    : undefined;
}
