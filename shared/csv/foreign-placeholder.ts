import { columnKey } from "./column-name.ts";
import { defaultIn, written } from "./foreign-default.ts";
import { isMergeField } from "./merge-fields.ts";
import { isNoWord, namesInProse } from "./named-in-prose.ts";
import { hasPlaceholderSigns } from "./placeholder-signs.ts";
import {
  behindPath,
  columnIn,
  type LooseColumns,
  nearColumn,
  type TemplateColumns,
  withLooseNames,
} from "./template-columns.ts";

/**
 * A placeholder in another tool's spelling: surely meant as one, of a column that exists or of one that the list lacks; or only
 * looking like one, `write` being set where a column has the name.
 */
export type ForeignPlaceholder =
  | { readonly kind: "column"; readonly found: string; readonly write: string }
  | { readonly kind: "lacking"; readonly found: string; readonly name: string }
  | DoubtfulPlaceholder;

/** What may be a placeholder, or words of the text. */
export interface DoubtfulPlaceholder {
  readonly kind: "doubtful";
  readonly found: string;
  readonly write?: string;
}

const name = String.raw`([\p{L}_][^{}\[\]()<>«»‹›#%$*|@^~=:;"\r\n]{0,59}?)`;
/** What may follow the name: a default, in one of many spellings. */
const signedDefault = String.raw`((?:\s*(?:\|{1,2}|\?\?|,?\s*(?:default|fallback)\w*\s*[:=])[^{}\[\]<>«»\r\n]{0,60}?)?)`;
/** Between braces nothing is prose, and a sign is enough. */
const braceDefault = String.raw`((?:\s*(?:\|{1,2}|\?\?|[,:])[^{}\[\]<>«»\r\n]{0,60}?)?)`;
const identifier = String.raw`([\p{L}_][\p{L}\p{N}_.]{0,59})`;

/**
 * How much a way of writing says: `code` hardly occurs in prose, and is worth a look even where no column has the name; `marks` are
 * a placeholder when they stand close around a column's name, and prose otherwise; `prose` is mostly prose.
 */
type Sort = "code" | "marks" | "prose";

/** A way of writing placeholders; a text without `opening`, or else without any wide bracket, has none of it. */
interface Spelling {
  readonly opening?: string;
  readonly pattern: RegExp;
  readonly sort: Sort;
}

const spelling = (sort: Sort, opening: string | undefined, pattern: string): Spelling => ({
  sort,
  opening,
  pattern: new RegExp(pattern, "gu"),
});

const spellings: readonly Spelling[] = [
  spelling("code", "*|", String.raw`\*\|\s*${name}${signedDefault}\s*\|\*`),
  spelling("code", "<%", String.raw`<%=?\s*${name}${signedDefault}\s*%>`),
  spelling("code", "<?", String.raw`<\?(?:=|php\s+echo)?\s*\$?${name}${signedDefault}\s*;?\s*\?>`),
  spelling("code", "[%", String.raw`\[%\s*${name}${signedDefault}\s*%\]`),
  spelling(
    "code",
    "{",
    String.raw`[$#%@:]?\{[\s$#%@.:!~\\&*=?'"“”‘’(\[<^|>+/-]*${name}${braceDefault}[\s\\&*?'"”’)\]>^|!%#$+/-]*\}`,
  ),
  spelling("code", "%7", String.raw`(?:%7[Bb])+${name}(?:%7[Cc]([^\s%]{0,60}))?(?:%7[Dd])+`),
  spelling("code", "[[", String.raw`\[\[\s*${name}${signedDefault}\s*\]\]`),
  spelling("marks", "[", String.raw`[$#%@]?\[\s*[$%@#:]?(?:\p{L}+:)?${name}${signedDefault}\s*\]`),
  spelling("code", "<<", String.raw`<<\s*${name}${signedDefault}\s*>>`),
  spelling("marks", "<", String.raw`<\s*${name}${signedDefault}\s*>`),
  spelling("prose", undefined, String.raw`[«‹【〔〖《〈⟨⟪「『]\s*${name}${signedDefault}\s*[»›】〕〗》〉⟩⟫」』]`),
  spelling("marks", undefined, String.raw`[｛［＜]\s*${name}${signedDefault}\s*[｝］＞]`),
  spelling("code", "((", String.raw`\(\(\s*${name}${signedDefault}\s*\)\)`),
  spelling("code", "(", String.raw`[$%@#]\(\s*${name}\s*\)s?`),
  spelling("prose", "(", String.raw`\(\s*(\p{L}+_[\p{L}\p{N}_]{1,60})\s*\)`),
  spelling("marks", "#", `##${name}##|#${name}#`),
  spelling("marks", "%", `%%${name}${signedDefault}%%|%${name}${signedDefault}%`),
  spelling("marks", "@", `@@${name}@@|@${name}@`),
  spelling("marks", "|", String.raw`\|\|${name}\|\||\|${name}\|`),
  spelling("marks", "^", String.raw`\^${name}\^`),
  spelling("prose", "~", `~~?${name}~~?`),
  spelling("marks", "$", String.raw`\$${name}\$|\$${identifier}`),
  spelling("code", "__", `__${identifier}__`),
];

const wideBrackets = /[«‹【〔〖《〈⟨⟪「『｛［＜]/;

