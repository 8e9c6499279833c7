import { itemVersion, readItem } from "../ledger/read-item.ts";
import type { Clock, FreshToken } from "../ports/clock.ts";
import type { Item, Table } from "../ports/table.ts";
import { Account, freshAccount } from "./account.ts";

/** A decision about the account: its next state (the same object: no change) and what the caller learns. */
export interface Decision<Result> {
  readonly account: Account;
  readonly result: Result;
}

/** The stored account, changed by one decision at a time. */
export interface AccountStore {
  /** Reads it as it is now, consistently. */
  read(): Promise<Account>;
  /**
   * Applies `decide` to the newest state, and repeats that until no other change came in between. `decide` is pure; a
   * decision that changes nothing writes nothing. A change whose answer was lost and that was overwritten at once is
   * decided again, and `again` says that this may be so: that may lose slots, but never gives one out twice.
   */
  change<Result>(decide: (account: Account, now: number, again: boolean) => Decision<Result>): Promise<Result>;
}

const key = { pk: "account", sk: "throttle" } as const;

/** The account's item in the ledger, guarded by a version number. */
export function createAccountStore(deps: { table: Table; clock: Clock; freshToken: FreshToken }): AccountStore {
  const { table, clock, freshToken } = deps;
  let known: StoredAccount | undefined;

  const load = async (): Promise<StoredAccount> => {
    const stored = readStored(await table.get(key, { consistent: true }));
    known = stored;
    return stored;
  };

  return {
    read: async () => (await load()).account,

    change: async (decide) => {
      // Start from what this execution wrote last: usually nothing came in between, and a read is saved.
      let stored = known ?? (await load());
      let fresh = known === undefined;
      let again = false;
      for (;;) {
        const { account, result } = decide(stored.account, clock.now(), again);
        if (account === stored.account) {
          if (fresh) return result;
          stored = await load();
          fresh = true;
          continue;
        }
        const writer = freshToken();
        const version = stored.version + 1;
        const change = {
          when: { version: stored.version === 0 ? undefined : stored.version },
          ...written(account, version, writer),
        };
        const updated = await table.update(key, change);
        if (updated !== undefined) {
          known = readStored(updated);
          return result;
        }
        stored = await load();
        fresh = true;
        if (stored.writer === writer) return result;
        again ||= stored.version > version;
      }
    },
  };
}

interface StoredAccount {
  readonly account: Account;
  readonly version: number;
  readonly writer?: string;
}

function readStored(item: Item | undefined): StoredAccount {
  if (item === undefined) return { account: freshAccount, version: 0 };
  return {
    account: readItem(Account, item, "The account"),
    version: Number(item["version"]),
    writer: String(item["writer"]),
  };
}

/** Every attribute of the account, the absent ones removed. */
function written(account: Account, version: number, writer: string): { set: Item; remove: string[] } {
  const present = new Map(Object.entries(account));
  const remove = Object.keys(Account.shape).filter((name) => present.get(name) === undefined);
  return { set: { ...account, v: itemVersion, version, writer }, remove };
}
