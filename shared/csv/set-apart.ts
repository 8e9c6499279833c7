import type { WrittenNumber } from "../read-number.ts";

/** Digits as they were written in a text of digits and separators. */
export function writtenNumber(text: string): WrittenNumber {
  const plus = /^[(\s]*\+/.test(text);
  const head = /^[^\d]*(\d+)/.exec(text)?.[1]?.length ?? 0;
  return { plus, digits: text.replace(/\D/g, ""), head };
}

const loose = /\s-+\s|\s\s/;
const allLoose = /\s-+\s|\s\s+/g;

/** What digits set apart at a number's end are: part of it, a remark, or impossible to tell. */
export type EndOfNumber =
  | { readonly kind: "part" }
  | { readonly kind: "remark"; readonly number: string }
  | { readonly kind: "doubtful" }
  | { readonly kind: "second-number" };

/**
 * Digits set apart behind a number that is complete without them are not part of it: "0151 23456789 (1)". They are the
 * number's when they only continue its groups: "030 12 34 56 78". `isUsual` tells whether a complete number is written in the groups
 * that are usual in its country; without it, all may be.
 */
export function endOfNumber(
  text: string,
  isComplete: (text: string) => boolean,
  isUsual: (text: string) => boolean = () => true,
): EndOfNumber {
  const groups: readonly RegExpExecArray[] = [...text.matchAll(/\d+/g)];
  const last = groups.at(-1);
  const before = groups.at(-2);
  if (last === undefined || before === undefined) return { kind: "part" };
  if (isCounted(text, isComplete)) return { kind: "doubtful" };
  for (const group of groups.slice(1)) {
    if (
      group[0].length > 1 &&
      group[0].startsWith("0") &&
      /[\s/]\(?$/.test(text.slice(0, group.index)) &&
      isComplete(text.slice(0, group.index)) &&
      isComplete(text.slice(group.index))
    ) {
      return { kind: "second-number" };
    }
  }
  if (continuesGroups(text, groups, isUsual)) return { kind: "part" };
  const end = before.index + before[0].length;
  const between = text.slice(end, last.index);
  const bracketed = between.includes("(");
  const slash = between.includes("/");
  const spread = loose.test(between) && (text.match(allLoose) ?? []).length === 1;
  const apart =
    last[0].length === 1 || last[0].length <= before[0].length - 2 || (last[0].length === 2 && before[0].length !== 2);
  if (!bracketed && !slash && !apart && !spread) return { kind: "part" };
  const rest = text.slice(0, end);
  if (isComplete(rest)) {
    if (slash) return { kind: "second-number" };
    return last[0].length <= 2 && (bracketed || /\s/.test(between))
      ? { kind: "remark", number: rest }
      : { kind: "doubtful" };
  }
  if (last[0].length === 1 || (bracketed && last[0].length < 5)) {
    const inner = endOfNumber(rest, isComplete, isUsual);
    // No number yet without it, and written in groups throughout: "07700 900 00 1".
    return inner.kind === "part" && groups.length >= groupsTold && areAlikeSpaced(text, groups.slice(-3))
      ? { kind: "part" }
      : { kind: "doubtful" };
  }
  return { kind: "part" };
}

/** Fewer groups may be a number and a remark. */
const groupsTold = 4;

/** Whether the same stands between all of these groups, which is no bracket. */
function areAlikeSpaced(text: string, groups: readonly RegExpExecArray[]): boolean {
  const gaps = groups.slice(1).map((group, at) => {
    const before = groups[at];
    return text.slice((before?.index ?? 0) + (before?.[0].length ?? 0), group.index);
  });
  return new Set(gaps).size === 1 && !/[()]/.test(gaps[0] ?? "");
}

/**
 * Whether the last digits are what was left when a number was written in groups of one length: "030 123 456 78", or digit by
 * digit. Where the groups before them are a whole number's usual ones, they may as well be a remark, as one digit always may.
 */
function continuesGroups(
  text: string,
  groups: readonly RegExpExecArray[],
  isUsual: (text: string) => boolean,
): boolean {
  const lengths = groups.map(([digits]) => digits.length);
  if (lengths.every((length) => length === 1)) return groups.length > groupsTold && areAlikeSpaced(text, groups);
  const [one = 0, other = 0, last = 0] = lengths.slice(-3);
  return (
    groups.length >= groupsTold &&
    one === other &&
    last >= 2 &&
    last < other &&
    areAlikeSpaced(text, groups.slice(-3)) &&
    !isUsual(text.slice(0, groups.at(-1)?.index).trim())
  );
}

/** Whether one digit stands at a text's end in brackets, or behind the only dash between blanks. */
export const isClearRemark = (text: string) =>
  /\(\s*\d\s*\)$/.test(text) || (/\s-+\s*\d$/.test(text) && (text.match(/\s-/g) ?? []).length === 1);

/** Whether a number that is complete by itself, with its leading zero, has a few digits in front: "2. 0171 1234567". */
function isCounted(text: string, isComplete: (text: string) => boolean): boolean {
  const rest = /^\s*\(?[1-9]\d{0,2}\b(?!\s*\(0\))[^\d+]+(0\d.*)$/s.exec(text)?.[1];
  return rest !== undefined && isComplete(rest);
}
