import { expect, test } from "vitest";
import type { Account } from "../../shared/account/account.ts";
import { resumeOnNewCredentials } from "../../shared/reconcile/new-credentials.ts";
import { nineOClock } from "../support/manual-clock.ts";
import { createWorld } from "./world.ts";

const refusedBy = (secretVersion: string) => ({
  code: "credentials" as const,
  reason: "401",
  at: nineOClock,
  secretVersion,
});
const person = { code: "person" as const, reason: "Paused by anna.", at: nineOClock, by: "anna" };

/** Resumes on version 2 of the secret, while the account becomes this between its reading and its change. */
async function resumed(meanwhile: Partial<Account>) {
  const { account, setAccount, secret, deps } = createWorld();
  await setAccount({ pause: refusedBy("1"), epoch: 3 });
  secret.version = "2";
  const read = async () => {
    const seen = await account.read();
    await account.change((state) => ({ account: { ...state, ...meanwhile }, result: undefined }));
    return seen;
  };
  const told = await resumeOnNewCredentials({ ...account, read }, deps.secret);
  const after = await account.read();
  expect(told).toEqual(after);
  return after;
}

test("new credentials end the pause that the old ones brought", async () => {
  expect((await resumed({})).pause).toBeUndefined();
});

test.each([
  ["the new credentials were refused, too", { pause: refusedBy("2"), epoch: 5 }],
  ["somebody has paused all sending", { pause: person, epoch: 4 }],
  ["somebody has paused all sending, within the same epoch", { pause: person }],
])("they end nothing where meanwhile %s", async (_, meanwhile) => {
  expect(await resumed(meanwhile)).toMatchObject(meanwhile);
});
