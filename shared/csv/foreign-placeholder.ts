import { nearName } from "../near-name.ts";
import { excerpt } from "../shorten.ts";
import { columnKey } from "./column-name.ts";
import type { FindColumn } from "./columns.ts";

/** A placeholder in another tool's spelling: of a column that exists, or only looking like one. */
export type ForeignPlaceholder =
  | { readonly kind: "column"; readonly found: string; readonly write: string }
  | { readonly kind: "doubtful"; readonly found: string };

const name = String.raw`([\p{L}_][^{}\[\]()<>«»‹›#%$*|@^~=:;"\r\n]{0,59}?)`;
/** What may follow the name: a default, in one of many spellings. */
const signedDefault = String.raw`((?:\s*(?:\|{1,2}|\?\?|,?\s*(?:default|fallback)\w*\s*[:=])[^{}\[\]<>«»\r\n]{0,60}?)?)`;
/** Between braces nothing is prose, and a sign is enough. */
const braceDefault = String.raw`((?:\s*(?:\|{1,2}|\?\?|[,:])[^{}\[\]<>«»\r\n]{0,60}?)?)`;
const identifier = String.raw`([\p{L}_][\p{L}\p{N}_.]{0,59})`;

/** A way of writing placeholders; a text without `opening` has none of it. */
interface Spelling {
  readonly opening?: string;
  readonly pattern: RegExp;
  readonly odd: boolean;
}

/** The spellings; `odd` ones hardly occur in prose, so that they are worth a look even where no column has the name. */
const spellings: readonly Spelling[] = [
  { opening: "*|", pattern: new RegExp(String.raw`\*\|\s*${name}${signedDefault}\s*\|\*`, "gu"), odd: true },
  { opening: "{%", pattern: new RegExp(String.raw`\{%=?\s*${name}${signedDefault}\s*%\}`, "gu"), odd: true },
  { opening: "<%", pattern: new RegExp(String.raw`<%=?\s*${name}${signedDefault}\s*%>`, "gu"), odd: true },
  { opening: "[%", pattern: new RegExp(String.raw`\[%\s*${name}${signedDefault}\s*%\]`, "gu"), odd: true },
  { opening: "{", pattern: new RegExp(String.raw`[$#%@]?\{[\s$#%@.:!~]*${name}${braceDefault}\s*\}`, "gu"), odd: true },
  { opening: "[[", pattern: new RegExp(String.raw`\[\[\s*${name}${signedDefault}\s*\]\]`, "gu"), odd: true },
  { opening: "[", pattern: new RegExp(String.raw`\[\s*${name}${signedDefault}\s*\]`, "gu"), odd: false },
  { opening: "<<", pattern: new RegExp(String.raw`<<\s*${name}${signedDefault}\s*>>`, "gu"), odd: true },
  { opening: "<", pattern: new RegExp(String.raw`<\s*${name}${signedDefault}\s*>`, "gu"), odd: false },
  { pattern: new RegExp(String.raw`[«‹｛【［〔＜]\s*${name}${signedDefault}\s*[»›｝】］〕＞]`, "gu"), odd: false },
  { opening: "((", pattern: new RegExp(String.raw`\(\(\s*${name}${signedDefault}\s*\)\)`, "gu"), odd: true },
  { opening: "%(", pattern: new RegExp(String.raw`%\(\s*${name}\s*\)s?`, "gu"), odd: true },
  { opening: "(", pattern: /\(\s*(\p{L}+_[\p{L}\p{N}_]{1,60})\s*\)/gu, odd: false },
  { opening: "#", pattern: new RegExp(`##${name}##|#${name}#`, "gu"), odd: false },
  {
    opening: "%",
    pattern: new RegExp(`%%${name}${signedDefault}%%|%${name}${signedDefault}%`, "gu"),
    odd: false,
  },
  { opening: "@", pattern: new RegExp(`@@${name}@@|@${name}@`, "gu"), odd: false },
  { opening: "|", pattern: new RegExp(String.raw`\|\|${name}\|\||\|${name}\|`, "gu"), odd: false },
  { pattern: new RegExp(String.raw`\^${name}\^|~${name}~`, "gu"), odd: false },
  { opening: "$", pattern: new RegExp(String.raw`\$${name}\$|\$${identifier}`, "gu"), odd: false },
  { opening: "__", pattern: new RegExp(`__${identifier}__`, "gu"), odd: true },
];

