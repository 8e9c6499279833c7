/** Exit codes of all commands. */
export const exitCodes = {
  /** Done; for `run`: the campaign is complete. */
  complete: 0,
  /** Something else went wrong. */
  other: 1,
  /** The command line is wrong, or the upload was refused. */
  refused: 2,
  /** Sending is paused until a person acts; the last line gives the reason. */
  paused: 3,
  interrupted: 130,
} as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** The command line is wrong or the upload was refused: exit 2. The message is a complete sentence for a person. */
export class Refused extends Error {
  override readonly name = "Refused";
}

/** The command failed for a known reason: exit 1. The message is a complete sentence for a person. */
export class Failure extends Error {
  override readonly name: "Failure" | "Replaced" = "Failure";
}

/**
 * Another list was uploaded under the name and took this one's place before it was judged; nothing is sent of this one: exit 1. The
 * message is a complete sentence for a person.
 */
export class Replaced extends Failure {
  override readonly name = "Replaced";
}
