import type { Machine } from "./machine.ts";
import type { Random } from "./random.ts";
import type { VirtualTime } from "./virtual-time.ts";

/** How a cloud service treats its callers. Probabilities are per attempt. */
export interface ServiceFaults {
  /** Until when anything goes wrong, epoch ms. */
  readonly until: number;
  /** Answered with an error, nothing done. */
  readonly failed: number;
  /** Done, but the answer is lost. */
  readonly lost: number;
  /** Given up by the caller and yet arriving later, possibly after the retry. */
  readonly late: number;
  readonly latestMs: number;
  /** Nothing is answered in these spans of world time. */
  readonly outages: readonly { readonly from: number; readonly until: number }[];
}

/** What a service throws that is failing: the SDK tries again. */
export class Failing extends Error {}

/** Calls a service as the SDK does: four attempts, each given up after a while. Throws when all failed, or what the service refuses. */
export type ServiceCall = <Result>(what: string, perform: () => Result) => Promise<Result>;

const attempts = 4;
const giveUpMs = 3_000;

/** A machine's way to one service. `perform` is what the service does when a request arrives. */
export function createServiceCalls(deps: {
  machine: Machine;
  time: VirtualTime;
  random: Random;
  faults: ServiceFaults;
  /** Usual time there and back, ms. */
  latencyMs: number;
}): ServiceCall {
  const { machine, time, random, faults, latencyMs } = deps;

  return <Result>(what: string, perform: () => Result) =>
    new Promise<Result>((resolve, reject) => {
      const attempt = (number: number) => {
        const again = (after: number) =>
          machine.step(time.now() + after, () => {
            if (number < attempts) attempt(number + 1);
            else reject(new Error(`${what} failed ${attempts} times.`));
          });
        const there = random.int(1, latencyMs);
        const back = random.int(0, latencyMs);
        const backOff = random.int(20, 100 * 2 ** number);
        const arrives = time.now() + there;
        // A request already on the wire when its sender dies may still arrive.
        const despiteDeath = random.chance(0.5);
        const arrive = (act: () => void) => {
          if (!machine.isDead() || despiteDeath) act();
        };
        const faulty = time.now() < faults.until;
        if (faults.outages.some(({ from, until }) => arrives >= from && arrives < until)) return again(there + backOff);
        if (faulty && random.chance(faults.failed)) return again(there + back + backOff);
        if (faulty && random.chance(faults.lost)) {
          time.at(arrives, () => arrive(() => answerOf(perform)));
          return again(random.chance(0.5) ? there + back + backOff : giveUpMs + backOff);
        }
        if (faulty && random.chance(faults.late)) {
          time.at(time.now() + random.spread(giveUpMs, giveUpMs + faults.latestMs), () =>
            arrive(() => answerOf(perform)),
          );
          return again(giveUpMs + backOff);
        }
        const deadSocket = random.chance(0.5);
        time.at(arrives, () =>
          arrive(() => {
            const answer = answerOf(perform);
            machine.step(time.now() + back, (late) => {
              // The socket died while its machine was frozen, and the answer with it.
              if (late > giveUpMs && deadSocket) {
                if (number < attempts) attempt(number + 1);
                else reject(new Error(`${what} failed ${attempts} times.`));
              } else
                answer(resolve, (error) => {
                  if (error instanceof Failing) again(backOff);
                  else reject(error);
                });
            });
          }),
        );
      };
      attempt(1);
    });
}

/** What a service answers to a request that arrived: a result, or the error with which it refuses it. */
function answerOf<Result>(perform: () => Result) {
  try {
    const result = perform();
    return (resolve: (result: Result) => void) => resolve(result);
  } catch (error) {
    return (_resolve: unknown, reject: (error: unknown) => void) => reject(error);
  }
}
