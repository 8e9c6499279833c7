import { bounds } from "../bounds.ts";
import type { LoadAttachment } from "../enswitch/file-encoder.ts";
import type { Bucket } from "../ports/bucket.ts";

/**
 * Loads attachments whole, in the version that was planned: one that has been replaced since is not what the author meant. Their
 * sizes were checked before the campaign was committed. A plan of an older version names none; there an object larger than any row
 * may have counts as missing, so that it can't take the memory of the calls under way.
 */
export const createLoadAttachment =
  (bucket: Pick<Bucket, "get">): LoadAttachment =>
  async (key, version) => {
    const object = await bucket.get(key, version);
    if (object === undefined) return undefined;
    const chunks: Uint8Array[] = [];
    let bytes = 0;
    for await (const chunk of object.body) {
      bytes += chunk.length;
      if (bytes > bounds.attachmentBytes) return undefined;
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  };
