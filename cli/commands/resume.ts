import { wish } from "../command-result.ts";
import type { Place } from "../target.ts";
import type { Terminal } from "../terminal.ts";

/** Lets a campaign go on, or without a name all sending. */
export const resume = (name: string | undefined, place: Place, terminal: Terminal) =>
  wish(place, terminal, (control) => (name === undefined ? control.resumeAccount() : control.resume(name)));
