import { wish } from "../command-result.ts";
import type { Place } from "../target.ts";
import type { Terminal } from "../terminal.ts";

/** Ends a campaign: what was not sent stays unsent. */
export const cancel = (name: string, place: Place, terminal: Terminal) =>
  wish(place, terminal, (control) => control.cancel(name));
