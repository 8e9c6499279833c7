import { mkdtempDisposable } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openAtRest } from "../../cli/local-cloud.ts";
import { openStackHere, putInOrder } from "../../cli/put-in-order.ts";
import type { Stack } from "../../cli/stack.ts";
import type { PauseCode } from "../../shared/account/pause.ts";

const endpoint = "https://pbx.example.com/api/json";
const credentials = { username: "ann", password: "first" };

let resources: AsyncDisposableStack;
let stack: Stack;
let dataDir: string;

beforeAll(async () => {
  await using starting = new AsyncDisposableStack();
  dataDir = starting.use(await mkdtempDisposable(join(tmpdir(), "put-in-order-"))).path;
  stack = starting.use(openStackHere(starting.use(await openAtRest(dataDir))));
  resources = starting.move();
});

afterAll(() => resources?.disposeAsync());

/** Starts as it was left, but for what is changed: `before` is the endpoint of the time before. */
const start = (changes: { before?: string; password?: string; rate?: number } = {}) => {
  const { before = endpoint, password = credentials.password, rate } = changes;
  const settings = { simulated: false, sendsPerSecond: 10 };
  return putInOrder(
    stack,
    { dataDir, endpoint, rate },
    {
      before: { ...settings, endpoint: before },
      now: { ...settings, endpoint },
      credentials: { ...credentials, password },
    },
  );
};

const pause = (code: PauseCode) =>
  stack.account.change((account, at) => ({
    account: { ...account, pause: { code, reason: "So it was.", at } },
    result: undefined,
  }));

const paused = async () => (await stack.account.read()).pause?.code;

test.each(["credentials", "privilege"] as const)(
  "other credentials end a pause for %s, the same ones do not",
  async (code) => {
    await start();
    await pause(code);
    await start();
    expect(await paused()).toBe(code);
    await start({ before: "https://old.example.com/api/json" });
    expect(await paused()).toBe(code);
    await start({ password: `for ${code}` });
    expect(await paused()).toBeUndefined();
  },
);

test("another endpoint ends a pause of the endpoint, the same one does not", async () => {
  await start();
  await pause("endpoint");
  await start();
  await start({ password: "another" });
  expect(await paused()).toBe("endpoint");
  await start({ before: "https://old.example.com/api/json" });
  expect(await paused()).toBeUndefined();
});

test("a person's pause stays, whatever else has changed", async () => {
  await pause("person");
  await start({ before: "https://old.example.com/api/json", password: "yet another", rate: 20 });
  expect(await paused()).toBe("person");
});

test("a rate that was set stays, unless one is given", async () => {
  await stack.account.change((account) => ({ account: { ...account, rate: 5 }, result: undefined }));
  await start();
  expect((await stack.account.read()).rate).toBe(5);
  await start({ rate: 20 });
  expect((await stack.account.read()).rate).toBeUndefined();
});
