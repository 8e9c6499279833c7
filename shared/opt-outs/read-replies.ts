import { createHash } from "node:crypto";
import type { AccountStore } from "../account/account-store.ts";
import { copyable } from "../copyable.ts";
import type { Credentials } from "../enswitch/enswitch.ts";
import type { TextSpan } from "../enswitch/list-texts.ts";
import type { ReceivedText, TextsAnswer } from "../enswitch/read-texts.ts";
import { iso, sentence } from "../in-words.ts";
import type { Bucket } from "../ports/bucket.ts";
import type { Clock } from "../ports/clock.ts";
import type { Log } from "../ports/log.ts";
import type { Mail } from "../ports/mail.ts";
import type { Metrics } from "../ports/metrics.ts";
import type { Table } from "../ports/table.ts";
import { noteDecisions } from "./note-decisions.ts";
import { digitsOf, listId, type OptOutDecision, OptOutListError } from "./opt-out-list.ts";
import { createReadingStates, type ReadingState, type StoredReading } from "./reading-state.ts";
import { createRecentDecisions } from "./recent-opt-outs.ts";
import { replyNumbers } from "./reply-numbers.ts";
import { createSenders } from "./senders.ts";
import { createUnclearReplies, type UnclearReply } from "./unclear-replies.ts";
import { createReplyReader, isTakenBack } from "./words.ts";

/** What reading replies depends on. */
export interface ReadRepliesDeps {
  readonly table: Table;
  readonly bucket: Pick<Bucket, "get" | "replace">;
  readonly account: Pick<AccountStore, "change">;
  readonly secret: { read(): Promise<Credentials | undefined> };
  readonly listTexts: (credentials: Credentials, span: TextSpan) => Promise<TextsAnswer>;
  readonly mail: Mail;
  readonly clock: Clock;
  readonly metrics: Metrics;
  readonly log: Log;
  /** The words that opt out, in place of the usual ones. */
  readonly words?: readonly string[];
  /** The country of numbers without their country code. */
  readonly country: string | undefined;
  /** What names the stack in a command, as words; absent: the default stack. */
  readonly target?: readonly string[];
  /** Where people read the operations manual; absent: nowhere that could be linked to. */
  readonly manual?: string;
  /** The stack's numbers: what is texted from them was sent. */
  readonly ownNumbers: readonly string[];
}

/** A reading of replies that was begun. */
export interface ReplyReading {
  /**
   * Resolves as soon as what was read is recent enough, or cannot be read; with the instant up to which replies were read then
   * (epoch ms; `undefined`: never, or that cannot be told). Never rejects.
   */
  readonly current: Promise<number | undefined>;
  /** Resolves when all is noted; rejects when ledger, list or mail failed. */
  readonly done: Promise<void>;
}

/**
 * Begins to read what people have texted back, if that is due. `active`: campaigns are under way; `own`: further own numbers.
 * With `since` (epoch ms) it is due unless somebody has tried since then, and recent enough is only what was.
 */
export type ReadReplies = (active: boolean, own: readonly string[], since?: number) => ReplyReading;

/**
 * How often replies are read, milliseconds. While something is sent, a minute less than the five that are promised:
 * the reporter looks once a minute, and reading takes time too.
 */
const everyMs = { active: 225_000, idle: 3_600_000 - 30_000 } as const;

/** What was read longer ago, milliseconds, is read again before anything is fed: after an idle time, nobody must be missed. */
const oldMs = 300_000;

/** How far a reading goes back behind the last one: texts may be listed late, and the phone system's clock may be slow. */
const overlapMs = 30 * 60_000;

/** Calls of one reading, and how long it may go on, milliseconds; what is left is read by the next look. */
const bounds = { calls: 300, ms: 45_000, busyMs: 120_000 } as const;

/**
 * Texts with words that are remembered of those read within the overlap, in an item of at most 400 KB. What is forgotten and
 * read again changes nothing in the list, unless its time is not to be relied on.
 */
const idsKept = 10_000;

/** People are told when replies have not been read for so long, milliseconds, and not at the first attempt. */
const mailAfterMs = 14 * 60_000;