/** Placeholders without a name, as programs format texts, cells of a formula that was taken apart, and notes of a draft's author. */
const nameless =
  /\{\d{0,2}\}|(?<![\p{L}\p{N}%])%(?:\d\$)?[sd@](?![\p{L}\p{N}])|"? ?& ?\$?[A-Z]{1,3}\$?[1-9]\d{0,6} ?& ?"?|(?<=\s)=(?:[A-Z]{3,}\(|\$?[A-Z]{1,2}\$?[1-9]\d{0,6}(?![\p{L}\p{N}]))|[([<](?:insert|enter|your) [\p{L} ]{2,30}[)\]>]/giu;

/** Most doubtful placeholders told of one text. */
const doubtsTold = 5;

const invisible = /[\p{Default_Ignorable_Code_Point}\ufeff]/gu;

/** Marks as they are typed among Chinese and Japanese letters. */
const fullWidth = /[＃％＠＄＊＝＆＿～＾｜：]/g;

/** Finds placeholders in the literal parts of a text; where one is surely meant as such, only that is returned. */
export function foreignPlaceholders(part: string, strict: TemplateColumns): readonly ForeignPlaceholder[] {
  if (!hasPlaceholderSigns(part)) return [];
  const columns = withLooseNames(strict);
  const text = part.replace(invisible, "").replace(fullWidth, (mark) => mark.normalize("NFKC"));
  const doubtful = new Map<string, DoubtfulPlaceholder>();
  const doubt = (found: string, write?: string) => {
    if (doubtful.size < doubtsTold) doubtful.set(found, { kind: "doubtful", found, write });
  };
  const brackets = wideBrackets.test(text);
  for (const one of spellings) {
    if (one.opening === undefined ? !brackets : !text.includes(one.opening)) continue;
    for (const match of matches(one.pattern, text)) {
      const read = readMatch(match, one.sort, text, columns);
      if (read === undefined) continue;
      if (read.kind !== "doubtful") return [read];
      doubt(read.found, read.write);
    }
  }
  for (const { found, before = "", after = "", column, certain } of namesInProse(text, columns)) {
    const write = column === undefined ? undefined : before + written(columns.spell(column), undefined) + after;
    if (certain && write !== undefined) return [{ kind: "column", found, write }];
    doubt(found, write);
  }
  for (const [found] of /[{%&=([<]/.test(text) ? matches(nameless, text) : []) doubt(found);
  const all = [...doubtful.values()];
  // "{name}" within "${name}" or "((name))" is the same placeholder.
  return all.filter((one) => !all.some((other) => other !== one && other.found.includes(one.found)));
}

/** All matches; quicker than `matchAll`, which copies the pattern. */
function matches(pattern: RegExp, text: string): readonly RegExpExecArray[] {
  const first = pattern.exec(text);
  if (first === null) return none;
  const found = [first];
  for (let next = pattern.exec(text); next !== null; next = pattern.exec(text)) found.push(next);
  return found;
}

const none: readonly RegExpExecArray[] = [];

/** What was found in a text, if it may be a placeholder. */
function readMatch(
  match: RegExpExecArray,
  sort: Sort,
  text: string,
  columns: LooseColumns,
): ForeignPlaceholder | undefined {
  // Of a spelling's alternatives, one has groups that match.
  const [found = "", expression = "", behind = ""] = match.filter((group) => group !== undefined);
  const inner = expression.replace(/^(?:if|unless|else?if|elsif)\s+|[\s\\'"“”‘’]+$/gi, "");
  const column = columnIn(inner, columns.find);
  if (column !== undefined) {
    const name = columns.spell(column);
    const write = written(name, defaultIn(behind));
    return isCertain(inner, sort, match, text)
      ? { kind: "column", found, write }
      : { kind: "doubtful", found, write: written(name, undefined) };
  }
  if (isLacking(inner, sort, columns)) return { kind: "lacking", found, name: inner };
  return looksLikeOne(inner, sort, columns) ? { kind: "doubtful", found } : undefined;
}

/** Whether what no column is called is worth a look between such marks. */
function looksLikeOne(inner: string, sort: Sort, { find, names }: TemplateColumns): boolean {
  if (inner.length < 2) return false;
  if (sort === "code" || /^\p{L}+[_.][\p{L}\p{N}_.]+$/u.test(inner)) return true;
  if (sort === "prose") return false;
  const spelt = inner.replace(/^(?:insert|enter|your|the|ihre?n?|votre|su|tu)\s+|\s+(?:here|hier|ici|aquí)$/giu, "");
  return (
    isMergeField(spelt) || find(spelt) !== undefined || (isOneWord(inner) && nearColumn(inner, names) !== undefined)
  );
}

const isOneWord = (inner: string) => inner.length > 3 && /^[\p{L}\p{N}_-]+$/u.test(inner);

/** Whether marks around a column's name are surely meant as a placeholder. */
function isCertain(inner: string, sort: Sort, match: RegExpExecArray, text: string): boolean {
  if (sort === "code" || isNoWord(inner)) return true;
  if (sort === "prose" || columnKey(inner).length < 2) return false;
  const [found] = match;
  if (/^[^\p{L}]*\s|[\s][^\p{L}\p{N}]+$/u.test(found)) return false;
  if (/^[[<｛［＜]/.test(found)) return true;
  // "100%name%" is a hundred per cent.
  const around = `${text.charAt(match.index - 1)} ${text.charAt(match.index + found.length)}`;
  return !/[\p{L}\p{N}]/u.test(around);
}

/** Whether what no column is called is meant as one all the same: by a name that lists have, or nearly one of this list's. */
function isLacking(inner: string, sort: Sort, { names }: TemplateColumns): boolean {
  if (sort === "prose" || (sort === "marks" && !isNoWord(inner))) return false;
  if (isMergeField(inner) || isMergeField(behindPath(inner) ?? "")) return true;
  return sort === "code" && isOneWord(inner) && nearColumn(inner, names) !== undefined;
}
