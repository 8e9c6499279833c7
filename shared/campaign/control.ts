import type { AccountStore } from "../account/account-store.ts";
import { rateLimits } from "../account/rate-limits.ts";
import { grouped } from "../in-words.ts";
import type { Clock } from "../ports/clock.ts";
import { type Enqueue, nudgeBody } from "../ports/queue.ts";
import { changingCallsPerDay, changingRate, pausing, resuming } from "./account-commands.ts";
import {
  approveCampaign,
  type CampaignCommand,
  cancelCampaign,
  pauseCampaign,
  resumeCampaign,
} from "./campaign-commands.ts";
import type { Campaigns } from "./campaigns.ts";
import type { CommandResult } from "./command-result.ts";
import { startOf } from "./events.ts";

/** What people can do to campaigns and the account while they send. */
export interface Control {
  pause(name: string): Promise<CommandResult>;
  resume(name: string): Promise<CommandResult>;
  cancel(name: string): Promise<CommandResult>;
  /**
   * Approves the plan `run` of a campaign with nothing but this machine's word for who does: for the local cloud. On AWS
   * the reporter approves, by what IAM vouches for (`judgeApprovals`).
   */
  approve(name: string, run: string): Promise<CommandResult>;
  pauseAccount(): Promise<CommandResult>;
  resumeAccount(): Promise<CommandResult>;
  /** Calls per second, from the slowest rate there is (`rateLimits`) to the stack's ceiling. */
  setRate(rate: number): Promise<CommandResult>;
  /** Calls per day, from 1 to the stack's limit. */
  setCallsPerDay(calls: number): Promise<CommandResult>;
}

/** What control depends on. */
export interface ControlDeps {
  readonly campaigns: Pick<Campaigns, "read" | "change">;
  readonly account: AccountStore;
  readonly nudge: Enqueue;
  readonly clock: Pick<Clock, "now">;
  /** The person, as history and reports name them. */
  readonly by: string;
  /** The stack's `sendsPerSecond`. */
  readonly ceiling: number;
  /** The stack's `maxMessagesPerDay`. */
  readonly maxPerDay?: number;
}

/** How often a command is tried because something else changed the campaign at the same moment. */
const tries = 10;

/** Control over the ledger's states; every change is conditional, so that nobody undoes what they have not seen. */
export function createControl(deps: ControlDeps): Control {
  const { account, by, ceiling, maxPerDay } = deps;
  const look = () => deps.nudge([nudgeBody({ kind: "look" })]);

  const command = async (name: string, decide: CampaignCommand): Promise<CommandResult> => {
    const result = await carryOut(deps, name, decide);
    if (result.kind === "granted") await look();
    return result;
  };

  return {
    pause: (name) => command(name, pauseCampaign),
    resume: (name) => command(name, resumeCampaign),
    cancel: (name) => command(name, cancelCampaign),
    approve: (name, run) => command(name, approveCampaign(run)),
    pauseAccount: () => account.change(pausing(by)),
    resumeAccount: async () => {
      const result = await account.change(resuming(by));
      await look();
      return result;
    },
    setRate: async (rate) => {
      if (!(rate >= rateLimits.min && rate <= ceiling)) {
        const sentence = `The rate must be at least ${rateLimits.min} and at most ${ceiling} a second, which is the stack's sendsPerSecond.`;
        return { kind: "refused", sentence };
      }
      const result = await account.change(changingRate(rate, ceiling, by));
      await look();
      return result;
    },
    setCallsPerDay: async (calls) => {
      if (maxPerDay === undefined) return { kind: "refused", sentence: noDayLimit };
      if (!(Number.isInteger(calls) && calls >= 1 && calls <= maxPerDay)) {
        const sentence = `The daily limit must be a whole number from 1 to ${grouped(maxPerDay)}, which is the stack's maxMessagesPerDay.`;
        return { kind: "refused", sentence };
      }
      const result = await account.change(changingCallsPerDay(calls, maxPerDay, by));
      await look();
      return result;
    },
  };
}

/** Decides on the newest state, again and again until nothing else changed it meanwhile. */
async function carryOut(
  { campaigns, clock, by }: ControlDeps,
  name: string,
  decide: CampaignCommand,
): Promise<CommandResult> {
  for (let attempt = 0; attempt < tries; attempt++) {
    const campaign = await campaigns.read(name, { consistent: true });
    if (campaign === undefined) {
      return {
        kind: "refused",
        sentence: `There is no campaign ${name}.`,
        next: [{ to: "see all", words: ["list"] }],
      };
    }
    if (campaign.state === "refused") {
      return { kind: "refused", sentence: `${name} was refused, nothing of it is sent: ${campaign.reason}` };
    }
    const decision = decide(campaign, by, clock.now());
    if (decision.kind === "refused") return decision;
    const { state, pass, started } = campaign;
    // What its sender has just begun is announced before what a person makes of it.
    const set = { ...decision.set, ...startOf(campaign) };
    const changed = await campaigns.change(campaign, { state, pass, started }, set);
    if (changed !== undefined) return { kind: "granted", sentence: decision.sentence, next: decision.next };
  }
  return { kind: "refused", sentence: `${name} is changing too fast; try again.` };
}

/** What is said where there is no limit of a day; nobody knows here where the stack is. */
export const noDayLimit =
  "There is no limit of messages a day. The setting maxMessagesPerDay makes one; it holds from the next deployment, and in the local cloud from the next start.";
