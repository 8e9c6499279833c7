import type { Bucket } from "./bucket.ts";
import { createOutput } from "./output.ts";

/** Short enough that V8 does not take the joined text for a large object, which only a full collection frees. */
const chunkCharacters = 16 * 1024;

/** A text object that is stored while it is still being written; memory holds what the upload has not taken yet. */
export type TextObject = ReturnType<typeof createTextObject>;

/** Begins to store a text object, gathered into chunks that are worth an upload's while. */
export function createTextObject(bucket: Bucket, key: string, contentType: string) {
  const output = createOutput();
  let text = "";

  const storing = async () => {
    await bucket.put(key, output.chunks, contentType);
    if (!output.isRead()) throw new Error(`${key} was stored before all of it was written.`);
  };
  const stored = storing();
  // Whoever writes next, ends, or waits for `stored` learns of a failure; until then it must not count as unhandled.
  stored.catch(output.fail);

  const flush = () => {
    const chunk = text;
    text = "";
    return output.write(chunk);
  };

  return {
    /** Resolves when the whole object is stored. */
    stored,
    /** Adds text. A promise is returned only when the writer should wait; it rejects when the storing failed. */
    add(more: string): Promise<void> | undefined {
      text += more;
      return text.length >= chunkCharacters ? flush() : undefined;
    },
    /** Hands over what is left; nothing more comes. */
    async end(): Promise<void> {
      if (text !== "") await flush();
      output.end();
    },
    /** Gives up: nothing is stored, unless all of it is already. */
    fail: output.fail,
  };
}
