/** Exit codes of every command. */
export const exitCodes = {
  /** Done; for `run`: the campaign is complete. */
  complete: 0,
  /** Anything else went wrong. */
  other: 1,
  /** The command line is wrong, or the upload was refused. */
  refused: 2,
  /** Sending waits for a person; the reason is the last line. */
  paused: 3,
  interrupted: 130,
} as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** The command line is wrong or the upload is refused: exit 2. The message is one whole sentence for a person. */
export class Refused extends Error {
  override readonly name = "Refused";
}

/** The command failed for a reason that is understood: exit 1. The message is one whole sentence for a person. */
export class Failure extends Error {
  override readonly name = "Failure";
}