/** Reading replies through the phone system, and noting who opts out. Whatever the phone system answers, it does not throw. */
export function createReadReplies(deps: ReadRepliesDeps): ReadReplies {
  const { table, clock, metrics } = deps;
  const states = createReadingStates({ table });
  const readSpans = createReadSpans(deps);

  /** Reads, under a state that says so. */
  const readUnder = async (begun: StoredReading, own: readonly string[], isCurrent: (state: ReadingState) => void) => {
    const { reading, cause } = await readSpans(states, begun, new Set([...deps.ownNumbers, ...own]));
    if (reading === undefined) return;
    const after: ReadingState = {
      ...reading.state,
      busyUntil: undefined,
      ...(cause === undefined
        ? { failure: undefined, readAt: reading.state.behind === true ? begun.state.readAt : clock.now() }
        : { failure: failureOf(reading.state, cause, clock.now()) }),
    };
    const over = await states.replace(reading, after);
    isCurrent(after);
    await noteUnread(deps, after);
    if (over !== undefined && (await tellPeople(deps, after))) {
      await states.replace(over, { ...after, failure: after.failure && { ...after.failure, mailed: true } });
    }
  };

  const read = async (request: ReadingRequest, own: readonly string[], isCurrent: (state: ReadingState) => void) => {
    // Somebody else who is at it is waited for as long as he may take.
    const latest = clock.now() + bounds.ms;
    for (let looks = 0; ; looks++) {
      const stored = await states.read();
      const { state } = stored;
      if (looks === 0) metrics.add("OptOutsUnread", state.failure === undefined ? 0 : 1);
      const served = serves(state, request, clock.now());
      if (served) isCurrent(state);
      if (isDue(state, request, clock.now())) {
        const begun = { ...state, triedAt: clock.now(), busyUntil: clock.now() + bounds.busyMs };
        const mine = await states.replace(stored, begun);
        if (mine !== undefined) return readUnder(mine, own, isCurrent);
        // Somebody else has begun to read them at this moment.
      } else if (state.busyUntil === undefined) return;
      if (served || clock.now() >= latest) return isCurrent(state);
      await clock.sleepUntil(clock.now() + waitMs);
    }
  };

  return (active, own, since) => {
    const { promise, resolve } = Promise.withResolvers<number | undefined>();
    const done = read({ active, since }, own, (state) => resolve(readUpToOf(state))).finally(() => resolve(undefined));
    return { current: promise, done };
  };
}

/** Why replies are to be read, as `ReadReplies` has it. */
interface ReadingRequest {
  readonly active: boolean;
  readonly since: number | undefined;
}

/** Up to when replies were read, by this clock; while somebody is at it, up to when they were before. */
const readUpToOf = ({ failure, behind, busyUntil, triedAt, readAt }: ReadingState): number | undefined =>
  failure === undefined && behind === undefined && busyUntil === undefined ? triedAt : readAt;

/** The failure as it goes on, or as it begins: with the last time that replies were read. */
const failureOf = ({ failure, readAt }: ReadingState, cause: string, now: number) =>
  failure === undefined ? { since: readAt ?? now, cause } : { ...failure, cause };

/** Whether what was read will do; where nothing can be read, sending goes on. */
function serves(
  { failure, readAt, triedAt, busyUntil }: ReadingState,
  { since }: ReadingRequest,
  now: number,
): boolean {
  if (since !== undefined) return busyUntil === undefined && triedAt !== undefined && triedAt >= since;
  return failure !== undefined || now - (readAt ?? Number.NEGATIVE_INFINITY) < oldMs;
}

/** How often it is seen whether somebody else has read them, milliseconds. */
const waitMs = 500;

function isDue(
  { triedAt, behind, failure, busyUntil }: ReadingState,
  { active, since }: ReadingRequest,
  now: number,
): boolean {
  // Who was at it and did not come to an end has died.
  if (busyUntil !== undefined) return busyUntil <= now;
  if (triedAt === undefined || triedAt > now) return true;
  if (since !== undefined && triedAt < since) return true;
  if (behind === true && failure === undefined) return true;
  return now - triedAt >= (active ? everyMs.active : everyMs.idle);
}

