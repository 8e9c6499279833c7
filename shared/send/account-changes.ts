import { type Account, pauseAccount } from "../account/account.ts";
import type { AccountStore } from "../account/account-store.ts";
import type { Pause } from "../account/pause.ts";
import type { Clock } from "../ports/clock.ts";
import type { Log } from "../ports/log.ts";
import { type Enqueue, nudgeBody } from "../ports/queue.ts";

/** Changes to the account that calls bring about. */
export interface AccountChanges {
  /** Pauses the account from now on, if it is still as it was under `epoch`. */
  pause(epoch: number, pause: Omit<Pause, "at">): Promise<void>;
  /**
   * Changes the account; when that began a hold, the reporter is told to look when it ends. Returns the epoch that is
   * then in force, which also tells of holds that other executions began.
   */
  change(decide: (state: Account, now: number) => Account): Promise<number>;
}

/** Changes the stored account. */
export function createAccountChanges(deps: {
  account: Pick<AccountStore, "change">;
  nudge: Enqueue;
  clock: Pick<Clock, "now">;
  log: Log;
}): AccountChanges {
  const { account, nudge, clock, log } = deps;
  return {
    pause: (epoch, pause) =>
      account.change((state, now) => ({
        account: pauseAccount(state, epoch, { ...pause, at: now }),
        result: undefined,
      })),

    change: async (decide) => {
      const { hold, epoch } = await account.change((state, now) => {
        const next = decide(state, now);
        const begun = next.hold !== undefined && next.hold.until !== state.hold?.until;
        return { account: next, result: { hold: begun ? next.hold : undefined, epoch: next.epoch } };
      });
      if (hold !== undefined) {
        log.warn("The endpoint is failing; sending is on hold.", {
          until: new Date(hold.until).toISOString(),
          reason: hold.reason,
        });
        // A machine that stood still may find the hold over.
        const lastsMs = Math.max(0, hold.until - clock.now());
        await nudge([nudgeBody({ kind: "look" })], Math.min(900, Math.ceil(lastsMs / 1000) + 1));
      }
      return epoch;
    },
  };
}
