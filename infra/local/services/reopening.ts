import { randomBytes } from "node:crypto";
import { readdir, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isDiskFull } from "../disk-full.ts";
import { openAgain, whyStopped } from "./durable-level.ts";

/** How often it is tried, in milliseconds. */
const everyMs = 200;

/** What opening takes besides what was last written, in bytes. */
const furtherBytes = 64 * 1024;

/**
 * Opens the database of a directory again that a full disk has stopped, as soon as there is room; `settled` resolves when nobody uses it.
 * What it returns is called before every use of the database, and resolves when it has been tried or need not be.
 */
export function createReopening(directory: string, settled: () => Promise<unknown>): () => Promise<void> {
  let trying: Promise<void> | undefined;
  let nextAt = 0;

  const attempt = async (): Promise<void> => {
    if (!(await hasRoom(directory))) return;
    await settled();
    // Another process may have taken the room: then it is tried again.
    await openAgain(directory).catch(() => {});
  };

  return async () => {
    if (whyStopped(directory) === undefined) return;
    if (trying === undefined && performance.now() < nextAt) return;
    trying ??= attempt().finally(() => {
      trying = undefined;
      nextAt = performance.now() + everyMs;
    });
    await trying;
  };
}

/**
 * Whether there is room to open a database: what it wrote last becomes a table when it opens, and one that finds no room for that
 * cannot even be read.
 */
async function hasRoom(directory: string): Promise<boolean> {
  const trial = join(directory, "room");
  try {
    const logs = (await readdir(directory)).filter((name) => name.endsWith(".log"));
    const sizes = await Promise.all(logs.map(async (name) => (await stat(join(directory, name))).size));
    const bytes = sizes.reduce((sum, size) => sum + size, furtherBytes);
    await writeFile(trial, randomBytes(bytes), { flush: true, mode: 0o600 });
    return true;
  } catch (error) {
    if (isDiskFull(error)) return false;
    throw error;
  } finally {
    await rm(trial, { force: true });
  }
}
