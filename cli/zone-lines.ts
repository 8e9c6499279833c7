import { zonesInWords } from "../shared/campaign/recipient-hours.ts";
import { counted } from "../shared/in-words.ts";
import type { Summary, SummaryZones } from "../shared/report/summary.ts";
import { inWords } from "../shared/report/time-words.ts";

/** Most groups of zones that have a line each: those with the most rows. */
const groupsShown = 20;

/**
 * A line for the recipients of each time zone: how many, when their hours are by the clock of this machine, and when they
 * will be done. None where no hours are by the recipients' clocks.
 */
export function zoneLines({ zones = [] }: Pick<Summary, "zones">): readonly string[] {
  const shown = zones.toSorted((a, b) => b.rows - a.rows).slice(0, groupsShown);
  const more = zones.length - shown.length;
  return [
    ...shown.map(
      (group) =>
        `${zonesInWords(group.zones)}: ${[counted(group.rows, "row"), hoursOf(group), endOf(group)].filter((part) => part !== "").join(", ")}.`,
    ),
    ...wholeLines(zones),
    ...(more > 0 ? [`${counted(more, "other group")} of zones with fewer rows; --json lists them.`] : []),
  ];
}

/** When the whole list is done, and what is to be known of numbers that belong to no place. */
function wholeLines(zones: readonly SummaryZones[]): readonly string[] {
  if (zones.length === 0) return [];
  const ends = zones.map(({ doneAt }) => doneAt);
  const last = ends
    .filter((end) => end !== undefined)
    .toSorted()
    .at(-1);
  return [
    ...(zones.length > 1 && last !== undefined && !ends.includes(undefined)
      ? [`The whole list is done about ${at(last)}.`]
      : []),
    "A number that tells no place, such as many mobiles, counts under the zones of its country; a column timezone says it better.",
  ];
}

const at = (instant: string) => inWords("instant", undefined, instant);

function hoursOf({ opensAt, closesAt }: SummaryZones): string {
  if (opensAt === undefined) return closesAt === undefined ? "" : `their hours until ${at(closesAt)}`;
  return closesAt === undefined
    ? `hours from ${at(opensAt)}`
    : `hours ${inWords("span", undefined, opensAt, closesAt)}`;
}

function endOf({ doneAt, late }: SummaryZones): string {
  if (late !== undefined) return `about ${counted(late, "row")} not in time`;
  return doneAt === undefined ? "" : `done about ${at(doneAt)}`;
}
