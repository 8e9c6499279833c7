/** Control characters, line and paragraph separators, and the marks that change the direction of writing. */
const unprintable = /[\p{Cc}\u2028\u2029\u202A-\u202E\u2066-\u2069]+/gu;

/**
 * Makes a foreign text fit for a log line or a cell: secrets struck out (first, so that a cut cannot leave half of one),
 * control characters turned to spaces, at most `longest` UTF-16 units.
 */
export function printable(text: string, longest: number, hidden: readonly string[] = []): string {
  const struck = hidden.reduce((rest, secret) => (secret === "" ? rest : rest.replaceAll(secret, "***")), text);
  const clean = struck.toWellFormed().replace(unprintable, " ").trim();
  return clean.length <= longest ? clean : `${clean.slice(0, longest - 1).replace(/[\uD800-\uDBFF]$/, "")}…`;
}
