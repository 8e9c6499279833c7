import { excerpt } from "../shorten.ts";
import type { FindColumn } from "./find-column.ts";
import { columnIn } from "./template-columns.ts";

const quotationMarks = /["'“”„‟‘’‚‛«»`´]/g;

/**
 * How to write what stands between two braces in another tool's spelling, such as `first_name || 'there'`; undefined when it is no
 * such spelling of a column that exists.
 */
export function rewritten(inner: string, find: FindColumn): string | undefined {
  if (inner.length > 200) return undefined;
  const [head = ""] = inner.split("|");
  const fallback = behindBar(inner.slice(head.length));
  const cleaned = head
    .replace(/^[\s{$#%@.&>=^/!?~*\\]+|[\s}\\]+$/g, "")
    .replace(/^(?:if|unless|with|each|else)\s+/i, "");
  const column = columnIn(cleaned.replace(quotationMarks, "").trim(), find);
  if (column !== undefined) return written(column, fallback);
  // The column, and then what other tools write for a default.
  const [, name = "", sign = "", behind = ""] =
    /^([\p{L}_][\p{L}\p{N}_. -]*?)\s*([,:?!=;(]|\?\?|\bor\b|\belse\b|\bdefault\b|\bfallback\b|["“”„'‘’]|$)(.*)$/iu.exec(
      cleaned,
    ) ?? [];
  const named = columnIn(name, find);
  return named === undefined ? undefined : written(named, defaultIn(sign + behind) ?? fallback);
}

/** The default in what begins with the first `|`; undefined where there is none. */
function behindBar(text: string): string | undefined {
  if (text === "") return undefined;
  const own = text.slice(1);
  return isForeignDefault(own) ? defaultIn(text) : excerpt(own.trim(), 40);
}

/** A column as it is named in a text here; an empty default is one. */
export const written = (column: string, fallback: string | undefined): string =>
  fallback === undefined ? `{{${column}}}` : `{{${column}|${fallback}}}`;

/** Words by which tools know a default, in front of it. */
const defaultWord = String.raw`(?:default|fallback)[\p{L}_]*|else|or|otherwise|or_?else|if[_\s]?(?:empty|null|blank|none|missing|not)\w*|is_?(?:null|empty)|when_?empty|n(?:z|vl)|coalesce|alt(?:ernat\w+)?`;
const defaultBehindWord = new RegExp(
  String.raw`(?:^|[\s|,;:(?!.])(?:${defaultWord})\b\s*[:=(]*\s*(?:["“”„'‘’«\u0060]([^"“”'‘’»\u0060]*)["“”'‘’»\u0060]|([^)}|]*))`,
  "iu",
);
const calledDefault = new RegExp(String.raw`^(?:${defaultWord})\s*[(:=]`, "iu");
const calledFilter = /^\s*\|?\s*\p{L}[\p{L}\p{N}_]*\s*[:(]/u;

/** The default in another tool's spelling: what is in quotation marks, else what follows the word or sign. */
export function defaultIn(text: string): string | undefined {
  const named = defaultBehindWord.exec(text);
  const value = (named?.[1] ?? named?.[2])?.trim();
  if (value !== undefined && (value !== "" || named?.[1] !== undefined)) return excerpt(value, 40);
  if (calledFilter.test(text)) return undefined;
  const quotedText = /["“”„'‘’«`]([^"“”„'‘’»`]*)["“”'‘’»`]\s*\)?[^"“”'‘’]*$/.exec(text)?.[1];
  if (quotedText !== undefined) return excerpt(quotedText.trim(), 40);
  const own = /^\s*\|([^|]+)/s.exec(text)?.[1];
  if (own !== undefined && !isForeignDefault(own)) return excerpt(own.trim(), 40);
  const plain = /(?:\|\||\?\??:?|:-|[=:,])\s*([^)}|]+)/.exec(text)?.[1]?.trim();
  return plain === undefined || plain === "" || isFilter(plain) || isNumberFormat(plain)
    ? undefined
    : excerpt(plain, 40);
}

/** How programs are told to print a number: `.2f`, `,.0f`, `05d`. */
const isNumberFormat = (text: string) => /^,?\.?\d{0,2}[defgn%]$/i.test(text);

const filterWords =
  "cap capitalize capitalise capitalized capitalised capfirst caps uc ucfirst ucwords upcase upper uppercase uppercased ucase toupper " +
  "touppercase upperfirst lc lcfirst lcase low lower lowercase lowercased downcase tolower tolowercase initcap initcaps initials title " +
  "titleize titlecase proper propercase sentencecase camelcase camelize humanize swapcase trim trimmed ltrim rtrim strip lstrip rstrip " +
  "striphtml striptags squish chomp escape escapeonce noescape nofilter e h raw safe unsafe urlencode urlescape encode json tojson " +
  "jsonencode html nl2br newlinetobr base64 md5 sha1 slugify slug first last firstword lastword reverse split join slice substr " +
  "substring sub gsub replace regexreplace remove append prepend concat truncate truncatewords pad padstart size length len count " +
  "round floor ceil abs plus minus times number numberformat int integer float string str text currency money date datetime time " +
  "dateformat formatdate format strftime required optional default fallback ifempty ifnull isnull nvl pluralize";
const filters = new Set(filterWords.split(" "));
/** Filters that take something behind a blank, and are no words that a default begins with. */
const filterWithArgument =
  /^(?:truncate\w*|substr(?:ing)?|slice|split|replace|append|prepend|strftime|date|time|datetime|format|number_format|round|pad|left|right|mid|first|last|join|limit|word)\s+(?:["'“”‘’%]|\d)/i;

/** Whether a trimmed text is the name of a filter, as other tools change a value with. */
const isFilter = (text: string) =>
  filters.has(text.toLowerCase().replace(/[\s_-]+/g, "")) ||
  /^(?:to[\s_-]?)?(?:title|upper|lower|proper|sentence|camel)[\s_-]?(?:case|words?)$/i.test(text);

/**
 * Whether what follows a placeholder's first `|` is another tool's default or filter, and not a default to be taken as it stands:
 * such a default is words as a person reads them.
 */
export function isForeignDefault(fallback: string): boolean {
  const text = fallback.trim();
  return (
    /[|{}]/.test(text) ||
    (/^[\p{L}_][\p{L}\p{N}_-]*\s*[:=]/u.test(text) &&
      !/^(?:https?|mailto|tel|sms):\S|^\p{Lu}\p{L}+:in(?:nen)?(?!\p{L})/u.test(text)) ||
    /^[a-z]+(?:_[a-z\d]+)+$/.test(text) ||
    /^[\p{L}_][\p{L}\p{N}_.]*\(/u.test(text) ||
    calledDefault.test(text) ||
    /^(?:(?:default|fallback)[\p{L}_]*|or|else|otherwise|or_?else|if_?(?:empty|null|blank|none|missing)|if (?:empty|null|blank|none|missing|not)|is_?null|nvl|coalesce|default_if_none)\s+\S/iu.test(
      text,
    ) ||
    /^(?:[=?>&!~^:;]{1,2}|\?:)\s*(?:["'“”„‘’«]|\p{L}{2})/u.test(text) ||
    /^(?:,|[:?]?-)(?!.*-$)["'“”„‘’\p{L}]/u.test(text) ||
    /^["“”„'‘’«`].*["“”'‘’»`]$/su.test(text) ||
    /^(?:null|nil|undefined|nan)$/i.test(text) ||
    isFilter(text) ||
    filterWithArgument.test(text)
  );
}
