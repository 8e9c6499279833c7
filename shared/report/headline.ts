import { duplicateProblems } from "../csv/row-duplicates.ts";
import { counted, grouped, moment } from "../in-words.ts";
import type { Summary } from "./summary.ts";
import { inWords } from "./time-words.ts";

/** A part of a sentence: words, or the span of time between two instants (ISO 8601). */
export type HeadlinePart = string | { readonly from: string; readonly to: string };

/**
 * What a summary says in one sentence: how many messages were sent and when, what is in doubt, what needs correcting, what
 * was left out. Until a campaign is over, how it stands.
 */
export function headline(summary: Summary): readonly HeadlinePart[] {
  switch (summary.state) {
    case "complete":
      return ofComplete(summary);
    case "checked":
      return ofCheck(summary);
    case "running":
    case "waiting":
    case "paused":
    case "ending":
    case "refused":
      return [summary.stateText, ...ofLive(summary)];
    default:
      return summary.state satisfies never;
  }
}

/** The sentence as text, with times in UTC. */
export const headlineText = (summary: Summary): string =>
  headline(summary)
    .map((part) => (typeof part === "string" ? part : inWords("span", "UTC", part.from, part.to)))
    .join("");

function ofComplete(summary: Summary): readonly HeadlinePart[] {
  const { rows, counts, startedAt, endedAt, simulated } = summary;
  const { submitted, cancelled } = counts;
  const when =
    submitted > 0 && startedAt !== undefined && endedAt !== undefined ? [" on ", { from: startedAt, to: endedAt }] : [];
  return [
    ...(simulated ? ["Simulated: "] : []),
    `${shareOf(submitted, rows, simulated)} ${simulated ? "accepted by the simulator" : "sent"}`,
    ...when,
    ...(simulated ? [", nothing was really sent"] : []),
    ...clauses([
      doubt(counts),
      correct(counts),
      cancelled > 0 && `${grouped(cancelled)} not sent because the campaign ended first`,
      leftOut(summary),
      optedOutMeanwhile(summary),
    ]),
  ];
}

function shareOf(submitted: number, rows: number, simulated: true | undefined): string {
  if (submitted === 0) return `${simulated ? "none" : "None"} of ${counted(rows, "row")}`;
  if (submitted < rows) return `${grouped(submitted)} of ${grouped(rows)}`;
  return rows === 1 ? "1 of 1" : `${simulated ? "all" : "All"} ${grouped(rows)}`;
}

function ofCheck(summary: Summary): readonly HeadlinePart[] {
  const { rows, remaining, counts } = summary;
  return [
    `${remaining === rows && rows > 1 ? "All " : ""}${remaining === rows ? "" : `${grouped(remaining)} of `}${counted(rows, "row")} would be sent`,
    ...clauses([correct(counts), leftOut(summary)]),
  ];
}

const ofLive = (summary: Summary): readonly string[] =>
  summary.state === "refused"
    ? []
    : clauses([
        doubt(summary.counts),
        summary.counts.failed > 0 && `${grouped(summary.counts.failed)} failed`,
        optedOutMeanwhile(summary),
      ]);

/**
 * How many people opted out meanwhile, whatever text they had got; and, where replies could not be read to the end, up to when
 * they are counted. `false` where there is nothing to say.
 */
export function optedOutMeanwhile({ optedOut = 0, repliesReadUntil }: Summary): string | false {
  const people =
    optedOut > 0 && `${counted(optedOut, "person", "people")} opted out during this campaign, whoever had texted them`;
  if (repliesReadUntil === undefined) return people;
  const until = moment(Date.parse(repliesReadUntil));
  return people === false
    ? `replies could be read only up to ${until}: who opted out later is not counted`
    : `${people} (as far as replies could be read: up to ${until})`;
}

const clauses = (texts: readonly (string | false)[]): readonly string[] =>
  texts.filter((text) => text !== false).map((text) => `; ${text}`);

const doubt = ({ unknown }: Summary["counts"]) => unknown > 0 && `${grouped(unknown)} in doubt`;

function correct({ failed, invalid }: Summary["counts"]) {
  const count = failed + invalid;
  return count > 0 && `${grouped(count)} ${count === 1 ? "needs" : "need"} correcting`;
}

/** What was left out on purpose: by its name where all of it is duplicates. */
function leftOut({ counts, problems }: Summary): string | false {
  if (counts.skipped === 0) return false;
  const texts: readonly string[] = Object.values(duplicateProblems);
  const duplicates = problems.every(({ status, reason }) => status !== "skipped" || texts.includes(reason));
  return duplicates && problems.some(({ status }) => status === "skipped")
    ? `${counted(counts.skipped, "duplicate")} left out`
    : `${grouped(counts.skipped)} left out on purpose`;
}