/** What a reading came to: the state as it is then stored (`undefined`: somebody else changed it), and what went wrong. */
interface SpansRead {
  readonly reading: StoredReading | undefined;
  readonly cause?: string;
}

function createReadSpans(deps: ReadRepliesDeps) {
  const { clock, secret, listTexts, log } = deps;
  const take = createTakeTexts(deps);

  /** What reading a span changes; or why its texts could not be noted. */
  const taken = async (
    texts: readonly ReceivedText[],
    own: ReadonlySet<string>,
    {
      reading: { state },
      asked,
      until,
    }: { readonly reading: StoredReading; readonly asked: number; readonly until: number | undefined },
  ): Promise<Partial<ReadingState> | string> => {
    try {
      const { seen } = await take(texts, own, state);
      const { spanSeconds } = state;
      return until === undefined
        ? { seen, cursor: readUpTo(texts, state, asked), behind: undefined, spanSeconds: undefined }
        : { seen, cursor: (until + 1) * 1000, behind: true, spanSeconds: Math.max(1, 2 * (spanSeconds ?? 0)) };
    } catch (error) {
      if (error instanceof OptOutListError) return error.message;
      throw error;
    }
  };

  return async (
    states: ReturnType<typeof createReadingStates>,
    begun: StoredReading,
    own: ReadonlySet<string>,
  ): Promise<SpansRead> => {
    let reading = begun;
    const since = clock.now();
    const credentials = await secret.read();
    if (credentials === undefined) return { reading, cause: "no credentials for Enswitch are stored" };
    for (let calls = 0; calls < bounds.calls && clock.now() - since < bounds.ms; calls++) {
      const { cursor = 0, behind, spanSeconds } = reading.state;
      const asked = clock.now();
      const start = Math.min(cursor, asked);
      const from = Math.max(0, Math.floor((behind === true ? start : start - overlapMs) / 1000));
      const until = spanSeconds !== undefined && from + spanSeconds < asked / 1000 ? from + spanSeconds : undefined;
      const answer = await listTexts(credentials, until === undefined ? { from } : { from, until });
      if (answer.kind === "failed") return { reading, cause: answer.cause };
      const change =
        answer.kind === "too-large"
          ? shorter(from, until ?? Math.ceil(asked / 1000))
          : await taken(answer.texts, own, { reading, asked, until });
      if (typeof change === "string") return { reading, cause: change };
      const next = await states.replace(reading, { ...reading.state, ...change });
      if (next === undefined) return { reading: undefined };
      reading = next;
      if (answer.kind === "texts" && until === undefined) return { reading };
    }
    log.info("There are more received texts than are read at once; the next look reads on.");
    return { reading };
  };
}

/** The most by which this clock may be ahead of the phone system's, milliseconds. */
const mostAheadMs = 24 * 3600_000;

/**
 * Up to when all is read: up to the newest text, by the phone system's clock. By this one a later STOP would be missed where they
 * differ by more than readings overlap. What was received a day ago is not read again for ever, though.
 */
const readUpTo = (texts: readonly ReceivedText[], { cursor = 0 }: ReadingState, asked: number): number => {
  const known = Math.max(cursor, asked - mostAheadMs);
  return Math.min(
    asked,
    texts.reduce((newest, { at = asked }) => Math.max(newest, at), known),
  );
};

/** Half of a span whose texts are too many to be read; or, for a single second, what that means. */
function shorter(from: number, until: number): Partial<ReadingState> | string {
  const spanSeconds = Math.floor((until - from) / 2);
  return until > from
    ? { behind: true, spanSeconds, cursor: from * 1000 }
    : `more texts were received at ${iso(from * 1000)} than can be read at once`;
}

