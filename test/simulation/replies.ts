import type { ListTexts } from "../../shared/enswitch/list-texts.ts";
import type { ReceivedText } from "../../shared/enswitch/read-texts.ts";
import { createReplyReader } from "../../shared/opt-outs/words.ts";
import type { Machine } from "./machine.ts";
import type { Outage, OutageKind } from "./phone-system.ts";
import type { Random } from "./random.ts";
import type { VirtualTime } from "./virtual-time.ts";

/** What people wrote back to the simulated phone system. */
export interface RepliesOfPeople {
  /** Takes in a text, received `agoMs` ago; it is listed `listedAfterMs` later than it was received. */
  write(text: {
    readonly cnumber: string;
    readonly from: string;
    readonly body: string;
    readonly agoMs: number;
    readonly listedAfterMs: number;
  }): void;
  /** A machine's way to `messages/text/list`. */
  listTexts(machine: Machine, random: Random): ListTexts;
  /** When a text from this number could first be read (world time). */
  firstListedAt(cnumber: string): number | undefined;
  /** When somebody asked to be left alone and that could first be read (world time), if he has not taken it back by `at`. */
  optedOutAt(cnumber: string, at: number): number | undefined;
}

/** Outages in which the phone system answers as usual, as far as lists are concerned. */
const listing: readonly OutageKind[] = ["sender-number"];

/** The most texts that an answer can have in a run: then a shorter span must be asked for. */
const mostTexts = 4;

/** Nobody has written yet. `listed` is told when a machine gets an answer that has texts in it. */
export function createRepliesOfPeople(deps: {
  readonly time: VirtualTime;
  readonly outageAt: (at: number) => Outage | undefined;
  readonly password: () => string;
  readonly answerMs: number;
  readonly listed: () => void;
}): RepliesOfPeople {
  const { time, outageAt, password, answerMs, listed } = deps;
  const { read } = createReplyReader();
  const texts: (ReceivedText & { readonly at: number; readonly listedAt: number; readonly cnumber: string })[] = [];

  const answerTo = (given: string, from: number, until = Number.POSITIVE_INFINITY) => {
    const outage = outageAt(time.now());
    if (given !== password() || outage?.kind === "credentials") return { kind: "failed", cause: "code 401" } as const;
    if (outage?.kind === "privilege") return { kind: "failed", cause: "code 402" } as const;
    const found = texts.filter(
      ({ at, listedAt }) => listedAt <= time.now() && Math.floor(at / 1000) >= from && Math.floor(at / 1000) <= until,
    );
    const seconds = new Set(found.map(({ at }) => Math.floor(at / 1000)));
    if (found.length > mostTexts && seconds.size > 1) return { kind: "too-large" } as const;
    if (found.length > 0) listed();
    return { kind: "texts", texts: found.map(({ id, at, number, body }) => ({ id, at, number, body })) } as const;
  };

  return {
    write: ({ cnumber, from, body, agoMs, listedAfterMs }) => {
      const at = time.now() - agoMs;
      const listedAt = at + listedAfterMs;
      texts.push({ id: `text-${texts.length}`, at, number: from, body, cnumber, listedAt });
    },
    listTexts:
      (machine, random) =>
      (credentials, { from, until }) =>
        new Promise((resolve) => {
          const kind = outageAt(time.now())?.kind;
          const silent = kind === "hanging" || kind === "mute" || kind === "unreachable";
          const away = kind !== undefined && !listing.includes(kind) && kind !== "credentials" && kind !== "privilege";
          const after = silent ? 15_000 : random.int(5, answerMs + 60);
          // What is listed is what there is when the request arrives.
          time.at(time.now() + Math.min(after, 5), () => {
            const answer = away
              ? ({ kind: "failed", cause: kind } as const)
              : answerTo(credentials.password, from, until);
            machine.step(time.now() + Math.max(0, after - 5), () => resolve(answer));
          });
        }),
    firstListedAt: (cnumber) => texts.find((text) => text.cnumber === cnumber)?.listedAt,
    optedOutAt: (cnumber, at) => {
      const own = texts
        .filter((text) => text.cnumber === cnumber && text.listedAt <= at)
        .sort((a, b) => Math.floor(a.at / 1000) - Math.floor(b.at / 1000));
      let since: number | undefined;
      for (const { body, listedAt } of own) {
        const { kind } = read(body);
        if (kind === "opt-out") since ??= listedAt;
        if (kind === "opt-in") since = undefined;
      }
      return since;
    },
  };
}
