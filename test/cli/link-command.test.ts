import { execFile } from "node:child_process";
import { mkdir, mkdtempDisposable, readFile, readlink, realpath, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { linkCommand } from "../../cli/link-command.ts";

const project = fileURLToPath(new URL("../../", import.meta.url));

it("puts the command where npx finds it, again and again", async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), "bulk-send-link-"));
  await mkdir(join(folder.path, "node_modules", ".bin"), { recursive: true });
  await linkCommand(folder.path);
  await linkCommand(folder.path);
  const link = await readlink(join(folder.path, "node_modules", ".bin", "bulk-send"));
  expect(join(folder.path, "node_modules", ".bin", link)).toBe(join(folder.path, "cli", "bulk-send.js"));
});

it("is what npm ci leaves behind, and the file is executable as git keeps it", async () => {
  const command = await realpath(join(project, "node_modules", ".bin", "bulk-send"));
  expect(command).toBe(join(await realpath(project), "cli", "bulk-send.js"));
  expect((await stat(command)).mode & 0o111).toBe(0o111);
});

it("on an older Node, which knows nothing of its sources, it is a sentence that says what to call", async () => {
  const command = join(project, "cli", "bulk-send.js");
  // An older Node is one that says so.
  const older = "Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.19.0' } })";
  const failed: unknown = await promisify(execFile)(process.execPath, [
    `--import=data:text/javascript,${encodeURIComponent(older)}`,
    command,
    "--version",
  ]).catch((error: unknown) => error);
  expect(failed).toMatchObject({
    code: 1,
    stdout: "",
    stderr: "bulk-send runs on the Node 24 that npm ci brings along; this is 20.19.0. Call it by: npx bulk-send\n",
  });
  const { stdout } = await promisify(execFile)(process.execPath, [command, "--version"]);
  expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/u);
});

it("is not something that npx would install into the user's home, nor fetch from a registry", async () => {
  const { bin } = JSON.parse(await readFile(join(project, "package.json"), "utf8"));
  expect(bin).toBeUndefined();
  expect(await readFile(join(project, ".npmrc"), "utf8")).toContain("\nyes=false\n");
});
