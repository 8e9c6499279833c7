import { mkdtempDisposable } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { followCampaign, nextLookMs } from "../../cli/follow-campaign.ts";
import { openAtRest } from "../../cli/local-cloud.ts";
import { openStackHere } from "../../cli/put-in-order.ts";
import type { CommittedCampaign } from "../../shared/campaign/campaign.ts";
import { running } from "../support/factories.ts";

test("a campaign is looked at five times a second while there is news, and once a second when there is none", () => {
  expect([0, 1_000, 2_000].map((quietForMs) => nextLookMs(quietForMs, 10))).toEqual([200, 200, 200]);
  expect(nextLookMs(5_000, 10)).toBe(500);
  expect([10_000, 3_600_000].map((quietForMs) => nextLookMs(quietForMs, 10))).toEqual([1_000, 1_000]);
});

test("looking takes a fifth of the time at most, but a campaign is looked at once a second however long that takes", () => {
  expect(nextLookMs(0, 100)).toBe(400);
  expect(nextLookMs(0, 5_000)).toBe(1_000);
});

/**
 * Follows a campaign that is read as each of these in turn, the last one again and again. `atRead` hears how many were read; with `clock`,
 * no other time passes than what it says.
 */
async function followed(
  states: readonly CommittedCampaign[],
  atRead: (reads: number, stop: () => void) => void = () => {},
  clock?: { readonly msBetweenReads: number },
  nudges?: boolean,
) {
  await using directory = await mkdtempDisposable(join(tmpdir(), "bulk-send-follow-"));
  await using cloud = await openAtRest(directory.path);
  using stack = openStackHere(cloud);
  const stopping = new AbortController();
  const shown: number[] = [];
  let reads = 0;
  let nudged = 0;
  if (clock !== undefined) vi.useFakeTimers({ toFake: ["Date"] });
  onTestFinished(() => void vi.useRealTimers());
  const read = async () => {
    if (clock !== undefined) vi.setSystemTime(Date.now() + clock.msBetweenReads);
    atRead(++reads, () => stopping.abort());
    return states[Math.min(reads, states.length) - 1];
  };
  const nudge = async () => void nudged++;
  const result = await followCampaign({ ...stack, nudge, campaigns: { ...stack.campaigns, read } }, "spring", {
    target: [],
    nudges,
    signal: stopping.signal,
    show: ({ live }) => void shown.push(live.counts.submitted),
  });
  return { result, shown, nudges: nudged };
}

const counted = (submitted: number, changes: Partial<CommittedCampaign> = {}) =>
  running({ tally: { ...running().tally, submitted }, ...changes });
const paused = { state: "paused", pause: { code: "person", reason: "Paused by anna.", at: 0, by: "anna" } } as const;

test("a pause that comes while sending is shown ends with what is counted after it", async () => {
  const { result, shown } = await followed([counted(2), counted(2, paused), counted(5, paused), counted(6, paused)]);
  expect(result).toMatchObject({ kind: "paused", reason: "Paused by anna.", campaign: { tally: { submitted: 6 } } });
  expect(shown.at(-1)).toBe(6);
});

test("a campaign that is paused already is not followed, and one that goes on again is", async () => {
  const already = await followed([counted(2, paused), counted(5)]);
  expect(already).toMatchObject({ result: { kind: "paused", campaign: { tally: { submitted: 2 } } }, shown: [] });
  const again = await followed([counted(2), counted(2, paused), counted(5), counted(6, { state: "complete" })]);
  expect(again.result).toMatchObject({ kind: "complete", campaign: { tally: { submitted: 6 } } });
});

test("a pause is followed for a quarter of a minute at most, however long something is still counted", async () => {
  const endless = [counted(2), ...Array.from({ length: 20 }, (_, more) => counted(3 + more, paused))];
  const { result } = await followed(endless, undefined, { msBetweenReads: 3_000 });
  // Read at 0, 3, 6, 9, 12 and 15 s of the pause.
  expect(result).toMatchObject({ kind: "paused", campaign: { tally: { submitted: 8 } } });
});

test("each pause is given that time, also one that follows another", async () => {
  const between = Array.from({ length: 6 }, (_, more) => counted(3 + more));
  const states = [counted(2), counted(2, paused), ...between, counted(9, paused), counted(11, paused)];
  const { result } = await followed(states, undefined, { msBetweenReads: 3_000 });
  expect(result).toMatchObject({ kind: "paused", campaign: { tally: { submitted: 11 } } });
});

test("who waits for the end has the reporter look after three seconds without news, since a crash may have lost what would tell it", async () => {
  const quiet = [counted(2), counted(2), counted(2), counted(3), counted(3), counted(3, { state: "complete" })];
  const waits = await followed(quiet, undefined, { msBetweenReads: 2_000 }, true);
  // At reads 3 and, after the news of the fourth, 6, which is the last.
  expect(waits.nudges).toBe(1);
  expect((await followed(quiet, undefined, { msBetweenReads: 2_000 })).nudges).toBe(0);
});

test("who stops following a pause is told of it, since the same command would not go on; who stops what goes on, is not", async () => {
  const atThird = (reads: number, stop: () => void) => {
    if (reads === 3) stop();
  };
  expect(await followed([counted(2), counted(2, paused), counted(5, paused)], atThird)).toMatchObject({
    result: { kind: "paused", code: "person", campaign: { tally: { submitted: 5 } } },
  });
  expect((await followed([counted(2), counted(2, paused), counted(5)], atThird)).result).toEqual({
    kind: "interrupted",
  });
});
