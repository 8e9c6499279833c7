import * as z from "zod";
import { type Defaults, type Options, recipientZone, type Window } from "./options.ts";
import { isOpen, nextChange } from "./window.ts";

/** Recipients whose clocks are the same, or may be: a message to them is sent while the window is open in all these zones. */
export const ZoneGroup = z.object({
  /** IANA names, in the order of the alphabet. */
  zones: z.array(z.string()).min(1),
  /** Rows that can be sent to them. */
  rows: z.int().nonnegative(),
});
export type ZoneGroup = z.infer<typeof ZoneGroup>;

/** What a campaign's hours depend on. `zones` are its groups, which its rows name by their place in the list. */
export interface Hours {
  readonly options: Pick<Options, "window">;
  readonly defaults: Pick<Defaults, "window">;
  readonly zones?: readonly ZoneGroup[];
}

const windowsOf = ({ options, defaults }: Hours): readonly Window[] =>
  [options.window, defaults.window].filter((window) => window !== undefined);

/** Whether the hours are by the recipients' own clocks, so that each row needs to know its zone. */
export const byRecipient = (hours: Hours): boolean =>
  windowsOf(hours).some(({ timezone }) => timezone === recipientZone);

/** The windows of recipients who are in one of these zones: all must be open. */
export const windowsIn = (hours: Hours, zones: readonly string[]): readonly Window[] =>
  windowsOf(hours).flatMap((window) =>
    window.timezone === recipientZone ? zones.map((timezone) => ({ ...window, timezone })) : [window],
  );

/** The windows of each group in turn; they are put together once for a campaign as it was read. */
const known = new WeakMap<Hours, readonly (readonly Window[])[]>();

/** The windows of each of a campaign's groups, in their order; one entry, for all rows, where no window is by recipient. */
export function windowsOfGroups(campaign: Hours): readonly (readonly Window[])[] {
  const before = known.get(campaign);
  if (before !== undefined) return before;
  const groups = byRecipient(campaign)
    ? (campaign.zones ?? []).map(({ zones }) => windowsIn(campaign, zones))
    : [windowsOf(campaign)];
  known.set(campaign, groups);
  return groups;
}

/** The windows of the groups that have any row to send; one entry where no window is by recipient. */
export const windowsInUse = (campaign: Hours): readonly (readonly Window[])[] =>
  windowsOfGroups(campaign).filter((_, group) => campaign.zones?.[group]?.rows !== 0);

/** The windows of a row's group (`zone`); `undefined` where the row's zone is not known, so that it may never be sent. */
export const windowsOfRow = (campaign: Hours, zone: number | undefined): readonly Window[] | undefined =>
  windowsOfGroups(campaign)[byRecipient(campaign) ? (zone ?? -1) : 0];

/** Most zones that are named in a sentence. */
const zonesNamed = 3;

/** Zones for a sentence: "Europe/London", "Asia/Tokyo, Europe/Paris, Europe/Rome and 4 more". */
export const zonesInWords = (zones: readonly string[]): string =>
  `${zones.slice(0, zonesNamed).join(", ")}${zones.length > zonesNamed ? ` and ${zones.length - zonesNamed} more` : ""}`;

/** The groups (by their place) whose hours have not come at `at` (epoch ms); none where no window is by recipient. */
export function closedGroups(campaign: Hours, at: number): ReadonlySet<number> {
  if (!byRecipient(campaign)) return new Set();
  return new Set(windowsOfGroups(campaign).flatMap((windows, group) => (isOpen(windows, at) ? [] : [group])));
}

/** As of when a campaign's pass tells whose hours it is, epoch ms. */
export const hoursOfPass = ({
  hoursAt,
  passStartedAt,
}: {
  readonly hoursAt?: number;
  readonly passStartedAt: number;
}) => hoursAt ?? passStartedAt;

/** Whether rows of these groups, at least one, all wait for hours of groups that are closed. */
export const waits = (groups: readonly number[], closed: ReadonlySet<number>): boolean =>
  groups.length > 0 && groups.every((group) => closed.has(group));

/** Longer ago than this (ms), something has surely changed. */
const longestLook = 7 * 24 * 3600_000;

/** Whether anybody's hours began or ended after `since` and until `now` (epoch ms). */
export function hoursChanged(campaign: Hours, since: number, now: number): boolean {
  if (!byRecipient(campaign)) return false;
  if (now - since > longestLook) return true;
  return windowsInUse(campaign).some((windows) => nextChange(windows, since, now) !== undefined);
}
