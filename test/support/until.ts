import { setTimeout as sleep } from "node:timers/promises";
import { within } from "./within.ts";

/** How often is asked after some seconds, in milliseconds: most of what is asked takes a request to a whole cloud. */
const laterEveryMs = 250;

/**
 * Asks every few milliseconds, after a while a few times a second, until there is an answer other than `undefined` or `false`;
 * throws when there never is, or when asking never ends.
 */
export async function until<Answer>(
  what: string,
  ask: () => Answer | undefined | false | Promise<Answer | undefined | false>,
  everyMs = 50,
): Promise<Answer> {
  let over = false;
  const began = performance.now();
  const answered = async (): Promise<Answer> => {
    for (;;) {
      const answer = await ask();
      if (answer !== undefined && answer !== false) return answer;
      if (over) throw new Error(`Nobody waits any more: ${what}.`);
      await sleep(Math.max(everyMs, Math.min((performance.now() - began) / 20, laterEveryMs)));
    }
  };
  try {
    return await within(what, answered());
  } finally {
    over = true;
  }
}
