import * as z from "zod";

/** What a session does: which files it mutates, which tests it runs, and for which mutants. */
export const Plan = z.object({
  /** Where the session keeps its record. */
  directory: z.string(),
  /** The mutated files, from the repository's root. */
  paths: z.array(z.string()),
  /** The test files, likewise. */
  tests: z.array(z.string()),
  /** Mutants to repeat tests for. */
  wanted: z.array(z.string()),
  /** Mutants of what is evaluated once, while modules load: the tests are run as a whole for each of them. */
  loaded: z.array(z.string()),
  /** How long each test file took without a mutant, in milliseconds; empty until that was seen. */
  tookMs: z.record(z.string(), z.number()),
});
export type Plan = z.infer<typeof Plan>;

/** What the runner in the worker is told: of `active`, the tests run with that mutant awake from the start. */
export interface RunnerPlan extends Pick<Plan, "directory" | "wanted" | "tests"> {
  readonly active: string | undefined;
}

/** One line of a session's record. */
export const RecordLine = z.union([
  z.object({ killed: z.string(), by: z.string() }),
  z.object({ survived: z.string() }),
  z.object({ met: z.array(z.string()) }),
  z.object({ ran: z.string(), ms: z.number() }),
  z.object({ loaded: z.array(z.string()) }),
  z.object({ broken: z.string() }),
]);
export type RecordLine = z.infer<typeof RecordLine>;

/** The mutant that is awake, and until when it should have been noticed if it does not hang (epoch ms). */
export const Now = z.object({ id: z.string(), until: z.number() });

/**
 * A test, or a file of them, that takes longer than this without a mutant is not repeated, in milliseconds: a mistake that it alone
 * would notice counts as one that nobody notices, since who has just made it does not wait so long either.
 */
export const longestMs = 20_000;

export const recordFile = (directory: string): string => `${directory}/record.jsonl`;
export const nowFile = (directory: string): string => `${directory}/now.json`;
export const planFile = (directory: string): string => `${directory}/plan.json`;

declare module "vitest" {
  interface ProvidedContext {
    mutation: RunnerPlan;
  }
}
