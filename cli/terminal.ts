import { createScreen } from "./screen.ts";

/** Where a command prints: results to standard output, everything else to standard error. */
export interface Terminal {
  /** Whether a person is watching standard error. */
  readonly interactive: boolean;
  readonly colours: boolean;
  /** The width of standard error in characters; 80 where it has none. */
  columns(): number;
  /** Prints a line of the result. */
  say(line: string): void;
  /** Prints a line that is not part of the result: progress, a warning, an error. */
  note(line: string): void;
  /** Tells a person who waits what is being done; nothing where nobody is watching. */
  step(line: string): void;
  /** Shows lines in place of those shown before, to a person; lines that are printed appear above them. */
  show(lines: readonly string[]): void;
  /** Leaves what is shown where it is. */
  settle(): void;
  /** A text that leads to an address when it is clicked, where standard output is a terminal. */
  link(text: string, address: string): string;
}

/** The process's own terminal. Colours only when a person is watching and `NO_COLOR` is not set (https://no-color.org). */
export function createTerminal(): Terminal {
  const ordinary = process.env["TERM"] !== "dumb";
  const interactive = process.stderr.isTTY === true && ordinary;
  // A reader such as "head" may have seen enough: that is not an error, and the work continues.
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") throw error;
    });
  }
  const noColour = (process.env["NO_COLOR"] ?? "") !== "";
  const screen = createScreen((text) => process.stderr.write(text));
  const note = (line: string) => screen.above(() => process.stderr.write(`${line}\n`));
  return {
    interactive,
    colours: interactive && !noColour,
    columns: () => process.stderr.columns ?? 80,
    say: (line) => screen.above(() => process.stdout.write(`${line}\n`)),
    note,
    step: (line) => {
      if (interactive) note(line);
    },
    show: (lines) => {
      if (interactive) screen.show(lines);
    },
    settle: screen.settle,
    link: (text, address) =>
      process.stdout.isTTY === true && ordinary ? `\u001b]8;;${address}\u001b\\${text}\u001b]8;;\u001b\\` : text,
  };
}
