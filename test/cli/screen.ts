import type { Terminal } from "../../cli/terminal.ts";

/** A terminal that remembers what is printed on it, whichever stream that goes to. */
export function screen() {
  const shown: string[] = [];
  const terminal: Terminal = {
    interactive: false,
    colours: false,
    columns: () => 80,
    say: (line) => shown.push(line),
    note: (line) => shown.push(line),
    step: () => {},
    show: () => {},
    clearEcho: () => {},
    settle: () => {},
    sayTable: () => {},
    sayLink: (before, text) => shown.push(before + text),
  };
  return { terminal, text: () => shown.join("\n") };
}
