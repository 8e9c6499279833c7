// Both ends are this project's own and of one version, so nothing is parsed: a parser would take each environment longer
// to load than the function itself.

/** What a worker is told when it is started. */
export interface WorkerData {
  /** The URL of the module that exports `handler`. */
  readonly entry: string;
  readonly functionName: string;
  readonly memoryMb: number;
  readonly logFile: string;
}

/** One call of the handler; `deadline` in epoch milliseconds. */
export interface Invoke {
  readonly requestId: string;
  readonly event: unknown;
  readonly deadline: number;
  readonly arn: string;
}

/** What a worker reports: that it is ready, and how each call ended. */
export type Report =
  | { readonly kind: "ready" }
  | { readonly kind: "returned"; readonly requestId: string; readonly value: unknown }
  | { readonly kind: "threw"; readonly requestId: string; readonly error: string };
