import { type Account, changeRate, rateOf, resumeAccount } from "../account/account.ts";
import type { AccountStore } from "../account/account-store.ts";
import { type AccountAction, storedAction, withEntries } from "../account/history.ts";
import type { Clock } from "../ports/clock.ts";
import { type Enqueue, nudgeBody } from "../ports/queue.ts";
import type { Campaign, CommittedCampaign, HistoryEntry } from "./campaign.ts";
import type { Campaigns } from "./campaigns.ts";

/** What came of a command, in a sentence for the person who gave it; `refused` changed nothing. */
export interface CommandResult {
  readonly kind: "granted" | "refused";
  readonly sentence: string;
}

/** What people can do to campaigns and the account while they send. `by` names the person in history and reports. */
export interface Control {
  pause(name: string): Promise<CommandResult>;
  resume(name: string): Promise<CommandResult>;
  cancel(name: string): Promise<CommandResult>;
  pauseAccount(): Promise<CommandResult>;
  resumeAccount(): Promise<CommandResult>;
  /** Calls per second, above 0 and at most the stack's ceiling. */
  setRate(rate: number): Promise<CommandResult>;
}

/** How often a command is tried because something else changed the campaign at the same moment. */
const tries = 10;

/** Control over the ledger's states; every change is conditional, so that nobody undoes what they have not seen. */
export function createControl(deps: {
  campaigns: Pick<Campaigns, "read" | "change">;
  account: AccountStore;
  nudge: Enqueue;
  clock: Pick<Clock, "now">;
  by: string;
  /** The stack's `sendsPerSecond`. */
  ceiling: number;
}): Control {
  const { campaigns, account, clock, by, ceiling } = deps;
  const look = () => deps.nudge([nudgeBody({ kind: "look" })]);
  const entry = (what: HistoryEntry["what"]): HistoryEntry => ({ what, by, at: clock.now() });

  const change = async (
    name: string,
    decide: (campaign: CommittedCampaign) => Partial<CommittedCampaign> | string,
    done: string,
  ): Promise<CommandResult> => {
    for (let attempt = 0; attempt < tries; attempt++) {
      const campaign = await campaigns.read(name, { consistent: true });
      const refusal = absent(campaign, name);
      if (refusal !== undefined || campaign === undefined || campaign.state === "refused") {
        return { kind: "refused", sentence: refusal ?? "" };
      }
      const set = decide(campaign);
      if (typeof set === "string") return { kind: "refused", sentence: set };
      const history = withEntries(campaign.history, ...(set.history ?? []));
      const changed = await campaigns.change(
        campaign,
        { state: campaign.state, pass: campaign.pass },
        { ...set, history },
      );
      if (changed === undefined) continue;
      await look();
      return { kind: "granted", sentence: done };
    }
    return { kind: "refused", sentence: `${name} is changing too fast; try again.` };
  };

  const note = (state: Account, action: AccountAction): Account => ({
    ...state,
    history: withEntries(state.history, { what: storedAction(action), by, at: clock.now() }),
  });

  return {
    pause: (name) =>
      change(
        name,
        ({ state }) =>
          state === "running"
            ? {
                state: "paused",
                pause: { code: "person", reason: `Paused by ${by}.`, at: clock.now(), by },
                history: [entry("paused")],
              }
            : notNow(name, state, "paused"),
        `${name} is paused. bulk-send resume ${name} lets it go on.`,
      ),

    resume: (name) =>
      change(
        name,
        (campaign) =>
          campaign.state === "paused"
            ? {
                state: "running",
                pause: undefined,
                parked: undefined,
                pass: campaign.pass + 1,
                passStartedAt: clock.now(),
                pointer: campaign.mark,
                pointerRows: campaign.markRows,
                stalls: 0,
                tally: { ...campaign.tally, recentCalls: 0, recentFailed: 0 },
                history: [entry("resumed")],
              }
            : notNow(name, campaign.state, "resumed"),
        `${name} goes on.`,
      ),

    cancel: (name) =>
      change(
        name,
        ({ state }) =>
          state === "running" || state === "paused"
            ? {
                state: "ending",
                end: { why: "cancelled", at: clock.now(), by },
                pause: undefined,
                parked: undefined,
                history: [entry("cancelled")],
              }
            : notNow(name, state, "cancelled"),
        `${name} is cancelled: what was not sent stays unsent. The report is being written.`,
      ),

    pauseAccount: () =>
      account.change<CommandResult>((state, now) => {
        if (state.pause !== undefined)
          return { account: state, result: { kind: "refused", sentence: "The account is paused already." } };
        const pause = { code: "person" as const, reason: `Paused by ${by}.`, at: now, by };
        return {
          account: note({ ...state, pause, epoch: state.epoch + 1 }, { kind: "paused" }),
          result: { kind: "granted", sentence: "All sending is paused. bulk-send resume lets it go on." },
        };
      }),

    resumeAccount: async () => {
      const result = await account.change<CommandResult>((state) => {
        if (state.pause === undefined && state.hold === undefined)
          return {
            account: state,
            result: { kind: "refused", sentence: "The account is neither paused nor on hold." },
          };
        return {
          account: note(resumeAccount(state), { kind: "resumed" }),
          result: {
            kind: "granted",
            sentence: "Sending goes on, with one message first to see whether Enswitch takes it.",
          },
        };
      });
      await look();
      return result;
    },

    setRate: async (rate) => {
      if (!(rate > 0 && rate <= ceiling)) {
        const sentence = `The rate must be above 0 and at most ${ceiling} a second, which is the stack's sendsPerSecond.`;
        return { kind: "refused", sentence };
      }
      const result = await account.change<CommandResult>((state, now) => {
        if (rateOf(state, ceiling) === rate)
          return { account: state, result: { kind: "granted", sentence: `The rate is ${rate} a second.` } };
        return {
          account: note(changeRate(state, rate, now), { kind: "rate", rate }),
          result: { kind: "granted", sentence: `The rate is ${rate} a second now.` },
        };
      });
      await look();
      return result;
    },
  };
}

function absent(campaign: Campaign | undefined, name: string): string | undefined {
  if (campaign === undefined) return `There is no campaign ${name}.`;
  return campaign.state === "refused" ? `${name} was refused, nothing of it is sent: ${campaign.reason}` : undefined;
}

const notNow = (name: string, state: CommittedCampaign["state"], what: string) =>
  state === "complete"
    ? `${name} is complete; it cannot be ${what}.`
    : state === "ending"
      ? `${name} is ending; it cannot be ${what}.`
      : `${name} is ${state}; it cannot be ${what}.`;
