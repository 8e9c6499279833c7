import { mkdtempDisposable, open, readdir, readFile, readlink, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { replaceFile } from "../../../infra/local/replace-file.ts";

test.runIf(process.platform === "linux")(
  "a file that has been replaced is on disk under its name, unless nobody needs it after a power failure",
  async () => {
    await using directory = await mkdtempDisposable(join(tmpdir(), "bulk-send-replace-"));
    const file = join(directory.path, "kept");
    const synced: string[] = [];
    await using handle = await open(directory.path);
    const { sync } = handle;
    const syncs = vi.spyOn(Object.getPrototypeOf(handle), "sync").mockImplementation(async function (
      this: typeof handle,
    ) {
      synced.push(await readlink(`/proc/self/fd/${this.fd}`), await readFile(file, "utf8"));
      await sync.call(this);
    });
    await replaceFile(file, "first");
    await replaceFile(file, "second");
    expect(synced).toEqual([directory.path, "first", directory.path, "second"]);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    await replaceFile(file, "third", { flush: false });
    syncs.mockRestore();
    expect(synced).toHaveLength(4);
    expect(await readFile(file, "utf8")).toBe("third");
    expect(await readdir(directory.path)).toEqual(["kept"]);
  },
);
