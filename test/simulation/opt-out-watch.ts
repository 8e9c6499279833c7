import * as z from "zod";
import { RecentOptOuts } from "../../shared/opt-outs/recent-item.ts";
import { isEmpty, senderOf } from "./lists.ts";
import type { Call, Outage } from "./phone-system.ts";
import type { RepliesOfPeople } from "./replies.ts";
import { minute, type RunContext } from "./run-context.ts";
import type { Scenario } from "./scenario.ts";
import type { Applied } from "./table.ts";

/** Watches who has opted out, and since when nobody may call him. */
export interface OptOutWatch {
  /**
   * One of the ledger's items beside the account has changed; `begunAt`: when a campaign (by index) was committed. Why it should not have changed
   * so; a sentence.
   */
  applied(
    applied: Pick<Applied, "key" | "after">,
    begunAt: (campaign: number) => number | undefined,
  ): string | undefined;
  /** The account says up to which decision everybody knows of. */
  believedUpTo(optOuts: unknown, at: number): void;
  /**
   * Why this call, under a claim made at `claimedAt`, of a campaign that was committed at `begunAt`, should not have been made; the
   * end of a sentence.
   */
  forbids(call: Call, claimedAt: number, begunAt: number): string | undefined;
}

/** Within this time after a reply could be read nobody is called, ms: five minutes, and what is in the air. */
const promisedMs = 5 * minute + 5_000;

const Believed = z.object({ sequence: z.number() });

/** Nobody has opted out. */
export function createOptOutWatch(
  { scenario, note }: Pick<RunContext, "scenario" | "note">,
  world: { readonly replies: () => RepliesOfPeople; readonly outages: () => readonly Outage[] },
): OptOutWatch {
  const believed = new Map<string, number>();
  let entries: RecentOptOuts["entries"] = [];
  let sequence = 0;
  const tame = isTame(scenario);

  return {
    applied: ({ key, after }, begunAt) => {
      if (key.sk !== "opt-outs-recent") return undefined;
      entries = RecentOptOuts.parse(after).entries;
      const own = scenario.campaigns.findIndex(({ senders, rows }, campaign) => {
        const [begun, listed] = [
          begunAt(campaign),
          (row: number) => world.replies().firstListedAt(senderOf(campaign, row)),
        ];
        // What came before the list did is nobody's that is known.
        return (
          senders !== undefined &&
          begun !== undefined &&
          [3, 6, 9].some(
            (row) =>
              row <= rows &&
              !isEmpty(row) &&
              (listed(row) ?? 0) > begun &&
              entries.some(({ digits }) => digits === senderOf(campaign, row)),
          )
        );
      });
      return own < 0 ? undefined : `A number from which campaign ${own} is sent was opted out, or that was taken back.`;
    },
    believedUpTo: (optOuts, at) => {
      const read = Believed.safeParse(optOuts);
      if (!read.success || read.data.sequence <= sequence) return;
      const before = sequence;
      sequence = read.data.sequence;
      for (const entry of entries.filter((one) => one.sequence > before && one.sequence <= sequence)) {
        note(`${entry.digits} is ${entry.back ? "no longer opted out" : "opted out"}, and everybody knows`);
        if (entry.back) believed.delete(entry.digits);
        else believed.set(entry.digits, at);
      }
    },
    forbids: ({ cnumber, at }, claimedAt, begunAt) => {
      const since = believed.get(cnumber);
      if (since !== undefined && since < claimedAt) {
        return `was called under a claim that was made ${claimedAt - since} ms after the ledger had the opt-out.`;
      }
      const readable = world.replies().optedOutAt(cnumber, at);
      if (readable === undefined || !tame) return undefined;
      // While the phone system was away nobody could read it, nor for as long as it takes until that is tried again.
      const disturbed = world
        .outages()
        .filter(({ from }) => from <= at)
        .map(({ until }) => until);
      if (disturbed.length === 0 && readable < begunAt - 2 * scenario.skewMs) {
        return `was called although the opt-out could be read ${begunAt - readable} ms before the campaign was there.`;
      }
      const from = Math.max(readable, ...disturbed);
      return at - from > promisedMs ? `was called ${at - from} ms after the opt-out could be read.` : undefined;
    },
  };
}

/** Whether nothing keeps the reporter from looking every minute: only then is it promised by when a reply is acted on. */
export function isTame({ lostTicks, chaos, service, serviceOutages, noRoom, queue, deeds, poison }: Scenario): boolean {
  const troubles = [
    lostTicks,
    chaos.die,
    chaos.freeze,
    service.failed,
    service.lost,
    service.late,
    queue.lost,
    queue.delayed,
  ];
  return (
    troubles.every((share) => share === 0) &&
    serviceOutages.length === 0 &&
    noRoom.length === 0 &&
    poison === undefined &&
    !deeds.some(({ deed }) => deed.kind === "restart" || deed.kind === "new-password")
  );
}
