import { connectionAgain } from "../page/waiting.ts";
import { CloudError, type Objects, type Stored, type Storing } from "./cloud.ts";

/** What a persistent upload tells while it is under way. */
export interface Persistence {
  readonly signal: AbortSignal;
  /** Whether it waits for the connection. */
  readonly onOffline?: (offline: boolean) => void;
}

/**
 * Stores something, as a whole again each time the connection is lost, until it is there or `signal` aborts. Where only a new
 * object was to be stored and an attempt's answer was lost, one that is there then is taken for that attempt's.
 */
export async function storePersistently(
  objects: Pick<Objects, "store">,
  storing: Omit<Storing, "signal">,
  { signal, onOffline = () => {} }: Persistence,
): Promise<Stored | { readonly kind: "stored-before" }> {
  for (let tries = 0; ; tries++) {
    try {
      const stored = await objects.store({ ...storing, signal });
      onOffline(false);
      return stored.kind === "taken" && tries > 0 ? { kind: "stored-before" } : stored;
    } catch (error) {
      if (signal.aborted || !(error instanceof CloudError) || error.trouble !== "offline") throw error;
      // A file that was changed since it was chosen cannot be read any more: that throws here, and no waiting helps.
      await storing.body.slice(0, 1).arrayBuffer();
      onOffline(true);
      storing.onProgress?.(0);
      await connectionAgain(tries, signal);
    }
  }
}
