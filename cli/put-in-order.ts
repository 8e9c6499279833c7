import type { EmbeddedCloud } from "../infra/local/embedded-cloud.ts";
import type { Account } from "../shared/account/account.ts";
import { createCredentialsSecret, writeCredentials } from "../shared/aws/secret.ts";
import type { CommittedCampaign } from "../shared/campaign/campaign.ts";
import type { Credentials } from "../shared/enswitch/enswitch.ts";
import { nudgeBody } from "../shared/ports/queue.ts";
import { restart, resumeAfterFix } from "../shared/reconcile/restart.ts";
import { type DataSettings, writeDataSettings } from "./data-directory.ts";
import { type Stack, stackOf } from "./stack.ts";

/** What is put in order. */
export interface OrderRequest {
  readonly dataDir: string;
  /** Absent: the built-in simulator. */
  readonly endpoint: string | undefined;
  /** Calls per second; by default 100 to the simulator and 10 to an endpoint. */
  readonly rate: number | undefined;
  /**
   * Runs once the ledger is in order and before anything is sent. `unfinished` are the campaigns that would continue.
   * `false` leaves the functions off.
   */
  readonly prepare?: (stack: Stack, unfinished: readonly CommittedCampaign[]) => Promise<boolean>;
}

/** The stack of a local cloud, which knows its outputs. */
export const openStackHere = (cloud: EmbeddedCloud): Stack => stackOf(cloud.stackName, cloud, cloud.outputs);

/**
 * Notes what the data directory is run with, and puts the ledger and the secret in order, before anything is sent. `before`: what it
 * was run with last. Returns whether the functions are to run.
 */
export async function putInOrder(
  stack: Stack,
  { dataDir, endpoint, rate, prepare }: OrderRequest,
  { before, now, credentials }: { before: DataSettings | undefined; now: DataSettings; credentials: Credentials },
): Promise<boolean> {
  // Side by side: they wait for the disk.
  const steps = [
    restart(stack),
    storeCredentials(stack, credentials),
    noteSettings(stack, before?.endpoint !== endpoint, () => writeDataSettings(dataDir, now)),
  ] as const;
  // Where one fails, the others must not write on into a directory that is another process's by then.
  await Promise.allSettled(steps);
  const [unfinished] = await Promise.all(steps);
  // A rate given now overrides the one set by bulk-send rate, which otherwise stays.
  if (rate !== undefined) await stack.account.change(withoutRate);
  // What was cut off continues at once.
  if (unfinished.length > 0) await stack.nudge([nudgeBody({ kind: "look" })]);
  return (await prepare?.(stack, unfinished)) ?? true;
}

const withoutRate = (account: Account) => ({
  account: account.rate === undefined ? account : { ...account, rate: undefined },
  result: undefined,
});

/**
 * Stores the credentials unless they are there. New ones end a pause that waited for them before they are stored: to the start after one
 * that was killed in between, stored ones would not be new, and the pause would stay.
 */
async function storeCredentials({ secrets, outputs, account }: Stack, credentials: Credentials): Promise<void> {
  const stored = await createCredentialsSecret(secrets, outputs.SecretArn).read();
  if (stored?.username === credentials.username && stored.password === credentials.password) return;
  await resumeAfterFix(account, ["credentials", "privilege"]);
  await writeCredentials(secrets, outputs.SecretArn, credentials);
}

/** Notes what the directory is run with, after another endpoint has ended a pause that waited for it: in this order, as credentials. */
async function noteSettings({ account }: Stack, isOther: boolean, note: () => Promise<void>): Promise<void> {
  if (isOther) await resumeAfterFix(account, ["endpoint"]);
  await note();
}
