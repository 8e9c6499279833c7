import * as z from "zod";
import { itemVersion, readItem } from "../ledger/read-item.ts";
import type { Clock } from "../ports/clock.ts";
import type { Change, Item, Table } from "../ports/table.ts";

/** An upload about to be judged, as one message announces it. */
export interface PlanningAttempt {
  /** The campaign's name, or a check's with its folder. */
  readonly name: string;
  /** The versions that are judged, as `judgedEntry` writes them: another upload under the name starts afresh. */
  readonly entry: string;
  /** Nobody else's. */
  readonly token: string;
  /** How often the message has been received. */
  readonly receiveCount: number;
  /** When the function that judges it is stopped, epoch milliseconds. */
  readonly deadline: number;
}

/** Whether an upload may be judged now. */
export type MayPlan =
  | { readonly kind: "begun" }
  /** Another execution is judging it, or another upload that failed before, until then at most (epoch milliseconds). */
  | { readonly kind: "busy"; readonly until: number }
  /** Judging it never came to an end, five times: it ran out of time or memory, and would again. */
  | { readonly kind: "worn-out" };

/**
 * Counts how often judging an upload was begun and never came to an end, which only a note made beforehand can tell: a
 * function that runs out of time or memory says nothing any more. An upload is judged by one execution at a time,
 * however many messages announce it, and of those that failed before only one at a time: bad ones leave the other
 * executions to the others.
 */
export interface PlanningAttempts {
  begin(attempt: PlanningAttempt): Promise<MayPlan>;
  /** Notes that it came to an end, whatever came of it. */
  end(attempt: Pick<PlanningAttempt, "name" | "token">): Promise<void>;
  /**
   * Notes that all of them came to an end, for a machine that was off: nobody is at them any more, and what ended the machine, such
   * as a full disk, says nothing about a list. One that was being judged at that end again and again waits before it is tried again,
   * for up to an hour: should it be what ends the machine, others are sent meanwhile.
   */
  endAll(): Promise<void>;
}

/** An upload that failed this often is refused: it would fail for ever. */
export const attemptsToRefuse = 5;

/** Why an upload is refused that no execution of the function could judge to its end: one sentence. */
export const wornOut = (key: string): string =>
  `The file could not be processed: ${attemptsToRefuse} times in a row, reading ${key} ran out of time or memory; nothing was sent. Split the list, or save it again without what makes it so large, and upload it again; if that fails too, tell the people who run bulk-send.`;

/**
 * How often a message may be received in vain because another upload that failed before is being tried again. After that
 * it need not wait: the queue gives up a message that is received too often.
 */
const patience = 4;

/**
 * The least number of receives that the queue must grant a message: a wait for what belongs to it, attempts, waits between
 * them, and the refusal.
 */
export const receivesToRefuse = 1 + attemptsToRefuse + patience + 1;

/** No campaign's name begins with a slash. */
const partition = "/planning";

/** The note of which upload is being tried again, which is none of an upload's own. */
const retrying = { pk: partition, sk: "/again" } as const;

/** Much longer than five attempts and the wait for the dead-letter queue take. */
const keptMs = 14 * 24 * 3600_000;

/** A message that comes back is visible 30 s after its function's deadline; clocks differ. */
const slackMs = 5_000;

const Planning = z.object({
  entry: z.string(),
  /** Attempts that were begun and have not ended, the present one included. */
  begun: z.int().nonnegative(),
  token: z.string().optional(),
  /** The present attempt, or a wait, is over by then, epoch milliseconds. */
  until: z.number().optional(),
  /** How many attempts in a row the machine's end has cut off. */
  cutOff: z.int().positive().optional(),
});
type Planning = z.infer<typeof Planning>;

/** An attempt, or a turn, that has not ended. */
const UnderWay = z.object({ token: z.string(), cutOff: z.int().positive().optional() });
type UnderWay = z.infer<typeof UnderWay>;

const Retrying = z.object({ token: z.string().optional(), until: z.number().optional() });

