/** Which mutant is awake, and which have been asked for. One for all modules of a worker. */
export interface MutantSwitch {
  /** The id of the mutant that is awake. */
  active: string | undefined;
  /** The mutants that were asked for since this was last cleared. */
  readonly asked: Set<string>;
  /** How many questions were asked since this was last set to 0, by the sources as they are. */
  questions: number;
  /** How many more questions are answered before work counts as endless, with a mutant awake. */
  patience: number;
}

/** Thrown, again and again, into work that a mutant has made endless. */
export class Endless extends Error {
  override readonly name = "Endless";
}

/** The state of the switch, and in the global scope the function that mutated sources call. */
export function installSwitch(): MutantSwitch {
  const state: MutantSwitch = {
    active: undefined,
    asked: new Set(),
    questions: 0,
    patience: Number.POSITIVE_INFINITY,
  };
  const ask = (id: string): boolean => {
    if (state.active === undefined) {
      state.asked.add(id);
      state.questions++;
    } else if (--state.patience < 0) throw new Endless("This mutant does not come to an end.");
    return id === state.active;
  };
  Object.assign(globalThis, { __mutant: ask });
  return state;
}
