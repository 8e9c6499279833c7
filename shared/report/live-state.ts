import type { Pause } from "../account/pause.ts";
import type { CommittedCampaign } from "../campaign/campaign.ts";
import type { DailyRoom } from "../campaign/sending-time.ts";
import { moment, momentToSecond, sentence } from "../in-words.ts";
import type { SummaryState } from "./summary.ts";

/** What a campaign's state depends on beyond its own item. Instants in epoch milliseconds. */
export interface SendingConditions {
  readonly account: {
    /** Calls per second that the account may make. */
    readonly rate: number;
    /** How many calls a day has room for; absent: no limit. */
    readonly day?: DailyRoom;
    readonly pause?: Pause;
    /** The endpoint is failing: nothing is sent until `until`. */
    readonly hold?: { readonly since: number; readonly until: number; readonly reason: string };
  };
  /** Why this campaign may not send at present although nothing is wrong: a closed window, `sendAfter`. */
  readonly waitingFor?: { readonly reason: string; readonly until?: number };
  /** What names this stack in a command that is shown, as words; absent: the default stack. */
  readonly target?: readonly string[];
  /** Unsent rows of each other campaign that is sending now: they share the rate. */
  readonly othersUnsent?: readonly number[];
  /** Where people read the operations manual; absent: nowhere that could be linked to. */
  readonly manual?: string;
}

/** The state of a campaign that is not over, in words. `until` in epoch milliseconds: when sending continues by itself. */
interface LiveState {
  readonly state: SummaryState;
  readonly text: string;
  readonly reason?: string;
  readonly pause?: Pause;
  readonly until?: number;
}

/** The state of a campaign: of all that keeps it from sending, the strongest counts. */
export function liveState(campaign: CommittedCampaign, { account, waitingFor }: SendingConditions): LiveState {
  if (campaign.state === "complete") return { state: "complete", text: "Complete" };
  if (campaign.state === "ending") {
    return { state: "ending", text: "Ending, waiting for the last answers and writing the report" };
  }
  const pause = campaign.pause ?? account.pause;
  if (pause?.code === "approval") return { state: "paused", text: "Waits for approval", reason: pause.reason, pause };
  if (pause) {
    const what = campaign.pause ? "Paused" : "Paused with the whole account";
    return { state: "paused", text: `${what}${pause.by ? ` by ${pause.by}` : ""}`, reason: pause.reason, pause };
  }
  if (account.hold) {
    const { since, until, reason } = account.hold;
    return {
      state: "waiting",
      text: "Waiting",
      reason: `Enswitch has not been answering properly since ${momentToSecond(since)}; the next attempt is at ${momentToSecond(until)}. ${sentence(reason)}`,
      until,
    };
  }
  if (waitingFor) {
    const { reason, until } = waitingFor;
    return {
      state: "waiting",
      text: until === undefined ? "Waiting" : `Waiting until ${moment(until)}`,
      reason,
      until,
    };
  }
  return { state: "running", text: "Sending" };
}
