import { mkdtempDisposable } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { replayJournal } from "../../../infra/local/s3/journal.ts";
import { runProgram } from "../../support/run-program.ts";

const writer = fileURLToPath(new URL("./fixtures/journal-process.ts", import.meta.url));

test("what the journal said is on disk is read from it again, also when lines in between found no room or only a little", async () => {
  await using directory = await mkdtempDisposable(join(tmpdir(), "bulk-send-journal-"));
  const file = join(directory.path, "journal.ndjson");
  // As on a full disk, only without one: no file may become larger than one or two kilobytes, as the shell counts.
  const limited = ["-c", 'ulimit -f 2 && exec "$@"', "sh", process.execPath, writer, file];
  // A long line that is begun where there is room for a part of it, and after each a short one.
  const lengths = [300, 300, 5_000, 100, 5_000, 100, 5_000];
  const { code, text } = await runProgram("sh", [...limited, ...lengths.map(String)]);
  expect(code, text).toBe(0);
  const kept: unknown = JSON.parse(text);
  expect(kept).toHaveLength(4);
  const read: string[] = [];
  await replayJournal(file, (line) => read.push("remove" in line ? line.remove : ""));
  expect(read).toEqual(kept);
});
