import type { RowVerdict } from "./row-verdict.ts";
import { unicodeCauses } from "./segments.ts";

/** What became of a file's rows, for check and summary; bounded, however many rows there are. */
export interface Totals {
  readonly rows: number;
  readonly sendable: number;
  readonly invalid: number;
  readonly skipped: number;
  /** Of the sendable rows: their sum, and how many rows take how many. */
  readonly segments: { readonly total: number; readonly distribution: Readonly<Record<string, number>> };
  /** The most frequent first. */
  readonly problems: readonly ProblemCount[];
  /** Sendable rows that need UCS-2, and the characters that cause it, the most frequent first. */
  readonly unicode: {
    readonly rows: number;
    readonly causes: readonly { readonly character: string; readonly rows: number }[];
  };
}

/** How often one problem came up, and where first. */
export interface ProblemCount {
  readonly status: "invalid" | "skipped";
  readonly problem: string;
  readonly count: number;
  readonly rows: readonly number[];
  readonly examples: readonly string[];
}

const rowsKept = 10;
const examplesKept = 3;
const problemsKept = 100;
const charactersKept = 50;
const others = "Other problems";

/** Counts verdicts. */
export interface TotalsCounter {
  add(verdict: RowVerdict, row: number): void;
  totals(): Totals;
}

/** No row counted yet. */
export function createTotalsCounter(): TotalsCounter {
  const counts = { send: 0, invalid: 0, skipped: 0 };
  let total = 0;
  let unicodeRows = 0;
  const distribution = new Map<number, number>();
  const problems = new Map<
    string,
    { status: "invalid" | "skipped"; count: number; rows: number[]; examples: string[] }
  >();
  const causes = new Map<string, number>();

  return {
    add(verdict, row) {
      counts[verdict.kind]++;
      if (verdict.kind === "send") {
        total += verdict.segments;
        distribution.set(verdict.segments, (distribution.get(verdict.segments) ?? 0) + 1);
        if (verdict.unicode) {
          unicodeRows++;
          for (const character of unicodeCauses(verdict.send.message)) {
            if (causes.has(character) || causes.size < charactersKept) {
              causes.set(character, (causes.get(character) ?? 0) + 1);
            }
          }
        }
        return;
      }
      const name = problems.has(verdict.problem) || problems.size < problemsKept ? verdict.problem : others;
      const problem = problems.get(name) ?? { status: verdict.kind, count: 0, rows: [], examples: [] };
      problems.set(name, problem);
      problem.count++;
      if (problem.rows.length < rowsKept) problem.rows.push(row);
      if (problem.examples.length < examplesKept && verdict.detail !== verdict.problem) {
        const example = verdict.detail.startsWith(`${verdict.problem}: `)
          ? verdict.detail.slice(verdict.problem.length + 2)
          : verdict.detail;
        if (!problem.examples.includes(example)) problem.examples.push(example);
      }
    },
    totals: () => ({
      rows: counts.send + counts.invalid + counts.skipped,
      sendable: counts.send,
      invalid: counts.invalid,
      skipped: counts.skipped,
      segments: {
        total,
        distribution: Object.fromEntries([...distribution].sort(([a], [b]) => a - b)),
      },
      problems: [...problems].map(([problem, counted]) => ({ problem, ...counted })).sort((a, b) => b.count - a.count),
      unicode: {
        rows: unicodeRows,
        causes: [...causes].map(([character, rows]) => ({ character, rows })).sort((a, b) => b.rows - a.rows),
      },
    }),
  };
}
