import { columnKey } from "./column-name.ts";
import { isMergeField, isPersonField } from "./merge-fields.ts";
import { nearColumn, type TemplateColumns } from "./template-columns.ts";

/** A column's name found in a text without braces; `certain` when no sentence has it so. */
export interface NamedColumn {
  readonly found: string;
  /** What stays around the placeholder: a sign of money. */
  readonly before?: string;
  readonly after?: string;
  /** The column; undefined for a name that many lists have, and this one has not. */
  readonly column: string | undefined;
  readonly certain: boolean;
}

const joined = /[\p{L}\p{N}]_+[\p{L}\p{N}]/u;
const humped = /\p{Ll}\p{Lu}/u;
const glued = /(?<![\p{L}\p{N}])(?:first|last|full|f|l)name(?![\p{L}\p{N}])/iu;
/** Whether a name is spelt as no word of a sentence is: `first_name`, `FNAME`; words with an inner capital may be brands. */
export const isNoWord = (name: string): boolean => joined.test(name) || glued.test(name);

/** Marks that open a placeholder in front of a name, and those that close it. */
const money = "£€¥₹₺₽₩₴₪฿";
const openingMarks = `${money}{[(<]«‹【〔〖《〈⟨⟪｛［＜（#%@$&*_=:~^|!+\\/>§¤¦\`-`;
const opening = new Uint8Array(0x10000);
for (const mark of openingMarks) opening[mark.charCodeAt(0)] = 1;
const isOpening = (code: number) => opening[code] === 1;
const closing = /^(?:[}\])>[»›】〕〗》〉⟩⟫｝］＞）#%@$*~^|!\\<§¤¦`]|[&_=:+/-](?![\p{L}\p{N}]))/u;
const wordsHere = /\p{L}[\p{L}\p{N}]*(?:[ _-][\p{L}\p{N}]+){0,3}/uy;
/** Marks that make a placeholder without another one behind the name. */
const aloneBefore = /[:@%$&#~^\\=!{§¤£€¥₹₺₽₩₴₪฿]$/;
const moneyBefore = /[£€¥₹₺₽₩₴₪฿]$/;
const bracket = /[{[(<]/;
const wordCharacter = /[\p{L}\p{N}]/u;
const wordEnd = /^(?![\p{L}\p{N}]|[-_&=/][\p{L}\p{N}])/u;

const greetingWords = String.raw`^\s*(?:hi|hello|hey|dear|hallo|lieber?|guten (?:tag|morgen|abend)|moin|servus|bonjour|salut|ch[eè]re?|hola|estimad[oa]|querid[oa]|buenos d[ií]as|ciao|gentile|car[oa]|ol[aá]|prezad[oa]|hej|beste|geachte)[^\S\n]+(?:(?:mr|mrs|ms|herr|frau|sr|sra|monsieur|madame)\.?[^\S\n]+)?`;
const greeting = new RegExp(String.raw`${greetingWords}(\p{L}[\p{L}\p{N}]*(?:[ _-][\p{L}\p{N}]+){0,2})`, "iu");
const greetingOnly = new RegExp(`${greetingWords}$`, "iu");

/** Finds names of columns that stand in a text with odd marks, spelt as no word is, or in a greeting in place of a name. */
export function namesInProse(text: string, columns: TemplateColumns): readonly NamedColumn[] {
  return [
    ...(/[^\s_]_[^\s_]|[a-z][A-Z]/.test(text) || /name\b/i.test(text) ? noWords(text, columns) : []),
    ...(/\p{L}\.\p{L}/u.test(text) ? dotted(text, columns) : []),
    ...marked(text, columns),
    ...priced(text, columns),
    ...greeted(text, columns),
    ...oddlyNamed(text, columns),
  ];
}

/** Names spelt as no word is. */
function noWords(text: string, { find, names }: TemplateColumns): readonly NamedColumn[] {
  const found: NamedColumn[] = [];
  for (const match of text.matchAll(/[\p{L}\p{N}]+(?:_+[\p{L}\p{N}]+)*/gu)) {
    const [word] = match;
    if (word.length < 3 || !(isNoWord(word) || humped.test(word))) continue;
    const before = text.slice(Math.max(0, match.index - chunkLimit), match.index);
    const after = text.slice(match.index + word.length);
    const link = linkAround(before, after);
    if (link === "address" || isParameter(before, after)) continue;
    const behindPrefix = word.slice(word.indexOf("_") + 1);
    const column = [word, behindPrefix].find((name) => find(name) !== undefined);
    const conventional = isMergeField(word);
    if (column === undefined && !conventional && !isLikeVariable(word, before)) continue;
    const tag = /[#@]$/.test(before) && !/^[#@]/.test(after);
    const certain =
      column === word && link === undefined && (conventional || !tag) && isCertain(word, before, conventional, names);
    const marks = marksBefore(text, match.index).slice(-3);
    found.push({
      found: `${marks}${word}${closing.test(after) ? after.slice(0, 1) : ""}`,
      before: moneyBefore.exec(before)?.[0],
      column,
      certain,
    });
  }
  return found;
}

/** Whether a word that names no column stands between marks, written as variables are; not as a code, a tag or a part of a link. */
const isLikeVariable = (word: string, before: string) =>
  !/\p{N}/u.test(word) && word === word.toLowerCase() && /[*_~^%$\\£€¥₹₺₽₩₴₪฿]$/.test(before);

/** Columns' names with dots, or with dots in place of blanks: `first.name`. */
function dotted(text: string, { find }: TemplateColumns): readonly NamedColumn[] {
  const found: NamedColumn[] = [];
  for (const match of text.matchAll(
    /(?<![\p{L}\p{N}.@/_-])\p{L}[\p{L}\p{N}]*(?:\.[\p{L}\p{N}]+){1,3}(?![\p{L}\p{N}@/_-])/gu,
  )) {
    const [word] = match;
    const name = word.replaceAll(".", " ");
    const column = [word, name].find((one) => find(one) !== undefined);
    if (column === undefined) continue;
    if (linkAround(text.slice(0, match.index), text.slice(match.index + word.length)) !== undefined) continue;
    found.push({ found: word, column, certain: isMergeField(name) });
  }
  return found;
}

/** Whether a word that names a column is surely no word of the text. */
function isCertain(word: string, before: string, conventional: boolean, names: readonly string[]): boolean {
  const markedAsCode = /[:%$&=\\{~^@]$/.test(before);
  // A code such as SPRING_SALE may be called like its column.
  if (joined.test(word)) {
    return conventional || markedAsCode || word !== word.toUpperCase() || names.some((name) => name.trim() === word);
  }
  if (conventional) return word !== word.toLowerCase() || isOpening(before.charCodeAt(before.length - 1));
  return markedAsCode;
}

/** Columns' names with a mark in front, and mostly one behind. */
function marked(text: string, { find, names }: TemplateColumns): readonly NamedColumn[] {
  const found: NamedColumn[] = [];
  for (let at = 1; at < text.length; at++) {
    if (!isOpening(text.charCodeAt(at - 1))) continue;
    wordsHere.lastIndex = at;
    const words = wordsHere.exec(text)?.[0];
    if (words === undefined) continue;
    const marks = marksBefore(text, at);
    // "check-in" and "and/or" are words joined; a link's "/:town" is none.
    const joinsWords = !bracket.test(marks) && !marks.endsWith("/:");
    if (joinsWords && wordCharacter.test(text.charAt(at - marks.length - 1))) continue;
    const name = beginnings(words).find((name) => {
      const after = text.slice(at + name.length, at + name.length + 2);
      if (name.length < 2 || !wordEnd.test(after) || find(name) === undefined) return false;
      return closing.test(after) || aloneBefore.test(marks) || isMergeField(name);
    });
    if (name === undefined) {
      const misspelt = misspeltName(words, marks, names) ?? amountLeftOut(words, marks);
      if (misspelt !== undefined && linkAround(text.slice(0, at), text.slice(at)) === undefined) {
        found.push({ found: `${marks}${misspelt}`, column: undefined, certain: false });
      }
      continue;
    }
    if (isRemark(name, marks)) continue;
    const after = text.slice(at + name.length);
    const link = linkAround(text.slice(0, at), after);
    if (link === "address" || (link === "link" && !/\{$|\/:$/.test(marks))) continue;
    const close = closing.test(after) ? after.slice(0, 1) : "";
    const sign = moneyBefore.exec(marks)?.[0];
    const own = sign !== undefined && names.some((column) => columnKey(column) === columnKey(sign + name));
    const certain =
      link === undefined && (sign !== undefined || isField(name, marks, text.slice(0, at - marks.length)));
    found.push({
      found: `${marks.slice(-3)}${name}${close}`,
      before: own ? undefined : sign,
      column: own ? sign + name : name,
      certain,
    });
  }
  return found;
}

const signInFront = new RegExp(String.raw`(?<![\p{L}\p{N}])([${money}]) (${wordsHere.source})`, "gu");
/** Looks back from the sign: from every letter forward, a text of one long word takes seconds. */
const signBehind = new RegExp(String.raw`(?<=(${wordsHere.source})( ?))([${money}])(?![\p{L}\p{N}])`, "gu");

/** Columns' names beside a sign of money: "£ amount", "amount€". */
function priced(text: string, { find }: TemplateColumns): readonly NamedColumn[] {
  const isColumn = (words: string) => words.length > 1 && find(words) !== undefined;
  const inFront = [...text.matchAll(signInFront)].flatMap(([, sign, words = ""]): NamedColumn[] => {
    const column = beginnings(words).find(isColumn);
    return column === undefined ? [] : [{ found: `${sign} ${column}`, before: `${sign} `, column, certain: false }];
  });
  const behind = [...text.matchAll(signBehind)].flatMap(([, words = "", blank = "", sign]): NamedColumn[] => {
    const column = endings(words).find(isColumn);
    const after = blank + sign;
    return column === undefined ? [] : [{ found: column + after, after, column, certain: blank === "" }];
  });
  return [...inFront, ...behind];
}

/** A word behind a mark that is nearly a column's name: `:firstnme`. */
function misspeltName(words: string, marks: string, names: readonly string[]): string | undefined {
  if (!/^[:%$\\]+$/.test(marks)) return undefined;
  const word = /^[\p{L}\p{N}_]{5,40}/u.exec(words)?.[0];
  return word !== undefined && nearColumn(word, names) !== undefined ? word : undefined;
}

/** A word right behind a sign of money, where a number was to be filled in: `£amount`. Currencies stand there, too: `$USD`, `£pounds`. */
function amountLeftOut(words: string, marks: string): string | undefined {
  if (!/^[$£€¥₹₺₽₩₴₪฿]$/.test(marks)) return undefined;
  return /^(?!(?:\p{Lu}{3}|(?:[Ee]uro|[Pp]ound|[Dd]ollar|[Qq]uid|[Bb]uck)s?)(?![\p{L}_]))[\p{L}_]{3,40}/u.exec(
    words,
  )?.[0];
}

/** Whether a name that lists have stands where only a placeholder does: behind a mark that no word has, or in a greeting. */
const isField = (name: string, marks: string, before: string) =>
  isMergeField(name) && (/^[:%$\\^{§¤]+$/.test(marks) || (isPersonField(name) && greetingOnly.test(before)));

function marksBefore(text: string, end: number): string {
  let start = end;
  while (isOpening(text.charCodeAt(start - 1))) start--;
  return text.slice(start, end);
}

/** Whether a name in parentheses is a word as people put there: "20% off (town)". */
const isRemark = (name: string, marks: string) => /^[(（]$/.test(marks) && !/[ _-]/.test(name) && !isMergeField(name);

/** A greeting of "first name" or the like, and "First Name" wherever a sentence would not have it so. */
function greeted(text: string, columns: TemplateColumns): readonly NamedColumn[] {
  const words = greeting.exec(text)?.[1];
  const greetedName = beginnings(words ?? "").find((name) => isPersonField(name) && columns.find(name) !== undefined);
  const name = greetedName ?? knownNames(columns).titles.find((title) => text.includes(title));
  return name === undefined ? [] : [{ found: name, column: name, certain: name === greetedName && /[ _-]/.test(name) }];
}

/** Names that have other characters in them than a word has, between marks: `{Amount (EUR)}`, `#Order No.#`. */
function oddlyNamed(text: string, columns: TemplateColumns): readonly NamedColumn[] {
  const { odd } = knownNames(columns);
  if (odd.length === 0) return [];
  const folded = text.toLowerCase();
  return odd.flatMap((name) => {
    for (let at = folded.indexOf(name); at >= 0; at = folded.indexOf(name, at + name.length)) {
      const before = /(\p{L}|\p{N})?([^\p{L}\p{N}\s]+)\s?$/u.exec(folded.slice(0, at).slice(-5));
      const [, close = ""] =
        /^\s?([^\p{L}\p{N}\s.,;!?]+)/u.exec(folded.slice(at + name.length, at + name.length + 5)) ?? [];
      const [, glued, marks] = before ?? [];
      if (marks === undefined || !isOpening(marks.charCodeAt(marks.length - 1))) continue;
      const closed = closing.test(close);
      if (!closed && (glued !== undefined || !aloneBefore.test(marks))) continue;
      const found = `${marks}${name}${closed ? close : ""}`;
      return [{ found, column: name, certain: closed && /[{[<%#|]$/.test(marks) && glued === undefined }];
    }
    return [];
  });
}

/** What of a list's names is looked for by its letters. */
interface KnownNames {
  /** In lower case. */
  readonly odd: readonly string[];
  readonly titles: readonly string[];
}

const known = new WeakMap<TemplateColumns, KnownNames>();

function knownNames(columns: TemplateColumns): KnownNames {
  const before = known.get(columns);
  if (before !== undefined) return before;
  const names = columns.names.map((name) => name.trim()).filter((name) => name.length <= 60);
  const found = {
    odd: names
      .filter((name) => name.length > 1 && !/^\p{L}[\p{L}\p{N}_ -]*$/u.test(name))
      .map((name) => name.toLowerCase()),
    titles: names.filter((name) => isMergeField(name) && /^\p{Lu}\p{Ll}+ \p{Lu}\p{Ll}+$/u.test(name)),
  };
  known.set(columns, found);
  return found;
}

/** The words, then all but the last, and so on. */
const beginnings = (words: string): readonly string[] => {
  const parts = words.split(/[ _-]/);
  return parts.map((_, at) => words.slice(0, parts.slice(0, parts.length - at).join(" ").length));
};

/** The words, then all but the first, and so on. */
const endings = (words: string): readonly string[] => {
  const parts = words.split(/[ _-]/);
  return parts.map((_, at) => words.slice(parts.slice(0, at).join(" ").length + (at === 0 ? 0 : 1)));
};

/** Whether a name is a link's own: `?first_name=`. */
const isParameter = (before: string, after: string) => /[?&;]$/.test(before) && after.startsWith("=");

/** How far around a name is looked at, in characters: a link is hardly longer, and long texts take no time. */
const chunkLimit = 300;

/** Whether a place in a text is within a link or an e-mail address. */
function linkAround(before: string, after: string): "link" | "address" | undefined {
  const chunk = `${/\S*$/.exec(before.slice(-chunkLimit))?.[0] ?? ""}x${/^\S*/.exec(after.slice(0, chunkLimit))?.[0] ?? ""}`;
  if (/:\/\/|^\W*www\.|[&?][\w-]+=|[\p{L}\d]\.\p{L}{2,}(?::\d+)?[/?]/iu.test(chunk)) return "link";
  return /[^\s@]@[\p{L}\d-]+(?:\.[\p{L}\d-]+)*\.\p{L}{2,}/u.test(chunk) ? "address" : undefined;
}
