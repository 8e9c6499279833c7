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

/** Environments that are ready after a while, or fail to start when told so; `started` are their numbers, in order. */
function environments(fails: (number: number) => boolean = () => false) {
  const started: number[] = [];
  const exits: (() => void)[] = [];
  const made = createEnvironments((onExit) => {
    const number = started.push(started.length);
    exits.push(onExit);
    const ready = Promise.withResolvers<void>();
    setTimeout(() => {
      if (!fails(number)) return ready.resolve();
      onExit();
      ready.reject(new Error(`number ${number} does not start`));
    }, startMs);
    return { number, ready: ready.promise };
  });
  return { ...made, started, exits };
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

test("where one stays busy as long as a start takes, each that waits gets another", async () => {
  const { take, start, started } = environments();
  start();
  const taken: number[] = [];
  for (let invocation = 1; invocation <= 4; invocation++) void take().then(({ number }) => taken.push(number));
  await vi.advanceTimersByTimeAsync(startMs);
  expect(taken).toEqual([1]);
  await vi.advanceTimersByTimeAsync(startMs - 1);
  expect(started).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(started).toHaveLength(4);
  await vi.advanceTimersByTimeAsync(startMs);
  expect(taken.toSorted()).toEqual([1, 2, 3, 4]);
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
