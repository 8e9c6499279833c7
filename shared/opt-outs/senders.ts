import * as z from "zod";
import { itemVersion, readItem } from "../ledger/read-item.ts";
import type { Table } from "../ports/table.ts";
import { digitsOf } from "./opt-out-list.ts";
import { replyNumbers } from "./reply-numbers.ts";

/**
 * The numbers from which campaigns were sent, also those that only some rows of a list name: what is texted from one of them is
 * hardly somebody's reply. They are kept beyond the end of their campaign, for replies come later than that.
 */
export interface Senders {
  /** Notes the senders of a campaign, in digits; those that were noted longest ago make room for them. */
  note(digits: readonly string[]): Promise<void>;
  all(): Promise<ReadonlySet<string>>;
}

/** Numbers kept, of one list and altogether: far more than owners have, and few enough for an item of the ledger (400 KB). */
const kept = 5_000;

const Item = z.object({ numbers: z.array(z.string()).default([]) });

const key = { pk: "account", sk: "senders" } as const;

/** The senders, in an item of the ledger. */
export function createSenders({ table }: { readonly table: Pick<Table, "get" | "update"> }): Senders {
  const read = async () => {
    const item = await table.get(key, { consistent: true });
    const { numbers } = item === undefined ? Item.parse({}) : readItem(Item, item, "The list of senders");
    return { numbers, version: z.int().optional().catch(undefined).parse(item?.["version"]) };
  };
  return {
    all: async () => new Set((await read()).numbers),
    note: async (digits) => {
      if (digits.length === 0) return;
      for (let tries = 0; tries < mostTries; tries++) {
        const { numbers, version } = await read();
        const next = withSenders(numbers, digits);
        if (next === numbers) return;
        const set = { numbers: next, v: itemVersion, version: (version ?? 0) + 1 };
        if ((await table.update(key, { when: { version }, set })) !== undefined) return;
      }
      throw new Error(`The list of senders was changed by others ${mostTries} times in a row.`);
    },
  };
}

const mostTries = 20;

/** The same array where all of them are among the half that is kept longest. */
function withSenders(before: readonly string[], digits: readonly string[]): readonly string[] {
  const young = new Set(before.slice(-kept / 2));
  if (digits.every((number) => young.has(number))) return before;
  const given = new Set(digits.slice(0, kept));
  return [...before.filter((number) => !given.has(number)), ...given].slice(-kept);
}

/** Gathers the senders of a list: the first 5,000 that differ, however many rows and senders it has. */
export function createSenderCounter(country: string | undefined) {
  const written = new Set<string>();
  let last: string | undefined;
  return {
    add: (snumber: string): void => {
      if (snumber === last || written.size >= kept) return;
      last = snumber;
      written.add(snumber);
    },
    /** In digits, as replies from them are told; names have none. */
    digits: (): readonly string[] => [
      ...new Set([...written].flatMap((number) => replyNumbers(number, country)).map(digitsOf)),
    ],
  };
}
