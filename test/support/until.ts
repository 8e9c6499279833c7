import { setTimeout as sleep } from "node:timers/promises";

/**
 * How long anything is waited for, in milliseconds. It ends a test that hangs and says nothing about speed: the machine
 * may be busy with something else.
 */
const patienceMs = 300_000;

/** Asks every few milliseconds until there is an answer other than `undefined` or `false`; throws when there never is. */
export async function until<Answer>(
  what: string,
  ask: () => Answer | undefined | false | Promise<Answer | undefined | false>,
  everyMs = 50,
): Promise<Answer> {
  const end = performance.now() + patienceMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    if (performance.now() > end) throw new Error(`Waited ${patienceMs / 1000} s in vain: ${what}.`);
    await sleep(everyMs);
  }
}
