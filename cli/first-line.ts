import { forTerminal } from "./terminal.ts";

/** Options that are not followed by a value. */
const switches: ReadonlySet<string> = new Set(["--yes", "--json", "--watch", "--local", "--demo"]);

const takesValue = (word: string | undefined) => word?.startsWith("-") === true && !switches.has(word);

/**
 * What a command is about to do, to be said before the modules are loaded that do it: somebody waits, and loading takes
 * seconds on a slow machine. `words` are those after the program's name; `undefined` for commands that are quick.
 */
export function firstLine(words: readonly string[]): string | undefined {
  const [command, ...rest] = words;
  const asksForHelp = rest.some((word) => word === "--help" || word === "-h");
  if (asksForHelp) return undefined;
  const named = rest.find((word, at) => !word.startsWith("-") && !takesValue(rest[at - 1]));
  const subject = named === undefined ? undefined : forTerminal(named);
  switch (command) {
    case "run":
      return rest.includes("--demo")
        ? "A demonstration: half a minute with the simulator; nothing leaves this machine."
        : reading(subject);
    case "check":
    case "new":
      return reading(subject);
    case "serve":
      return "Starting …";
    case "upload":
      return subject === undefined ? undefined : `Uploading ${subject} …`;
    case "list":
    case "status":
    case "report":
    case "doctor":
      return rest.includes("--local") || rest.includes("--data")
        ? "Opening the data directory …"
        : "Looking up the stack …";
    default:
      return undefined;
  }
}

const reading = (subject: string | undefined) => (subject === undefined ? undefined : `Reading ${subject} …`);
