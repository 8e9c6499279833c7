import * as z from "zod";

/** Where the ledger has them: beside the account, which says how many there are. */
export const recentKey = { pk: "account", sk: "opt-outs-recent" } as const;

/** The ledger's item of the latest decisions about numbers. */
export const RecentOptOuts = z.object({
  /** The number of the latest decision, from 1. */
  sequence: z.int().nonnegative().default(0),
  /** All decisions after this one are among the entries. */
  from: z.int().nonnegative().default(0),
  entries: z
    .array(
      z.object({
        /** Of the number in E.164, where that could be told. */
        digits: z.string(),
        id: z.string(),
        sequence: z.int(),
        /** When it was decided, in UTC. */
        day: z.string(),
        /** The number may be sent to again. */
        back: z.literal(true).optional(),
        /** The suppression list that the number was put on; absent: it was opted out. */
        list: z.string().optional(),
        /** The number as it is dialled within its countries. */
        national: z.array(z.string()).optional(),
        countries: z.array(z.string()).optional(),
      }),
    )
    .default([]),
});
export type RecentOptOuts = z.infer<typeof RecentOptOuts>;

/** Why a row is skipped whose number was opted out on a day ("2026-03-02", in UTC). */
export const optedOutOn = (day: string): string => `opted out on ${day}`;

/** Why a row is skipped whose number is on a suppression list. */
export const suppressedBy = (list: string): string => `on the suppression list ${list}`;
