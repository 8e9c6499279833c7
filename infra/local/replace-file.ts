import { createWriteStream } from "node:fs";
import { rename } from "node:fs/promises";
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
}
