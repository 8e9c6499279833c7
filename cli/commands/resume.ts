import { carryOut } from "../carry-out.ts";
import type { Target } from "../target.ts";
import type { Terminal } from "../terminal.ts";

/** Resumes a campaign, or all sending when no name is given. */
export const resume = (name: string | undefined, target: Target, terminal: Terminal) =>
  carryOut(target, terminal, (control) => (name === undefined ? control.resumeAccount() : control.resume(name)));
