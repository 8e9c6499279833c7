import * as z from "zod";
import { itemVersion, readItem } from "../ledger/read-item.ts";
import { planOf, plansOf, withoutTrunk } from "../numbering-plan.ts";
import type { Table } from "../ports/table.ts";
import { readNumber } from "../read-number.ts";
import { dayOf, digitsOf, type OptOutDecision } from "./opt-out-list.ts";
import { RecentOptOuts, recentKey } from "./recent-item.ts";
import { isTakenBack } from "./words.ts";

/** Entries kept: far more than opt out while a batch is in the queue, and few enough for an item of the ledger (400 KB). */
const mostEntries = 1_000;

/** The latest decisions about numbers, for batches that were fed before they were made. */
export interface RecentDecisions {
  /**
   * Adds decisions that stand in the list; those that are there already change nothing. `list`: the suppression list that it is, where
   * it is not that of the opt-outs. Returns the number of the latest.
   */
  add(standing: readonly OptOutDecision[], list?: string): Promise<Pick<RecentOptOuts, "sequence">>;
}

/** The latest decisions, in an item of the ledger. */
export function createRecentDecisions({ table }: { readonly table: Table }): RecentDecisions {
  return {
    add: async (standing, list) => {
      for (let tries = 0; tries < mostTries; tries++) {
        const stored = await table.get(recentKey, { consistent: true });
        const recent = RecentOptOuts.parse(
          stored === undefined ? {} : readItem(RecentOptOuts, stored, "The list of the latest opt-outs"),
        );
        const next = withDecisions(recent, standing, list);
        if (next === recent) return recent;
        const version = z.int().optional().parse(stored?.["version"]);
        const set = { ...next, v: itemVersion, version: (version ?? 0) + 1 };
        if ((await table.update(recentKey, { when: { version }, set })) !== undefined) return next;
      }
      throw new Error(`The latest opt-outs were changed by others ${mostTries} times in a row.`);
    },
  };
}

const mostTries = 20;

/** The same object where it has all of the decisions already. */
function withDecisions(recent: RecentOptOuts, standing: readonly OptOutDecision[], list?: string): RecentOptOuts {
  let { sequence } = recent;
  const keyOf = (digits: string, on: string | undefined) => JSON.stringify([digits, on]);
  const entries = new Map(recent.entries.map((entry) => [keyOf(entry.digits, entry.list), entry]));
  const isKnown = ({ number, id, word }: OptOutDecision) => {
    const entry = entries.get(keyOf(digitsOf(number), list));
    // Texts may have the same id: what changes something is new all the same.
    return entry?.id === id && (entry.back === true) === isTakenBack(word);
  };
  const fresh = standing.filter((decision) => !isKnown(decision));
  if (fresh.length === 0) return recent;
  for (const { number, at, word, id } of fresh) {
    sequence++;
    const back = isTakenBack(word);
    const digits = digitsOf(number);
    // Behind all others: the oldest are forgotten first.
    entries.delete(keyOf(digits, list));
    const entry = { digits, id, sequence, day: dayOf(at), ...nationalForms(number) };
    entries.set(keyOf(digits, list), { ...entry, ...(back ? { back } : {}), ...(list === undefined ? {} : { list }) });
  }
  const kept = [...entries.values()].slice(-mostEntries);
  const from = Math.max(recent.from, ...[...entries.values()].slice(0, -mostEntries).map((entry) => entry.sequence));
  return { sequence, from, entries: kept };
}

/** How the number is written within its countries, and which they are: the sender has no numbering plans. */
function nationalForms(number: string): { readonly national?: string[]; readonly countries?: string[] } {
  if (!number.startsWith("+")) return {};
  const read = readNumber({ plus: true, digits: number.slice(1), head: number.length - 1 }, undefined, "length");
  if (read.kind !== "number") return {};
  const countries = plansOf(read.callingCode).flatMap(({ country }) => country ?? []);
  const national = read.number.slice(read.callingCode.length + 1);
  const dialled = ["0", "1", "8", "06"]
    .map((trunk) => trunk + national)
    .filter((digits) => countries.some((country) => trunkless(country, digits) === national));
  return { national: [national, ...dialled], countries };
}

function trunkless(country: string, digits: string): string | undefined {
  const plan = planOf(country);
  return plan === undefined ? undefined : withoutTrunk(plan, digits);
}
