/** One line of the table: a figure against a limit, or against a plain way of doing the same measured in the same run. */
export interface Finding {
  readonly what: string;
  readonly measured: string;
  readonly against: string;
  readonly aim: string;
  /** Whether the aim is met; absent where there is none. */
  readonly met?: boolean;
}

/** What a benchmark is given. */
export interface BenchmarkContext {
  /** A directory of its own, removed when all is over. */
  readonly directory: string;
  /** Small sizes, so that everything runs within a minute: shows that it works, not how fast it is. */
  readonly quick: boolean;
  /** Told what is going on. */
  readonly progress: (what: string) => void;
}

/** Something that is measured. */
export interface Benchmark {
  readonly name: string;
  run(
    context: BenchmarkContext,
  ): Promise<{ readonly findings: readonly Finding[]; readonly notes?: readonly string[] }>;
}
