/** One line of the table: a figure compared with a limit, or with a plain way of doing the same, measured in the same run. */
export interface Finding {
  readonly what: string;
  readonly measured: string;
  readonly against: string;
  readonly aim: string;
  /** Whether the aim was met; absent if there is no aim. */
  readonly met?: boolean;
}

/** What a benchmark is given. */
export interface BenchmarkContext {
  /** A directory of its own, removed afterwards. */
  readonly directory: string;
  /** Use small sizes, so that everything runs within a minute: this shows that the benchmark works, not how fast anything is. */
  readonly quick: boolean;
  /** Called with what is being measured. */
  readonly progress: (what: string) => void;
}

/** Something that is measured. */
export interface Benchmark {
  readonly name: string;
  /** Its quick sizes take long, too: among all, it is only measured in full. */
  readonly long?: true;
  run(
    context: BenchmarkContext,
  ): Promise<{ readonly findings: readonly Finding[]; readonly notes?: readonly string[] }>;
}