/** Whether a text has any of the signs that placeholders are written with: quick, for texts that nearly all have none. */
export const mayHoldPlaceholders = (text: string): boolean => /[{[<«‹(#%@|^~$｛【［〔＜]|__/.test(text);

/** Most doubtful placeholders told of one text. */
const doubtsTold = 5;

/** Finds placeholders in the literal parts of a text; where one names a column, only that is returned. */
export function foreignPlaceholders(text: string, find: FindColumn): readonly ForeignPlaceholder[] {
  if (!mayHoldPlaceholders(text)) return [];
  const doubtful = new Set<string>();
  for (const { opening, pattern, odd } of spellings) {
    if (opening !== undefined && !text.includes(opening)) continue;
    for (const match of text.matchAll(pattern)) {
      const [found] = match;
      const at = match.findIndex((group, index) => index > 0 && group !== undefined);
      const inner = (match[at] ?? "").replace(/^(?:if|unless|else?if|elsif)\s/i, "").trim();
      const column = columnIn(inner, find);
      if (column !== undefined) {
        return [{ kind: "column", found, write: written(column, fallbackOf(match[at + 1] ?? "")) }];
      }
      const looksLikeOne = inner.length > 1 && (odd || /^\p{L}+[_.][\p{L}\p{N}_.]+$/u.test(inner));
      if (looksLikeOne && doubtful.size < doubtsTold) doubtful.add(found);
    }
  }
  const all = [...doubtful];
  // "{name}" within "${name}" or "((name))" is the same placeholder.
  return all
    .filter((one) => !all.some((other) => other !== one && other.includes(one)))
    .map((found) => ({ kind: "doubtful", found }));
}

/** The column that an expression means: its whole, or what follows `contact.` and the like. */
function columnIn(inner: string, find: FindColumn): string | undefined {
  if (find(inner) !== undefined) return inner;
  const last = /^[\p{L}_][\p{L}\p{N}_]*(?:\.[\p{L}_][\p{L}\p{N}_]*)*\.([\p{L}_][\p{L}\p{N}_ -]*)$/u.exec(inner)?.[1];
  return last !== undefined && find(last) !== undefined ? last : undefined;
}

const quotationMarks = /["'“”„‟‘’‚‛«»`´]/g;

/**
 * How to write what stands between two braces in another tool's spelling, such as `first_name || 'there'`; undefined when it is no
 * such spelling of a column that exists.
 */
export function rewritten(inner: string, find: FindColumn): string | undefined {
  if (inner.length > 200) return undefined;
  const [head = "", ...rest] = inner.split("|");
  const whole = rest.length === 0;
  const cleaned = head.replace(/^[\s{$#%@.&>=^/!?~*]+|[\s}]+$/g, "").replace(/^(?:if|unless|with|each|else)\s+/i, "");
  const column = columnIn(cleaned.replace(quotationMarks, "").trim(), find);
  if (column !== undefined) {
    if (whole) return written(column, undefined);
    const fallback = rest.join("|");
    return written(column, isForeignFallback(fallback) ? fallbackOf(fallback) : excerpt(fallback.trim(), 40));
  }
  // The column, and then what other tools write for a default.
  const match =
    /^([\p{L}_][\p{L}\p{N}_. -]*?)\s*([,:?!=;(]|\?\?|\bor\b|\bdefault\b|\bfallback\b|["“”„'‘’]|$)(.*)$/iu.exec(cleaned);
  const named = columnIn((match?.[1] ?? "").trim(), find);
  return named === undefined
    ? undefined
    : written(named, fallbackOf(`${match?.[2] ?? ""}${match?.[3] ?? ""}${whole ? "" : `|${rest.join("|")}`}`));
}

const written = (column: string, fallback: string | undefined) =>
  fallback === undefined || fallback === "" ? `{{${column}}}` : `{{${column}|${fallback}}}`;

/** The default in another tool's spelling: what is in quotation marks, else what follows the sign. */
function fallbackOf(text: string): string | undefined {
  const quotedText = /["“”„'‘’«`]([^"“”„'‘’»`]*)["“”'‘’»`]\s*\)?[^"“”'‘’]*$/.exec(text)?.[1];
  if (quotedText !== undefined) return excerpt(quotedText.trim(), 40);
  const own = /^\s*\|([^|].*)$/s.exec(text)?.[1];
  if (own !== undefined && !isForeignFallback(own)) return excerpt(own.trim(), 40);
  const plain =
    /(?:default|fallback)[\p{L}_]*\s*[:=(]\s*([^)}|]*)/iu.exec(text) ?? /(?:\|\||\?\?|[=:,])\s*([^)}|]*)/.exec(text);
  const value = plain?.[1]?.trim();
  return value === undefined ? undefined : excerpt(value, 40);
}

const filters =
  /^(?:cap(?:italize|italise|first|s)?|uc(?:first|words)|up(?:case|per|percase)?|low(?:er|ercase)|downcase|title(?:case|ize)?|trim|strip(?:_html|_tags)?|escape|e|h|raw|safe|urlencode|url_encode|json|proper|html|nl2br|truncate\b.*|date\b.*|replace\b.*|append\b.*|prepend\b.*)$/i;

/** Whether what follows a placeholder's first `|` is another tool's default or filter, and not a default to be taken as it stands. */
export function isForeignFallback(fallback: string): boolean {
  const text = fallback.trim();
  return (
    text.startsWith("|") ||
    /^(?:default|fallback)(?:[_\s]?(?:value|if_none|to))?\s*[:=(]/i.test(text) ||
    /^(?:default|fallback)\s+["'“”‘’]/i.test(text) ||
    /^["“”„'‘’«`].*["“”'‘’»`]$/su.test(text) ||
    filters.test(text)
  );
}

/** The column whose name is nearest to a wrong one: nearly spelt so, or the only one that has it within its name. */
export function nearColumn(wrong: string, names: readonly string[]): string | undefined {
  const keys = names.map(columnKey);
  const key = columnKey(wrong);
  if (key === "" || key.length > 60) return undefined;
  const spelt = nearName(
    key,
    keys.filter((known) => known !== ""),
  );
  if (spelt !== undefined) return names[keys.indexOf(spelt)]?.trim();
  if (key.length < 3) return undefined;
  const holding = keys.flatMap((known, at) =>
    known.includes(key) || (known.length >= 3 && key.includes(known)) ? [at] : [],
  );
  return holding.length === 1 ? names[holding[0] ?? 0]?.trim() : undefined;
}
