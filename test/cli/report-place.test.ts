import { mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { list, workplace } from "./workplace.ts";

const lastLine = (text: string) => text.trimEnd().split("\n").at(-1);

test("where no report can be put, run says so before anything is sent or uploaded, for what goes on, too", async () => {
  await using place = await workplace();
  await place.write("spring.csv", list(2));
  await place.write("file", "");
  const unusable = {
    file: "a file is in the way",
    // One is a folder that is there and takes nothing.
    ...(process.platform === "linux"
      ? { "/proc/self": "nothing can be created there", "/proc/x": "nothing can be created there" }
      : {}),
  };
  for (const [out, why] of Object.entries(unusable)) {
    const { code, err } = await place.bulkSend(["run", "spring.csv", "--out", out]);
    const sentence = `No report can be put into ${out}: ${why}. Choose another directory. Nothing is sent until its report has a place (--out).`;
    expect([code, lastLine(err)]).toEqual([1, sentence]);
  }
  expect((await place.bulkSend(["list", "--local", "--json"])).out.trim()).toBe("[]");

  const data = ["--data", ".bulk-send-simulator"];
  expect(await place.bulkSend(["upload", "spring.csv", ...data])).toMatchObject({ code: 0 });
  const { code, err } = await place.bulkSend(["run", "spring.csv", "--out", "file"]);
  expect([code, lastLine(err)]).toEqual([1, expect.stringContaining("Nothing is sent until")]);
  expect(await place.simulatedCalls()).toEqual([]);

  expect(await place.bulkSend(["run", "spring.csv", "--out", "report"])).toMatchObject({ code: 0 });
  expect(await place.simulatedCalls()).toHaveLength(2);
  expect(await readdir(join(place.path, "report"))).not.toContainEqual(expect.stringMatching(/^\./u));
});

test("a report that cannot be copied in the end is said to be of a list that was sent, and can be copied later and elsewhere", async () => {
  await using place = await workplace();
  await place.write("spring.csv", list(2));
  const inTheWay = join(place.path, "out", "report.csv");
  await mkdir(inTheWay, { recursive: true });
  const run = ["run", "spring.csv", "--out", "out"];
  const { code, out, err } = await place.bulkSend(run);
  expect([code, out]).toEqual([1, ""]);
  const said = lastLine(err) ?? "";
  expect(said).toMatch(
    /^spring \(simulated\): 2 rows: 2 submitted\. But the report cannot be put into out: .+\. Once that is fixed, the same command copies it and sends nothing again\. To copy it elsewhere: npx bulk-send report spring --data \.bulk-send-simulator --out elsewhere$/u,
  );
  const [, elsewhere = ""] = said.split("npx bulk-send ");
  expect(await place.bulkSend(elsewhere.split(" "))).toMatchObject({ code: 0 });
  expect(await readdir(join(place.path, "elsewhere"))).toContain("report.csv");

  await rm(inTheWay, { recursive: true });
  expect(await place.bulkSend(run)).toMatchObject({ code: 0, err: expect.stringContaining("nothing is sent again") });
  expect(await readdir(join(place.path, "out"))).toContain("report.csv");
  expect(await place.simulatedCalls()).toHaveLength(2);
});
