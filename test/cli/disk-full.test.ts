import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempDisposable, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { explainError } from "../../cli/explain-error.ts";
import { workplace } from "./workplace.ts";

const main = fileURLToPath(new URL("../../cli/main.ts", import.meta.url));
const promised = promisify(execFile);

it("where nothing more can be written a run ends with one sentence, however many calls were under way", async () => {
  await using directory = await mkdtempDisposable(join(tmpdir(), "bulk-send-limit-"));
  const list = join(directory.path, "large.csv");
  await writeFile(list, `to,text\n${`447700900001,${"x".repeat(150)}\n`.repeat(6_000)}`);
  // As on a full disk, only without one: no file may become larger than a few hundred kilobytes.
  const limited = ["-c", 'ulimit -f 400 && exec "$@"', "sh", process.execPath, main];
  const args = ["run", list, "--from", "441234", "--data", join(directory.path, "data"), "--out", directory.path];
  const failed: unknown = await promised("sh", [...limited, ...args]).catch((error: unknown) => error);
  expect(failed).toMatchObject({ code: 1 });
  const { stderr } = failed instanceof Error && "stderr" in failed ? failed : { stderr: "" };
  const complaints = String(stderr)
    .split("\n")
    .filter((line) => /EFBIG|too large|quota|disk|failed|at .*\.ts/iu.test(line));
  expect(complaints).toEqual([explainError(Object.assign(new Error("write"), { code: "EFBIG" })).sentence]);
});

it.each([
  ["serve", "--json"],
  ["console", "--no-open", "--json"],
])("where nothing more can be written %s ends with one sentence, and keeps what it had", async (...command) => {
  await using place = await workplace();
  const limited = ["-c", 'ulimit -f 400 && exec "$@"', "sh", process.execPath, main];
  const child = spawn("sh", [...limited, ...command, "--data", "data"], { cwd: place.path });
  let [out, err] = ["", ""];
  child.stdout.on("data", (chunk) => {
    out += String(chunk);
  });
  child.stderr.on("data", (chunk) => {
    err += String(chunk);
  });
  await expect.poll(() => out).toContain("\n");
  await place.write("small.csv", "to,text\n447700900001,Hello\n");
  const from = ["--from", "441234", "--data", "data"];
  expect(await place.bulkSend(["upload", "small.csv", ...from])).toMatchObject({ code: 0 });
  await place.write("large.csv", `to,text\n${`447700900001,${"x".repeat(150)}\n`.repeat(6_000)}`);
  const ended = once(child, "exit");
  expect((await place.bulkSend(["upload", "large.csv", ...from])).code).not.toBe(0);
  expect(await ended).toEqual([1, null]);
  const complaints = err.split("\n").filter((line) => /EFBIG|too large|quota|disk|failed|at .*\.ts/iu.test(line));
  expect(complaints).toEqual([explainError(Object.assign(new Error("write"), { code: "EFBIG" })).sentence]);
  expect((await place.bulkSend(["list", "--data", "data"])).out).toContain("small");
});

it.each([
  [{ code: "ENOSPC", message: "ENOSPC: no space left on device, write" }, /^The disk is full;/u],
  [{ message: "IO error: /data/000003.log: No space left on device" }, /^The disk is full;/u],
  [{ code: "EDQUOT", message: "EDQUOT: disk quota exceeded, write" }, /^The disk quota,/u],
  [{ message: "IO error: /data/000003.log: File too large" }, /^The disk quota,/u],
])("%j is said in a sentence that tells what to do", (fault, sentence) => {
  const said = explainError(Object.assign(new Error(fault.message), fault));
  expect(said.sentence).toMatch(sentence);
  expect(said.sentence).toContain("repeat the command, which continues where it left off.");
});

it("is said, too, where closing what was open fails after it, or because of it; else what went wrong first", () => {
  const full = Object.assign(new Error("write"), { code: "ENOSPC" });
  const other = new Error("The port was taken away.");
  const suppressed = (error: unknown, first: unknown) => new SuppressedError(error, first, "");
  for (const error of [
    suppressed(other, full),
    suppressed(full, other),
    suppressed(suppressed(other, full), other),
    suppressed(other, suppressed(other, full)),
  ]) {
    expect(explainError(error).sentence).toMatch(/^The disk is full;/u);
  }
  expect(explainError(suppressed(new Error("It was closed."), other)).sentence).toBe("The port was taken away.");
});
