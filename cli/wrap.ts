/** What must stay in one piece to be copied begins here: a command, or the settings before one. */
const copied = /(?<=^|\s)(?:npx bulk-send |npm install |aws [a-z0-9-]+ [a-z-]+ --|[A-Z_]+=\S+ )/u;

/** A text of JSON, and the values that a list or an object has; those have others within them no deeper than options do. */
const jsonText = String.raw`"(?:[^"\\]|\\.)*"`;
const jsonInner = String.raw`(?:${jsonText}|[^"{}[\]]|\[(?:${jsonText}|[^"[\]])*\])`;
/** An entry of the options with more than one value, or an object; what ends a sentence behind it would be copied, too. */
const jsonEntry = new RegExp(
  String.raw`(?<=^|\s)((?:"\w+": )?\{(?=")(?:${jsonInner}|\{(?:${jsonInner}|\{${jsonInner}*\})*\})*\}|"\w+": \[${jsonInner}*\])[.,;:]?(?=\s|$)`,
  "u",
);
/** Words, of which an entry of the options is one: it may have blanks. */
const wholeWords = new RegExp(String.raw`(?:"\w+": ${jsonText}|[^ ])* `, "gu");

/** The least that a line is broken to, in characters: narrower columns read worse than what the terminal does. */
const leastColumns = 20;

/** JSON begins so, unlike a sentence that begins with a placeholder. */
const beginsAsJson = /^(?:\{["}]|\[[\]{["\d-])/u;

/**
 * A printed line in lines of at most `columns` characters, broken between words, with the same indent. What is copied is
 * not broken: a command, or a word such as an address, begins a line of its own where it does not fit, and the terminal folds it,
 * which copying undoes. JSON in a sentence has a line to itself. Of a table's row the last cell is broken, if it begins in the left half; other rows, and JSON, stay as they are.
 */
export function wrapped(line: string, columns: number): readonly string[] {
  const [indent = ""] = /^ */u.exec(line) ?? [];
  const text = line.slice(indent.length);
  if (line.length <= columns || columns - indent.length < leastColumns || beginsAsJson.test(text)) return [line];
  const [before = ""] = /^.*\S {2,}(?=\S)/u.exec(line) ?? [];
  if (before !== "") {
    if (before.length > columns / 2) return [line];
    const [first, ...others] = wrapped(line.slice(before.length), columns - before.length);
    return [`${before}${first}`, ...others.map((other) => " ".repeat(before.length) + other)];
  }
  const at = text.search(copied);
  const [prose, command] = at < 0 ? [text, ""] : [text.slice(0, at).trimEnd(), text.slice(at)];
  const lines = prose === "" ? [] : withJsonApart(prose, columns - indent.length);
  const last = lines.at(-1);
  const fits = last !== undefined && indent.length + last.length + 1 + command.length <= columns;
  const all = command === "" ? lines : fits ? [...lines.slice(0, -1), `${last} ${command}`] : [...lines, command];
  return all.map((part) => indent + part);
}

/**
 * A printed text in lines of at most `columns` characters. A command whose last word goes on in the next line, as a text with an end
 * of line in it does, is not broken there either.
 */
export function wrappedText(text: string, columns: number): readonly string[] {
  let open: QuoteMark = "";
  return text.split("\n").flatMap((line) => {
    const goesOn = open !== "";
    const at = goesOn ? 0 : line.search(copied);
    open = at < 0 ? "" : openQuote(line.slice(at), open);
    return goesOn ? [line] : wrapped(line, columns);
  });
}

type QuoteMark = "" | "'" | '"';

/** The quotation mark that is open at the end of what a shell reads, where `open` was at its beginning. */
function openQuote(words: string, open: QuoteMark): QuoteMark {
  let quote = open;
  let escaped = false;
  for (const character of words) {
    const isMark = character === "'" || character === '"';
    if (escaped) escaped = false;
    else if (character === "\\" && quote !== "'") escaped = true;
    else if (isMark && quote === "") quote = character;
    else if (character === quote) quote = "";
  }
  return quote;
}

/** A text in lines of at most `columns` characters, but for words that are longer, and JSON, which stands alone. */
function withJsonApart(text: string, columns: number): readonly string[] {
  const found = jsonEntry.exec(text);
  if (found === null) return inWholeWords(text, columns);
  const before = text.slice(0, found.index).trimEnd();
  const behind = text.slice(found.index + found[0].length).trimStart();
  return [
    ...(before === "" ? [] : inWholeWords(before, columns)),
    found[1] ?? "",
    ...(behind === "" ? [] : withJsonApart(behind, columns)),
  ];
}

/** A text in lines of at most `columns` characters, but for words that are longer. */
function inWholeWords(text: string, columns: number): readonly string[] {
  const lines: string[] = [];
  let line = "";
  for (const [found] of `${text} `.matchAll(wholeWords)) {
    const word = found.slice(0, -1);
    if (line === "") line = word;
    else if (line.length + 1 + word.length <= columns) line += ` ${word}`;
    else {
      lines.push(line);
      line = word;
    }
  }
  return [...lines, line];
}