/** Takes in the texts of a span; returns which are remembered as read. */
function createTakeTexts(deps: ReadRepliesDeps) {
  const { account, bucket, table, clock, metrics, log, country } = deps;
  const { read } = createReplyReader(deps.words);
  const recent = createRecentDecisions({ table });
  const unclear = createUnclearReplies({ table });
  const senders = createSenders({ table });

  return async (texts: readonly ReceivedText[], own: ReadonlySet<string>, { seen }: ReadingState) => {
    const known = new Set(seen);
    const ownDigits = new Set([...own].flatMap((number) => replyNumbers(number, country)).map(digitsOf));
    const decisions: OptOutDecision[] = [];
    const doubtful: UnclearReply[] = [];
    const ids: string[] = [];
    let sent: ReadonlySet<string> | undefined;
    for (const { short, ...text } of inOrder(texts, clock.now())) {
      const meaning = read(text.body);
      if (meaning.kind === "other" || known.has(short)) continue;
      known.add(short);
      ids.push(short);
      const numbers = replyNumbers(text.number, country).filter((number) => !ownDigits.has(digitsOf(number)));
      for (const number of numbers) {
        const id = listId(text.id ?? short);
        const reply = { id, number, at: text.at, text: text.body };
        const whole = meaning.kind === "unclear" ? {} : { whole: true as const };
        sent ??= await senders.all();
        if (sent.has(digitsOf(number))) doubtful.push({ ...reply, sender: true, ...whole });
        else if (meaning.kind === "unclear") doubtful.push(reply);
        else decisions.push({ number, at: Math.floor(text.at / 1000) * 1000, word: meaning.word, id });
      }
    }
    const standing = await noteDecisions({ bucket, recent, account, country }, decisions);
    await unclear.add(doubtful, clock.now());
    const out = standing.filter(({ word }) => !isTakenBack(word)).length;
    metrics.add("OptOuts", out);
    if (decisions.length + doubtful.length > 0) {
      log.info("Replies were read.", { optedOut: out, takenBack: standing.length - out, unclear: doubtful.length });
    }
    return { seen: [...seen, ...ids].slice(-idsKept) };
  };
}

/** As they were received; what came at one instant in the order of the list. Without a time they came just now. */
const inOrder = (texts: readonly ReceivedText[], now: number) =>
  texts
    .map((text) => ({ ...text, at: Math.min(text.at ?? now, now), short: digestOf(text) }))
    .sort((a, b) => a.at - b.at);

/** A short digest by which a text is known again: of all that it has, for two texts may have the same id. */
const digestOf = ({ id, at, number, body }: ReceivedText): string =>
  createHash("sha256")
    .update(JSON.stringify([id, at, number, body]))
    .digest("base64")
    .slice(0, 12);

/** Tells people, once, that replies have not been read for some time. Returns whether it did. */
async function tellPeople(
  { mail, clock, target = [], manual = "docs/operations.md" }: ReadRepliesDeps,
  { failure }: ReadingState,
): Promise<boolean> {
  if (failure === undefined || failure.mailed === true || clock.now() - failure.since < mailAfterMs) return false;
  await mail(
    "Replies are not read: opt-outs are not noticed",
    `Since ${iso(failure.since)} nobody who replies STOP has been noticed: ${sentence(failure.cause)}\n\nSending goes on. Until this is fixed, put who opts out on the list by hand, here with an example: ${copyable("opt-outs", "add", "+447700900123", ...target)}\n\nWhat to do: ${manual}#opt-outs-unread\n\nReading is retried every few minutes; replies that were missed are read then.\n`,
  );
  return true;
}

/** Notes with the account, where pages and commands see it, since when replies are not read. */
async function noteUnread({ account }: Pick<ReadRepliesDeps, "account">, { failure }: ReadingState): Promise<void> {
  await account.change((state) => {
    const before = state.optOuts?.unread;
    const same = before?.since === failure?.since && before?.reason === failure?.cause;
    if (same) return { account: state, result: undefined };
    const unread = failure && { since: failure.since, reason: failure.cause };
    return { account: { ...state, optOuts: { sequence: 0, ...state.optOuts, unread } }, result: undefined };
  });
}

/** Where replies are not read by this stack any more, nobody misses that. */
export const createUnreadReplies =
  (deps: Pick<ReadRepliesDeps, "account">): ReadReplies =>
  () => {
    const done = noteUnread(deps, { seen: [] });
    return { current: Promise.resolve(undefined), done };
  };
