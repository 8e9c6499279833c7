import * as z from "zod";
import { itemVersion, readItem } from "../ledger/read-item.ts";
import type { Key, Table } from "../ports/table.ts";
import type { Uploader } from "./identity.ts";

/**
 * Who put which version of which object into the bucket, as S3's events say. Lists and options have events of their own,
 * which come in any order: which of them made a campaign says nothing about who uploaded the other, or a later version.
 */
export interface Uploaders {
  /** Notes who uploaded this version; kept until `until`, epoch milliseconds. */
  note(upload: Uploader & { readonly key: string; readonly version: string }, until: number): Promise<void>;
  /** Who uploaded this version; `undefined` while, or if, S3 has not said. */
  of(key: string, version: string): Promise<Uploader | undefined>;
}

const Noted = z.object({ by: z.string(), person: z.string().optional() });

/** No campaign's name begins with a slash. */
const keyOf = (key: string, version: string): Key => ({ pk: `/uploader ${key}`, sk: version });

/** The uploaders on a table. Throws what the table throws. */
export const createUploaders = (table: Table): Uploaders => ({
  note: async ({ key, version, by, person }, until) => {
    await table.update(keyOf(key, version), {
      when: { by: undefined },
      set: { v: itemVersion, by, ...(person !== undefined && { person }), expiresAt: Math.ceil(until / 1000) },
    });
  },
  of: async (key, version) => {
    const item = await table.get(keyOf(key, version), { consistent: true });
    if (item === undefined) return undefined;
    const { by, person } = readItem(Noted, item, `Who uploaded ${key}`);
    return { by, person };
  },
});
