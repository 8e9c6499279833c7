import { readItem } from "../ledger/read-item.ts";
import type { Table } from "../ports/table.ts";
import { optedOutOn, RecentOptOuts, recentKey, suppressedBy } from "./recent-item.ts";

/**
 * Why a number is not called that was opted out after its batch was fed; `undefined`: it may be. `meant`: the numbers in E.164
 * (digits) that the feed read it as, where it is written otherwise.
 */
export type LaterOptOut = (cnumber: string, meant?: readonly string[]) => string | undefined;

/** What was decided about numbers since a batch was fed: `too-many`, more than is remembered, so that it must be fed again. */
export type LaterOptOuts = LaterOptOut | "too-many";

/** A batch and what is known of it. */
export interface FedBatch {
  /** The latest decision that its feed knew. */
  readonly known: number;
  /** The latest decision that there is. */
  readonly latest: number;
  /** The campaign's country. */
  readonly country: string | undefined;
}

const nobody: LaterOptOut = () => undefined;

/**
 * Reads what was decided since batches were fed. The ledger is asked only when there is a decision that is not known here
 * yet. Throws what the table throws.
 */
export function createLaterOptOuts({
  table,
}: {
  readonly table: Pick<Table, "get">;
}): (batch: FedBatch) => Promise<LaterOptOuts> {
  let read: { readonly latest: number; readonly found: Promise<Numbers> } | undefined;

  const numbersUpTo = (latest: number): Promise<Numbers> => {
    if (read !== undefined && read.latest >= latest) return read.found;
    const found = readNumbers(table);
    const reading = { latest, found };
    read = reading;
    found.catch(() => {
      if (read === reading) read = undefined;
    });
    return found;
  };

  return async ({ known, latest, country }) => {
    if (latest <= known) return nobody;
    const { from, find } = await numbersUpTo(latest);
    if (from > known) return "too-many";
    return (cnumber, meant = []) => {
      const entry = find(cnumber, country, meant).find(({ back, sequence }) => back !== true && sequence > known);
      return entry && (entry.list === undefined ? optedOutOn(entry.day) : suppressedBy(entry.list));
    };
  };
}

type RecentDecision = RecentOptOuts["entries"][number];

interface Numbers {
  readonly from: number;
  /** The latest decisions about the numbers that a row's number may be. */
  readonly find: (cnumber: string, country: string | undefined, meant: readonly string[]) => readonly RecentDecision[];
}

async function readNumbers(table: Pick<Table, "get">): Promise<Numbers> {
  const item = await table.get(recentKey, { consistent: true });
  const { from, entries } = RecentOptOuts.parse(
    item === undefined ? {} : readItem(RecentOptOuts, item, "The list of the latest opt-outs"),
  );
  const international = Map.groupBy(entries, ({ digits }) => digits);
  const national = Map.groupBy(
    entries.flatMap((entry) => (entry.national ?? []).map((form) => ({ form, entry }))),
    ({ form }) => form,
  );
  const find: Numbers["find"] = (cnumber, country, meant) => {
    const digits = cnumber.replace(/\D/gu, "");
    const written = [digits, digits.replace(dialledAbroad, ""), ...meant];
    const abroad = written.flatMap((form) => international.get(form) ?? []);
    if (abroad.length > 0 || cnumber.trim().startsWith("+")) return abroad;
    return (national.get(digits) ?? []).map(({ entry }) => entry).filter((entry) => isIn(entry, country));
  };
  return { from, find };
}

/** Without a country nobody can tell; then somebody is rather left alone. */
const isIn = ({ countries }: RecentDecision, country: string | undefined) =>
  country === undefined || countries?.includes(country) === true;

/** What is dialled before a number of another country: https://www.itu.int/dms_pub/itu-t/opb/sp/T-SP-E.164C-2011-PDF-E.pdf */
const dialledAbroad = /^(?:0011|011|010|009|00|810)/u;
