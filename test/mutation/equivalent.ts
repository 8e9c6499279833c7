import { type Mutant, mistakeOf } from "./mutants.ts";

/** Mistakes in one line that make no difference that anybody could see, and why. */
export interface Equivalent {
  /** The text of the line in which they begin, without what surrounds it: line numbers change with every edit. */
  readonly line: string;
  /** As `npm run mutate` prints them; absent: all that can be made in that line. */
  readonly mistakes?: readonly string[];
  readonly because: string;
}

/** By file. Each was looked at by a person; a test fails when one no longer matches anything, so that none outlives its reason. */
export const equivalents: Readonly<Record<string, readonly Equivalent[]>> = {};

/** Whether a mutant is one of `known`: it is not tried, and the score is without it. */
export const isEquivalent = (mutant: Mutant, known = equivalents): boolean =>
  known[mutant.path]?.some(
    ({ line, mistakes }) =>
      line === mutant.lineText && (mistakes === undefined || mistakes.includes(mistakeOf(mutant))),
  ) ?? false;
