import { wish } from "../command-result.ts";
import type { Place } from "../target.ts";
import type { Terminal } from "../terminal.ts";

/** Pauses a campaign, or without a name all sending. */
export const pause = (name: string | undefined, place: Place, terminal: Terminal) =>
  wish(place, terminal, (control) => (name === undefined ? control.pauseAccount() : control.pause(name)));
