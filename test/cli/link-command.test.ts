import { mkdir, mkdtempDisposable, readFile, readlink, realpath, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { linkCommand } from "../../cli/link-command.ts";

const project = fileURLToPath(new URL("../../", import.meta.url));

it("puts the command where npx finds it, again and again", async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), "bulk-send-link-"));
  await mkdir(join(folder.path, "node_modules", ".bin"), { recursive: true });
  await linkCommand(folder.path);
  await linkCommand(folder.path);
  const link = await readlink(join(folder.path, "node_modules", ".bin", "bulk-send"));
  expect(join(folder.path, "node_modules", ".bin", link)).toBe(join(folder.path, "cli", "main.ts"));
});

it("is what npm ci leaves behind, and the file is executable as git keeps it", async () => {
  const command = await realpath(join(project, "node_modules", ".bin", "bulk-send"));
  expect(command).toBe(join(await realpath(project), "cli", "main.ts"));
  expect((await stat(command)).mode & 0o111).toBe(0o111);
});

it("is not something that npx would install into the user's home, nor fetch from a registry", async () => {
  const { bin } = JSON.parse(await readFile(join(project, "package.json"), "utf8"));
  expect(bin).toBeUndefined();
  expect(await readFile(join(project, ".npmrc"), "utf8")).toContain("\nyes=false\n");
});
