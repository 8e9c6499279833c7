import { lanesOf, stepMs } from "../account/slots.ts";
import type { Credentials, MissingAttachment } from "../enswitch/enswitch.ts";
import type { PreparedCall } from "../enswitch/fire-call.ts";
import type { SendParameters } from "../enswitch/verdict.ts";
import type { Clock } from "../ports/clock.ts";
import type { BatchProgress } from "./batch-progress.ts";
import type { ClaimLead } from "./claim-lead.ts";
import type { ReadyRow, Slots } from "./fire-rows.ts";

/** What making rows ready depends on. */
export interface MakeReadyDeps {
  readonly enswitch: {
    prepare(parameters: SendParameters, credentials: Credentials): Promise<PreparedCall | MissingAttachment>;
    warm(connections: number): void;
    usualConnectMs(): number;
  };
  readonly claimLead: ClaimLead;
  /** The fastest that one execution sends, calls per second; absent: as on AWS. */
  readonly laneRate?: number;
  readonly clock: Clock;
}

/**
 * Does everything that takes time before the first rows of a batch are called (attachments, encoding, connections), and
 * waits for the moment to claim, shortly before the first slot. Throws what preparing throws.
 */
export const createMakeReady =
  ({ enswitch, claimLead, laneRate, clock }: MakeReadyDeps) =>
  async ({ outcomes, left }: BatchProgress, slots: Slots, credentials: Credentials): Promise<readonly ReadyRow[]> => {
    const rows = left.slice(0, slots.slots.length);
    const ready: ReadyRow[] = [];
    const step = stepMs(slots.rate, lanesOf(slots.rate, laneRate));
    enswitch.warm(Math.min(rows.length, Math.ceil(enswitch.usualConnectMs() / step) + 1));
    for (const row of rows) {
      ready.push({ row, call: await enswitch.prepare(row, credentials), before: outcomes.get(row.row) });
    }
    await clock.sleepUntil((slots.slots[0] ?? 0) - claimLead.ms());
    return ready;
  };
