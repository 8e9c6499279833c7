import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import {
  chmod,
  copyFile,
  mkdir,
  mkdtempDisposable,
  readdir,
  realpath,
  stat,
  symlink,
  utimes,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { compileCacheEnvironment, removeOldCompiled } from "../../../infra/local/compile-cache.ts";

const now = Date.UTC(2026, 6, 1);
const daysAgo = (days: number) => new Date(now - days * 24 * 3600_000);

test("what other versions compiled is removed once nobody has used it for a month, and nothing else", async () => {
  await using directory = await mkdtempDisposable(join(tmpdir(), "bulk-send-compiled-"));
  const folder = (name: string) => join(directory.path, name);
  /** A version's folder, used and its file written and read so many days ago. */
  const version = async (name: string, used: number, written: number, read: number) => {
    const inside = join(folder(name), "v24-x64");
    await mkdir(inside, { recursive: true });
    await writeFile(join(inside, "a1b2"), "compiled");
    await utimes(join(inside, "a1b2"), daysAgo(read), daysAgo(written));
    for (const path of [inside, folder(name)]) await utimes(path, daysAgo(used), daysAgo(used));
  };
  await version("own", 90, 90, 90);
  await version("left", 31, 90, 90);
  await version("in-use", 29, 90, 90);
  await version("older-and-read", 90, 90, 29);
  await version("older-and-written", 90, 29, 90);
  await version("older-and-left", 90, 90, 31);

  removeOldCompiled(now, directory.path, folder("own"));
  const kept = ["own", "in-use", "older-and-read", "older-and-written"];
  for (const name of [...kept, "left", "older-and-left"]) {
    expect([name, existsSync(folder(name))]).toEqual([name, kept.includes(name)]);
  }
});

test("what cannot be a version's folder is left alone, and keeps nothing else from being removed", async () => {
  await using directory = await mkdtempDisposable(join(tmpdir(), "bulk-send-compiled-"));
  const path = (name: string) => join(directory.path, name);
  await writeFile(path("a-file"), "");
  await utimes(path("a-file"), daysAgo(90), daysAgo(90));
  await symlink(path("nowhere"), path("b-link"));
  await mkdir(path("left"));
  await utimes(path("left"), daysAgo(90), daysAgo(90));
  removeOldCompiled(now, directory.path, path("own"));
  expect(["a-file", "left"].map((name) => existsSync(path(name)))).toEqual([true, false]);
});

test.skipIf(process.platform === "win32")("nothing is removed from a folder into which others may write", async () => {
  await using directory = await mkdtempDisposable(join(tmpdir(), "bulk-send-compiled-"));
  const folder = join(directory.path, "left");
  await mkdir(folder);
  await utimes(folder, daysAgo(90), daysAgo(90));
  await chmod(directory.path, 0o777);
  removeOldCompiled(now, directory.path, join(directory.path, "own"));
  expect(existsSync(folder)).toBe(true);
});

test.skipIf(process.platform === "win32")(
  "nothing is removed from a folder that others may put another, or a link to one, in the place of",
  async () => {
    await using directory = await mkdtempDisposable(join(tmpdir(), "bulk-send-compiled-"));
    const precious = join(directory.path, "home", "precious");
    await mkdir(precious, { recursive: true });
    await utimes(precious, daysAgo(90), daysAgo(90));
    const shared = join(directory.path, "shared");
    await mkdir(shared);
    await symlink(join(directory.path, "home"), join(shared, "compiled"));
    await chmod(shared, 0o777);
    removeOldCompiled(now, join(shared, "compiled"), join(shared, "compiled", "own"));
    expect(existsSync(precious)).toBe(true);
  },
);

test("where there is nothing compiled, nothing is said", () => {
  expect(() => removeOldCompiled(now, join(tmpdir(), "there is no such folder"))).not.toThrow();
});

/** Loads the cache in a project of its own, and says which folder a thread would be given and what this process uses. */
async function askedIn(project: string): Promise<{ readonly given?: string; readonly own?: string }> {
  const here = join(project, "infra/local");
  await mkdir(here, { recursive: true });
  for (const file of ["compile-cache.ts", "installation.ts", "only-ours.ts"]) {
    await copyFile(new URL(`../../../infra/local/${file}`, import.meta.url), join(here, file));
  }
  await writeFile(join(project, "package.json"), '{"type": "module", "version": "1.2.3"}');
  const script = `
    import { getCompileCacheDir } from "node:module";
    import { compileCacheEnvironment, useCompileCache } from ${JSON.stringify(join(here, "compile-cache.ts"))};
    useCompileCache();
    console.log(JSON.stringify({ given: compileCacheEnvironment().NODE_COMPILE_CACHE, own: getCompileCacheDir() }));`;
  const { NODE_COMPILE_CACHE: _, ...environment } = process.env;
  const env = { ...environment, TMPDIR: join(project, "shared") };
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", script], { env });
  return JSON.parse(stdout);
}

test.skipIf(process.platform === "win32")(
  "what is compiled is kept in a folder that is its user's alone, never in the shared temporary one",
  async () => {
    await using directory = await mkdtempDisposable(join(tmpdir(), "bulk-send-compiled-"));
    const project = await realpath(directory.path);
    await mkdir(join(project, "shared"));
    const folder = join(project, "node_modules/.cache/bulk-send/compiled/version-1.2.3");
    const { given, own } = await askedIn(project);
    expect(given).toBe(folder);
    expect(own?.startsWith(folder)).toBe(true);
    for (const path of [folder, dirname(folder)]) expect((await stat(path)).mode & 0o777).toBe(0o700);
    expect(await readdir(join(project, "shared"))).toEqual([]);
  },
);

test.skipIf(process.platform === "win32").each(["compiled", "compiled/version-1.2.3"])(
  "nothing is kept or run where others may write into %s",
  async (open) => {
    await using directory = await mkdtempDisposable(join(tmpdir(), "bulk-send-compiled-"));
    await mkdir(join(directory.path, "shared"));
    const folder = join(directory.path, "node_modules/.cache/bulk-send");
    await mkdir(join(folder, "compiled/version-1.2.3"), { recursive: true });
    await chmod(join(folder, open), 0o777);
    expect(await askedIn(directory.path)).toEqual({});
    expect(await readdir(join(directory.path, "shared"))).toEqual([]);
  },
);

test("threads of the local cloud and of commands are given that folder", () => {
  expect(compileCacheEnvironment().NODE_COMPILE_CACHE).toContain(join(".cache", "bulk-send", "compiled"));
});
