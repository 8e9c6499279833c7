import type { Faults } from "./fault.ts";
import type { Replies } from "./received-texts.ts";

/** How the simulated Enswitch behaves; this can be changed while it runs. */
export interface EnswitchBehaviour {
  readonly account: { readonly username: string; readonly password: string };
  /** Whether the user's role may send messages (else 402). Default true. */
  readonly privileged: boolean;
  /** Whether the user's role may list texts (else 402). Default true. */
  readonly mayReadTexts: boolean;
  /** Whether there is `messages/text/list` (else 404, as before Enswitch 3.13). Default true. */
  readonly listsTexts: boolean;
  /** Who answers messages, and what; nobody by default. */
  readonly replies?: Replies;
  /** Numbers the user owns; any by default. */
  readonly numbers?: readonly string[];
  /** Telephone lines the user owns; any by default. */
  readonly phoneLines?: readonly string[];
  /** Customers the user may send as; any by default. */
  readonly customers?: readonly string[];
  /** Prefixes of destinations, without "+", that the rate plan refuses (403). Default 999. */
  readonly forbiddenPrefixes: readonly string[];
  /** Codes as strings, as the API's page documents them, or as numbers. */
  readonly codes: "string" | "number";
  /** HTTP 200 for everything (default), or the verdict's code as the status (200 for 204, which could not have a body). */
  readonly httpStatus: "always-200" | "mirrored";
  /** How long an answer takes once the call has been judged: milliseconds, or a range. Default 0. */
  readonly latencyMs: number | { readonly min: number; readonly max: number };
  readonly faults?: Faults;
}
