import * as z from "zod";
import { itemVersion, readItem } from "../ledger/read-item.ts";
import type { Key, Table } from "../ports/table.ts";

/**
 * Who put which version of which object into the bucket, as S3's events say. Lists and options have events of their own,
 * which come in any order: which of them made a campaign says nothing about who uploaded the other, or a later version.
 */
export interface Uploaders {
  /** Notes who uploaded this version (S3's `principalId`); kept until `until`, epoch milliseconds. */
  note(upload: { readonly key: string; readonly version: string; readonly by: string }, until: number): Promise<void>;
  /** Who uploaded this version; `undefined` while, or if, S3 has not said. */
  of(key: string, version: string): Promise<string | undefined>;
}

const Uploader = z.object({ by: z.string() });

/** No campaign's name begins with a slash. */
const keyOf = (key: string, version: string): Key => ({ pk: `/uploader ${key}`, sk: version });

/** The uploaders on a table. Throws what the table throws. */
export const createUploaders = (table: Table): Uploaders => ({
  note: async ({ key, version, by }, until) => {
    await table.update(keyOf(key, version), {
      when: { by: undefined },
      set: { v: itemVersion, by, expiresAt: Math.ceil(until / 1000) },
    });
  },
  of: async (key, version) => {
    const item = await table.get(keyOf(key, version), { consistent: true });
    return item === undefined ? undefined : readItem(Uploader, item, `Who uploaded ${key}`).by;
  },
});
