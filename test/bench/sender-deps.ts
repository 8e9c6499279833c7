import { systemClock } from "../../shared/ports/clock.ts";
import type { SenderDeps } from "../../shared/send/sender.ts";

/** What a measured sender depends on, apart from the ledger, the phone system and the rate. Its tokens begin with `own`. */
export function senderDeps(own: string) {
  let tokens = 0;
  return {
    attachments: { get: async () => undefined },
    secret: {
      current: async () => ({ username: "bench", password: "bench-password", version: "1" }),
      refresh: async () => undefined,
    },
    nudge: async () => {},
    ca: undefined,
    dayLimit: undefined,
    noteEveryMs: undefined,
    laneRate: undefined,
    afterOthersMs: undefined,
    clock: systemClock,
    freshToken: () => `${own}${++tokens}`,
    metrics: { add: () => {} },
    log: { info: () => {}, warn: console.error, error: console.error },
  } satisfies Partial<SenderDeps>;
}
