import { expect, it } from "vitest";
import type { CommittedCampaign } from "../../shared/campaign/campaign.ts";
import { createBatchGroups } from "../../shared/feed/batch-groups.ts";
import { running } from "../support/factories.ts";
import { quiet } from "../support/manual-clock.ts";

/** A queue that takes a group only when it is told to. */
function slowQueue() {
  const taken: string[] = [];
  const waiting: (() => void)[] = [];
  const enqueue = async (bodies: readonly string[]) => {
    await new Promise<void>((resolve) => waiting.push(resolve));
    taken.push(...bodies);
  };
  const change = async (from: CommittedCampaign, _when: object, to: object) => ({ ...from, ...to });
  return { taken, waiting, enqueue, change };
}

it("a group is on its way while the next is read, and goes out only once the one before has got through", async () => {
  const { taken, waiting, enqueue, change } = slowQueue();
  const groups = createBatchGroups({ campaigns: { change }, enqueue }, running({ lastBatch: 9 }));
  // Nothing is before the first: reading goes on though the queue has not taken it.
  const first = groups.send(["a"], { pointer: 1, pointerRows: 2 }, 0);
  expect(await Promise.race([first, quiet().then(() => "waits")])).toBe(true);
  const second = groups.send(["b"], { pointer: 2, pointerRows: 4 }, 0);
  await quiet();
  expect([taken, waiting.length, groups.campaign().pointer]).toEqual([[], 1, 0]);

  waiting.shift()?.();
  expect(await second).toBe(true);
  await quiet();
  expect([taken, waiting.length, groups.campaign().pointer]).toEqual([["a"], 1, 1]);

  waiting.shift()?.();
  expect(await groups.sent()).toBe(true);
  expect([taken, groups.campaign().pointer]).toEqual([["a", "b"], 2]);
});

it("a group without batches moves the pointer, and the queue hears nothing of it", async () => {
  const { waiting, enqueue, change } = slowQueue();
  const groups = createBatchGroups({ campaigns: { change }, enqueue }, running({ lastBatch: 9 }));
  await groups.send([], { pointer: 3, pointerRows: 6 }, 0);
  expect(await groups.sent()).toBe(true);
  expect([waiting.length, groups.campaign().pointer]).toEqual([0, 3]);
});

it("where somebody else has moved the pointer, nothing more is sent and the campaign is as it was", async () => {
  const campaign = running({ lastBatch: 9 });
  const taken: string[] = [];
  const enqueue = async (bodies: readonly string[]) => void taken.push(...bodies);
  const groups = createBatchGroups({ campaigns: { change: async () => undefined }, enqueue }, campaign);
  await groups.send(["a"], { pointer: 1, pointerRows: 2 }, 0);
  expect(await groups.send(["b"], { pointer: 2, pointerRows: 4 }, 0)).toBe(false);
  expect(await groups.sent()).toBe(false);
  expect([taken, groups.campaign()]).toEqual([["a"], campaign]);
});
