import type { Bucket } from "../ports/bucket.ts";
import { planKeys } from "../ports/bucket-layout.ts";
import { readJson } from "../read-json.ts";
import { type PlanHead, readHead } from "./head.ts";
import { lines } from "./lines.ts";
import { PlanLine, partOf, type RowLine } from "./plan.ts";
import { readRowLine } from "./row-line.ts";

/** Which plan is read: that of a campaign, by the run that was committed. */
export interface PlanOf {
  readonly name: string;
  readonly run: string;
  readonly batchRows: number;
  readonly parts: number;
}

/** A plan that is missing, or that this version cannot read: a bug, or somebody deleted it; never the campaign's fault. */
export class PlanError extends Error {
  override readonly name = "PlanError";
}

/** The plan's lines after batch `after`, in order; `text` is the line as it was written. */
export async function* planLines(
  bucket: Bucket,
  plan: PlanOf,
  after: number,
): AsyncGenerator<{ line: PlanLine; text: string }> {
  for (let part = partOf(after + 1, plan.batchRows); part <= plan.parts; part++) {
    for await (const text of partLines(bucket, planKeys(plan.name, plan.run).plan(part))) {
      const line = PlanLine.safeParse(readJson(text));
      if (!line.success) {
        throw new PlanError(`Part ${part} of the plan of ${plan.name} has a line that this version cannot read.`);
      }
      if (line.data.batch > after) yield { line: line.data, text };
    }
  }
}

/** What to do about a plan of another version. Until then the campaign's report is not written: it would be wrong. */
const deployAnother = "Deploy the version that planned it, or a newer one; its report is written then.";

/** Rows handed on at once. */
const rowsAtOnce = 500;

/** All data rows as the plan recorded them, in order, some hundreds at a time. */
export async function* planRows(bucket: Bucket, plan: PlanOf): AsyncGenerator<readonly RowLine[]> {
  for (let part = 1; part <= plan.parts; part++) {
    let rows: RowLine[] = [];
    for await (const text of partLines(bucket, planKeys(plan.name, plan.run).rows(part))) {
      const row = readRowLine(text);
      if (row === undefined) {
        const { name } = plan;
        throw new PlanError(`Rows part ${part} of ${name} has a line that this version cannot read. ${deployAnother}`);
      }
      rows.push(row);
      if (rows.length === rowsAtOnce) {
        yield rows;
        rows = [];
      }
    }
    if (rows.length > 0) yield rows;
  }
}

/** What the plan recorded about the file as a whole. */
export async function planHead(bucket: Bucket, plan: Pick<PlanOf, "name" | "run">): Promise<PlanHead> {
  const key = planKeys(plan.name, plan.run).head;
  const texts: string[] = [];
  for await (const text of partLines(bucket, key)) texts.push(text);
  const head = readHead(texts.join("\n"));
  if (head === undefined) throw new PlanError(`${key} is in a format that this version cannot read. ${deployAnother}`);
  return head;
}

async function* partLines(bucket: Bucket, key: string): AsyncGenerator<string> {
  const object = await bucket.get(key);
  if (object === undefined) throw new PlanError(`${key} is missing although its campaign is not over.`);
  yield* lines(object.body);
}
