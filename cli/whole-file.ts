import { createWriteStream, rmSync } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { pipeline } from "node:stream/promises";

/** What is being written and has no name of its own yet: an end of the process in the middle must not leave it behind. */
const unfinished = new Set<string>();
process.on("exit", () => {
  for (const part of unfinished) rmSync(part, { force: true });
});

/**
 * Writes a file for a person as a whole: where that fails, or the process ends, what was there before is still there, and
 * nothing beside it. `mode` as `open` takes it. Throws what reading `content` or writing throws.
 */
export async function writeWhole(
  path: string,
  content: string | AsyncIterable<Uint8Array>,
  mode?: number,
): Promise<void> {
  const part = `${path}.part`;
  unfinished.add(part);
  try {
    // One that is there, of a process that was killed or of somebody else's, has rights of its own, or leads elsewhere.
    await rm(part, { force: true });
    await pipeline(typeof content === "string" ? [content] : content, createWriteStream(part, { mode, flags: "wx" }));
    await rename(part, path);
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  } finally {
    unfinished.delete(part);
  }
}
