import { createWriteStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { Refused } from "../cli/exit.ts";

/** A list, a CSV or an Excel workbook: the path of a file, or a file's name with its content. */
export type GivenList = string | ListContent;

/** A list that is in no file. */
export interface ListContent {
  /** What its file would be called, such as "spring.csv": the ending says what it is, and the rest names the campaign. */
  readonly fileName: string;
  /** Its bytes, as a whole or as they come. A stream is read once, to its end. */
  readonly content: Uint8Array | AsyncIterable<Uint8Array>;
}

/**
 * Lets `use` work with a list as a file; content is kept in a folder that only this user can read, and removed afterwards, because a
 * list is read several times, and a workbook not from its beginning to its end.
 */
export async function withListFile<Result>(list: GivenList, use: (path: string) => Promise<Result>): Promise<Result> {
  if (typeof list === "string") return use(list);
  const { fileName, content } = list;
  if (fileName === "" || basename(fileName) !== fileName) {
    throw new Refused(`fileName is ${JSON.stringify(fileName)}; name the file alone, such as "spring.csv".`);
  }
  // Not one that disposes of itself: the package runs on Node 22, too.
  const folder = await mkdtemp(join(tmpdir(), "bulk-send-list-"));
  try {
    const path = join(folder, fileName);
    const chunks = content instanceof Uint8Array ? [content] : content;
    await pipeline(Readable.from(chunks, { objectMode: false }), createWriteStream(path, { mode: 0o600 }));
    return await use(path);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
