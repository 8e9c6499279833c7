import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { connect, Failure, Refused, Replaced } from "../../library/index.ts";
import { list, workplace } from "../cli/workplace.ts";
import { within } from "../support/within.ts";

test("a program uploads a list to what serve runs, waits for it and copies its report", async () => {
  await using place = await workplace();
  await expect(connect({ data: place.path })).rejects.toThrow(Failure);
  // Nobody is told to start the simulator in the directory of what is really sent.
  const meant = await connect({ data: join(place.path, ".bulk-send") }).catch(String);
  expect(meant).toMatch(/^Failure: Nothing is running on .*\.bulk-send\. Name the directory.*\.bulk-send-simulator/u);
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

  // Of what was uploaded under the name, another version is another list.
  const another = { version: "another" };
  await expect(bulkSend.wait("spring", another)).rejects.toThrow(Replaced);
  await expect(bulkSend.status("spring", another)).rejects.toThrow("Another list was uploaded as spring");
  expect(await bulkSend.status("spring", first)).toMatchObject({ state: "complete", rows: 12 });
  const asked = await place.bulkSend(["status", "spring", "--local", "--upload", "another"]);
  expect(asked).toMatchObject({ code: 1, err: expect.stringContaining("Another list was uploaded as spring") });
  const watched = await place.bulkSend(["status", "spring", "--local", "--watch", "--upload", "another"]);
  expect(watched).toMatchObject({ code: 1, err: expect.stringContaining("Another list was uploaded as spring") });

  const nobody = new TextEncoder().encode("phone,message,snumber\nabc,Hello,100\n");
  await expect(bulkSend.upload({ fileName: "nobody.csv", content: nobody })).rejects.toThrow(
    "Nothing was uploaded: every",
  );
  const left = { fileName: "not-sent.csv", content: new TextEncoder().encode(list(1)) };
  await expect(bulkSend.upload(left)).rejects.toThrow("no name for a campaign. Name it with `name`, such as spring-2.");
  expect(await bulkSend.status("nobody")).toMatchObject({ state: "absent" });

  const rivals = [2, 3].map((rows) => ({ fileName: "both.csv", content: new TextEncoder().encode(list(rows)) }));
  const [two, three] = await Promise.allSettled(rivals.map((rival) => bulkSend.upload(rival)));
  const [winner, loser] = two?.status === "fulfilled" ? [two, three] : [three, two];
  expect(loser).toMatchObject({ status: "rejected", reason: expect.any(Refused) });
  const won = winner?.status === "fulfilled" ? winner.value : undefined;
  const sent = await within("the first of both is complete", bulkSend.wait("both", { version: won?.version }));
  expect(sent).toMatchObject({ kind: "complete", summary: { counts: { submitted: winner === two ? 2 : 3 } } });

  const never = { fileName: "never.csv", content: endless() };
  const stopping = new AbortController();
  const stopped = bulkSend.upload(never, { signal: stopping.signal });
  stopping.abort(new Error("enough"));
  await expect(stopped).rejects.toThrow("enough");
  const late = bulkSend.upload(path, { name: "never", signal: AbortSignal.abort(new Error("too late")) });
  await expect(late).rejects.toThrow("too late");
  expect(await bulkSend.status("never")).toEqual({ name: "never", state: "absent" });

  expect(await bulkSend.upload(path)).toEqual({ name: "spring", uploaded: false });
  expect(await bulkSend.upload(path, { options: {} })).toEqual({ name: "spring", uploaded: false });
  await expect(bulkSend.upload(path, { options: { duplicates: "send" } })).rejects.toThrow(
    "This list was sent as spring with other options",
  );
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

  // A list that the stack has refused gives way to the one that is corrected.
  const refusedList = { fileName: "mended.csv", content: new TextEncoder().encode("phone\n+447700900001\n") };
  const sendAfter = new Date(Date.now() + 1000 * 24 * 3600_000).toISOString();
  const refused = await bulkSend.upload(refusedList, { options: { message: "Hi", sendAfter } });
  const why = await within("the list that would outlive its ledger is refused", bulkSend.wait("mended", refused));
  expect(why).toMatchObject({ kind: "refused" });
  const corrected = await bulkSend.upload(refusedList, { options: { message: "Hi" } });
  expect(corrected).toMatchObject({ uploaded: true });
  const mended = await within("the corrected list is complete", bulkSend.wait("mended", corrected));
  expect(mended).toMatchObject({ kind: "complete", summary: { counts: { submitted: 1 } } });

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

/** A list that never ends, and whose next bytes never come. */
async function* endless(): AsyncGenerator<Uint8Array> {
  yield new TextEncoder().encode(list(1));
  await new Promise(() => {});
}
