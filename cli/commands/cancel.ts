import { carryOut } from "../carry-out.ts";
import type { Target } from "../target.ts";
import type { Terminal } from "../terminal.ts";

/** Ends a campaign: rows that have not been sent never will be. */
export const cancel = (name: string, target: Target, terminal: Terminal) =>
  carryOut(target, terminal, (control) => control.cancel(name));
