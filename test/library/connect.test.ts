import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { connect, Failure, Refused } from "../../library/index.ts";
import { list, workplace } from "../cli/workplace.ts";
import { within } from "../support/within.ts";

test("a program uploads a list to what serve runs, waits for it and copies its report", async () => {
  await using place = await workplace();
  await expect(connect({ data: place.path })).rejects.toThrow(Failure);
  await using served = place.start(["serve", "--rate", "50"]);
  await expect.poll(() => served.out()).toContain("\n");
  const bulkSend = await connect({ data: join(place.path, ".bulk-send-simulator") });

  expect(await bulkSend.status("spring")).toEqual({ name: "spring", state: "absent" });
  await expect(bulkSend.wait("spring")).rejects.toThrow("There is no campaign spring.");
  await expect(bulkSend.report("spring", place.path)).rejects.toThrow("There is no report for spring");
  for (const impossible of ["", "a".repeat(2_000)]) {
    await expect(bulkSend.status(impossible)).rejects.toThrow(Refused);
    await expect(bulkSend.wait(impossible)).rejects.toThrow("is no campaign's name");
    await expect(bulkSend.report(impossible, place.path)).rejects.toThrow(Refused);
  }

  const path = join(place.path, "spring.csv");
  await writeFile(path, list(12));
  const first = await bulkSend.upload(path);
  expect(first).toMatchObject({ name: "spring", uploaded: true, version: expect.any(String) });
  const ended = await within("spring is complete", bulkSend.wait("spring", { version: first.version }));
  expect(ended).toMatchObject({ kind: "complete", summary: { counts: { submitted: 12 } } });
  expect(await bulkSend.status("spring")).toMatchObject({ state: "complete", rows: 12 });
  const { files, summary } = await bulkSend.report("spring", join(place.path, "copy"));
  expect(files).toEqual(expect.arrayContaining(["report.csv", "report.html", "summary.json"]));
  expect(summary.counts.submitted).toBe(12);

  expect(await bulkSend.upload(path)).toEqual({ name: "spring", uploaded: false });
  const other = { fileName: "spring.csv", content: new TextEncoder().encode(list(13)) };
  await expect(bulkSend.upload(other)).rejects.toThrow(Refused);
  await expect(bulkSend.upload(other)).rejects.toThrow("give the corrected list another name with `name`");
  await expect(bulkSend.report("spring", path)).rejects.toThrow(Failure);
  const useless = { fileName: "bad.csv", content: new TextEncoder().encode("name\nAnn\n") };
  await expect(bulkSend.upload(useless)).rejects.toThrow(Refused);
  expect(await bulkSend.status("bad")).toEqual({ name: "bad", state: "absent" });
  // What only the stack's settings would give is left to the stack.
  const lacking = { fileName: "lacking.csv", content: new TextEncoder().encode("phone\n07700900001\n") };
  const { version } = await bulkSend.upload(lacking, { options: { message: "Hi", snumber: "100" } });
  const outcome = await within("lacking is judged", bulkSend.wait("lacking", { version }));
  expect(["complete", "refused"]).toContain(outcome.kind);

  await place.bulkSend(["pause", "--local"]);
  await bulkSend.upload(other, { name: "held" });
  const paused = await within("held is paused", bulkSend.wait("held"));
  expect(paused).toMatchObject({ kind: "paused" });
  expect(await bulkSend.status("held")).toMatchObject({ state: "paused", remaining: 13 });
  await place.bulkSend(["resume", "--local"]);
  await expect(bulkSend.wait("held", { signal: AbortSignal.abort(new Error("enough")) })).rejects.toThrow("enough");
  await bulkSend.close();
  expect(await place.simulatedCalls()).not.toEqual([]);
});
