import * as z from "zod";

/** Why sending waits for a person: the words that people and `docs/operations.md` know each cause by. */
export const PauseCode = z.enum([
  /** A person said so. */
  "person",
  /** Enswitch does not accept the credentials, or none are set. Ends by itself when the secret changes. */
  "credentials",
  /** The role lacks the "send messages" privilege. */
  "privilege",
  /** The endpoint answers, but not as Enswitch; or has never once worked. */
  "endpoint",
  /** Enswitch refuses a parameter that options or stack gave to every row. */
  "parameter",
  /** A share of calls failed that reaches the campaign's `stopAfterFailures`. */
  "failures",
  /** A suppression list cannot be read, or not be compared with the campaign's numbers. */
  "suppression",
  /** The plan is missing, or was written in a format that this version cannot read. */
  "plan",
  /** The stack's `approval`: the campaign waits for somebody else than who uploaded it. Only that, or cancelling, ends it. */
  "approval",
]);
export type PauseCode = z.infer<typeof PauseCode>;

/** A pause: `reason` is one sentence for a person, without credentials, numbers or texts. */
export const Pause = z.object({
  code: PauseCode,
  reason: z.string(),
  at: z.number(),
  by: z.string().optional(),
  /** The secret's version that was refused, for a pause because of credentials. */
  secretVersion: z.string().optional(),
});
export type Pause = z.infer<typeof Pause>;
