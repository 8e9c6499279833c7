import type { Credentials, Enswitch } from "../../shared/enswitch/enswitch.ts";
import type { Verdict } from "../../shared/enswitch/verdict.ts";
import type { Machine } from "./machine.ts";
import { hash, type Random } from "./random.ts";
import { createRepliesOfPeople, type RepliesOfPeople } from "./replies.ts";
import type { VirtualTime } from "./virtual-time.ts";

/** What is wrong with the endpoint during an outage. */
export type OutageKind =
  /** Connections are refused. */
  | "refusing"
  /** Connections are never established. */
  | "unreachable"
  /** Calls get through but are never answered; few of them are accepted. */
  | "hanging"
  /** Calls are accepted and never answered. */
  | "mute"
  /** Some calls are accepted, but a proxy answers all of them with a 503. */
  | "unavailable"
  /** Calls are accepted, and then the connection is reset. */
  | "resetting"
  /** HTTP 429. */
  | "throttling"
  /** HTTP 404, not from Enswitch. */
  | "not-enswitch"
  /** Code 401, although the credentials should be right; it lasts until they are changed. */
  | "credentials"
  /** Code 402. */
  | "privilege"
  /** Code 400 for every row's sender number. */
  | "sender-number"
  /** Codes that make no sense. */
  | "odd";

/** A span of world time in which the endpoint does not work. Both ends are infinite until it begins. */
export interface Outage {
  readonly kind: OutageKind;
  from: number;
  until: number;
}

/** How the simulated phone system behaves. */
export interface PhoneSystemFaults {
  readonly outages: readonly Outage[];
  /** Until when individual answers may be lost (epoch ms), and how likely that is. */
  readonly until: number;
  readonly lostAnswers: number;
  /** How long an answer usually takes, ms, and the share of answers that take much longer. */
  readonly answerMs: number;
  readonly slowAnswers: number;
  /** Share of rows that Enswitch rejects because of their own content. */
  readonly badRows: number;
}

/** A call that got past its gate and was written to the connection. */
export interface Call {
  readonly cnumber: string;
  readonly message: string;
  /** World time. */
  readonly at: number;
  /** By the machine's own clock. */
  readonly clockAt: number;
  readonly by: string;
  /** Absent while its sender knows none, and for good where the sender died. */
  verdict?: Verdict;
  /** When its sender knew it, world time. */
  knownAt?: number;
  /** The outage in which it was made, if any. */
  readonly outage: Outage | undefined;
}

/** The simulated Enswitch. */
export interface PhoneSystem {
  /** Creates the client for one execution on a machine. */
  connect(machine: Machine, random: Random): Enswitch;
  /** Every call that was written, in order. */
  readonly calls: readonly Call[];
  /** How many times each number's message was accepted. */
  readonly accepted: ReadonlyMap<string, number>;
  /** What people wrote back. */
  readonly replies: RepliesOfPeople;
  /** Changes the password; from now on only this one is right. */
  setPassword(password: string): void;
}

/** What a simulated call carries. */
interface Payload {
  readonly cnumber: string;
  readonly message: string;
  readonly password: string;
}

