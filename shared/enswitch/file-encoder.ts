import { formValue } from "./form-body.ts";
import type { SendFile } from "./verdict.ts";

/** Content of an object under `attachments/`, in a version or else as it is now; `undefined` when there is no such object. */
export type LoadAttachment = (attachment: string, version: string | undefined) => Promise<Uint8Array | undefined>;

/** How much of encoded attachments is kept for the next rows, in bytes. */
const attachmentCache = 32 * 1024 * 1024;

/**
 * Encodes files for the form, an attachment once for all rows that have it as long as the cache holds it. `undefined`: there
 * is no such attachment.
 */
export function createFileEncoder(load: LoadAttachment | undefined) {
  const cache = new Map<string, Promise<Buffer | undefined>>();
  let cached = 0;

  const encode = async (attachment: string, version: string | undefined) => {
    const content = await load?.(attachment, version);
    if (content === undefined) return undefined;
    const encoded = formValue(Buffer.from(content.buffer, content.byteOffset, content.byteLength).toString("base64"));
    cached += encoded.length;
    if (cached > attachmentCache) {
      cache.clear();
      cached = 0;
    }
    return encoded;
  };

  return (file: SendFile): Promise<Buffer | undefined> => {
    if ("base64" in file) return Promise.resolve(formValue(file.base64));
    const object = JSON.stringify([file.attachment, file.version]);
    const known = cache.get(object);
    if (known !== undefined) return known;
    const loading = encode(file.attachment, file.version);
    cache.set(object, loading);
    // What failed may succeed for the next row.
    loading.catch(() => cache.delete(object));
    return loading;
  };
}
