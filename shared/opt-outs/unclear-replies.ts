import * as z from "zod";
import { itemVersion, readItem } from "../ledger/read-item.ts";
import type { Table } from "../ports/table.ts";
import { isTakenBack } from "./words.ts";

/**
 * A reply with an opt-out word beside others: a person reads it and decides. `at` in epoch milliseconds. `sender`: campaigns were sent from its
 * number, so that it is left to a person whatever it says; `whole`: it says nothing but such a word, as no text of a campaign does.
 */
const UnclearReply = z.object({
  id: z.string(),
  number: z.string(),
  at: z.number(),
  text: z.string(),
  sender: z.literal(true).optional(),
  whole: z.literal(true).optional(),
});
export type UnclearReply = z.infer<typeof UnclearReply>;

const Item = z.object({ replies: z.array(UnclearReply).default([]) });

/**
 * Replies kept, and for how long: they are there to be looked at soon. What a campaign may have sent itself, naming the word by which it
 * is left, has a room of its own: a phone system that lists sent texts has many of them.
 */
const kept = { replies: 200, maybeSent: 100, ms: 90 * 24 * 3600_000, characters: 160 } as const;

/** Replies that wait for a person, newest last. */
export interface UnclearReplies {
  all(): Promise<readonly UnclearReply[]>;
  /** Adds replies that are not there yet (ids alone may be equal); the oldest of their kind make room for them. `now` in epoch milliseconds. */
  add(replies: readonly UnclearReply[], now: number): Promise<void>;
}

const key = { pk: "account", sk: "opt-outs-unclear" } as const;

/** The replies, in an item of the ledger. */
export function createUnclearReplies({ table }: { readonly table: Table }): UnclearReplies {
  const read = async () => {
    const item = await table.get(key, { consistent: true });
    const { replies } = item === undefined ? Item.parse({}) : readItem(Item, item, "The list of unclear replies");
    return { replies, version: z.int().optional().catch(undefined).parse(item?.["version"]) };
  };
  return {
    all: async () => (await read()).replies,
    add: async (replies, now) => {
      if (replies.length === 0) return;
      for (let tries = 0; tries < mostTries; tries++) {
        const { replies: before, version } = await read();
        const fresh = replies.filter((reply) => !before.some((known) => isSame(known, reply)));
        if (fresh.length === 0) return;
        const all = [...before, ...fresh.map((reply) => ({ ...reply, text: reply.text.slice(0, kept.characters) }))];
        const set = {
          replies: withinRooms(all.filter(({ at }) => now - at < kept.ms)),
          v: itemVersion,
          version: (version ?? 0) + 1,
        };
        if ((await table.update(key, { when: { version }, set })) !== undefined) return;
      }
      throw new Error(`The unclear replies were changed by others ${mostTries} times in a row.`);
    },
  };
}

/** Those that still ask for something: to be left alone, of people who are not opted out, or to be written to again, of people who are. */
export const openReplies = (
  replies: readonly UnclearReply[],
  isOptedOut: (number: string) => boolean,
): readonly UnclearReply[] => replies.filter(({ number, text }) => isTakenBack(text) === isOptedOut(number));

const maybeSent = ({ sender, whole }: UnclearReply) => sender === true && whole !== true;

/** The newest of each kind, in their order. */
function withinRooms(replies: readonly UnclearReply[]): readonly UnclearReply[] {
  const stay = new Set([
    ...replies.filter((reply) => !maybeSent(reply)).slice(-kept.replies),
    ...replies.filter(maybeSent).slice(-kept.maybeSent),
  ]);
  return replies.filter((reply) => stay.has(reply));
}

const isSame = (one: UnclearReply, other: UnclearReply) =>
  one.id === other.id && one.number === other.number && one.text === other.text.slice(0, kept.characters);

const mostTries = 20;
