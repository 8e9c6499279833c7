import { execFile } from "node:child_process";
import {
  chmod,
  link,
  lstat,
  mkdir,
  mkdtempDisposable,
  readdir,
  readFile,
  stat,
  symlink,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { writeIndex } from "../../cli/live-pages.ts";
import { copyReport } from "../../cli/report-files.ts";
import { writeWhole } from "../../cli/whole-file.ts";
import { createMemoryBucket } from "../support/memory-bucket.ts";

const folder = () => mkdtempDisposable(join(tmpdir(), "bulk-send-whole-"));

async function* cutOff(): AsyncIterable<Uint8Array> {
  yield Buffer.from("half");
  throw new Error("The other half is missing.");
}

it("a file takes the place of the one before, and only its owner may read it where that is asked for", async () => {
  await using directory = await folder();
  const path = join(directory.path, "report.csv");
  await writeFile(path, "old");
  await writeWhole(path, "new", 0o600);
  expect(await readFile(path, "utf8")).toBe("new");
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect(await readdir(directory.path)).toEqual(["report.csv"]);
});

it("what stands in a file's place while it is written is neither written into nor followed", async () => {
  await using directory = await folder();
  const path = join(directory.path, "report.csv");
  const elsewhere = join(directory.path, "elsewhere");
  await writeFile(elsewhere, "somebody else's");
  await writeFile(`${path}.part`, "left by a process that was killed", { mode: 0o666 });
  await chmod(`${path}.part`, 0o666);
  await writeWhole(path, "new", 0o600);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  await symlink(elsewhere, `${path}.part`);
  await writeWhole(path, "newer", 0o600);
  expect(await readFile(path, "utf8")).toBe("newer");
  expect(await readFile(elsewhere, "utf8")).toBe("somebody else's");
});

it("reports and pages are their owner's alone, in folders that are made for them", async () => {
  await using directory = await folder();
  const out = join(directory.path, "reports", "spring");
  const bucket = createMemoryBucket();
  await bucket.put("reports/spring/report.csv", "to\r\n", "text/csv");
  await copyReport(bucket, "spring", out);
  await writeIndex({ all: async function* () {} }, join(directory.path, "reports"), 0);
  const modeOf = async (...path: readonly string[]) => (await stat(join(directory.path, ...path))).mode & 0o777;
  expect(await modeOf("reports")).toBe(0o700);
  expect(await modeOf("reports", "spring")).toBe(0o700);
  expect(await modeOf("reports", "spring", "report.csv")).toBe(0o600);
  expect(await modeOf("reports", "index.html")).toBe(0o600);
});

it("a file that cannot be written whole leaves the one before as it was, and nothing beside it", async () => {
  await using directory = await folder();
  const path = join(directory.path, "report.csv");
  await writeFile(path, "old");
  await expect(writeWhole(path, cutOff())).rejects.toThrow("The other half is missing.");
  expect(await readFile(path, "utf8")).toBe("old");
  const taken = join(directory.path, "taken");
  await mkdir(taken);
  await expect(writeWhole(taken, "new")).rejects.toThrow();
  expect(await readdir(directory.path)).toEqual(["report.csv", "taken"]);
});

it.skipIf(process.platform === "win32")(
  "a link, a pipe or an open file that is where a file is written overwrites, stops and tells nothing",
  async () => {
    await using directory = await folder();
    const path = join(directory.path, "report.csv");
    const part = `${path}.part`;
    const other = join(directory.path, "other");
    await writeFile(other, "precious");
    const plants = {
      link: () => symlink(other, part),
      pipe: () => promisify(execFile)("mkfifo", [part]),
      file: () => link(other, part),
    };
    for (const plant of Object.values(plants)) {
      await plant();
      await chmod(other, 0o666);
      await writeWhole(path, "numbers", 0o600);
      expect(await readFile(path, "utf8")).toBe("numbers");
      expect((await lstat(path)).isFile()).toBe(true);
      expect((await stat(path)).mode & 0o777).toBe(0o600);
      expect(await readFile(other, "utf8")).toBe("precious");
    }
  },
);

it("a process that ends in the middle of a file leaves nothing of it behind", async () => {
  await using directory = await folder();
  const module = fileURLToPath(new URL("../../cli/whole-file.ts", import.meta.url));
  const script = `
    import { existsSync } from "node:fs";
    import { writeWhole } from ${JSON.stringify(module)};
    const path = process.argv[1];
    async function* endless() {
      while (!existsSync(path + ".part")) yield Buffer.from("half");
      process.exit(7);
    }
    await writeWhole(path, endless());`;
  const run = promisify(execFile)(process.execPath, [
    "--input-type=module",
    "-e",
    script,
    join(directory.path, "report.csv"),
  ]);
  await expect(run).rejects.toMatchObject({ code: 7 });
  expect(await readdir(directory.path)).toEqual([]);
});

it("a report of which a file cannot be copied has the others whole, and no half of that one", async () => {
  await using directory = await folder();
  const bucket = createMemoryBucket();
  await bucket.put("reports/spring/report.csv", "to\r\n", "text/csv");
  await bucket.put("reports/spring/report.xlsx", "whole", "application/octet-stream");
  const cut: typeof bucket.get = async (key) => {
    const object = await bucket.get(key);
    return object !== undefined && key.endsWith(".xlsx") ? { ...object, body: cutOff() } : object;
  };
  await expect(copyReport({ ...bucket, get: cut }, "spring", directory.path)).rejects.toThrow("The other half");
  expect(await readdir(directory.path)).toEqual(["report.csv"]);
});

it("a report is copied without those of campaigns whose names begin with its campaign's", async () => {
  await using directory = await folder();
  const bucket = createMemoryBucket();
  await bucket.put("reports/spring/report.csv", "to\r\n", "text/csv");
  await bucket.put("reports/spring/2/report.csv", "other\r\n", "text/csv");
  expect(await copyReport(bucket, "spring", directory.path)).toEqual(["report.csv"]);
  expect(await readdir(directory.path)).toEqual(["report.csv"]);
});
