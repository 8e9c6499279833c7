/** An option that is followed by its value. */
const withValue = /^--?(?!yes$|json$|watch$|local$|demo$)/u;

/**
 * What a command is about to do, to be said before the modules are loaded that do it: somebody waits, and loading takes
 * seconds on a slow machine. `words` are those after the program's name; `undefined` for commands that are quick.
 */
export function firstLine(words: readonly string[]): string | undefined {
  const [command, ...rest] = words;
  const asksForHelp = rest.some((word) => word === "--help" || word === "-h");
  if (asksForHelp) return undefined;
  const subject = rest.find((word, at) => !word.startsWith("-") && !withValue.test(rest[at - 1] ?? ""));
  switch (command) {
    case "run":
      if (rest.includes("--demo"))
        return "A demonstration: half a minute with the simulator; nothing leaves this machine.";
      return subject === undefined ? undefined : `Reading ${subject} …`;
    case "check":
    case "new":
      return subject === undefined ? undefined : `Reading ${subject} …`;
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
