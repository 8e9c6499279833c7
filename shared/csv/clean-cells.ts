const formulaText = /^\s*="((?:[^"]|"")*)"\s*$/;

/** The text that a spreadsheet shows for `="Bob"`; any other cell as it is. */
export function withoutFormula(cell: string): string {
  const text = formulaText.exec(cell)?.[1];
  return text === undefined ? cell : text.replaceAll('""', '"');
}

/** Cells as they are meant: `="Bob"` is Bob, and `\N`, by which databases export nothing, is empty. The same array if none is such. */
export function cleanCells(cells: readonly string[]): readonly string[] {
  let cleaned: string[] | undefined;
  for (let at = 0; at < cells.length; at++) {
    const cell = cells[at] ?? "";
    const first = cell.charCodeAt(0);
    // Nearly all cells begin with a letter, a digit or a plus sign.
    if (first !== 0x3d && first !== 0x5c && first > 0x20) continue;
    const clean = cell.trim() === "\\N" ? "" : withoutFormula(cell);
    if (clean === cell) continue;
    cleaned ??= [...cells];
    cleaned[at] = clean;
  }
  return cleaned ?? cells;
}

const errorsWithoutMark = new Set(
  "N/A NA NV N/D ND N/DISP NB BRAK YOK Н/Д НД I/T HIÁNYZIK NENÍ_K_DISPOZICI GETTING_DATA ERROR FIELD".split(" "),
);

/** Whether a trimmed cell is the error that a spreadsheet shows in place of a value, in any of its languages: `#N/A`, `#WERT!`, `####`. */
export function isSpreadsheetError(value: string): boolean {
  const first = value.charCodeAt(0);
  if (first !== 0x23 && first !== 0x45) return false;
  if (value.length > 24) return false;
  return (
    /^#[¡¿]?[\p{Lu}\p{N}_/ ]{2,}[!?]$/u.test(value) ||
    /^(?:#{3,}|Err:\d{3})$/.test(value) ||
    (first === 0x23 && errorsWithoutMark.has(value.slice(1).toUpperCase()))
  );
}

/** What programs write for "nothing", and people for "unknown". */
const emptyWords = [
  "null",
  "nil",
  "nan",
  "none",
  "undefined",
  "n/a",
  "n.a.",
  "#n/a",
  "(null)",
  "<null>",
  "[null]",
  "(none)",
  "(blank)",
  "unknown",
  "<na>",
  "loading...",
  "loading…",
  "tba",
  "tbc",
  "tbd",
  "unbekannt",
  "inconnu",
  "desconocido",
  "sconosciuto",
  "onbekend",
];
const emptyTokens = new Set([
  ...emptyWords,
  ...emptyWords.map((word) => word.toUpperCase()),
  ...emptyWords.map((word) => (word[0] ?? "").toUpperCase() + word.slice(1)),
  ..."NaN NaT NA N/a -  -- --- – — ? ?? . / nan".split(" "),
]);
emptyTokens.delete("");

/** Whether a trimmed cell is a word or sign that most likely stands for "nothing": `NULL`, `n/a`, `-`. */
export const isEmptyToken = (value: string): boolean => value.length <= 12 && emptyTokens.has(value);
