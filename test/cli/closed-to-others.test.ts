import { execFileSync } from "node:child_process";
import { mkdir, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { workplace } from "./workplace.ts";

/** What others may do with a file or folder, in octal digits: 0 is nothing. */
const forOthers = async (path: string) => ((await stat(path)).mode & 0o077).toString(8);

/** The files and folders below a folder that others may do something with. */
async function openBelow(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder, { recursive: true });
  const open = await Promise.all(
    names.map(async (name) => ((await forOthers(join(folder, name))) === "0" ? [] : [name])),
  );
  return open.flat().toSorted();
}

test.skipIf(process.platform === "win32")(
  "nobody else on the machine reads a report, a list, a log, a mail or a password",
  async () => {
    await using place = await workplace();
    await place.write("list.csv", "to,text\n447700900001,Hello\n");
    const args = ["run", "list.csv", "--from", "441234", "--data", "data"];
    expect(await place.bulkSend(args)).toMatchObject({ code: 0 });
    expect(await forOthers(join(place.path, "data"))).toBe("0");
    expect(await forOthers(join(place.path, "reports"))).toBe("0");
    const kept = await readdir(join(place.path, "data"));
    expect(kept).toEqual(expect.arrayContaining(["dynamodb", "logs", "mails", "s3", "secrets.json", "simulator"]));
    // What libraries write has the rights of their choice, in folders that are closed.
    const open = await openBelow(join(place.path, "data"));
    expect(open.filter((name) => !name.startsWith("dynamodb/"))).toEqual([]);
    expect(await openBelow(join(place.path, "reports"))).toEqual([]);
  },
);

test.skipIf(process.platform === "win32")("a pipe where the report will be is replaced, not waited for", async () => {
  await using place = await workplace();
  await place.write("list.csv", "to,text\n447700900001,Hello\n");
  await mkdir(join(place.path, "out"));
  for (const file of ["summary.json", "report.csv", "report.html"])
    execFileSync("mkfifo", [join(place.path, "out", file)]);
  const args = ["run", "list.csv", "--from", "441234", "--data", "data", "--out", "out"];
  expect(await place.bulkSend(args)).toMatchObject({ code: 0 });
  expect(JSON.parse(await place.read("out/summary.json"))).toMatchObject({ state: "complete" });
  expect(await place.read("out/report.csv")).toContain("submitted");
});
