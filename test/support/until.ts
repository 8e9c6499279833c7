import { setTimeout as sleep } from "node:timers/promises";
import { within } from "./within.ts";

/**
 * Asks every few milliseconds until there is an answer other than `undefined` or `false`; throws when there never is, or when
 * asking never ends.
 */
export async function until<Answer>(
  what: string,
  ask: () => Answer | undefined | false | Promise<Answer | undefined | false>,
  everyMs = 50,
): Promise<Answer> {
  let over = false;
  const answered = async (): Promise<Answer> => {
    for (;;) {
      const answer = await ask();
      if (answer !== undefined && answer !== false) return answer;
      if (over) throw new Error(`Nobody waits any more: ${what}.`);
      await sleep(everyMs);
    }
  };
  try {
    return await within(what, answered());
  } finally {
    over = true;
  }
}
