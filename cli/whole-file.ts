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
    // What is left of a process that was killed. In a folder of several people's it may also be a link or a file of somebody
    // else's, who would choose what is overwritten, or could read what is written.
    await rm(part, { force: true });
    await pipeline(typeof content === "string" ? [content] : content, createWriteStream(part, { flags: "wx", mode }));
    await rename(part, path);
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  } finally {
    unfinished.delete(part);
  }
}
