import type { RunContext } from "./run-context.ts";

/** The room there is for what the ledger is to write. */
export interface Room {
  isFull(): boolean;
  /** A call goes out: there may be no more room from now on, for a while. */
  called(): void;
}

/** The room of a run, in which there is none for a while from some calls on, as the scenario says. */
export function createRoom({ scenario, time, faultsUntil, note }: RunContext): Room {
  let calls = 0;
  let fullUntil = Number.NEGATIVE_INFINITY;
  return {
    isFull: () => time.now() < fullUntil,
    called: () => {
      calls++;
      for (const { atCall, lastsMs } of scenario.noRoom) {
        if (calls !== atCall || time.now() >= faultsUntil) continue;
        fullUntil = Math.max(fullUntil, time.now() + lastsMs);
        note(`the ledger has no room for ${lastsMs} ms`);
      }
    },
  };
}
