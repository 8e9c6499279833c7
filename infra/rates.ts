import { rateLimits } from "../shared/account/rate-limits.ts";
import { lanesOf, slowBatch, usualLaneRate } from "../shared/account/slots.ts";
import { rowsInTurn } from "../shared/feed/pace.ts";
import { leaseSlackMs } from "../shared/send/lease.ts";

/** Everything that follows from the rate: how work is divided, how many work on it, how long each may take. */
export interface Rates {
  /** Rows per batch: about `Site.batchSeconds` of sending, 1 to 25. After a crash, at most the batches in flight are in doubt. */
  readonly batchRows: number;
  /**
   * Batches per invocation of the sender, 1 to 300, or to 20 where several send side by side: a turn of the feed and a quarter. More than ten need a batching window of a second:
   * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
   */
  readonly batchesPerInvocation: number;
  /**
   * Concurrent invocations of the sender, at least 2 (Lambda's minimum for a queue): as many as send side by side, and as
   * many again, each of which begins while one awaits its last answers; more where invocations are short.
   */
  readonly consumers: number;
  /** How long Enswitch may take to answer before the row is in doubt. */
  readonly answerTimeoutMs: number;
  /** The time-out of the sender function. */
  readonly senderTimeoutSeconds: number;
  /**
   * The sender function's memory in MiB, which also determines its share of a processor (1769 MiB are a whole one): a
   * starved function would be late for its slots and lose them.
   * https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html
   */
  readonly senderMemoryMiB: number;
  /** Visibility time-out of the batches queue; longer than any lease, which ends `leaseSlackMs` after the function's deadline. */
  readonly visibilitySeconds: number;
  /** How long an upload waits that may lack its options or its list, seconds. */
  readonly graceSeconds: number;
}

/** An invocation may take a turn of the feed and a quarter, because batches may have fewer rows than they could. */
const turnAndMore = 1.25;

/** What the arithmetic takes from where a stack runs. */
export interface Site {
  /** How much sending goes into a batch, seconds. A batch is recorded with its last answer, so after a crash all its rows are in doubt. */
  readonly batchSeconds: number;
  /** The most batches that an invocation may take where one sends at a time. */
  readonly batchesAtMost: number;
  /** How much sending it may take in any case, seconds, however many batches that are. */
  readonly secondsInAnyCase: number;
  /** The fastest that one execution sends, calls per second. */
  readonly laneRate: number;
  /** How long an upload waits that may lack its options or its list, seconds. */
  readonly graceSeconds: number;
}

/**
 * On AWS each record and each invocation costs money: a second's rows share a record, and half a minute's an invocation. On
 * one machine they cost nothing, and short is better: batches that a dead sender had claimed are seen again after less than a
 * minute, because its lease outlasts all that its invocation may take. Nor does an upload wait for what belongs to it, because
 * a person would be waiting too. One execution has a whole processor here, and sends as fast as any may: a second one would not add
 * to that, but load, compile and keep everything once more, and take the processor from the first.
 */
export const sites = {
  aws: { batchSeconds: 1, batchesAtMost: 300, secondsInAnyCase: 0, laneRate: usualLaneRate, graceSeconds: 15 },
  local: { batchSeconds: 0.2, batchesAtMost: 10, secondsInAnyCase: 2, laneRate: rateLimits.max, graceSeconds: 0 },
} as const satisfies Readonly<Record<string, Site>>;

/** What an invocation may take besides sending, in seconds: its last answers, recording, the beginning of the next. */
const turnaroundSeconds = 2;

/** The arithmetic of a stack that sends `sendsPerSecond` calls a second (0.05 to 1000; throws a RangeError outside) at `site`. */
export function ratesFor(sendsPerSecond: number, site: Site = sites.aws): Rates {
  if (!(sendsPerSecond >= rateLimits.min && sendsPerSecond <= rateLimits.max)) {
    throw new RangeError(
      `sendsPerSecond is ${sendsPerSecond}, but must be from ${rateLimits.min} to ${rateLimits.max}.`,
    );
  }
  const slowRows = Math.min(
    Math.round(slowBatch.rows * site.batchSeconds),
    Math.floor(slowBatch.seconds * sendsPerSecond),
  );
  const batchRows = clamp(Math.max(Math.round(sendsPerSecond * site.batchSeconds), slowRows), 1, 25);
  const lanes = lanesOf(sendsPerSecond, site.laneRate);
  // Where several send side by side, the last to finish sends alone: it must not have much more than the others.
  const turnBatches = Math.ceil((turnAndMore * rowsInTurn(sendsPerSecond)) / batchRows);
  const inAnyCase = Math.floor((site.secondsInAnyCase * sendsPerSecond) / batchRows);
  const atMost = Math.max(site.batchesAtMost, inAnyCase);
  const batchesPerInvocation = clamp(turnBatches, 1, Math.min(atMost, lanes === 1 ? 300 : 20));
  const invocationSeconds = (batchesPerInvocation * batchRows) / sendsPerSecond;
  // Short invocations need more: the others send while one awaits its last answers.
  const consumers = clamp(1 + Math.ceil(turnaroundSeconds / invocationSeconds), 2 * lanes, 10);
  const answerTimeoutMs = 20_000;
  // An invocation waits while all others send, sends itself, and awaits its last answer.
  const senderTimeoutSeconds = Math.ceil(consumers * invocationSeconds + answerTimeoutMs / 1000 + 20);
  // Room for the SDK and for attachments of what is sent within seconds; and 2.7 milliseconds of a whole processor for each
  // call per second: more than it takes on average, because its work comes in bursts and each may only be a slot late.
  // What is sent slowly needs less room, and as it takes long, each MiB of it costs more.
  const ratePerLane = sendsPerSecond / lanesOf(sendsPerSecond);
  const senderMemoryMiB = 64 * Math.ceil(Math.min(200 + 4.8 * ratePerLane, 128 + 6.4 * ratePerLane) / 64);
  const visibilitySeconds = senderTimeoutSeconds + leaseSlackMs / 1000 + 10;
  return {
    batchRows,
    batchesPerInvocation,
    consumers,
    answerTimeoutMs,
    senderTimeoutSeconds,
    senderMemoryMiB,
    visibilitySeconds,
    graceSeconds: site.graceSeconds,
  };
}

/**
 * How long an event source gathers messages, seconds; Lambda asks for a second at least where an invocation may get more than
 * ten: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
 */
export const batchingWindowSeconds = (batchSize: number): number | undefined => (batchSize > 10 ? 1 : undefined);

const clamp = (value: number, low: number, high: number) => Math.min(high, Math.max(low, value));
