import { type ControlOptions, carryOut } from "../carry-out.ts";
import type { Terminal } from "../terminal.ts";

/** Resumes a campaign, or all sending when no name is given. */
export const resume = (name: string | undefined, options: ControlOptions, terminal: Terminal) =>
  carryOut({ what: "resume", name }, options, terminal, (control) =>
    name === undefined ? control.resumeAccount() : control.resume(name),
  );
