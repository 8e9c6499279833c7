import { createReadStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { parse } from "csv-parse/sync";
import { RecordedCall } from "../../infra/local/enswitch-simulator/call-journal.ts";
import { RowStatus } from "../../shared/campaign/campaign.ts";
import { Summary } from "../../shared/report/summary.ts";
import type { TellingList } from "./telling-list.ts";

/** What a report says next to what Enswitch itself wrote down. */
export interface Comparison {
  /** Promises that were broken, in words; none is expected. */
  readonly problems: readonly string[];
  readonly counts: Readonly<Record<string, number>>;
  /** Calls that Enswitch accepted for this list. */
  readonly accepted: number;
  /** Rows in doubt, by their number. */
  readonly unknown: readonly number[];
  /** When each call went out by the report, epoch milliseconds. */
  readonly sentAt: readonly number[];
}

/**
 * Holds a complete campaign's report against the phone system's own record: every row once and in order, the statuses
 * add up, `submitted` was accepted exactly once, whatever is said not to be accepted never was, nothing twice.
 */
export async function compareWithRecord(list: TellingList, out: string, recordFile: string): Promise<Comparison> {
  const problems: string[] = [];
  const accepted = await acceptedTexts(recordFile, `of ${list.name}:`);
  const lines: Record<string, string>[] = parse(await readFile(join(out, "report.csv"), "utf8"), {
    bom: true,
    columns: true,
  });
  const texts = lines.map((line) => line["message"] ?? "");
  if (texts.length !== list.texts.length) {
    problems.push(`The report has ${texts.length} lines for ${list.texts.length} rows.`);
  }
  const astray = list.texts.findIndex((text, index) => texts[index] !== text);
  if (astray >= 0) problems.push(`Line ${astray + 1} of the report is not row ${astray + 1}.`);

  const counts: Record<string, number> = {};
  const unknown: number[] = [];
  const sentAt: number[] = [];
  for (const [index, line] of lines.entries()) {
    const status = line["send_status"] ?? "";
    counts[status] = (counts[status] ?? 0) + 1;
    const times = accepted.get(line["message"] ?? "") ?? 0;
    const row = index + 1;
    if (line["send_at"] !== undefined && line["send_at"] !== "") sentAt.push(Date.parse(line["send_at"]));
    if (times > 1) problems.push(`Row ${row} was accepted ${times} times.`);
    if (status === "unknown") unknown.push(row);
    else if (status === "submitted" && times !== 1) {
      problems.push(`Row ${row} is submitted, and was accepted ${times} times.`);
    } else if (status !== "submitted" && times !== 0) problems.push(`Row ${row} is ${status}, and was accepted.`);
    if (!statuses.has(status)) problems.push(`Row ${row} has the status "${status}".`);
  }
  const summary = Summary.parse(JSON.parse(await readFile(join(out, "summary.json"), "utf8")));
  for (const status of RowStatus.options) {
    const said = summary.counts[status];
    if (said !== (counts[status] ?? 0)) {
      problems.push(`The summary counts ${said} ${status}, the report ${counts[status] ?? 0}.`);
    }
  }
  if (summary.rows !== list.texts.length) {
    problems.push(`The summary speaks of ${summary.rows} rows of ${list.texts.length}.`);
  }
  const total = [...accepted.values()].reduce((sum, times) => sum + times, 0);
  return { problems, counts, accepted: total, unknown, sentAt: sentAt.sort((a, b) => a - b) };
}

const statuses = new Set<string>(RowStatus.options);

async function acceptedTexts(recordFile: string, part: string): Promise<Map<string, number>> {
  const times = new Map<string, number>();
  for await (const call of recordedCalls(recordFile)) {
    const text = call.parameters["message"] ?? "";
    if (call.accepted && text.includes(part)) times.set(text, (times.get(text) ?? 0) + 1);
  }
  return times;
}

/** The calls of a record; a last line cut off by the kill of its process was not answered and does not count. */
export async function* recordedCalls(recordFile: string): AsyncGenerator<RecordedCall> {
  for await (const line of createInterface({ input: createReadStream(recordFile) })) {
    if (line.endsWith("}")) yield RecordedCall.parse(JSON.parse(line));
  }
}
