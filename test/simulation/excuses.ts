/** What excuses a claim that is never recorded: its machine died or was frozen, or the ledger was out of reach. */
export interface Excuses {
  machineDied(name: string): void;
  machineFrozen(name: string, until: number): void;
  ledgerAway(): void;
  /** Whether something excuses the machine's claim made at `since` (epoch ms). */
  excused(name: string, since: number): boolean;
}

/** No excuses yet. */
export function createExcuses(): Excuses {
  const troubledUntil = new Map<string, number>();
  let everAway = false;
  return {
    machineDied: (name) => troubledUntil.set(name, Number.POSITIVE_INFINITY),
    machineFrozen: (name, until) => troubledUntil.set(name, until),
    ledgerAway: () => {
      everAway = true;
    },
    excused: (name, since) => everAway || (troubledUntil.get(name) ?? 0) >= since,
  };
}
