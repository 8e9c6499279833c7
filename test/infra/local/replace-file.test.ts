import { mkdtempDisposable, open, readFile, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { replaceFile } from "../../../infra/local/replace-file.ts";

test.skipIf(process.platform === "win32")(
  "a file that takes another one's place does so on disk, too, and is its owner's alone",
  async () => {
    await using directory = await mkdtempDisposable(join(tmpdir(), "bulk-send-replace-"));
    const file = join(directory.path, "file");
    await using any = await open(directory.path);
    const handles: { sync(): Promise<void> } = Object.getPrototypeOf(any);
    const { sync } = handles;
    /** What stood in the file whenever its directory was brought to disk. */
    const synced: string[] = [];
    using _ = vi.spyOn(handles, "sync").mockImplementation(async function (this: unknown) {
      synced.push(await readFile(file, "utf8"));
      await Reflect.apply(sync, this, []);
    });
    await replaceFile(file, "old");
    await replaceFile(file, "new");
    expect(synced).toEqual(["old", "new"]);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    await replaceFile(file, "of no use after a power failure", { flush: false });
    expect(synced).toHaveLength(2);
  },
);
