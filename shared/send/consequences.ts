import {
  type Account,
  countNotSent,
  countUnknown,
  endProbe,
  holdUnanswered,
  type ProbeResult,
} from "../account/account.ts";
import type { AccountStore } from "../account/account-store.ts";
import type { Pause } from "../account/pause.ts";
import type { AnswerStats } from "../account/throttle.ts";
import type { CommittedCampaign } from "../campaign/campaign.ts";
import type { Campaigns } from "../campaign/campaigns.ts";
import type { Credentials } from "../enswitch/enswitch.ts";
import type { Verdict } from "../enswitch/verdict.ts";
import type { Clock } from "../ports/clock.ts";
import type { Log } from "../ports/log.ts";
import type { Enqueue } from "../ports/queue.ts";
import { createAccountChanges } from "./account-changes.ts";
import type { Flight } from "./flight.ts";
import type { Implication } from "./judge-verdict.ts";

/** What carrying out consequences depends on. */
export interface ConsequencesDeps {
  readonly campaigns: Pick<Campaigns, "change">;
  readonly account: Pick<AccountStore, "change">;
  readonly answerStats: AnswerStats;
  readonly flight: Pick<Flight, "refuse" | "stop">;
  readonly secret: { refresh(): Promise<Credentials | undefined> };
  readonly nudge: Enqueue;
  readonly clock: Pick<Clock, "now">;
  readonly log: Log;
}

/** What calls mean for account and campaign. `epoch` is the account's when the call's slot was reserved. */
export interface Consequences {
  /** Carries out what a verdict means beyond its row. */
  conclude(call: ConcludedCall): Promise<void>;
  /** Pauses the account because no credentials are stored yet. */
  lacksCredentials(epoch: number): Promise<void>;
  /** This execution fires nothing more under `epoch`, since calls wait too long or too many ended in doubt. The account holds. */
  stops(epoch: number): Promise<void>;
  /** Lets another row be the probe at once. Never throws: without it the probe ends with its lease. */
  releaseProbe(token: string | undefined): Promise<void>;
}

/** A call that has its verdict. */
export interface ConcludedCall {
  readonly verdict: Verdict;
  readonly implication: Implication;
  readonly campaign: CommittedCampaign;
  readonly epoch: number;
  readonly used: Credentials;
  /** The token of the probe that the call was, if it was one. */
  readonly probe: string | undefined;
  /** How late the call was for its slot, in milliseconds. */
  readonly lateMs: number;
}

/** Carries out what calls mean. Every change is conditional on the epoch that the call's slot was reserved under. */
export function createConsequences(deps: ConsequencesDeps): Consequences {
  const { campaigns, answerStats, flight, secret, clock, log } = deps;

  /** The latest pause being written: a hold under the same epoch that overtook it would make it void. */
  let pausing: Promise<unknown> = Promise.resolve();

  const { pause, change } = createAccountChanges(deps);

  const pauseForCredentials = (epoch: number, reason: string, secretVersion: string | undefined) =>
    pause(epoch, { code: "credentials", reason, secretVersion });

  /** Counts a failed call; where that, or another execution, has changed the account, nothing more is fired as it was. */
  const counting = async (epoch: number, decide: (state: Account, now: number) => Account): Promise<void> => {
    if ((await change(decide)) > epoch) flight.stop(epoch);
  };

  const carryOut = async ({ implication, campaign, epoch, used }: ConcludedCall): Promise<void> => {
    switch (implication.kind) {
      case "answered":
        Object.assign(answerStats, { answered: true, accepted: answerStats.accepted || implication.accepted });
        return;
      case "not-fired":
        return;
      case "unknown":
        // An answer seen before this call doesn't speak against it: it must not reset the account's count.
        answerStats.answered = false;
        return counting(epoch, (state, now) => countUnknown(state, epoch, implication.reason, now));
      case "not-sent":
        answerStats.answered = false;
        return counting(epoch, (state, now) =>
          countNotSent(state, epoch, implication.reason, now, implication.retryAfterMs),
        );
      case "credentials": {
        flight.refuse(used.version ?? "");
        const fresh = await secret.refresh();
        if (fresh !== undefined && fresh.version !== used.version) return;
        await pauseForCredentials(
          epoch,
          `${implication.reason} (code 401). Store the right ones; sending then resumes by itself.`,
          used.version,
        );
        return;
      }
      case "account": {
        flight.stop(epoch);
        const { code, reason } = implication;
        const writing = pause(epoch, { code, reason });
        pausing = writing;
        return writing;
      }
      case "campaign": {
        const paused: Pause = { code: "parameter", reason: implication.reason, at: clock.now() };
        await campaigns.change(campaign, { pass: campaign.pass, state: "running" }, { state: "paused", pause: paused });
        return;
      }
      default:
        return implication satisfies never;
    }
  };

  return {
    conclude: async (call) => {
      const { probe, verdict, implication, lateMs } = call;
      if (probe !== undefined) {
        const failed = isFailure(implication);
        const result = probeResult(verdict, implication);
        await change((state, now) => endProbe(state, probe, result, failed ? implication.reason : "", now, lateMs));
        // A failed probe has already put the account on hold.
        if (failed) return;
      }
      await carryOut(call);
    },

    lacksCredentials: (epoch) =>
      pauseForCredentials(
        epoch,
        "No credentials for Enswitch are set yet. Store them; sending then starts by itself.",
        undefined,
      ),

    stops: async (epoch) => {
      flight.stop(epoch);
      await pausing.catch(() => {});
      await change((state, now) => holdUnanswered(state, epoch, "Enswitch leaves calls unanswered", now));
    },

    releaseProbe: async (token) => {
      if (token === undefined) return;
      await change((state, now) => endProbe(state, token, "not-fired", "", now)).catch((error: unknown) =>
        log.error("A probe could not be released; it ends with its lease.", error),
      );
    },
  };
}

const isFailure = (implication: Implication): implication is Extract<Implication, { kind: "unknown" | "not-sent" }> =>
  implication.kind === "unknown" || implication.kind === "not-sent";

/** An answer restores the full rate; refused credentials and wrong endpoints pause, and the call after that is a probe again. */
function probeResult(verdict: Verdict, implication: Implication): ProbeResult {
  if (verdict.kind === "submitted") return "accepted";
  if (isFailure(implication)) return "failed";
  return implication.kind === "answered" || implication.kind === "campaign" ? "answered" : "not-fired";
}
