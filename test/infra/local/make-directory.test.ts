import { chmod, chown, lchown, mkdir, mkdtempDisposable, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import {
  makePrivateDirectory,
  makeReportDirectory,
  tryReportDirectory,
  UnusableDirectory,
} from "../../../infra/local/make-directory.ts";

test("a directory is made with those above it, for its owner alone, and may be there already", async () => {
  await using directory = await mkdtempDisposable(join(tmpdir(), "bulk-send-directory-"));
  const path = join(directory.path, "deep", "er");
  await Promise.all([makePrivateDirectory(path), makePrivateDirectory(path)]);
  await makePrivateDirectory(path);
  for (const made of [path, join(path, "..")]) expect((await stat(made)).mode & 0o777).toBe(0o700);
});

test("a directory that others could look into is closed to them", async () => {
  await using directory = await mkdtempDisposable(join(tmpdir(), "bulk-send-directory-"));
  const path = join(directory.path, "open");
  await mkdir(path);
  await chmod(path, 0o777);
  await makePrivateDirectory(path);
  expect((await stat(path)).mode & 0o777).toBe(0o700);
});

test("a directory that cannot be is refused with the reason, instead of trying for ever", async () => {
  await using directory = await mkdtempDisposable(join(tmpdir(), "bulk-send-directory-"));
  const file = join(directory.path, "file");
  await writeFile(file, "");
  for (const path of [file, join(file, "below")]) {
    const making = makePrivateDirectory(path);
    await expect(making).rejects.toThrow(UnusableDirectory);
    await expect(making).rejects.toThrow(/^\/.+ cannot be used as a data directory: a file is in the way\. Choose/);
  }
});

test.runIf(process.platform === "linux")("a parent that takes no directory is one of them", async () => {
  await expect(makePrivateDirectory("/proc/bulk-send/data")).rejects.toThrow("nothing can be created there");
  await expect(makeReportDirectory("/proc/reports/spring")).rejects.toThrow(
    "No report can be put into /proc/reports/spring: nothing can be created there. Choose another directory.",
  );
});

test("a directory for reports is its owner's alone where it is made, and stays as it is where it exists", async () => {
  await using directory = await mkdtempDisposable(join(tmpdir(), "bulk-send-directory-"));
  const theirs = join(directory.path, "shared");
  await mkdir(theirs);
  await chmod(theirs, 0o755);
  const path = join(theirs, "reports", "spring");
  await makeReportDirectory(path);
  await makeReportDirectory(theirs);
  expect((await stat(theirs)).mode & 0o777).toBe(0o755);
  for (const made of [path, join(path, "..")]) expect((await stat(made)).mode & 0o777).toBe(0o700);
});

test.runIf(process.getuid?.() === 0)("no report is put where somebody else's link leads", async () => {
  await using directory = await mkdtempDisposable(join(tmpdir(), "bulk-send-directory-"));
  const [ours, reports] = [join(directory.path, "ours"), join(directory.path, "reports")];
  await mkdir(ours);
  await symlink(ours, reports);
  for (const make of [makeReportDirectory, tryReportDirectory]) await make(join(reports, "spring"));
  await lchown(reports, 65_534, 65_534);
  for (const make of [makeReportDirectory, tryReportDirectory]) {
    for (const path of [reports, join(reports, "spring"), join(reports, "summer")]) {
      await expect(make(path)).rejects.toThrow(
        `No report can be put into ${path}: ${reports} is a link that belongs to somebody else. Choose another directory.`,
      );
    }
  }
  await expect(stat(join(ours, "summer"))).rejects.toThrow("ENOENT");
});

test.runIf(process.getuid?.() === 0)("root does not keep anything in a directory of somebody else's", async () => {
  await using directory = await mkdtempDisposable(join(tmpdir(), "bulk-send-directory-"));
  const path = join(directory.path, "theirs");
  await mkdir(path);
  await chown(path, 65_534, 65_534);
  await chmod(path, 0o755);
  await expect(makePrivateDirectory(path)).rejects.toThrow("it belongs to somebody else");
  expect((await stat(path)).mode & 0o777).toBe(0o755);
});

test.runIf(process.getuid?.() === 0)("a link of somebody else's leads to no data directory", async () => {
  await using directory = await mkdtempDisposable(join(tmpdir(), "bulk-send-directory-"));
  const [own, link] = [join(directory.path, "own"), join(directory.path, "link")];
  await mkdir(own);
  await chmod(own, 0o755);
  await symlink(own, link);
  await lchown(link, 65_534, 65_534);
  await expect(makePrivateDirectory(link)).rejects.toThrow("it belongs to somebody else");
  expect((await stat(own)).mode & 0o777).toBe(0o755);
  await lchown(link, 0, 0);
  await makePrivateDirectory(link);
  expect((await stat(own)).mode & 0o777).toBe(0o700);
});

test.runIf(process.getuid?.() === 0)("what others have put into a directory while they could is not used", async () => {
  await using directory = await mkdtempDisposable(join(tmpdir(), "bulk-send-directory-"));
  await chmod(directory.path, 0o777);
  const planted = join(directory.path, "secrets.json.next");
  await symlink("/tmp/elsewhere", planted);
  await makePrivateDirectory(directory.path);
  await lchown(planted, 65_534, 65_534);
  await expect(makePrivateDirectory(directory.path)).rejects.toThrow(
    "cannot be used as a data directory: secrets.json.next in it belongs to somebody else. Choose another with --data.",
  );
});