/** The attempts on a table. Throws what the table throws. */
export function createPlanningAttempts({
  table,
  clock,
}: {
  readonly table: Table;
  readonly clock: Pick<Clock, "now">;
}): PlanningAttempts {
  const keyOf = (name: string) => ({ pk: partition, sk: name });
  const read = async (name: string): Promise<Planning | undefined> => {
    const item = await table.get(keyOf(name), { consistent: true });
    return item === undefined ? undefined : readItem(Planning, item, `What is known of planning ${name}`);
  };

  const retries = createRetries({ table, clock });
  const end: PlanningAttempts["end"] = async ({ name, token }) => {
    const ended = await table.update(keyOf(name), {
      when: { token },
      remove: ["token", "until", "cutOff"],
      add: { begun: -1 },
    });
    // Only one that had failed before may have taken the turn of those.
    if (Number(ended?.["begun"]) > 0) await retries.end(token);
  };

  return {
    begin: async (attempt) => {
      const { name, entry, token, receiveCount } = attempt;
      for (;;) {
        const seen = await read(name);
        const now = clock.now();
        const begun = admit(seen, attempt, now);
        const failed = seen?.entry === entry ? seen.begun : 0;
        if (begun.kind !== "begun") {
          if (failed > 0) await retries.end(token);
          return begun;
        }
        if (failed > 0 && receiveCount - 1 - failed < patience) {
          const until = await retries.begin(attempt);
          if (until !== undefined) return { kind: "busy", until };
        }
        const set = noteOf(attempt, failed + 1, now);
        const remove = seen?.entry === entry ? [] : ["cutOff"];
        const when = { token: seen?.token, entry: seen?.entry, begun: seen?.begun };
        if ((await table.update(keyOf(name), { when, set, remove })) !== undefined) return begun;
        // Somebody else was faster, or the answer was lost.
        if ((await read(name))?.token === token) return begun;
      }
    },

    end,

    endAll: async () => {
      for await (const { sk: name, attempt } of underWay(table)) {
        if (name === retrying.sk) await retries.end(attempt.token);
        else await table.update(keyOf(name), cutOffAt(attempt, clock.now()));
      }
    },
  };
}

/** What is noted as under way: attempts, and the turn of those that are tried again. */
async function* underWay(table: Pick<Table, "query">) {
  for await (const { sk, item } of table.query(partition, { consistent: true })) {
    const { data } = UnderWay.safeParse(item);
    if (data !== undefined) yield { sk, attempt: data };
  }
}

/** How long an upload waits that the machine's end has cut off so often, milliseconds: five times not at all. */
const waitAfter = (cutOff: number): number => (cutOff <= 5 ? 0 : Math.min(60_000 * 2 ** (cutOff - 6), 3600_000));

/** What is noted of an attempt that the machine's end cut off. */
function cutOffAt({ token, cutOff: before = 0 }: UnderWay, now: number): Change {
  const cutOff = before + 1;
  return { when: { token }, remove: ["token"], set: { cutOff, until: now + waitAfter(cutOff) }, add: { begun: -1 } };
}

/** What is noted of an attempt that is the `begun`th without an end. */
const noteOf = ({ entry, token, deadline }: PlanningAttempt, begun: number, now: number): Item => ({
  v: itemVersion,
  entry,
  begun,
  token,
  until: deadline + slackMs,
  expiresAt: Math.ceil((now + keptMs) / 1000),
});

/** What is made of an attempt, by what is known of those before it. */
function admit(seen: Planning | undefined, { entry, receiveCount }: PlanningAttempt, now: number): MayPlan {
  const tooOften = receiveCount > attemptsToRefuse;
  // Where nothing was noted, or what was noted has been forgotten, the queue's count is all there is.
  if (seen === undefined) return tooOften ? { kind: "worn-out" } : { kind: "begun" };
  if (seen.entry !== entry) return { kind: "begun" };
  const busy = seen.until !== undefined && seen.until > now;
  if (seen.begun >= attemptsToRefuse && (tooOften || !busy)) return { kind: "worn-out" };
  return busy ? { kind: "busy", until: seen.until ?? now } : { kind: "begun" };
}

/** The turn of uploads that failed before: one at a time is tried again. */
function createRetries({ table, clock }: { readonly table: Table; readonly clock: Pick<Clock, "now"> }) {
  return {
    /** Returns until when another one is being tried again, or `undefined` if this one may be. */
    begin: async ({ token, deadline }: PlanningAttempt): Promise<number | undefined> => {
      for (;;) {
        const item = await table.get(retrying, { consistent: true });
        const seen = item && readItem(Retrying, item, "What is known of planning an upload again");
        if (seen?.token === token) return undefined;
        const now = clock.now();
        if (seen?.until !== undefined && seen.until > now) return seen.until;
        const until = deadline + slackMs;
        const set: Item = { v: itemVersion, token, until, expiresAt: Math.ceil((now + keptMs) / 1000) };
        if ((await table.update(retrying, { when: { token: seen?.token }, set })) !== undefined) return undefined;
      }
    },
    end: (token: string) => table.update(retrying, { when: { token }, remove: ["token", "until"] }),
  };
}
