/** Which mutant is awake, and which have been asked for. One for all modules of a worker. */
export interface MutantSwitch {
  /** The id of the mutant that is awake. */
  active: string | undefined;
  /** The mutants that were asked for since this was last cleared. */
  readonly asked: Set<string>;
  /** How many more questions are answered before work counts as endless. */
  patience: number;
}

/** Thrown, again and again, into work that a mutant has made endless. */
export class Endless extends Error {
  override readonly name = "Endless";
}

/** The state of the switch, and in the global scope the function that mutated sources call. */
export function installSwitch(): MutantSwitch {
  const state: MutantSwitch = { active: undefined, asked: new Set(), patience: Number.POSITIVE_INFINITY };
  const ask = (id: string): boolean => {
    if (state.active === undefined) state.asked.add(id);
    else if (--state.patience < 0) throw new Endless("This mutant does not come to an end.");
    return id === state.active;
  };
  Object.assign(globalThis, { __mutant: ask });
  return state;
}
