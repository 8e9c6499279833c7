import { execFile } from "node:child_process";
import { chmod, copyFile, mkdir, mkdtempDisposable, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { FileSystem } from "aws-cdk-lib";
import { expect, test } from "vitest";
import { createBuiltPage } from "../../functions/built-page.ts";
import { buildPage } from "../../infra/build-page.ts";

const run = promisify(execFile);
const script = join(import.meta.dirname, "fixtures/stage-function.ts");
const files = ["ca.pem", "index.mjs", "index.mjs.map"];

/** Stages the function of the fixture under a umask, as somebody would whose certificate authority nobody else may read. */
async function stage(directory: string, umask: string, ...page: readonly string[]) {
  const authority = join(directory, "private.pem");
  await copyFile(join(import.meta.dirname, "../fixtures/infra/private authority.pem"), authority);
  await chmod(authority, 0o600);
  const out = join(directory, "cdk.out");
  await run("/bin/sh", ["-c", `umask ${umask}; exec "$0" "$@"`, process.execPath, script, out, authority, ...page]);
  return out;
}

const modeOf = async (...path: readonly string[]) => ((await stat(join(...path))).mode & 0o7777).toString(8);

/** The assets that were staged, and the permissions of each and of its files. */
async function stagedIn(out: string) {
  const assets = (await readdir(out)).filter((name) => name.startsWith("asset."));
  const modes = assets.map(async (asset) => [
    await modeOf(out, asset),
    ...(await Promise.all(files.map((file) => modeOf(out, asset, file)))),
  ]);
  return { assets, modes: await Promise.all(modes) };
}

const readable = [["755", "644", "644", "644"]];

test("a bundle has the same hash and can be read by Lambda under every umask, and nobody else can change it", async () => {
  const hashes = new Set<string>();
  for (const umask of ["077", "022", "000"]) {
    await using directory = await mkdtempDisposable(join(tmpdir(), "bulk-send-umask-"));
    const out = await stage(directory.path, umask);
    const { assets, modes } = await stagedIn(out);
    expect(modes, `under umask ${umask}`).toEqual(readable);
    for (const asset of assets) hashes.add(asset);
    for (const path of [".", ".cache", "manifest.json", "Small.template.json"])
      expect(await modeOf(out, path), `${path} under umask ${umask}`).toMatch(/^[67][0145][0145]$/);
  }
  expect(hashes.size).toBe(1);
});

test("what was staged with other permissions is corrected, and what was published with them has another hash", async () => {
  await using directory = await mkdtempDisposable(join(tmpdir(), "bulk-send-umask-"));
  const out = join(directory.path, "cdk.out");
  await mkdir(join(out, ".cache"), { recursive: true });
  await writeFile(join(out, ".cache/old.zip"), "");
  for (const path of [out, join(out, ".cache"), join(out, ".cache/old.zip")]) await chmod(path, 0o777);
  await stage(directory.path, "077");
  for (const path of [".", ".cache", ".cache/old.zip"]) expect(await modeOf(out, path)).toBe("755");
  const before = await stagedIn(out);
  const [asset = ""] = before.assets;
  await chmod(join(out, asset), 0o777);
  for (const file of files) await chmod(join(out, asset, file), 0o600);

  await stage(directory.path, "077");
  expect(await stagedIn(out)).toEqual(before);
  expect(before.modes).toEqual(readable);
  expect(await readFile(join(out, asset, "ca.pem"), "utf8")).toContain("BEGIN CERTIFICATE");
  // The hash that versions without these permissions gave to the same content.
  expect(asset).not.toBe(`asset.${FileSystem.fingerprint(join(out, asset))}`);
});

test("the console's page is beside the function in its folder, with the list of its files, where it is asked for", async () => {
  await using directory = await mkdtempDisposable(join(tmpdir(), "bulk-send-page-"));
  const out = await stage(directory.path, "077", "page");
  const [asset = ""] = (await stagedIn(out)).assets;
  const built = createBuiltPage(join(out, asset, "page"));
  const { files, version } = await built.contents();
  expect(version).toMatch(/^[0-9a-f]{16}$/);
  expect(files.at(-1)?.path).toBe("index.html");
  for (const { path } of files) {
    expect(await modeOf(out, asset, "page", path)).toBe("644");
    expect((await Array.fromAsync(built.read(path))).length).toBeGreaterThan(0);
  }
  expect(await modeOf(out, asset, "page", "assets")).toBe("755");
  // The same sources are the same page, on every machine: otherwise each deployment would publish it again.
  await buildPage(join(directory.path, "again"));
  expect(await createBuiltPage(join(directory.path, "again")).contents()).toEqual({ files, version });
});
