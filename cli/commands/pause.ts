import { type ControlOptions, carryOut } from "../carry-out.ts";
import type { Terminal } from "../terminal.ts";

/** Pauses a campaign, or all sending when no name is given. */
export const pause = (name: string | undefined, options: ControlOptions, terminal: Terminal) =>
  carryOut({ what: "pause", name }, options, terminal, (control) =>
    name === undefined ? control.pauseAccount() : control.pause(name),
  );
