import { closeSync, fdatasyncSync, openSync } from "node:fs";
import { open } from "node:fs/promises";
import * as z from "zod";
import { readJson } from "../../../shared/read-json.ts";
import { appendLine } from "../append-line.ts";
import { replaceFile } from "../replace-file.ts";
import type { BucketVersions } from "./bucket-versions.ts";
import { Version } from "./version.ts";

const JournalLine = z.union([
  z.object({ bucket: z.string(), key: z.string(), put: Version }),
  z.object({ bucket: z.string(), key: z.string(), remove: z.string() }),
]);
/** One change of an object: a version that was put, or the id of one that was removed. */
export type JournalLine = z.infer<typeof JournalLine>;

/** A journal that is being written. */
export interface Journal {
  /** The line is on disk when this returns, and none of it in the journal when it throws. */
  append(line: JournalLine): void;
  close(): void;
}

/** Opens a journal for writing at its end. */
export function openJournal(file: string): Journal {
  const descriptor = openSync(file, "a", 0o600);
  let closed = false;
  return {
    append: (line) => {
      // Once closed, the descriptor's number may belong to another file.
      if (closed) throw new Error("The object store is closed.");
      appendLine(descriptor, JSON.stringify(line), () => fdatasyncSync(descriptor));
    },
    close: () => {
      closed = true;
      closeSync(descriptor);
    },
  };
}

/** Reads a journal from its start, skipping lines that a crash cut short: they were never acknowledged. */
export async function replayJournal(file: string, apply: (line: JournalLine) => unknown): Promise<void> {
  await using journal = await open(file, "a+", 0o600);
  for await (const line of journal.readLines({ start: 0 })) {
    const parsed = JournalLine.safeParse(readJson(line));
    if (parsed.success) apply(parsed.data);
  }
}

/** Rewrites a journal with nothing but the versions there are, oldest first. */
export async function compactJournal(file: string, buckets: ReadonlyMap<string, BucketVersions>): Promise<void> {
  await replaceFile(
    file,
    (function* () {
      for (const [bucket, stored] of buckets) {
        for (const [key, versions] of stored.entries()) {
          for (const put of versions.toReversed())
            yield `${JSON.stringify({ bucket, key, put } satisfies JournalLine)}\n`;
        }
      }
    })(),
  );
}
