import { nearName } from "../near-name.ts";
import { columnKey, wordKey } from "./column-name.ts";
import type { FindColumn } from "./find-column.ts";

/** The columns that a template may name. */
export interface TemplateColumns {
  readonly find: FindColumn;
  readonly names: readonly string[];
}

/** The column that an expression means: its whole, or what follows `contact.` and the like. */
export function columnIn(inner: string, find: FindColumn): string | undefined {
  if (find(inner) !== undefined) return inner;
  const last = behindPath(inner);
  return last !== undefined && find(last) !== undefined ? last : undefined;
}

/** What follows `contact.`, `contact:` and the like. */
export const behindPath = (inner: string): string | undefined =>
  /^[\p{L}_][\p{L}\p{N}_]*(?:[.:][\p{L}_][\p{L}\p{N}_]*)*[.:]([\p{L}_][\p{L}\p{N}_ -]*)$/u.exec(inner)?.[1];

/** Most characters of a name that is looked for among misspelt ones. */
const longestNear = 60;

interface Keys {
  readonly keys: readonly string[];
  /** Those that a misspelt name may mean: without empty ones, and none so long that nobody spells it nearly right. */
  readonly named: readonly string[];
}

const known = new WeakMap<readonly string[], Keys>();

/** The names' keys, made once for a list: a text may have hundreds of words that could be misspelt names. */
function keysOf(names: readonly string[]): Keys {
  const before = known.get(names);
  if (before !== undefined) return before;
  const keys = names.map(columnKey);
  const found = { keys, named: keys.filter((key) => key !== "" && key.length <= longestNear * 1.5) };
  known.set(names, found);
  return found;
}

/** The column whose name is nearest to a wrong one: nearly spelt so, or the only one that has it within its name. */
export function nearColumn(wrong: string, names: readonly string[]): string | undefined {
  const key = columnKey(wrong);
  if (key === "" || key.length > longestNear) return undefined;
  const { keys, named } = keysOf(names);
  const spelt = nearName(key, named);
  if (spelt !== undefined) return names[keys.indexOf(spelt)]?.trim();
  if (key.length < 3) return undefined;
  const holding = keys.flatMap((known, at) =>
    known.includes(key) || (known.length >= 3 && key.includes(known)) ? [names[at]?.trim()] : [],
  );
  return holding.length === 1 ? holding[0] : undefined;
}

/** Letters that a keyboard without them is used to write in two ways. */
const spelled: readonly (readonly [letter: RegExp, plain: string, long: string])[] = [
  [/ä/g, "a", "ae"],
  [/ö/g, "o", "oe"],
  [/ü/g, "u", "ue"],
  [/å/g, "a", "aa"],
  [/ø/g, "o", "oe"],
  [/æ/g, "a", "ae"],
  [/ß/g, "ss", "ss"],
  [/ł/g, "l", "l"],
  [/đ/g, "d", "d"],
  [/ı/g, "i", "i"],
];

/** A name as it may be written by somebody who leaves its accents and signs out. */
function withoutAccents(name: string): readonly string[] {
  const key = columnKey(name).normalize("NFC");
  const plain = spelled.reduce((text, [letter, plain]) => text.replace(letter, plain), key);
  const long = spelled.reduce((text, [letter, , long]) => text.replace(letter, long), key);
  return [...new Set([wordKey(plain), wordKey(long)])].filter((folded) => folded !== "" && folded !== key);
}

/** Columns that are found by their names without accents and signs too, and how the first line spells what was found. */
export interface LooseColumns extends TemplateColumns {
  readonly spell: (name: string) => string;
}

const loose = new WeakMap<TemplateColumns, LooseColumns>();

/** The same columns, found also where a text leaves accents and signs out: `prenom` for `Prénom`. Not for filling in: it is a guess. */
export function withLooseNames(columns: TemplateColumns): LooseColumns {
  const before = loose.get(columns);
  if (before !== undefined) return before;
  const { find, names } = columns;
  /** Where several columns have a name, none is meant. */
  const bare = new Map<string, number | undefined>();
  for (const [at, name] of names.entries()) {
    for (const folded of withoutAccents(name)) bare.set(folded, bare.has(folded) ? undefined : at);
  }
  const found: LooseColumns = {
    names,
    find: bare.size === 0 ? find : (name) => find(name) ?? bare.get(wordKey(name)),
    spell: (name) => {
      const at = find(name) !== undefined ? undefined : bare.get(wordKey(name));
      return at === undefined ? name : (names[at]?.trim() ?? name);
    },
  };
  loose.set(columns, found);
  return found;
}
