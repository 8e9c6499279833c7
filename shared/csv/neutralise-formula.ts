const phoneNumber = /^\+[ \u00a0]?\(?\d[\d \u00a0\u202f()./-]*$/;
const plainNumber = /^[+-][ \u00a0]?(?:\d+(?:[.,'’ \u00a0\u202f]\d+)*|[.,]\d+)(?:[eE][+-]?\d+)?[ \u00a0]?%?$/;

/**
 * Keeps a spreadsheet from running a customer's cell: text that begins like a formula (= + - @, their full-width forms,
 * or a control character) gets a leading apostrophe. A number with a sign, such as +44 7700 900123 or -12.5, is not one.
 * See https://owasp.org/www-community/attacks/CSV_Injection.
 */
export function neutraliseFormula(cell: string): string {
  if (cell === "") return cell;
  const first = cell.charCodeAt(0);
  // Nearly all cells begin with a letter or a digit.
  if (first > 0x40 && first < 0xff0b) return cell;
  if (first >= 0x20 && first !== 0x2b && first !== 0x2d && first !== 0x3d && first !== 0x40 && first < 0xff0b) {
    return cell;
  }
  return begins(first) && !phoneNumber.test(cell) && !plainNumber.test(cell) ? `'${cell}` : cell;
}

/** The cell as it was before `neutraliseFormula`: for a report that is uploaded again. */
export const restoreFormula = (cell: string): string =>
  cell.startsWith("'") && neutraliseFormula(cell.slice(1)) === cell ? cell.slice(1) : cell;

function begins(code: number): boolean {
  if (code < 0x20) return true;
  const narrow = code >= 0xff01 && code <= 0xff5e ? code - 0xfee0 : code;
  return narrow === 0x2b || narrow === 0x2d || narrow === 0x3d || narrow === 0x40;
}
