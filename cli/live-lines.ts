import { duration, grouped } from "../shared/in-words.ts";
import { costLines } from "../shared/report/cost-in-words.ts";
import type { Summary } from "../shared/report/summary.ts";
import { reasonLines } from "./summary-lines.ts";
import { zoneLines } from "./zone-lines.ts";

/** A campaign that is not over, in a few lines; what to do about a pause, after its reason, is the last one. */
export function liveLines(live: Summary, atRest: boolean): readonly string[] {
  const { name, counts, remaining, estimatedEndAt, rate, reason, nextSteps, zones } = live;
  const figures = Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([status, count]) => `${grouped(count)} ${status}`);
  const seconds = estimatedEndAt === undefined ? undefined : (Date.parse(estimatedEndAt) - Date.now()) / 1000;
  const left =
    seconds === undefined || atRest
      ? ""
      : `; about ${duration(Math.max(1, Math.round(seconds)) * 1000)} ${zones === undefined ? `at ${rate.set ?? 0} a second` : "in the recipients' hours"}`;
  return [
    `${name}: ${stateInWords(live, atRest)}.`,
    `${[...figures, `${grouped(remaining)} to go`].join(", ")}${left}.`,
    ...reasonLines(
      { problems: live.problems.filter(({ status }) => status !== "invalid" && status !== "skipped") },
      "the report has them all",
    ),
    ...costLines(live),
    ...zoneLines(live),
    // A pause's step says its reason first.
    ...(live.state === "paused" ? nextSteps : reason === undefined ? [] : [reason]),
  ].filter((line) => line !== "");
}

/** The state in words; while no process is running, a campaign isn't being sent. */
export const stateInWords = ({ state, stateText }: Summary, atRest: boolean): string =>
  atRest && state === "running" ? stateText.replace(/^Sending/, "At rest") : stateText;
