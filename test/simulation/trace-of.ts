import { rowOf } from "./lists.ts";
import type { Run } from "./simulate.ts";

/** Lines shown before a failure that is of no single row. */
const shownLines = 60;

/**
 * What a failure needs to be understood: all that befell the row concerned, its batch, campaign and account, and the
 * machines that had to do with it. Of a failure without a row, what happened just before.
 */
export function traceOf({
  failures,
  trace,
  scenario,
}: Pick<Run, "failures" | "trace" | "scenario">): readonly string[] {
  const cnumber = failures.find((failure) => failure.cnumber !== undefined)?.cnumber;
  if (cnumber === undefined) {
    const broken = trace.findIndex((line) => line.includes("BROKEN"));
    return trace.slice(Math.max(0, broken - shownLines), broken + 1);
  }
  const { campaign, row } = rowOf(cnumber);
  const name = scenario.campaigns[campaign]?.name ?? "";
  const firing = new RegExp(`: ${escaped(name)} (batch#\\d+) .* firing \\[(?:\\d+,)*${row}[,\\]]`, "u");
  const batch = trace.map((line) => firing.exec(line)?.[1]).find((found) => found !== undefined) ?? "no batch";
  const number = Number(batch.slice("batch#".length));
  const about = [
    cnumber,
    `${name} ${batch} `,
    `${name} batch ${number} is put`,
    `campaign ${name} is`,
    " account: ",
    " person",
    " scenario ",
    " the phone system ",
    " the secret ",
    "BROKEN",
  ];
  const chosen = new Set(trace.filter((line) => about.some((words) => line.includes(words))));
  const machines = new Set([...chosen].flatMap((line) => /\b(?:sender|reporter)-\d+\b/u.exec(line)?.[0] ?? []));
  const fate = /^ *\d+ ([a-z]+-\d+) (?:dies|freezes|is dead|is stopped)/u;
  return trace.filter((line) => chosen.has(line) || machines.has(fate.exec(line)?.[1] ?? ""));
}

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\/]/gu, "\\$&");
