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
