import { showHidden } from "../shared/hidden-characters.ts";

/** Where a command prints: results to standard output, everything else to standard error. */
export interface Terminal {
  /** Whether a person is watching standard error. */
  readonly interactive: boolean;
  readonly colours: boolean;
  /** Prints a line of the result. */
  say(line: string): void;
  /** Prints a line that is not part of the result: progress, a warning, an error. */
  note(line: string): void;
}

/**
 * A line without characters that a terminal obeys: names, cells and answers come from other people. They are written as JSON may have
 * them in its texts, so that `--json` stays what it was.
 */
export const forTerminal = (line: string): string =>
  showHidden(line.replaceAll("\r", "\\u000D"), (code) => `\\u${code}`);

/** The process's own terminal. Colours only when a person is watching and `NO_COLOR` is not set (https://no-color.org). */
export function createTerminal(): Terminal {
  const interactive = process.stderr.isTTY === true && process.env["TERM"] !== "dumb";
  // A reader such as "head" may have seen enough: that is not an error, and the work continues.
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") throw error;
    });
  }
  const noColour = (process.env["NO_COLOR"] ?? "") !== "";
  return {
    interactive,
    colours: interactive && !noColour,
    say: (line) => {
      process.stdout.write(`${forTerminal(line)}\n`);
    },
    note: (line) => {
      process.stderr.write(`${forTerminal(line)}\n`);
    },
  };
}
