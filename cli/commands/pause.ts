import { carryOut } from "../carry-out.ts";
import type { Target } from "../target.ts";
import type { Terminal } from "../terminal.ts";

/** Pauses a campaign, or all sending when no name is given. */
export const pause = (name: string | undefined, target: Target, terminal: Terminal) =>
  carryOut(target, terminal, (control) => (name === undefined ? control.pauseAccount() : control.pause(name)));
