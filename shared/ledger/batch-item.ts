import * as z from "zod";
import type { Item, Key } from "../ports/table.ts";
import type { Outcome } from "./outcome.ts";
import { OutcomesText, writeOutcomes } from "./outcome-text.ts";
import { readItem } from "./read-item.ts";

const base = {
  batch: z.int().positive(),
  /** The batch before it in the plan (0: none). */
  prev: z.int().nonnegative(),
  /** Sendable rows it has by the plan. */
  rows: z.int().positive(),
  /** Counts claims. A claim names the turn it saw, so that one that arrives late can never apply again. */
  turn: z.int().nonnegative(),
  outcomes: OutcomesText.default([]),
  /**
   * Where hours are by the recipients' clocks: the groups (by their place in the campaign's `zones`) of rows that are not
   * final; of a claimed batch, of those that its claim does not fire.
   */
  left: z.array(z.int().nonnegative()).optional(),
  /** When outcomes were last recorded or settled, epoch milliseconds. */
  recordedAt: z.number().optional(),
  /** The claim token that recorded last: by it, a recorder whose answer was lost finds out that it succeeded. */
  recordedBy: z.string().optional(),
  /** DynamoDB's time to live, epoch seconds. */
  expiresAt: z.int(),
};

/** A batch as the ledger has it. Absent: never claimed. */
export const BatchItem = z.discriminatedUnion("state", [
  z.object({
    ...base,
    state: z.literal("claimed"),
    token: z.string(),
    /** After this instant its holder fires nothing more, whatever has happened to it. */
    leaseUntil: z.number(),
    /** The rows this claim may fire, but for those whose outcomes are noted: the only ones in doubt if its holder dies. */
    firing: z.array(z.int().positive()),
  }),
  z.object({ ...base, state: z.literal("open") }),
  z.object({ ...base, state: z.literal("done") }),
]);
export type BatchItem = z.infer<typeof BatchItem>;
export type ClaimedBatch = Extract<BatchItem, { state: "claimed" }>;

/** The item's key. Seven digits make keys sort as the numbers do; each digit more is announced by a tilde, which sorts behind all digits. */
export const batchKey = (campaign: string, batch: number): Key => {
  const digits = String(batch).padStart(leastDigits, "0");
  return { pk: campaign, sk: `batch#${"~".repeat(digits.length - leastDigits)}${digits}` };
};

const leastDigits = 7;

/** Reads a batch's item; throws an UnreadableItem for one that this version cannot read. */
export const readBatchItem = (campaign: string, item: Item): BatchItem =>
  readItem(BatchItem, item, `Batch ${String(item["batch"] ?? "?")} of ${campaign}`);

/** Attributes that an item has only while it is claimed. */
export const claimAttributes: readonly string[] = ["token", "leaseUntil", "firing"];

/** Outcomes by row number. */
export const inOrder = (outcomes: readonly Outcome[]): Outcome[] => outcomes.toSorted((a, b) => a.row - b.row);

/** The groups of a batch's rows (by row number) that are not among those that are over; `undefined` where rows have none. */
export const groupsLeft = (
  groups: ReadonlyMap<number, number> | undefined,
  over: ReadonlySet<number>,
): number[] | undefined =>
  groups && [...new Set([...groups].flatMap(([row, group]) => (over.has(row) ? [] : [group])))];

/** The attributes of a batch whose claim goes on, with these outcomes so far and these rows in doubt; `left` as of `recorded`. */
export const noted = (
  outcomes: readonly Outcome[],
  firing: readonly number[],
  left: readonly number[] | undefined,
): Item => ({
  outcomes: writeOutcomes(inOrder(outcomes)),
  firing,
  left,
});

/**
 * The attributes of a batch whose claim is given back with these outcomes, recorded (epoch ms `now`) by the token `by`;
 * `left` are the groups of rows that are left.
 */
export const recorded = (
  outcomes: readonly Outcome[],
  done: boolean,
  now: number,
  by: string,
  left: readonly number[] | undefined,
): Item => ({
  state: done ? "done" : "open",
  left: done ? undefined : left,
  outcomes: writeOutcomes(inOrder(outcomes)),
  recordedAt: now,
  recordedBy: by,
});
