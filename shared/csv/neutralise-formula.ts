const phoneNumber = /^\+[ \u00a0]?\(?\d[\d \u00a0\u202f()./-]*$/;
const plainNumber = /^[+-][ \u00a0]?(?:\d+(?:[.,'’ \u00a0\u202f]\d+)*|[.,]\d+)(?:[eE][+-]?\d+)?[ \u00a0]?%?$/;

/** What a program may take for the end of a cell, when it opens the file with another separator than the file's own. */
const separators = ",;\\t|\\r\\n";
const formula = "=+\\-@＝＋－＠";

/** Where a formula would begin if a separator ended the cell before it: behind the separator and any quotation marks. */
const inner = new RegExp(`(?<=[${separators}])(?=["']*[${formula}])`, "g");
const innerNeutral = new RegExp(`(?<=[${separators}])'(?=["']*[${formula}])`, "g");
const hasInner = new RegExp(`[${separators}]["']*[${formula}]`);

/**
 * Keeps a spreadsheet from running a customer's cell: text that begins like a formula (= + - @, their full-width forms,
 * or a control character) gets a leading apostrophe. A number with a sign, such as +44 7700 900123 or -12.5, is not one.
 * So does what follows a separator or a line break within the cell, even a number: with that separator, the program that
 * opens the file begins a cell there. `restoreFormula` gives the cell back as it was.
 * See https://owasp.org/www-community/attacks/CSV_Injection.
 */
export function neutraliseFormula(cell: string): string {
  if (cell === "") return cell;
  const inside = hasInner.test(cell) ? cell.replace(inner, "'") : cell;
  return isFormula(cell) ? `'${inside}` : inside;
}

/** The cell as it was before `neutraliseFormula`: for a report that is uploaded again. */
export function restoreFormula(cell: string): string {
  const inside = hasInner.test(cell) ? cell.replace(innerNeutral, "") : cell;
  return inside.startsWith("'") && isFormula(inside.slice(1)) ? inside.slice(1) : inside;
}

/** Whether the cell begins like a formula; behind apostrophes too, so that one of ours is told from the customer's own. */
function isFormula(cell: string): boolean {
  const first = cell.charCodeAt(0);
  // Nearly all cells begin with a letter or a digit.
  if (first > 0x40 && first < 0xff0b) return false;
  if (first === 0x27) return isFormula(cell.replace(/^'+/, ""));
  return begins(first) && !phoneNumber.test(cell) && !plainNumber.test(cell);
}

const begins = (code: number): boolean => code < 0x20 || "+-=@＋－＝＠".includes(String.fromCharCode(code));
