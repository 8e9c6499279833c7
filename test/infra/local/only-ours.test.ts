import { chmod, lchown, mkdir, mkdtempDisposable, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { isOnlyOurs } from "../../../infra/local/only-ours.ts";

/** Folders one in the other, the last with a folder `kept` in it. */
async function folders() {
  const directory = await mkdtempDisposable(join(tmpdir(), "bulk-send-ours-"));
  const above = join(directory.path, "above");
  const kept = join(above, "kept");
  await mkdir(kept, { recursive: true, mode: 0o700 });
  return { above, kept, [Symbol.asyncDispose]: () => directory.remove() };
}

describe.skipIf(process.platform === "win32")("a folder", () => {
  test("is only ours below the shared temporary folder, where nobody may replace what is another's", async () => {
    await using ours = await folders();
    expect(isOnlyOurs(ours.kept)).toBe(true);
    expect(isOnlyOurs(join(ours.kept, "not", "there"))).toBe(true);
  });

  test("is not, where others may replace it or a folder above it", async () => {
    await using ours = await folders();
    for (const [mode, safe] of [
      [0o777, false],
      [0o702, false],
      [0o1777, true],
      [0o755, true],
    ] as const) {
      await chmod(ours.above, mode);
      expect([mode, isOnlyOurs(ours.kept), isOnlyOurs(ours.above)]).toEqual([mode, safe, safe]);
    }
  });

  test("is what a link of ours leads to, and no way in circles", async () => {
    await using ours = await folders();
    const [link, relative, circle] = ["link", "relative", "circle"].map((name) => join(ours.above, name));
    await symlink(ours.kept, String(link));
    await symlink("../above/./kept", String(relative));
    await symlink("circle", String(circle));
    expect([link, relative, circle].map((path) => isOnlyOurs(join(String(path), "x")))).toEqual([true, true, false]);
    await chmod(ours.kept, 0o777);
    expect([link, relative].map((path) => isOnlyOurs(String(path)))).toEqual([false, false]);
  });

  test("below a file is nowhere", async () => {
    await using ours = await folders();
    await writeFile(join(ours.kept, "file"), "");
    expect(() => isOnlyOurs(join(ours.kept, "file", "x"))).toThrow("ENOTDIR");
  });

  test.runIf(process.getuid?.() === 0)("is not, where it, a folder above it or a link to it is another's", async () => {
    await using ours = await folders();
    const link = join(ours.above, "link");
    await symlink(ours.kept, link);
    const paths = () => [ours.kept, link].map(isOnlyOurs);
    await lchown(link, 65_534, 65_534);
    expect(paths()).toEqual([true, false]);
    await lchown(link, 0, 0);
    await lchown(ours.above, 65_534, 65_534);
    expect(paths()).toEqual([false, false]);
    await lchown(ours.above, 0, 0);
    // A group that is root's alone, and one that is not.
    await chmod(ours.above, 0o770);
    expect(paths()).toEqual([true, true]);
    await lchown(ours.above, 0, 65_534);
    expect(paths()).toEqual([false, false]);
  });
});
