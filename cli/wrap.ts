import { broken } from "./screen.ts";

/** What must stay in one piece to be copied begins here: a command, or the settings before one. */
const copied = /(?<=^|\s)(?:npx bulk-send |[A-Z_]+=\S+ )/u;

/**
 * A printed line in lines of at most `columns` characters, broken between words, with the same indent. What is copied is
 * not broken: it begins a line of its own where it does not fit, and the terminal folds it, which copying undoes. JSON and
 * tables stay as they are.
 */
export function wrapped(line: string, columns: number): readonly string[] {
  const [indent = ""] = /^ */u.exec(line) ?? [];
  const text = line.slice(indent.length);
  if (line.length <= columns || columns - indent.length < 20 || /^[{[]|\S {2,}\S/u.test(text)) return [line];
  const at = text.search(copied);
  const [prose, command] = at < 0 ? [text, ""] : [text.slice(0, at).trimEnd(), text.slice(at)];
  const lines = prose === "" ? [] : broken(prose, columns - indent.length);
  const last = lines.at(-1);
  const fits = last !== undefined && indent.length + last.length + 1 + command.length <= columns;
  const all = command === "" ? lines : fits ? [...lines.slice(0, -1), `${last} ${command}`] : [...lines, command];
  return all.map((part) => indent + part);
}
