import type { Account } from "../../shared/account/account.ts";
import type { Campaign } from "../../shared/campaign/campaign.ts";
import { hasExpired, reportedAtOf } from "../../shared/campaign/expired.ts";
import { personOf } from "../../shared/campaign/person.ts";
import { copyable } from "../../shared/copyable.ts";
import { grouped } from "../../shared/in-words.ts";
import { isStopped } from "../../shared/reconcile/restart.ts";
import { sendingConditionsOf } from "../../shared/reconcile/sending-conditions.ts";
import { liveState } from "../../shared/report/live-state.ts";
import type { Summary, SummaryState } from "../../shared/report/summary.ts";
import { exitCodes } from "../exit.ts";
import { noteOtherDirectory, type Target, withStack } from "../target.ts";
import type { Terminal } from "../terminal.ts";

/** Lists all campaigns, newest first. */
export const list = (target: Target & { readonly json?: boolean }, terminal: Terminal) =>
  withStack(target, async ({ stack, atRest, words }) => {
    noteOtherDirectory(target, terminal);
    const campaigns: Campaign[] = [];
    for await (const campaign of stack.campaigns.all((_name, { message }) => terminal.note(message))) {
      campaigns.push(campaign);
    }
    campaigns.sort((a, b) => b.createdAt - a.createdAt);
    const account = await stack.account.read();
    const entries = campaigns.map((campaign) => ({
      ...entryOf(campaign, account),
      expired: hasExpired(reportedAtOf(campaign), stack.outputs.KeepDays, Date.now()) || undefined,
    }));
    if (target.json) {
      terminal.say(JSON.stringify(entries));
      return exitCodes.complete;
    }
    if (campaigns.length === 0) {
      terminal.say(`There are no campaigns yet. To start one: ${copyable("upload", "list.csv", ...words)}`);
      return exitCodes.complete;
    }
    const rows = entries.map((entry) => [
      entry.name,
      stateInWords(entry, atRest),
      ...[entry.rows, entry.submitted, entry.failed, entry.unknown].map((count) =>
        count === undefined ? "" : grouped(count),
      ),
      entry.uploadedAt.slice(0, 16).replace("T", " "),
      entry.uploadedBy,
    ]);
    // A directory has either simulations or what is really sent.
    const accepted = entries.some(({ simulated }) => simulated) ? "simulated" : "accepted";
    const header = ["campaign", "state", "rows", accepted, "failed", "unknown", "uploaded (UTC)", "by"];
    terminal.sayTable({ header, rows, right: [2, 3, 4, 5] });
    return exitCodes.complete;
  });

/** A campaign as `--json` prints it. */
interface Entry {
  readonly name: string;
  /** As in `summary.json`: "running" is only what may be sent now. */
  readonly state: SummaryState;
  readonly reason?: string;
  /** Why it is over, as in `summary.json`. */
  readonly ended?: Summary["ended"];
  readonly simulated?: true;
  readonly rows?: number;
  readonly submitted?: number;
  readonly failed?: number;
  readonly unknown?: number;
  readonly uploadedAt: string;
  readonly uploadedBy: string;
  /** Set when its list and report have expired (`keepDays`). */
  readonly expired?: boolean;
}

function stateInWords({ state, ended, simulated, expired }: Entry, atRest: boolean): string {
  const resting = atRest && (state === "running" || state === "waiting");
  const early = state === "complete" && ended !== undefined && ended !== "done";
  return `${resting ? "at rest" : early ? "ended early" : state}${simulated ? ", simulated" : ""}${expired ? ", expired" : ""}`;
}

function entryOf(campaign: Campaign, account: Account): Entry {
  const { name } = campaign;
  const uploaded = {
    uploadedAt: new Date(campaign.createdAt).toISOString(),
    uploadedBy: personOf(campaign.uploadedBy),
  };
  if (campaign.state === "refused") return { name, state: "refused", reason: campaign.reason, ...uploaded };
  const { submitted, failed, unknown } = campaign.totals ?? campaign.tally;
  const pause = isStopped(account) ? undefined : account.pause;
  const conditions = sendingConditionsOf(campaign, { ...account, pause }, { rate: 1 }, [], Date.now());
  const live = liveState(campaign, conditions);
  return {
    name,
    state: live.state,
    reason: live.reason,
    ended: campaign.end?.why,
    simulated: campaign.simulated,
    rows: campaign.rows,
    submitted,
    failed,
    unknown,
    ...uploaded,
  };
}
