import { attachmentBytesLimit } from "../csv/row-files.ts";
import type { LoadAttachment } from "../enswitch/file-encoder.ts";
import type { Bucket } from "../ports/bucket.ts";

/**
 * Loads attachments whole. Their sizes were checked before the campaign was committed; one that has since been replaced by
 * an object larger than any row may have counts as missing, so that it can't take the memory of the calls under way.
 */
export const createLoadAttachment =
  (bucket: Pick<Bucket, "get">): LoadAttachment =>
  async (key) => {
    const object = await bucket.get(key);
    if (object === undefined) return undefined;
    const chunks: Uint8Array[] = [];
    let bytes = 0;
    for await (const chunk of object.body) {
      bytes += chunk.length;
      if (bytes > attachmentBytesLimit) return undefined;
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  };
