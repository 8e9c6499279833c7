import { PassThrough } from "node:stream";
import { stripVTControlCharacters } from "node:util";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { askAtTerminal, confirmHere } from "../../cli/ask.ts";

const real = {
  stdin: Object.getOwnPropertyDescriptor(process, "stdin"),
  stderr: Object.getOwnPropertyDescriptor(process, "stderr"),
};
let stdin: PassThrough;
let shown: string;
beforeEach(() => {
  stdin = new PassThrough();
  shown = "";
  const stderr = new PassThrough();
  stderr.setEncoding("utf8").on("data", (text) => {
    shown += text;
  });
  // The standard streams cannot be ended.
  Object.assign(stderr, { end: () => stderr });
  for (const stream of [stdin, stderr]) Object.assign(stream, { isTTY: true });
  for (const [name, stream] of Object.entries({ stdin, stderr })) {
    Object.defineProperty(process, name, { configurable: true, get: () => stream });
  }
  vi.spyOn(process, "exit").mockImplementation((code) => {
    throw new Error(`exit ${code}`);
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  for (const [name, property = {}] of Object.entries(real)) Object.defineProperty(process, name, property);
});

const questions: readonly (readonly [kind: string, ask: () => Promise<unknown>])[] = [
  ["whether", () => askAtTerminal.confirm("Ready?", true)],
  ["which", () => askAtTerminal.choose("Ready?", ["one", "two"], undefined)],
  ["what", () => askAtTerminal.line("Ready?", async () => undefined)],
];

/** Types once the question is shown. */
async function typed<T>(asking: Promise<T>, keys: string): Promise<T> {
  const settled = asking.catch(() => {});
  await expect.poll(() => shown).toContain("Ready?");
  stdin.write(keys);
  await settled;
  return asking;
}

test.each(questions)("a question %s is left with Ctrl-D as with Ctrl-C, and ends the process", async (_, ask) => {
  await expect(typed(ask(), "\x04")).rejects.toThrow("exit 130");
  shown = "";
  await expect(typed(ask(), "\x03")).rejects.toThrow("exit 130");
});

test.each(questions)("the end of the input leaves a question %s, too", async (_, ask) => {
  const asking = expect(ask()).rejects.toThrow("exit 130");
  await expect.poll(() => shown).toContain("Ready?");
  stdin.end();
  await asking;
});

test("what was answered is the answer, one question after the other", async () => {
  expect(await typed(askAtTerminal.choose("Ready?", ["one", "two"], "two"), "\r")).toBe("two");
  shown = "";
  expect(await typed(askAtTerminal.confirm("Ready?", true), "\r")).toBe(true);
});

test("a question is broken between words where the terminal is narrow", async () => {
  Object.assign(process.stderr, { columns: 36 });
  const asking = askAtTerminal.confirm("Ready? Nobody can be asked about somebody's telephone numbers again", false);
  expect(await typed(asking, "y\r")).toBe(true);
  const words = stripVTControlCharacters(shown).split(/\s+/u);
  for (const word of ["Nobody", "somebody's", "telephone", "numbers", "again"]) expect(words).toContain(word);
});

test("what cannot be undone is done only for a yes, and nobody is asked where nobody sits", async () => {
  const confirm = confirmHere();
  expect(await typed(confirm?.("Ready?") ?? Promise.reject(new Error("nobody")), "\r")).toBe(false);
  Object.assign(stdin, { isTTY: false });
  expect(confirmHere()).toBeUndefined();
});
