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

/** Words of these questions, none of which is longer than a line. */
const words = "Nobody can be asked about somebody's telephone numbers again".split(" ");
const narrow: readonly (readonly [kind: string, ask: () => Promise<unknown>])[] = [
  ["whether", () => askAtTerminal.confirm(`Ready? ${words.join(" ")}`, false)],
  ["which", () => askAtTerminal.choose("Ready?", [words.join(" "), "two"], undefined)],
  ["what", () => askAtTerminal.line(`Ready? ${words.join(" ")}`, async () => undefined, "01632960000")],
];

test.each([20, 36, 40].flatMap((columns) => narrow.map(([kind, ask]) => ({ columns, kind, ask }))))(
  "at a terminal of $columns columns a question $kind is broken between words",
  async ({ columns, ask }) => {
    Object.assign(process.stderr, { columns });
    await typed(ask(), "\r");
    const found = stripVTControlCharacters(shown).split(/\s+/u);
    for (const word of words) expect(found).toContain(word);
  },
);

test("what is offered as an answer is not broken either", async () => {
  Object.assign(process.stderr, { columns: 24 });
  const asking = askAtTerminal.line("Ready? Which number are they sent from", async () => undefined, "01632960000");
  expect(await typed(asking, "\r")).toBe("01632960000");
  expect(stripVTControlCharacters(shown).split(/\s+/u)).toContain("01632960000");
});

test("what cannot be undone is done only for a yes, and nobody is asked where nobody sits", async () => {
  const confirm = confirmHere();
  expect(await typed(confirm?.("Ready?") ?? Promise.reject(new Error("nobody")), "\r")).toBe(false);
  Object.assign(stdin, { isTTY: false });
  expect(confirmHere()).toBeUndefined();
});
