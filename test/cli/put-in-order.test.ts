import { mkdtempDisposable } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readDataSettings } from "../../cli/data-directory.ts";
import { openAtRest } from "../../cli/local-cloud.ts";
import { openStackHere, putInOrder } from "../../cli/put-in-order.ts";
import type { Stack } from "../../cli/stack.ts";
import { freshAccount } from "../../shared/account/account.ts";
import type { PauseCode } from "../../shared/account/pause.ts";
import { running } from "../support/factories.ts";

const old = { endpoint: "https://old.example/api", credentials: { username: "anna", password: "old" } };

const pauses: readonly { readonly code: PauseCode; readonly fixed: Partial<typeof old>; readonly ends: boolean }[] = [
  { code: "endpoint", fixed: { endpoint: "https://new.example/api" }, ends: true },
  { code: "credentials", fixed: { credentials: { username: "anna", password: "new" } }, ends: true },
  { code: "privilege", fixed: { credentials: { username: "bert", password: "old" } }, ends: true },
  { code: "endpoint", fixed: { credentials: { username: "anna", password: "new" } }, ends: false },
  { code: "credentials", fixed: { endpoint: "https://new.example/api" }, ends: false },
  { code: "person", fixed: { endpoint: "https://new.example/api" }, ends: false },
  { code: "credentials", fixed: {}, ends: false },
];

test.each(pauses)(
  "a pause for $code, started with $fixed, ends: $ends, at whatever change of the account an earlier start was killed",
  async ({ code, fixed, ends }) => {
    await using directory = await mkdtempDisposable(join(tmpdir(), "bulk-send-order-"));
    const dataDir = directory.path;
    await using cloud = await openAtRest(dataDir);
    using stack = openStackHere(cloud);
    const start = async (used: Stack, { endpoint, credentials }: typeof old) => {
      const now = { simulated: false, endpoint, sendsPerSecond: 10 };
      const before = await readDataSettings(dataDir);
      await putInOrder(used, { dataDir, endpoint, rate: undefined }, { before, now, credentials });
    };

    for (let changes = 0, killed = true; killed; changes++) {
      await start(stack, old);
      const pause = { code, reason: "Refused.", at: Date.now() };
      await stack.account.change(() => ({ account: { ...freshAccount, pause }, result: undefined }));
      killed = await start(dyingAfter(changes, stack), { ...old, ...fixed }).then(
        () => false,
        () => true,
      );
      await start(stack, { ...old, ...fixed });
      const { pause: left } = await stack.account.read();
      expect([changes, left?.code]).toEqual([changes, ends ? undefined : code]);
    }
  },
);

test("a rate that is given takes the place of one that was set, which otherwise stays", async () => {
  await using directory = await mkdtempDisposable(join(tmpdir(), "bulk-send-order-"));
  const dataDir = directory.path;
  await using cloud = await openAtRest(dataDir);
  using stack = openStackHere(cloud);
  const { endpoint, credentials } = old;
  const now = { simulated: false, endpoint, sendsPerSecond: 10 };
  await stack.account.change((account) => ({ account: { ...account, rate: 3 }, result: undefined }));
  await putInOrder(stack, { dataDir, endpoint, rate: undefined }, { before: now, now, credentials });
  expect((await stack.account.read()).rate).toBe(3);
  await putInOrder(stack, { dataDir, endpoint, rate: 10 }, { before: now, now, credentials });
  expect((await stack.account.read()).rate).toBeUndefined();
});

test("what was cut off goes on at once, and does not wait for the reporter's next minute", async () => {
  await using directory = await mkdtempDisposable(join(tmpdir(), "bulk-send-order-"));
  const dataDir = directory.path;
  await using cloud = await openAtRest(dataDir);
  using stack = openStackHere(cloud);
  const { endpoint, credentials } = old;
  const now = { simulated: false, endpoint, sendsPerSecond: 10 };
  const nudges: string[] = [];
  const start = () =>
    putInOrder(
      { ...stack, nudge: async (bodies) => void nudges.push(...bodies) },
      { dataDir, endpoint, rate: undefined },
      { before: now, now, credentials },
    );
  await start();
  expect(nudges).toEqual([]);
  await stack.campaigns.create(running(), undefined);
  await start();
  expect(nudges.map((body) => JSON.parse(body))).toEqual([expect.objectContaining({ kind: "look" })]);
});

/** The stack for a process that is killed after so many changes of the account. */
function dyingAfter(changes: number, stack: Stack): Stack {
  let left = changes;
  const { account } = stack;
  return {
    ...stack,
    account: {
      read: account.read,
      change: async (decide) => {
        if (left-- <= 0) throw new Error("Killed.");
        return account.change(decide);
      },
    },
  };
}
