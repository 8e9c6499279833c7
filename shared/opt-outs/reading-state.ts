import * as z from "zod";
import { itemVersion, readItem } from "../ledger/read-item.ts";
import type { Table } from "../ports/table.ts";

/** Since when texts are not read, and why; `mailed`: people were told. */
const ReadingFailure = z.object({ since: z.number(), cause: z.string(), mailed: z.literal(true).optional() });

/** How far the received texts are read. Instants in epoch milliseconds. */
export const ReadingState = z.object({
  /** Everything received up to here, by the phone system's clock, was read, as far as it was there to be read. */
  cursor: z.number().optional(),
  /** Short digests of the texts with words that were read last: each is read once, although spans overlap. */
  seen: z.array(z.string()).default([]),
  /** When texts were last read, and when that was last tried. */
  readAt: z.number().optional(),
  triedAt: z.number().optional(),
  /** There is more to read at once, from the cursor on. */
  behind: z.literal(true).optional(),
  /** How many seconds are asked for at once; absent: all there are. */
  spanSeconds: z.number().optional(),
  failure: ReadingFailure.optional(),
  /** Until when somebody is reading them. */
  busyUntil: z.number().optional(),
});
export type ReadingState = z.infer<typeof ReadingState>;

/** The state as it was read, to be replaced by the next one if nobody was faster. */
export interface StoredReading {
  readonly state: ReadingState;
  readonly version: number;
}

/** How far the texts are read, in an item of the ledger. */
export interface ReadingStates {
  read(): Promise<StoredReading>;
  /** Stores the next state in place of the one that was seen; `undefined` when somebody else has changed it. */
  replace(seen: StoredReading, state: ReadingState): Promise<StoredReading | undefined>;
}

const key = { pk: "account", sk: "opt-outs" } as const;

/** The ledger's state of reading texts. */
export const createReadingStates = ({ table }: { readonly table: Table }): ReadingStates => ({
  read: async () => {
    const item = await table.get(key, { consistent: true });
    if (item === undefined) return { state: ReadingState.parse({}), version: 0 };
    return {
      state: readItem(ReadingState, item, "How far received texts are read"),
      version: z.int().catch(0).parse(item["version"]),
    };
  },
  replace: async (seen, state) => {
    const version = seen.version + 1;
    const present = new Map(Object.entries(state));
    const remove = Object.keys(ReadingState.shape).filter((name) => present.get(name) === undefined);
    const when = { version: seen.version === 0 ? undefined : seen.version };
    const item = await table.update(key, { when, set: { ...state, v: itemVersion, version }, remove });
    return item === undefined ? undefined : { state, version };
  },
});
