/** A string that a numbering plan's pattern matches: digits, classes, groups, alternatives and counts. */
export function sampleOf(pattern: string, random: () => number): string {
  let at = 0;
  const pick = <T>(values: readonly T[]): T => {
    const value = values[Math.floor(random() * values.length)];
    if (value === undefined) throw new Error(`Nothing to pick from in ${pattern}.`);
    return value;
  };
  const alternatives = (): (() => string) => {
    const all = [sequence()];
    while (pattern[at] === "|") {
      at++;
      all.push(sequence());
    }
    return () => pick(all)();
  };
  const sequence = (): (() => string) => {
    const parts: (() => string)[] = [];
    while (at < pattern.length && pattern[at] !== "|" && pattern[at] !== ")") parts.push(counted(atom()));
    return () => parts.map((part) => part()).join("");
  };
  const counted = (atom: () => string): (() => string) => {
    const [text, least, , most] = /^(?:\?|\{(\d+)(,(\d+))?\})/.exec(pattern.slice(at)) ?? [];
    if (text === undefined) return atom;
    at += text.length;
    const [from, to] = text === "?" ? [0, 1] : [Number(least), Number(most ?? least)];
    return () => Array.from({ length: from + Math.floor(random() * (to - from + 1)) }, atom).join("");
  };
  const atom = (): (() => string) => {
    const rest = pattern.slice(at);
    if (rest.startsWith("(?:") || rest.startsWith("(")) {
      at += rest.startsWith("(?:") ? 3 : 1;
      const inner = alternatives();
      at++;
      return inner;
    }
    if (rest.startsWith("\\d")) {
      at += 2;
      return () => String(Math.floor(random() * 10));
    }
    const set = /^\[([\d-]+)\]/.exec(rest);
    if (set !== null) {
      at += set[0].length;
      const digits = [..."0123456789"].filter((digit) => new RegExp(set[0]).test(digit));
      return () => pick(digits);
    }
    if (!/^\d/.test(rest)) throw new Error(`The pattern ${pattern} has something else at ${at}.`);
    at++;
    return () => rest[0] ?? "";
  };
  return alternatives()();
}
