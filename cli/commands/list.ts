import type { Campaign } from "../../shared/campaign/campaign.ts";
import { hasExpired, reportedAtOf } from "../../shared/campaign/expired.ts";
import { grouped } from "../../shared/in-words.ts";
import { copyable } from "../copyable.ts";
import { exitCodes } from "../exit.ts";
import { table } from "../table.ts";
import { type Target, targetOptions, withStack } from "../target.ts";
import type { Terminal } from "../terminal.ts";

/** Lists all campaigns, newest first. */
export const list = (target: Target & { readonly json?: boolean }, terminal: Terminal) =>
  withStack(target, async ({ stack }) => {
    const campaigns: Campaign[] = [];
    for await (const campaign of stack.campaigns.all((_name, { message }) => terminal.note(message))) {
      campaigns.push(campaign);
    }
    const entry = (campaign: Campaign): Entry => ({
      ...entryOf(campaign),
      expired: hasExpired(reportedAtOf(campaign), stack.outputs.KeepDays, Date.now()) || undefined,
    });
    campaigns.sort((a, b) => b.createdAt - a.createdAt);
    if (target.json) {
      terminal.say(JSON.stringify(campaigns.map(entry)));
      return exitCodes.complete;
    }
    if (campaigns.length === 0) {
      terminal.say(
        `There are no campaigns yet; ${copyable("upload", "list.csv", ...targetOptions(target))} starts one.`,
      );
      return exitCodes.complete;
    }
    const rows = campaigns
      .map(entry)
      .map((entry) => [
        entry.name,
        entry.expired ? `${entry.state}, expired` : entry.state,
        ...[entry.rows, entry.submitted, entry.failed, entry.unknown].map((count) =>
          count === undefined ? "" : grouped(count),
        ),
        entry.uploadedAt.slice(0, 16).replace("T", " "),
        entry.uploadedBy,
      ]);
    const header = ["campaign", "state", "rows", "accepted", "failed", "unknown", "uploaded (UTC)", "by"];
    for (const line of table(header, rows, [2, 3, 4, 5])) terminal.say(line);
    return exitCodes.complete;
  });

/** A campaign as `--json` prints it. */
interface Entry {
  readonly name: string;
  readonly state: string;
  readonly reason?: string;
  readonly rows?: number;
  readonly submitted?: number;
  readonly failed?: number;
  readonly unknown?: number;
  readonly uploadedAt: string;
  readonly uploadedBy: string;
  /** Set when its list and report have expired (`keepDays`). */
  readonly expired?: boolean;
}

function entryOf(campaign: Campaign): Entry {
  const { name, state, uploadedBy } = campaign;
  const uploadedAt = new Date(campaign.createdAt).toISOString();
  if (campaign.state === "refused") return { name, state, reason: campaign.reason, uploadedAt, uploadedBy };
  const { submitted, failed, unknown } = campaign.totals ?? campaign.tally;
  return {
    name,
    state,
    reason: campaign.pause?.reason,
    rows: campaign.rows,
    submitted,
    failed,
    unknown,
    uploadedAt,
    uploadedBy,
  };
}
