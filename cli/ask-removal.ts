import { counted } from "../shared/in-words.ts";
import type { Confirm } from "./ask.ts";
import { Refused } from "./exit.ts";
import type { Terminal } from "./terminal.ts";

/** What a list of people who are not texted would lose. */
export interface Removal {
  /** The list, as a key of the bucket. */
  readonly key: string;
  /** Its entries, each in a line. */
  readonly lines: readonly string[];
  /** What follows from it, in a sentence. */
  readonly effect: string;
  readonly question: string;
}

/** More entries are counted. */
const linesShown = 10;

/** Shows what would be removed, and asks whether it may be. Throws a Refused where nobody can be asked. */
export async function askRemoval(removal: Removal, terminal: Terminal, confirm: Confirm | undefined): Promise<boolean> {
  const { key, lines, effect, question } = removal;
  for (const line of lines.slice(0, linesShown)) terminal.note(line);
  const more = lines.length - linesShown;
  if (more > 0) terminal.note(`and ${counted(more, "more number")}`);
  terminal.note(effect);
  if (confirm !== undefined) return confirm(question);
  throw new Refused(
    `Nobody can be asked here, and nothing was taken off ${key}: look at the lines above, and add --yes.`,
  );
}
