import { execFile } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdir, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, inject, test } from "vitest";
import * as z from "zod";
import { list, type Workplace, workplace } from "./workplace.ts";

/** The commands that run everything, as somebody gives them who names a data directory. */
const commands = [
  ["run", "spring.csv"],
  ["serve", "--json"],
  ["console", "--no-open"],
] as const;

const credentials = { ENSWITCH_USERNAME: "u", ENSWITCH_PASSWORD: "p" };

/** What a command says at its end, after what a run shows of its list. */
const lastLine = (text: string) => text.trimEnd().split("\n").at(-1);

async function placeWithList(): Promise<Workplace> {
  const place = await workplace();
  await place.write("spring.csv", list(2));
  return place;
}

describe.each(commands)("%s", (...command) => {
  test.each([[[]], [["--endpoint", "http://127.0.0.1:9"]]])(
    "says in a sentence that a data directory cannot be, as it was given, %j",
    async (through) => {
      await using place = await placeWithList();
      await place.write("file", "");
      const unusable = {
        file: "a file is in the way",
        "file/below": "a file is in the way",
        ...(process.platform === "linux" ? { "/proc/bulk-send": "nothing can be created there" } : {}),
      };
      for (const [data, why] of Object.entries(unusable)) {
        const { code, out, err } = await place.bulkSend([...command, ...through, "--data", data], credentials);
        expect([code, out, lastLine(err)]).toEqual([
          1,
          "",
          `${data} cannot be used as a data directory: ${why}. Choose another with --data.`,
        ]);
      }
      const left = (await readdir(place.path)).filter((name) => name !== ".cache");
      expect(left).toEqual(["file", "spring.csv"]);
    },
  );
});

/** How to run a command for which a folder is read-only, for root, too, and after which nothing is left. */
const readOnly = [
  "unshare",
  process.getuid?.() === 0 ? "--mount" : "--map-root-user",
  "--mount",
  "sh",
  "-c",
  'mount --bind "$1" "$1" && mount -o remount,bind,ro "$1" && shift && exec "$@"',
  "sh",
] as const;

const Failed = z.object({ code: z.number(), stdout: z.string(), stderr: z.string() });

test("a data directory on a file system that is read-only is named with the reason, whether it is new or has run before", async (context) => {
  await using place = await placeWithList();
  const folder = join(place.path, "read-only");
  await mkdir(folder);
  const [program, ...words] = [...readOnly, folder];
  const promised = promisify(execFile);
  const isPossible = await promised(program, [...words, "true"]).then(
    () => true,
    () => false,
  );
  if (!isPossible) return context.skip("the system lets nobody here mount anything");
  expect(await place.bulkSend(["run", "spring.csv", "--data", "read-only/before"])).toMatchObject({ code: 0 });
  await place.write("summer.csv", list(3));
  const bulkSend = [process.execPath, inject("commandLine")];
  for (const command of [["run", "summer.csv"], ...commands.slice(1), ["list"]]) {
    for (const data of ["read-only/before", ...(command[0] === "list" ? [] : ["read-only/new"])]) {
      const ended = promised(program, [...words, ...bulkSend, ...command, "--data", data], { cwd: place.path });
      const { code, stdout, stderr } = Failed.parse(await ended.catch((error: unknown) => error));
      expect([code, stdout, lastLine(stderr)]).toEqual([
        1,
        "",
        `${data} cannot be used as a data directory: the file system is read-only. Choose another with --data.`,
      ]);
    }
  }
  // What it had goes on where it can be written again.
  const again = await place.bulkSend(["run", "summer.csv", "--data", "read-only/before"]);
  expect(again).toMatchObject({ code: 0, out: expect.stringContaining("3 submitted") });
});

test.runIf(process.getuid !== undefined && process.getuid() !== 0)(
  "a directory into which this user may not write is one that cannot be",
  async () => {
    await using place = await placeWithList();
    const folder = join(place.path, "closed");
    await mkdir(folder, { mode: 0o500 });
    const { code, err } = await place.bulkSend(["run", "spring.csv", "--data", "closed/data"]);
    await chmod(folder, 0o700);
    expect([code, lastLine(err)]).toEqual([
      1,
      "closed/data cannot be used as a data directory: you may not write there. Choose another with --data.",
    ]);
  },
);

test.each([["serve"], ["console", "--no-open"]])(
  "a port that is in use is named by %s, and nothing is left running",
  async (...command) => {
    await using place = await workplace();
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = z.object({ port: z.number() }).parse(server.address());
    const args = [...command, "--port", String(port)];
    expect(await place.bulkSend(args)).toEqual({
      code: 1,
      out: "",
      err: `Port ${port} is in use; stop what is using it, or choose another with --port.\n`,
    });
    server.close();
    await once(server, "close");
    // With the port free, it runs on the directory that the first has begun.
    await using started = place.start(args);
    await expect.poll(() => started.out()).toContain(`http://127.0.0.1:${port}`);
  },
);

test.runIf(process.platform !== "win32")(
  "settings that are a pipe are not waited for, nor is a certificate",
  async () => {
    await using place = await placeWithList();
    const pipe = join(place.path, "pipe");
    await promisify(execFile)("mkfifo", [pipe]);
    const settings = join(place.path, "bulk-send.json");
    await symlink(pipe, settings);
    for (const command of [...commands, ["check", "spring.csv"]]) {
      const { code, err } = await place.bulkSend(command);
      expect([code, lastLine(err)]).toEqual([1, `${settings} is not a file, so no settings can be read from it.`]);
    }
    await rm(settings);
    await writeFile(settings, JSON.stringify({ caFile: pipe }));
    for (const command of [
      ["check", "spring.csv"],
      ["serve", "--endpoint", "https://127.0.0.1:9"],
    ]) {
      const { code, err } = await place.bulkSend(command, credentials);
      expect([code, lastLine(err)]).toEqual([
        command[0] === "check" ? 2 : 1,
        expect.stringContaining(`caFile is "${pipe}", but must be the path`),
      ]);
    }
  },
);
