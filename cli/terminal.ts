import { showHidden } from "../shared/hidden-characters.ts";
import { clearedLine, createScreen } from "./screen.ts";
import { type PrintedTable, tableLines } from "./table.ts";
import { wrappedText } from "./wrap.ts";

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
  /** Shows lines in place of those shown before, to a person; lines that are printed appear above them. They may have colours: other people's texts in them are to be written by `forTerminal`. */
  show(lines: readonly string[]): void;
  /** Clears what the terminal shows of a key such as Ctrl-C by itself, so that the next line is not pushed aside by it. */
  clearEcho(): void;
  /** Leaves what is shown where it is. */
  settle(): void;
  /** Prints a table of the result, in a form that a terminal has room for. */
  sayTable(table: PrintedTable): void;
  /** Prints a line of the result that ends in a text that leads to an address (a URL) when it is clicked, where standard output is a terminal. */
  sayLink(before: string, text: string, address: string): void;
}

/**
 * A line without characters that a terminal obeys: names, cells and answers come from other people. They are written as JSON may have
 * them in its texts, so that `--json` stays what it was.
 */
export const forTerminal = (line: string): string =>
  showHidden(line.replaceAll("\r", "\\u000D"), (code) => `\\u${code}`);

/** Text with an end of line for a stream, broken between words where it is a terminal that would break them anywhere. */
const inLines = (text: string, stream: Pick<NodeJS.WriteStream, "isTTY" | "columns">): string =>
  `${(stream.isTTY ? wrappedText(text, widthOf(stream)) : [text]).join("\n")}\n`;

/** In characters; 80 where it has none, or none that it knows of: a terminal that nobody has told its size says 0. */
const widthOf = ({ columns }: Pick<NodeJS.WriteStream, "columns">): number => columns || 80;

/** The process's own terminal. Colours only when a person is watching and `NO_COLOR` is not set (https://no-color.org). */
export function createTerminal(): Terminal {
  const ordinary = process.env["TERM"] !== "dumb";
  const interactive = process.stderr.isTTY === true && ordinary;
  // A reader such as "head" may have seen enough, and a terminal may be closed: that is not an error, and the work continues.
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE" && error.code !== "EIO") throw error;
    });
  }
  const noColour = (process.env["NO_COLOR"] ?? "") !== "";
  const screen = createScreen((text) => process.stderr.write(text));
  const note = (line: string) => screen.above(() => process.stderr.write(inLines(forTerminal(line), process.stderr)));
  const say = (line: string) => screen.above(() => process.stdout.write(inLines(forTerminal(line), process.stdout)));
  return {
    interactive,
    colours: interactive && !noColour,
    columns: () => widthOf(process.stderr),
    say,
    note,
    step: (line) => {
      if (interactive) note(line);
    },
    show: (lines) => {
      if (interactive) screen.show(lines);
    },
    clearEcho: () => {
      if (interactive) process.stderr.write(clearedLine);
    },
    settle: screen.settle,
    sayTable: (table) => {
      const columns = process.stdout.isTTY ? widthOf(process.stdout) : Number.POSITIVE_INFINITY;
      for (const line of tableLines(table, columns)) say(line);
    },
    sayLink: (before, text, address) => {
      const shown = forTerminal(text);
      const clickable = process.stdout.isTTY === true && ordinary;
      const link = clickable ? `\u001b]8;;${address}\u001b\\${shown}\u001b]8;;\u001b\\` : shown;
      const fits = !process.stdout.isTTY || before.length + shown.length <= widthOf(process.stdout);
      screen.above(() => process.stdout.write(`${forTerminal(before).trimEnd()}${fits ? " " : "\n"}${link}\n`));
    },
  };
}
