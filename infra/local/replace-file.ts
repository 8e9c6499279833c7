import { createWriteStream } from "node:fs";
import { open, rename } from "node:fs/promises";
import { dirname } from "node:path";
import { pipeline } from "node:stream/promises";

/**
 * Replaces a file as a whole: a reader, or a process that starts after a crash or a power failure, finds either the old content or the
 * new. Only its owner may read it. Without `flush`, what a power failure leaves may be neither: for what is of no use after it.
 */
export async function replaceFile(
  file: string,
  content: string | Iterable<string> | AsyncIterable<Uint8Array>,
  { flush }: { readonly flush: boolean } = { flush: true },
): Promise<void> {
  const next = `${file}.next`;
  await pipeline(typeof content === "string" ? [content] : content, createWriteStream(next, { mode: 0o600, flush }));
  await rename(next, file);
  if (flush) await syncDirectory(dirname(file));
}

/** Has what a directory calls its files on disk. Windows does so by itself, and opens none. */
async function syncDirectory(directory: string): Promise<void> {
  if (process.platform === "win32") return;
  await using opened = await open(directory);
  await opened.sync();
}
