import * as z from "zod";

/**
 * What the ledger knows of one row. `open`: tried, proven not accepted, may be fired again. All others are terminal.
 * (`invalid` and `cancelled` never stand here: the plan and the report give those.)
 */
export const Outcome = z.object({
  row: z.int().positive(),
  status: z.enum(["submitted", "failed", "unknown", "skipped", "open"]),
  /** Enswitch's code, where it gave one. */
  code: z.int().optional(),
  /** The parameter that a 400 named. */
  key: z.string().optional(),
  /** In words: Enswitch's message, or what happened to the call. */
  detail: z.string().optional(),
  /** Calls handed to a socket, or tried and proven not to have reached Enswitch, or, where the sender died, perhaps made. */
  attempts: z.int().nonnegative(),
  /** When the last call was fired, epoch milliseconds. */
  at: z.number().optional(),
  /** How long its answer took, milliseconds. */
  ms: z.number().optional(),
});
export type Outcome = z.infer<typeof Outcome>;

/** Whether a row with this outcome may never be fired again. */
export const isFinal = (outcome: Outcome): boolean => outcome.status !== "open";
