/** What a formula is made of; each operand fits where a value is awaited, each operator behind one. */
const operands: readonly (readonly [kind: Telling, pattern: RegExp])[] = [
  ["quote", /"(?:[^"]|"")*(?:"|$)/y],
  ["plain", /#(?:N\/A|[\p{Lu}/0]+[!?])/uy],
  ["call", /(?:'[^']+'!)?[\p{L}_][\p{L}\p{N}._]*\(/uy],
  ["reference", /(?:'[^']+'!|[\p{L}_][\p{L}\p{N}._]*!)?\$?[A-Za-z]{1,3}\$?[1-9]\d{0,6}(?![\p{L}\p{N}_.])/uy],
  ["reference", /(?:'[^']+'!|[\p{L}_][\p{L}\p{N}._]*!)?R(?:\d+|\[-?\d+\])?C(?:\d+|\[-?\d+\])?(?![\p{L}\p{N}_.])/uy],
  ["reference", /[\p{L}_][\p{L}\p{N}._]*\[[^[\]]*\]|\[@?[^[\]]+\]/uy],
  ["quote", /'[^']*'/y],
  ["number", /\d+(?:[.,]\d+)?(?:E[+-]?\d+)?/y],
  ["plain", /[\p{L}_][\p{L}\p{N}._]*/uy],
];
const operator = /(?:<>|<=|>=|[-+*/^&=<>:;,|!])/y;

/** How telling an operand is: a lone name is a word like any other. */
type Telling = "quote" | "call" | "reference" | "number" | "plain";

/** Longest cell that is looked at; Excel's own limit of a formula (https://support.microsoft.com/office/1672b34d-7043-467e-8e27-269d656771c3). */
const longest = 8192;

/**
 * Whether a trimmed cell is a spreadsheet's formula in place of its value: `=UPPER(A2)`, `=A1&" x"`, `+A1`, `@SUM(A1:A3)`. A text
 * that only begins so, such as `=> see below`, is none.
 */
export function isUnevaluatedFormula(cell: string): boolean {
  const first = cell.charCodeAt(0);
  // Nearly all cells begin with a letter or a digit.
  if (first > 0x40 && first < 0xff0b) return false;
  // An apostrophe is how spreadsheets are told to show a formula as it is.
  const text = first === 0x27 && cell.length > 1 ? cell.slice(1) : cell;
  if (!/^[=+\-@＝＋－＠]/.test(text) || cell.length > longest) return false;
  const equals = text.startsWith("=") || text.startsWith("＝");
  if (!equals && text !== cell) return false;
  const found = operandsOf(text.normalize("NFKC").slice(1));
  if (found === undefined) return false;
  if (found.has("call")) return equals || /[A-Z][A-Z0-9.]*\(/.test(text);
  if (found.has("reference")) return equals || (!text.startsWith("@") && /[A-Z]\$?\d|!/.test(text));
  if (!equals) return false;
  return found.has("quote") || !found.has("plain");
}

/** The kinds of operands in an expression, which may lack its end; undefined if it is no expression. */
function operandsOf(text: string): ReadonlySet<Telling> | undefined {
  const found = new Set<Telling>();
  let awaited = true;
  let open = 0;
  for (let at = 0; at < text.length; ) {
    const sign = text[at] ?? "";
    if (/\s/.test(sign)) {
      at += 1;
    } else if (awaited && /[-+@({]/.test(sign)) {
      if (/[({]/.test(sign)) open += 1;
      at += 1;
    } else if (!awaited || (open > 0 && /[),;}]/.test(sign))) {
      const after = behindOperand(text, at, open);
      if (after === undefined) return undefined;
      ({ at, open, awaited } = after);
    } else {
      const operand = operandAt(text, at);
      if (operand === undefined) return undefined;
      found.add(operand.kind);
      at += operand.length;
      awaited = operand.kind === "call";
      if (awaited) open += 1;
    }
  }
  return found.size > 0 && (!awaited || open > 0) ? found : undefined;
}

/** Reads what may follow an operand, or stand in place of an argument that is left out. */
function behindOperand(text: string, at: number, open: number) {
  if (/[)}]/.test(text[at] ?? "")) return open > 0 ? { at: at + 1, open: open - 1, awaited: false } : undefined;
  if (text[at] === "%") return { at: at + 1, open, awaited: false };
  operator.lastIndex = at;
  const found = operator.exec(text)?.[0];
  return found === undefined ? undefined : { at: at + found.length, open, awaited: true };
}

function operandAt(text: string, at: number): { readonly kind: Telling; readonly length: number } | undefined {
  for (const [kind, pattern] of operands) {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0];
    if (found !== undefined) return { kind, length: found.length };
  }
  return undefined;
}
