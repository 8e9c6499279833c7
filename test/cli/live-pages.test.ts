import { mkdtempDisposable, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createLivePages } from "../../cli/live-pages.ts";
import { liveSummary } from "../../shared/report/live-summary.ts";
import type { Summary } from "../../shared/report/summary.ts";
import { campaign } from "../report/factories.ts";
import { nineOClock } from "../support/manual-clock.ts";

/** A campaign of which so many rows were accepted, as its page shows it. */
function lookAt(submitted: number, isPaused: boolean): Summary {
  const tally = { submitted, failed: 0, unknown: 0, skipped: 0, recentCalls: 0, recentFailed: 0 };
  const pause = isPaused
    ? ({ code: "person", reason: "Paused by anna.", at: nineOClock, by: "anna" } as const)
    : undefined;
  const state = isPaused ? "paused" : "running";
  return liveSummary(campaign({ state, pause, tally, end: undefined }), { account: { rate: 100 } }, nineOClock);
}

/** The state and the accepted rows on the page that these looks leave, where one quickly follows the other. */
async function pageAfter(looks: readonly Summary[], before?: unknown) {
  await using directory = await mkdtempDisposable(join(tmpdir(), "bulk-send-pages-"));
  const summary = join(directory.path, "summary.json");
  if (before !== undefined) await writeFile(summary, JSON.stringify(before));
  const problems: unknown[] = [];
  const pages = createLivePages({
    campaigns: { all: async function* () {} },
    directory: directory.path,
    indexIn: undefined,
    onProblem: (error) => problems.push(error),
  });
  for (const look of looks) pages.show(look.state, async () => look);
  await pages.stop();
  expect(problems).toEqual([]);
  const { state, counts } = JSON.parse(await readFile(summary, "utf8"));
  return [state, counts?.submitted];
}

test("a page that was just written is not written again, but a pause is on it when following ends", async () => {
  expect(await pageAfter([lookAt(2, false), lookAt(3, false)])).toEqual(["running", 2]);
  expect(await pageAfter([lookAt(2, false), lookAt(3, true), lookAt(4, true)])).toEqual(["paused", 4]);
  // It went on again.
  expect(await pageAfter([lookAt(2, false), lookAt(3, true), lookAt(4, false)])).toEqual(["running", 2]);
});

test("the report of an earlier campaign stays until the new one takes its place; that of a simulation does not", async () => {
  const looks = [lookAt(2, false), lookAt(3, true)];
  expect(await pageAfter(looks, { state: "complete", counts: { submitted: 9 } })).toEqual(["complete", 9]);
  expect(await pageAfter(looks, { state: "complete", simulated: true })).toEqual(["paused", 3]);
  expect(await pageAfter(looks, { state: "running" })).toEqual(["paused", 3]);
});
