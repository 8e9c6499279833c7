/**
 * How long a test waits for one thing, in milliseconds. It ends a wait that would never end and says nothing about speed:
 * the machine may be busy with something else.
 */
export const patienceMs = 300_000;

/**
 * Waits for something, but not for ever: rejects with a sentence that says what was waited for and, by `said`, what there was
 * to see until then. What is waited for goes on.
 */
export async function within<Result>(
  what: string,
  waitedFor: Promise<Result>,
  { ms = patienceMs, said = () => "" }: { readonly ms?: number; readonly said?: () => string } = {},
): Promise<Result> {
  const { promise: timeUp, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`Waited ${ms / 1000} s in vain: ${what}.${until(said())}`)), ms);
  try {
    return await Promise.race([waitedFor, timeUp]);
  } finally {
    clearTimeout(timer);
  }
}

const until = (said: string) => (said === "" ? "" : `\nUntil then:\n${said}`);
