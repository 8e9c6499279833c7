/** How a command speaks: results to standard output, the rest to standard error. */
export interface Terminal {
  /** A person watches standard error. */
  readonly interactive: boolean;
  readonly colours: boolean;
  /** One line of the result. */
  say(line: string): void;
  /** One line beside the result: progress, warnings, errors. */
  note(line: string): void;
}

/** The process's own terminal. Colours: only where a person watches and `NO_COLOR` is not set (https://no-color.org). */
export function createTerminal(): Terminal {
  const interactive = process.stderr.isTTY === true && process.env["TERM"] !== "dumb";
  // Whoever reads may have seen enough, such as "head": that is no error, and the work goes on.
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
      process.stdout.write(`${line}\n`);
    },
    note: (line) => {
      process.stderr.write(`${line}\n`);
    },
  };
}
