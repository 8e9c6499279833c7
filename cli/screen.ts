/** Lines that are shown in place at the bottom of a terminal; none may be wider than the terminal. */
export interface Screen {
  show(lines: readonly string[]): void;
  /** Lets something be printed above what is shown. */
  above(print: () => void): void;
  /** Leaves what is shown where it is; what is shown next comes below. */
  settle(): void;
}

const control = "\u001b[";

/** Takes the cursor to the beginning of its line, and clears the line. */
export const clearedLine = `\r${control}K`;

/** Shows lines in place by the control sequences that every terminal understands (ECMA-48). */
export function createScreen(write: (text: string) => void): Screen {
  let shown: readonly string[] = [];
  const erase = () => (shown.length === 0 ? "" : `${control}${shown.length}A\r${control}J`);
  const drawn = (lines: readonly string[]) => lines.map((line) => `${line}\n`).join("");
  return {
    show: (lines) => {
      if (lines.length === shown.length && lines.every((line, at) => line === shown[at])) return;
      write(erase() + drawn(lines));
      shown = [...lines];
    },
    above: (print) => {
      if (shown.length > 0) write(erase());
      print();
      if (shown.length > 0) write(drawn(shown));
    },
    settle: () => {
      shown = [];
    },
  };
}

/** The parts in lines of at most `columns` characters, as many in each as fit; a part that is too long is broken at blanks. */
export function fitted(parts: readonly string[], columns: number, between = "  "): readonly string[] {
  const lines: string[] = [];
  let line: string | undefined;
  for (const part of parts.filter((text) => text !== "").flatMap((text) => broken(text, columns))) {
    const longer: string = line === undefined ? part : line + between + part;
    if (line !== undefined && longer.length > columns) {
      lines.push(line);
      line = part;
    } else line = longer;
  }
  return line === undefined ? lines : [...lines, line];
}

/** A text in lines of at most `columns` characters, between words where there are any. */
export function broken(text: string, columns: number): readonly string[] {
  if (text.length <= columns) return [text];
  const at = text.lastIndexOf(" ", columns);
  const end = at > 0 ? at : columns;
  return [text.slice(0, end), ...broken(text.slice(end).trimStart(), columns)];
}
