import { closeSync, openSync, writeSync } from "node:fs";
import * as z from "zod";

/** What is recorded of a call: everything but the password and the content of files. */
export const RecordedCall = z.object({
  /** From 0 since the simulator started, in the order in which calls are judged. */
  index: z.int(),
  /** Epoch milliseconds when the head of the request arrived. */
  at: z.number(),
  method: z.string(),
  /** Without the query. */
  path: z.string(),
  /** Every parameter but `auth_password` and the data of files. */
  parameters: z.record(z.string(), z.string()),
  /** Names of the parameters in the URL. */
  inUrl: z.array(z.string()),
  passwordRight: z.boolean(),
  files: z.array(z.object({ filename: z.string(), bytes: z.int(), sha256: z.string() })),
  /** Whether the message was accepted, whatever the caller was told. */
  accepted: z.boolean(),
  /** What the caller was told, or would have been. */
  code: z.int(),
  key: z.string(),
  /** The kind of fault the caller met. */
  fault: z.string().optional(),
});
export type RecordedCall = z.infer<typeof RecordedCall>;

const slabBytes = 1024 * 1024;

/**
 * Keeps calls as lines of JSON in slabs of memory (about 250 bytes per call, so that hundreds of thousands fit). With
 * `file`, it also appends each to that file before it returns: what was recorded survives a `kill -9` of the process. The
 * file, whose directory need not exist before, is made for the first call.
 * Without `remember`, it keeps the file only.
 */
export function createCallJournal(file?: string, remember = true) {
  let descriptor: number | undefined;
  const slabs: Buffer[] = [];
  let free: Buffer = Buffer.alloc(0);
  let filled = 0;
  let count = 0;

  const keep = (line: Buffer) => {
    if (filled + line.length > free.length) {
      if (filled > 0) slabs.push(free.subarray(0, filled));
      free = Buffer.allocUnsafe(Math.max(slabBytes, line.length));
      filled = 0;
    }
    filled += line.copy(free, filled);
    count++;
  };

  return {
    append: (call: RecordedCall) => {
      const line = Buffer.from(`${JSON.stringify(call)}\n`);
      if (file !== undefined) descriptor ??= openSync(file, "a", 0o600);
      for (let written = 0; descriptor !== undefined && written < line.length; ) {
        written += writeSync(descriptor, line, written);
      }
      if (remember) keep(line);
      else count++;
    },
    count: () => count,
    /** All calls, in order; parsed from their lines every time. */
    calls: (): readonly RecordedCall[] =>
      [...slabs, free.subarray(0, filled)].flatMap((slab) =>
        slab
          .toString("utf8")
          .split("\n")
          .filter((line) => line !== "")
          .map((line) => RecordedCall.parse(JSON.parse(line))),
      ),
    close: () => {
      if (descriptor !== undefined) closeSync(descriptor);
    },
  };
}
