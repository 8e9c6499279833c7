import type { UnsentVerdict } from "./row-verdict.ts";

/** How often one problem came up, and where first. */
export interface ProblemCount {
  readonly status: "invalid" | "skipped";
  readonly problem: string;
  readonly count: number;
  readonly rows: readonly number[];
  /** The lines in which a spreadsheet shows those rows. */
  readonly lines: readonly number[];
  readonly examples: readonly string[];
}

/** Counts problems; bounded, however many rows and kinds of problems there are. */
export interface ProblemCounter {
  add(verdict: UnsentVerdict, row: number, line: number): void;
  /** The most frequent first. */
  all(): readonly ProblemCount[];
}

const rowsKept = 10;
const examplesKept = 3;
const problemsKept = 100;
const others = "Other problems";

/** No problem counted yet. */
export function createProblemCounter(): ProblemCounter {
  const problems = new Map<
    string,
    ProblemCount & { count: number; rows: number[]; lines: number[]; examples: string[] }
  >();
  return {
    add(verdict, row, line) {
      const isKept = problems.has(verdict.problem) || problems.size < problemsKept;
      const name = isKept ? verdict.problem : others;
      // Of each status by itself: together, those of one would be counted for the other.
      const kind = isKept ? name : `${others}: ${verdict.kind}`;
      const known = problems.get(kind) ?? {
        status: verdict.kind,
        problem: name,
        count: 0,
        rows: [],
        lines: [],
        examples: [],
      };
      problems.set(kind, known);
      known.count++;
      if (known.rows.length < rowsKept) {
        known.rows.push(row);
        known.lines.push(line);
      }
      const example = exampleIn(verdict);
      if (example !== undefined && known.examples.length < examplesKept && !known.examples.includes(example)) {
        known.examples.push(example);
      }
    },
    all: () => [...problems.values()].sort((a, b) => b.count - a.count),
  };
}

/** What the detail says beyond the problem. */
function exampleIn({ problem, detail }: UnsentVerdict): string | undefined {
  if (detail === problem) return undefined;
  return detail.startsWith(`${problem}: `) ? detail.slice(problem.length + 2) : detail;
}
