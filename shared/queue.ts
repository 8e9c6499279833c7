/**
 * Puts messages into a queue, in order as far as the queue keeps one, `delaySeconds` (0 to 900) before they can be
 * received. Resolves when all were accepted, throws when one was not (some may have been): callers repeat.
 */
export type Enqueue = (bodies: readonly string[], delaySeconds?: number) => Promise<void>;
