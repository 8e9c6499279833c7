import type { ListWarning } from "../plan/head.ts";

/** Where in the list something was noticed, and a cell that shows it. */
export interface WarningPlace {
  /** As a spreadsheet numbers it. */
  readonly line?: number;
  readonly example?: string;
  /** What of the list it is about, such as a column, where each has a warning of its own. */
  readonly about?: number;
  /** How many cases it stands for, the first of which is in `line`; one if absent. */
  readonly cases?: number;
}

/** Collects what a person should look at; bounded, however many rows there are. */
export interface Warnings {
  /**
   * Notes one more case of the kind `code`, whose sentence is that of the first case; a function says it when all cases are known.
   * Without a place it concerns the list as a whole.
   */
  add(code: string, text: string | (() => string), place?: WarningPlace): void;
  /** In the order in which they were first noticed. */
  all(): readonly ListWarning[];
}

const kindsKept = 100;
const linesKept = 10;
const examplesKept = 3;

type Kept = Omit<ListWarning, "text"> & { text: string | (() => string); lines: number[]; examples: string[] };

/** Nothing noticed yet. */
export function createWarnings(): Warnings {
  const kinds = new Map<string, Kept>();
  return {
    add(code, text, place) {
      const kind = place?.about === undefined ? code : `${code} ${place.about}`;
      const known = kinds.get(kind);
      if (known === undefined && kinds.size >= kindsKept) return;
      const warning: Kept = known ?? { code, text, lines: [], examples: [] };
      kinds.set(kind, warning);
      if (place === undefined) return;
      const { line, example, cases = 1 } = place;
      warning.count = (warning.count ?? 0) + cases;
      if (line !== undefined && warning.lines.length < linesKept) warning.lines.push(line);
      if (example !== undefined && warning.examples.length < examplesKept && !warning.examples.includes(example)) {
        warning.examples.push(example);
      }
    },
    all: () =>
      [...kinds.values()].map(({ code, text, count, lines, examples }) => ({
        code,
        text: typeof text === "string" ? text : text(),
        count,
        lines: lines.length > 0 ? lines : undefined,
        examples: examples.length > 0 ? examples : undefined,
      })),
  };
}