/** Creates a phone system. `observe` hears of every call as it is written. */
export function createPhoneSystem(deps: {
  seed: number;
  time: VirtualTime;
  random: Random;
  faults: PhoneSystemFaults;
  answerTimeoutMs: number;
  password: string;
  observe: (call: Call) => void;
  accepts: (cnumber: string, times: number) => void;
  /** Told when an answer with texts that people wrote is on its way. */
  listed: () => void;
}): PhoneSystem {
  const { seed, time, random, faults, answerTimeoutMs } = deps;
  const calls: Call[] = [];
  const accepted = new Map<string, number>();
  let password = deps.password;

  const outageAt = (at: number) => faults.outages.find(({ from, until }) => at >= from && at < until);

  /** Enswitch's own verdict on a call. */
  const judge = ({ cnumber, password: given }: Payload, outage: Outage | undefined): Verdict => {
    if (given !== password) return { kind: "unauthenticated", code: 401, message: "Invalid" };
    if (outage?.kind === "privilege") return { kind: "unprivileged", code: 402, message: "No" };
    if (outage?.kind === "sender-number") {
      return { kind: "rejected", code: 400, key: "snumber", message: "Unknown number" };
    }
    const lot = (hash(`${seed} ${cnumber}`) >>> 0) / 2 ** 32;
    if (lot < faults.badRows / 2) return { kind: "rejected", code: 400, key: "cnumber", message: "Invalid number" };
    if (lot < faults.badRows) return { kind: "forbidden", code: 403, key: "", message: "Not in the plan" };
    return { kind: "submitted", code: 204 };
  };

  const take = (payload: Payload, outage: Outage | undefined): Verdict => {
    const verdict = judge(payload, outage);
    if (verdict.kind === "submitted") {
      const times = (accepted.get(payload.cnumber) ?? 0) + 1;
      accepted.set(payload.cnumber, times);
      deps.accepts(payload.cnumber, times);
    }
    return verdict;
  };

  const unknown = (cause: string): Verdict => ({ kind: "unknown", cause });

  /** What happens to a call that arrives now: its answer and how long that takes; `undefined` if no answer ever comes. */
  const arrive = (payload: Payload): { verdict: Verdict; after: number } | undefined => {
    const outage = outageAt(time.now());
    const quick = random.spread(1, faults.answerMs);
    switch (outage?.kind) {
      case "hanging":
        if (random.chance(0.2)) take(payload, outage);
        return undefined;
      case "mute":
        take(payload, outage);
        return undefined;
      case "unavailable":
        if (random.chance(0.5)) take(payload, outage);
        return { verdict: unknown("HTTP 503"), after: quick };
      case "resetting":
        take(payload, outage);
        return { verdict: unknown("reset"), after: quick };
      case "throttling":
        return {
          verdict: {
            kind: "not-sent",
            cause: "HTTP 429",
            ...(random.chance(0.5) ? { retryAfterMs: random.spread(1_000, 120_000) } : {}),
          },
          after: quick,
        };
      case "not-enswitch":
        return { verdict: { kind: "wrong-endpoint", cause: "HTTP 404 without an Enswitch verdict" }, after: quick };
      case "odd":
        if (random.chance(0.5)) take(payload, outage);
        return { verdict: unknown("codes 204, 500"), after: quick };
      default: {
        const verdict = take(payload, outage);
        if (time.now() < faults.until && random.chance(faults.lostAnswers)) {
          return random.chance(0.3) ? undefined : { verdict: unknown("reset"), after: quick };
        }
        return { verdict, after: random.chance(faults.slowAnswers) ? random.spread(500, answerTimeoutMs) : quick };
      }
    }
  };

  const connect = (machine: Machine, chance: Random): Enswitch => {
    let disposed = false;
    let wanted = 0;
    let stock = 0;
    let pending = 0;
    const open = new Set<(verdict: Verdict) => void>();

    const fill = () => {
      for (; stock + pending < wanted && pending < wanted; pending++) {
        time.at(time.now() + chance.int(5, 60), () => {
          pending--;
          stock++;
        });
      }
    };

    return {
      prepare: async ({ cnumber, message }, credentials: Credentials) => ({
        kind: "prepared",
        body: Buffer.from(JSON.stringify({ cnumber, message, password: credentials.password } satisfies Payload)),
        hidden: [],
      }),
      warm: (count) => {
        wanted = count;
        fill();
      },
      usualConnectMs: () => 60,
      inFlight: () => open.size,
      fire: (prepared, gate) =>
        new Promise((resolve, reject) => {
          if (disposed) return resolve({ kind: "not-fired" });
          const payload: Payload = JSON.parse(prepared.body.toString("utf8"));
          let call: Call | undefined;
          let over = false;
          const finish = (verdict: Verdict) => {
            if (over) return;
            over = true;
            open.delete(finish);
            if (call !== undefined) {
              call.verdict = verdict;
              call.knownAt = time.now();
              stock++;
            }
            resolve(verdict);
          };
          open.add(finish);
          const outage = outageAt(time.now());
          if (outage?.kind === "refusing") {
            return machine.step(time.now() + chance.int(1, 20), () => finish({ kind: "not-sent", cause: "refused" }));
          }
          if (outage?.kind === "unreachable") {
            return machine.step(time.now() + 10_000, () => finish({ kind: "not-sent", cause: "no connection" }));
          }
          const ready = stock > 0;
          if (ready) stock--;
          fill();
          machine.step(time.now() + (ready ? chance.int(0, 1) : chance.int(5, 60)), (late) => {
            if (over) return;
            // A connection that died while its machine was frozen is noticed before anything is written to it.
            if (late > 5_000 && chance.chance(0.5)) {
              return finish({ kind: "not-sent", cause: "the connection was closed" });
            }
            let admitted = false;
            try {
              admitted = gate();
            } catch (error) {
              over = true;
              return reject(error);
            }
            if (!admitted) {
              stock++;
              return finish({ kind: "not-fired" });
            }
            call = {
              cnumber: payload.cnumber,
              message: payload.message,
              at: time.now(),
              clockAt: machine.now(),
              by: machine.name,
              outage: outageAt(time.now()),
            };
            calls.push(call);
            deps.observe(call);
            machine.step(time.now() + answerTimeoutMs, () => finish(unknown("no answer in time")));
            // Once written, the call arrives no matter what happens to the caller.
            time.at(time.now() + chance.int(1, 10), () => {
              const answer = arrive(payload);
              if (answer === undefined) return;
              const broken = chance.chance(0.7);
              machine.step(time.now() + answer.after, (waited) =>
                finish(waited > 5_000 && broken ? unknown("the connection died unseen") : answer.verdict),
              );
            });
          });
        }),
      [Symbol.asyncDispose]: async () => {
        disposed = true;
        for (const finish of [...open]) finish(unknown("the connections were closed"));
      },
    };
  };

  return {
    connect,
    replies: createRepliesOfPeople({
      time,
      outageAt,
      password: () => password,
      answerMs: faults.answerMs,
      listed: deps.listed,
    }),
    calls,
    accepted,
    setPassword: (next) => {
      password = next;
    },
  };
}
