import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createEnvironments } from "../../../infra/local/functions/environments.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** How long an environment takes to start here, in milliseconds. */
const startMs = 400;

/** Environments that are ready after a while, or fail to start when told so, and take `endMs` to end; `started` are their numbers, in order. */
function environments(fails: (number: number) => boolean = () => false, endMs = 0) {
  const started: number[] = [];
  const exits: (() => void)[] = [];
  const ended: number[] = [];
  const made = createEnvironments((onExit) => {
    const number = started.push(started.length);
    exits.push(onExit);
    const ready = Promise.withResolvers<void>();
    setTimeout(() => {
      if (!fails(number)) return ready.resolve();
      onExit();
      ready.reject(new Error(`number ${number} does not start`));
    }, startMs);
    const end = async () => {
      ended.push(number);
      if (endMs === 0) onExit();
      else setTimeout(onExit, endMs);
    };
    return { number, ready: ready.promise, end };
  });
  return { ...made, started, exits, ended };
}

test("invocations that come while one environment starts take turns with it, if it is soon free again", async () => {
  const { take, giveBack, start, started } = environments();
  start();
  const three = Promise.all(
    [1, 2, 3].map(async () => {
      const environment = await take();
      setTimeout(() => giveBack(environment), 50);
      return environment.number;
    }),
  );
  await vi.advanceTimersByTimeAsync(10 * startMs);
  expect(await three).toEqual([1, 1, 1]);
  expect(started).toHaveLength(1);
});

test("where one stays busy three times as long as a start takes, each that waits gets another", async () => {
  const { take, start, started } = environments();
  start();
  const taken: number[] = [];
  for (let invocation = 1; invocation <= 4; invocation++) void take().then(({ number }) => taken.push(number));
  await vi.advanceTimersByTimeAsync(startMs);
  expect(taken).toEqual([1]);
  await vi.advanceTimersByTimeAsync(3 * startMs - 1);
  expect(started).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(started).toHaveLength(4);
  await vi.advanceTimersByTimeAsync(startMs);
  expect(taken.toSorted()).toEqual([1, 2, 3, 4]);
});

test("where starting takes no time, one that is busy is waited for a second all the same", async () => {
  let started = 0;
  const { take, start } = createEnvironments(() => {
    started++;
    return { ready: Promise.resolve(), end: async () => {} };
  });
  start();
  await take();
  void take();
  await vi.advanceTimersByTimeAsync(999);
  expect(started).toBe(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(started).toBe(2);
});

test("what cannot start fails one invocation, and the others get another environment", async () => {
  const { take } = environments((number) => number === 1);
  const first = take().catch((error: unknown) => String(error));
  const second = take();
  await vi.advanceTimersByTimeAsync(3 * startMs);
  expect(await first).toContain("number 1 does not start");
  expect((await second).number).toBe(2);
});

test("one that has ended is not handed out again, and whoever waits for it gets another", async () => {
  const { take, all, exits } = environments();
  const first = take();
  await vi.advanceTimersByTimeAsync(startMs);
  expect((await first).number).toBe(1);
  const second = take();
  exits[0]?.();
  expect(all.size).toBe(1);
  await vi.advanceTimersByTimeAsync(startMs);
  expect((await second).number).toBe(2);
});

test("nobody waits for an environment when all are ended for good", async () => {
  const { take, close } = environments();
  const first = take();
  close();
  await expect(first).rejects.toThrow("the embedded cloud is closing");
});

test("of those that have been free for seconds one is kept, and the others are ended", async () => {
  const { take, giveBack, start, started, ended, all } = environments();
  for (let count = 0; count < 3; count++) start();
  await vi.advanceTimersByTimeAsync(startMs);
  const busy = await take();
  await vi.advanceTimersByTimeAsync(4_999);
  expect(ended).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  expect(ended).toHaveLength(1);
  expect(all.size).toBe(2);
  // What is in use does not count, and is ended as the others are when it has been free for long.
  giveBack(busy);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(ended).toHaveLength(2);
  expect(all.size).toBe(1);
  await vi.advanceTimersByTimeAsync(60_000);
  const kept = await take();
  expect(started).toHaveLength(3);
  expect(ended).not.toContain(kept.number);
});

test("one that is used now and then is not ended for having been free before", async () => {
  const { take, giveBack, start, ended } = environments();
  start();
  start();
  await vi.advanceTimersByTimeAsync(startMs);
  for (let time = 0; time < 5; time++) {
    const [one, other] = [await take(), await take()];
    await vi.advanceTimersByTimeAsync(100);
    giveBack(one);
    giveBack(other);
    await vi.advanceTimersByTimeAsync(4_000);
  }
  expect(ended).toEqual([]);
});

test("the last one is ended when nobody has used it for a minute and a half, and another is started when it is needed", async () => {
  const { take, giveBack, start, started, ended, all } = environments();
  start();
  await vi.advanceTimersByTimeAsync(startMs);
  // What is called every minute is kept.
  for (let minute = 0; minute < 3; minute++) {
    await vi.advanceTimersByTimeAsync(60_000);
    giveBack(await take());
  }
  await vi.advanceTimersByTimeAsync(89_999);
  expect(ended).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  expect(ended).toEqual([1]);
  expect(all.size).toBe(0);
  const next = take();
  await vi.advanceTimersByTimeAsync(startMs);
  expect((await next).number).toBe(2);
  expect(started).toHaveLength(2);
});

test("an invocation that comes while the last one is being ended gets another, as soon as there may be one", async () => {
  const endMs = 300;
  const { take, start, ended } = environments(undefined, endMs);
  start();
  await vi.advanceTimersByTimeAsync(startMs + 90_000);
  expect(ended).toEqual([1]);
  const next = take();
  await vi.advanceTimersByTimeAsync(endMs + startMs);
  expect((await next).number).toBe(2);
});
