import { type Signal, signal } from "@preact/signals";
import * as z from "zod";
import { readJson } from "../../shared/read-json.ts";
import { begunKey } from "./begun-key.ts";

/**
 * A name that a list was given by an attempt that was broken off: the list may have arrived all the same. What it would have
 * been sent by is kept as a digest, because texts are nobody's business who looks into the browser's storage.
 */
const BegunHandover = z.object({ name: z.string().min(1), optionsDigest: z.string().min(1) });
export type BegunHandover = z.infer<typeof BegunHandover>;

const KeptHandovers = z.array(BegunHandover.extend({ size: z.int().nonnegative(), listDigest: z.string().min(1) }));
type KeptHandovers = z.infer<typeof KeptHandovers>;

/** What was begun in this tab and has not come to its end. */
export interface BegunHandovers {
  /** The latest of each list, the latest first. */
  readonly all: Signal<readonly BegunHandover[]>;
  /** What was begun of a list with exactly this content, also if it was chosen anew under another name. */
  of(list: Blob): Promise<BegunHandover | undefined>;
  note(list: Blob, begun: BegunHandover): Promise<void>;
  /** It has come to its end, under this name. */
  forget(name: string): void;
}

/** As many as are kept; more are not begun in a day. */
const most = 50;

/** Keeps what was begun, in a tab's storage, so that loading the page again does not lose it. */
export function createBegunHandovers(storage: Pick<Storage, "getItem" | "setItem">): BegunHandovers {
  const kept = signal<KeptHandovers>(KeptHandovers.safeParse(readJson(storage.getItem(begunKey) ?? "[]")).data ?? []);
  const keep = (next: KeptHandovers) => {
    kept.value = next.slice(0, most);
    storage.setItem(begunKey, JSON.stringify(kept.value));
  };
  return {
    all: kept,
    of: async (list) => {
      const alike = kept.peek().filter(({ size }) => size === list.size);
      if (alike.length === 0) return undefined;
      const digest = await digestOf(list);
      return alike.find(({ listDigest }) => listDigest === digest);
    },
    note: async (list, { name, optionsDigest }) => {
      const listDigest = await digestOf(list);
      const others = kept.peek().filter((one) => one.listDigest !== listDigest && one.name !== name);
      keep([{ name, optionsDigest, size: list.size, listDigest }, ...others]);
    },
    forget: (name) => keep(kept.peek().filter((one) => one.name !== name)),
  };
}

/** Bytes of a list that are in memory at a time. */
const piece = 4 * 1024 * 1024;

/** A digest of all of a list, whose pieces are read one after the other. */
export async function digestOf(list: Blob): Promise<string> {
  const digests: Uint8Array<ArrayBuffer>[] = [];
  for (let from = 0; from < list.size || from === 0; from += piece) {
    digests.push(await sha256(await list.slice(from, from + piece).arrayBuffer()));
  }
  const whole = await sha256(await new Blob(digests).arrayBuffer());
  return Array.from(whole, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

const sha256 = async (bytes: ArrayBuffer) => new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
