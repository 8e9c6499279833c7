import { execFile } from "node:child_process";
import { copyFile, mkdtempDisposable, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import * as z from "zod";

const program = fileURLToPath(new URL("../../packaging/bulk-send.js", import.meta.url));

/** What the command line sees of itself when the package's program starts it. */
const commandLine = `
process.emitWarning("it is heard");
console.log(JSON.stringify({ args: process.argv.slice(2), flags: process.execArgv, arenas: process.env.MALLOC_ARENA_MAX }));
process.exitCode = 3;
`;

const Ended = z.object({ code: z.number(), stdout: z.string(), stderr: z.string() });
const Seen = z.object({ args: z.array(z.string()), flags: z.array(z.string()), arenas: z.string().optional() });

async function start(args: readonly string[], more: Readonly<Record<string, string>> = {}) {
  await using directory = await mkdtempDisposable(join(tmpdir(), "bulk-send-program-"));
  await writeFile(join(directory.path, "package.json"), '{ "type": "module" }');
  await writeFile(join(directory.path, "main.js"), commandLine);
  await copyFile(program, join(directory.path, "bulk-send.js"));
  const { MALLOC_ARENA_MAX: _, GLIBC_TUNABLES: __, ...env } = process.env;
  const command = ["--no-deprecation", "bulk-send.js", ...args];
  const running = promisify(execFile)(process.execPath, command, {
    cwd: directory.path,
    env: { ...env, ...more },
  });
  // It ends with a code of its own, which promises take for a failure.
  const { code, stdout, stderr } = Ended.parse(await running.catch((ended: unknown) => ended));
  return { code, stderr, ...Seen.parse(JSON.parse(stdout)) };
}

test.runIf(process.platform === "linux")(
  "commands with many threads begin once more with one malloc arena, as they were called, and nothing is said of it",
  async () => {
    const ran = await start(["run", "a list.csv", "--rate", "5"]);
    expect(ran).toMatchObject({
      args: ["run", "a list.csv", "--rate", "5"],
      flags: ["--no-deprecation"],
      arenas: "1",
      code: 3,
    });
    expect(ran.stderr).toMatch(/^\(node:\d+\) Warning: it is heard\n/);
    expect(ran.stderr).not.toContain("execve");
    expect(await start(["serve"], { MALLOC_ARENA_MAX: "4" })).toMatchObject({ args: ["serve"], arenas: "4", code: 3 });
  },
);

test("other commands begin at once", async () => {
  const checked = await start(["check", "run"]);
  expect(checked).toMatchObject({ args: ["check", "run"], code: 3 });
  expect(checked.arenas).toBeUndefined();
});
