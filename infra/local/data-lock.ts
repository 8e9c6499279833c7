import { chmodSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import * as z from "zod";

/** Another process is working on the same data directory. The message is a whole sentence for a person. */
export class DataInUse extends Error {}

/** The result code with which SQLite says that another holds the lock. https://www.sqlite.org/rescode.html#busy */
const Busy = z.object({ errcode: z.literal(5) });

/**
 * Locks the directory for this process, or throws `DataInUse`. The lock is the one that SQLite takes on a file, on every
 * system: the system releases it however the process ends, so nothing can be left behind, and only who may write into the
 * directory can take it. The directory must exist.
 */
export function lockData(directory: string): Disposable {
  const file = join(directory, "lock");
  const lock = new DatabaseSync(file, { timeout: 0 });
  try {
    chmodSync(file, 0o600);
    lock.exec("PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE");
  } catch (error) {
    lock.close();
    if (!Busy.safeParse(error).success) throw error;
    throw new DataInUse(
      `Another bulk-send is already working on ${directory}; wait until it is done, or use another --data.`,
    );
  }
  return { [Symbol.dispose]: () => lock.close() };
}
