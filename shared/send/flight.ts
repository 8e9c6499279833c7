import { unknownsToHold } from "../account/account.ts";
import type { Clock } from "../ports/clock.ts";

/** This many calls unanswered for this long mean that the endpoint hangs. */
const hangingLimits = { calls: 4, ms: 3_000 } as const;

/** Answers that arrived while the machine stood still are read within this time, milliseconds. */
const catchUpMs = 250;

/**
 * Answers that arrived while the machine stood still are found one after the other, less than this apart, milliseconds. At the
 * start, where answers turn out slow, each a little later says so anew: who waited longer would miss slots at fast rates.
 */
const foundTogetherMs = 50;

/**
 * Rows that may be in doubt after an endpoint goes silent, over all executions, when answers are normally quick. Together
 * with the three probes of the first ten minutes that makes a dozen.
 */
const inDoubtAtMost = 9;

/** An answer that takes no longer than this is quick, milliseconds. */
const quickAnswerMs = 100;

/**
 * A recent high of how long answers take, after one that took `ms`: falls slowly and, if it `mayRise`, rises by half with a slower
 * answer. A single late answer, or one noticed late, says nothing about how many calls an outage may catch in the air.
 */
const usualAnswer = (usual: number, ms: number, mayRise: boolean) =>
  Math.max(Math.min(ms, mayRise ? Math.max(1.5 * usual, quickAnswerMs) : usual), 0.99 * usual);

/** The calls of one execution that wait for an answer, and what their answers say about making more. */
export interface Flight {
  /** Whether one more call may wait for an answer, at `rate` calls per second. */
  hasRoom(rate: number): boolean;
  /** Nothing more is fired under `epoch` or an older one. */
  stop(epoch: number): void;
  /** Whether nothing more is fired under `epoch`, whatever the credentials. */
  isStopped(epoch: number): boolean;
  /** Whether a call may be made under `epoch` with credentials of this version. */
  mayFire(epoch: number, credentials: string): boolean;
  /** Nothing more is fired with credentials of this version. */
  refuse(credentials: string): void;
  /** A call goes out now; the returned function is called when its answer arrives, `sure` when the outcome is known. */
  takeOff(epoch: number): (sure: boolean) => void;
  /** Whether enough calls have waited long enough for the endpoint to be considered hanging: no call goes out meanwhile. */
  hangs(): boolean;
  /** Whether that has been so for a while: a machine that stood still finds old calls before it finds their answers. */
  surelyHangs(): boolean;
}

/**
 * Keeps track of the calls in the air. `consumers` executions share what an outage may put in doubt, so each lets only
 * a few calls wait, unless answers usually take long: then twice as many as the rate makes in that time. `answerMs` starts from
 * what the account remembers and follows the answers seen.
 */
export function createFlight(deps: { clock: Clock; consumers: number; answerStats: { answerMs: number } }): Flight {
  const { clock, consumers, answerStats } = deps;
  const least = Math.max(2, Math.floor(inDoubtAtMost / consumers));
  const departures = new Set<{ at: number }>();
  let stoppedEpoch = Number.NEGATIVE_INFINITY;
  let refused: string | undefined;
  let unknowns = 0;
  /** When the usual time last rose. Answers that are found together, after a standstill, are late for one reason. */
  let roseAt = Number.NEGATIVE_INFINITY;
  /** When calls were first found waiting too long, as long as they are. */
  let hangingSince: number | undefined;

  const hangs = (): boolean => {
    const now = clock.now();
    let waiting = 0;
    // In order of departure: after the first young one, all are young.
    for (const { at } of departures) {
      if (at > now - hangingLimits.ms || waiting === hangingLimits.calls) break;
      waiting++;
    }
    hangingSince = waiting >= hangingLimits.calls ? (hangingSince ?? now) : undefined;
    return hangingSince !== undefined;
  };

  const follow = (ms: number): void => {
    const now = clock.now();
    const { answerMs } = answerStats;
    answerStats.answerMs = usualAnswer(answerMs, ms, now - roseAt >= foundTogetherMs);
    if (answerStats.answerMs > answerMs) roseAt = now;
  };

  return {
    hasRoom: (rate) => departures.size < Math.max(least, Math.ceil((2 * rate * answerStats.answerMs) / 1000)),
    stop: (epoch) => {
      stoppedEpoch = Math.max(stoppedEpoch, epoch);
    },
    isStopped: (epoch) => epoch <= stoppedEpoch,
    mayFire: (epoch, credentials) => epoch > stoppedEpoch && credentials !== refused,
    refuse: (credentials) => {
      refused = credentials;
    },
    takeOff: (epoch) => {
      const departure = { at: clock.now() };
      departures.add(departure);
      return (sure) => {
        departures.delete(departure);
        unknowns = sure ? 0 : unknowns + 1;
        if (unknowns >= unknownsToHold) stoppedEpoch = Math.max(stoppedEpoch, epoch);
        if (sure) follow(clock.now() - departure.at);
      };
    },
    hangs,
    surelyHangs: () => hangs() && clock.now() - (hangingSince ?? 0) >= catchUpMs,
  };
}
