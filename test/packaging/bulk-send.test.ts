import { type StdioOptions, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { copyFile, mkdir, mkdtempDisposable, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";
import * as z from "zod";

/** What the program says that is begun: which process it is, what it was given, and how memory is shared out in it. */
const Begun = z.object({
  pid: z.number(),
  args: z.array(z.string()),
  flags: z.array(z.string()),
  read: z.string(),
  arenas: z.string().optional(),
});

const program = `
import { text } from "node:stream/consumers";
const [, , ...args] = process.argv;
const { pid, execArgv: flags, env } = process;
process.emitWarning("it is heard");
process.exitCode = 3;
console.log(JSON.stringify({ pid, args, flags, read: await text(process.stdin), arenas: env.MALLOC_ARENA_MAX }));
`;

/** By which command a program is begun, and with what. */
interface Way {
  readonly args?: readonly string[];
  /** What stands before the program's path. */
  readonly before?: readonly string[];
  readonly flags?: readonly string[];
  readonly variables?: Readonly<Record<string, string>>;
  readonly channel?: "ipc";
}

/** Begins what the package has as its command, with a program in place of bulk-send, and returns what that says. */
async function begin({ args = ["run"], before = [], flags = [], variables = {}, channel }: Way) {
  await using directory = await mkdtempDisposable(join(tmpdir(), "bulk-send-command-"));
  const folder = join(directory.path, "a folder");
  await mkdir(folder);
  await writeFile(join(folder, "package.json"), '{"type":"module"}');
  await writeFile(join(folder, "main.js"), program);
  const command = join(folder, "bulk-send.js");
  await copyFile("packaging/bulk-send.js", command);
  const { MALLOC_ARENA_MAX: _arenas, GLIBC_TUNABLES: _tunables, NODE_OPTIONS: _options, ...own } = process.env;
  const [first = "", ...rest] = [...before, process.execPath, ...flags, command, ...args];
  const stdio: StdioOptions = channel === undefined ? "pipe" : ["pipe", "pipe", "pipe", channel];
  const child = spawn(first, rest, { env: { ...own, ...variables }, stdio });
  child.stdin?.end("y\n");
  const said = [child.stdout, child.stderr].map((stream) => (stream === null ? "" : text(stream)));
  const [[code], out, err] = await Promise.all([once(child, "exit"), ...said]);
  expect(code).toBe(3);
  expect(err).toMatch(/^\(node:\d+\) Warning: it is heard\n/);
  expect(err).not.toContain("execve");
  const begun = Begun.parse(JSON.parse(out ?? ""));
  expect(begun.pid).toBe(child.pid);
  expect(begun).toMatchObject({ args, read: "y\n" });
  return begun;
}

const linux = test.runIf(process.platform === "linux");

linux("commands that run many threads begin once more, as the same process with the same words and flags", async () => {
  const args = ["run", "my list.csv", "--message", "a  b", ""];
  expect(await begin({ args, flags: ["--stack-size=900"] })).toMatchObject({
    arenas: "1",
    flags: ["--stack-size=900"],
  });
  for (const command of ["serve", "demo", "console"]) expect((await begin({ args: [command] })).arenas).toBe("1");
});

test("others do not, nor where somebody has said how memory is shared out, nor where another program listens", async () => {
  const arenasOf = async (way: Way) => (await begin(way)).arenas;
  expect(await arenasOf({ args: ["check", "run"] })).toBeUndefined();
  expect(await arenasOf({ variables: { MALLOC_ARENA_MAX: "4" } })).toBe("4");
  expect(await arenasOf({ variables: { GLIBC_TUNABLES: "" } })).toBeUndefined();
  expect(await arenasOf({ channel: "ipc" })).toBeUndefined();
});

test("where Node forbids to begin a program it goes on as it is", async () => {
  const flags = ["--permission", "--allow-fs-read=*"];
  expect((await begin({ flags })).arenas).toBeUndefined();
});

const loaders = ["/lib64/ld-linux-x86-64.so.2", "/lib/ld-linux-aarch64.so.1"];
const loader = loaders.find((path) => existsSync(path));

test.runIf(loader !== undefined)("a Node that a loader runs goes on as it is: the loader would be begun", async () => {
  const before = loader === undefined ? [] : [loader];
  expect((await begin({ before })).arenas).toBeUndefined();
});
