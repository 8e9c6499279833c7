import { addAbortListener } from "node:events";
import { createWriteStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { Refused } from "../cli/exit.ts";
import { nameFault } from "../shared/campaign/name.ts";
import { utf8Length } from "../shared/utf8-length.ts";

/** A list, a CSV or an Excel workbook: the path of a file, or a file's name with its content. */
export type GivenList = string | ListContent;

/** A list that is in no file. */
export interface ListContent {
  /** What its file would be called, such as "spring.csv": the ending says what it is, and the rest names the campaign. */
  readonly fileName: string;
  /** Its bytes, as a whole or as they come. A stream is read once, to its end. */
  readonly content: Uint8Array | AsyncIterable<Uint8Array>;
}

/** How a program names what a command line has flags for. */
export const membersOfOptions = { name: "`name`", options: "`options`" } as const;

/** The longest name of a file on Linux, and on macOS and Windows for a name in ASCII; bytes. */
const longestFileName = 255;

/**
 * Lets `use` work with a list as a file; content is kept in a folder that only this user can read, and removed afterwards, because a
 * list is read several times, and a workbook not from its beginning to its end. `signal` ends the reading of content with its reason,
 * also while the content's source does not answer. Throws a Refused for a `fileName` that cannot be a file's.
 */
export async function withListFile<Result>(
  list: GivenList,
  use: (path: string) => Promise<Result>,
  signal?: AbortSignal,
): Promise<Result> {
  if (typeof list === "string") return use(list);
  const { fileName, content } = list;
  checkFileName(fileName);
  // Not one that disposes of itself: the package runs on Node 22, too.
  const folder = await mkdtemp(join(tmpdir(), "bulk-send-list-"));
  try {
    const path = join(folder, fileName);
    await keep(content, path, signal);
    return await use(path);
  } finally {
    // Again, as Windows removes no file that is still open: where `use` ended early, its reading ends a little later.
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

function checkFileName(fileName: string): void {
  if (["", ".", ".."].includes(fileName) || basename(fileName) !== fileName) {
    throw new Refused(`fileName is ${JSON.stringify(fileName)}; name the file alone, such as "spring.csv".`);
  }
  if (utf8Length(fileName) > longestFileName) {
    throw new Refused(`fileName is longer than ${longestFileName} bytes; give the file a shorter one.`);
  }
  const fault = nameFault(fileName);
  if (fault !== undefined) throw new Refused(fault);
}

async function keep(content: ListContent["content"], path: string, signal: AbortSignal | undefined): Promise<void> {
  const chunks = content instanceof Uint8Array ? [content] : content;
  const kept = pipeline(Readable.from(chunks, { objectMode: false }), createWriteStream(path, { mode: 0o600 }), {
    signal,
  });
  // By itself, a pipeline ends only after its source has, and that may be what never happens.
  await untilAborted(kept, signal);
}

/** Waits for what is under way, but only until `signal` aborts, with whose reason it then ends. */
export async function untilAborted<Result>(work: Promise<Result>, signal: AbortSignal | undefined): Promise<Result> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  using _listener = signal && addAbortListener(signal, () => reject(signal.reason));
  return await Promise.race([work, aborted]);
}
