import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, chown, lchown, mkdir, mkdtempDisposable, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { checkOpen, checkSameKind, readDataSettings, writeDataSettings } from "../../cli/data-directory.ts";
import { explainError, whyClosed } from "../../cli/explain-error.ts";
import { startLocalCloud } from "../../cli/local-cloud.ts";

test("nothing is said of a directory that there is not, or that is open", async () => {
  await using directory = await mkdtempDisposable(join(tmpdir(), "data-directory-"));
  await checkOpen(directory.path);
  await checkOpen(join(directory.path, "missing"));
  expect(await readDataSettings(directory.path)).toBeUndefined();
});

test("what was sent in earnest never goes on with the simulator, which would report rows as sent that were not, nor the other way round", async () => {
  const settings = (simulated: boolean) => ({ simulated, endpoint: "https://pbx.example.com", sendsPerSecond: 10 });
  expect(() => checkSameKind("data", settings(false), true)).toThrow(
    "data holds campaigns that are sent through https://pbx.example.com; continue with --endpoint, or use another --data",
  );
  expect(() => checkSameKind("data", settings(true), false)).toThrow(
    /where nothing is really sent; use another --data to/u,
  );
  expect(() => checkSameKind(".bulk-send", settings(true), false)).toThrow("mv .bulk-send .bulk-send-simulator");
  for (const simulated of [true, false]) {
    expect(() => checkSameKind("data", settings(simulated), simulated)).not.toThrow();
    expect(() => checkSameKind("data", undefined, simulated)).not.toThrow();
  }
  await using directory = await mkdtempDisposable(join(tmpdir(), "data-directory-"));
  await writeDataSettings(directory.path, settings(false));
  const request = { dataDir: directory.path, endpoint: undefined, rate: undefined, onLog: () => {} };
  await expect(startLocalCloud(request)).rejects.toThrow("holds campaigns that are sent through");
});

/** What looking into a directory comes to, for a user who is not root. */
async function looked(directory: string): Promise<string> {
  const module = new URL("../../cli/data-directory.ts", import.meta.url);
  const script = `import { readDataSettings } from ${JSON.stringify(module)};
    await readDataSettings(${JSON.stringify(directory)}).catch((error) => console.log(error.name + ": " + error.message));`;
  const user = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
  const child = spawn(process.execPath, ["--input-type=module", "-e", script], { cwd: "/", ...user });
  let out = "";
  child.stdout.on("data", (chunk) => {
    out += chunk;
  });
  await once(child, "close");
  return out;
}

test.runIf(process.getuid?.() === 0)("another user's directory is said to be one", async () => {
  await using directory = await mkdtempDisposable(join(tmpdir(), "data-directory-"));
  await chmod(directory.path, 0o755);
  const path = join(directory.path, "theirs");
  await mkdir(path, { mode: 0o700 });
  expect(await looked(path)).toBe(
    `Failure: ${path} cannot be looked into: it belongs to another user. Work as the user whose it is, or name another directory with --data.\n`,
  );
});

test.runIf(process.getuid?.() === 0)(
  "so is one that others may read, to root too, and a link of another's",
  async () => {
    await using directory = await mkdtempDisposable(join(tmpdir(), "data-directory-"));
    const [path, link] = [join(directory.path, "theirs"), join(directory.path, "link")];
    await mkdir(path, { mode: 0o755 });
    await symlink(path, link);
    await checkOpen(link);
    await lchown(link, 65_534, 65_534);
    await expect(checkOpen(link)).rejects.toThrow(`${link} cannot be looked into: it belongs to another user.`);
    await checkOpen(path);
    await chown(path, 65_534, 65_534);
    await expect(readDataSettings(path)).rejects.toThrow(`${path} cannot be looked into: it belongs to another user.`);
  },
);

test.runIf(process.getuid !== undefined && process.getuid() !== 0)("one's own without rights, too", async () => {
  await using directory = await mkdtempDisposable(join(tmpdir(), "data-directory-"));
  const path = join(directory.path, "own");
  await mkdir(path, { mode: 0o000 });
  expect(await looked(path)).toContain(`${path} cannot be looked into: its permissions do not let you.`);
});

test("a file that may not be opened is named, with what to look at", () => {
  const error = (code: string) =>
    Object.assign(new Error(`${code}: …, open 'data/s3/journal.ndjson'`), { code, path: "data/s3/journal.ndjson" });
  expect(explainError(error("EACCES"))).toEqual({
    sentence:
      "data/s3/journal.ndjson cannot be read or written: you have no right to do so; look whose it is, and at its permissions and those of its folder.",
    code: 1,
  });
  expect(explainError(error("EROFS")).sentence).toBe(
    "data/s3/journal.ndjson cannot be read or written: the file system is read-only.",
  );
  const replaced = Object.assign(error("EBUSY"), { path: "report.xlsx.part", dest: "report.xlsx" });
  expect(explainError(replaced).sentence).toBe(
    "report.xlsx cannot be read or written: another program has it open; close it there, and repeat the command.",
  );
  expect(whyClosed("EPERM", "win32")).toContain("Or another program has it open");
});
