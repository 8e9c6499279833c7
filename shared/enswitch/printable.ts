import { strikeSecret } from "./strike-secret.ts";

/** Control characters, line and paragraph separators, and what is invisible or changes the direction of writing. */
const unprintable = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu;

/** This much of a text is looked at, in UTF-16 units: any text worth keeping is far shorter, and looking takes time. */
const longestRead = 1_000;

/**
 * Makes a foreign text fit for a log line or a cell: secrets struck out (first, so that a cut cannot leave half of one),
 * control characters turned to spaces, at most `longest` UTF-16 units.
 */
export function printable(text: string, longest: number, hidden: readonly string[] = []): string {
  const struck = hidden.reduce(strikeSecret, text.slice(0, longestRead).toWellFormed());
  const clean = struck.replace(unprintable, " ").trim();
  return clean.length <= longest ? clean : `${clean.slice(0, longest - 1).replace(/[\uD800-\uDBFF]$/, "")}…`;
}
