/** An object as listings show it; listings name no versions. */
export interface ListedObject {
  readonly key: string;
  readonly size: number;
  /** Epoch milliseconds; S3 tells whole seconds. */
  readonly modifiedAt: number;
}

/** An object's properties, without its content. */
export interface ObjectHead extends ListedObject {
  /** S3's version id; `"null"` where the bucket keeps no versions. */
  readonly version: string;
  /** S3's ETag: other content has another tag, the same content stored the same way has the same one again. */
  readonly tag: string;
}

/** A stored object being read. The body is a stream, to be read to its end or left early, and is never held whole. */
export interface StoredObject extends ObjectHead {
  readonly body: AsyncIterable<Uint8Array>;
}

/** The bytes of an object from `start` up to but not including `end`. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/**
 * The campaign bucket, as S3 keeps it. Absent objects are `undefined`; everything else that goes wrong throws.
 * `test/support/contracts/bucket.ts` holds every implementation to this.
 *
 * Listings and reads after writes are consistent; of two overlapping writes to one key the later wins. Texts are stored
 * as UTF-8. Where the bucket keeps versions, a deleted object's older versions can still be read by their ids.
 */
export interface Bucket {
  /**
   * The newest version with its content, or the version asked for. With a range, which has at least one byte and ends
   * within the object, the body is only that; `size` is the whole object's.
   */
  get(key: string, version?: string, range?: ByteRange): Promise<StoredObject | undefined>;
  /** The same without the content. */
  head(key: string, version?: string): Promise<ObjectHead | undefined>;
  /**
   * Stores a text, or a stream of any length by multipart upload. Returns the version. When the stream fails nothing is
   * stored, and its error is thrown. A surrogate pair may be cut between two texts of the stream.
   */
  put(key: string, body: string | AsyncIterable<Uint8Array | string>, contentType: string): Promise<string>;
  /**
   * Stores what `put` stores in place of the content that has this tag (`undefined`: only where no object is, or a deleted one).
   * Returns the version, or `undefined` when other content is there by now, or is just being stored: that stays.
   */
  replace(
    key: string,
    tag: string | undefined,
    body: string | AsyncIterable<Uint8Array | string>,
    contentType: string,
  ): Promise<string | undefined>;
  /** The newest versions under a prefix, in the order of the UTF-8 bytes of their keys. */
  list(prefix: string): AsyncIterable<ListedObject>;
  /** Removes objects, any number of them; absent ones are no error. */
  delete(keys: readonly string[]): Promise<void>;
}

/** The largest object that is read whole, in bytes: options and pages are far smaller. */
const smallBytes = 4 * 1024 * 1024;

/** An object with its text. */
export interface SmallObject extends ObjectHead {
  readonly text: string;
}

/** The text of an object that is small by its nature; throws for one of more than 4 MiB. */
export async function smallText(bucket: Bucket, key: string, version?: string): Promise<string | undefined> {
  return (await smallObject(bucket, key, version))?.text;
}

/** An object that is small by its nature, with its text; throws for one of more than 4 MiB. */
export async function smallObject(bucket: Bucket, key: string, version?: string): Promise<SmallObject | undefined> {
  const object = await bucket.get(key, version);
  if (object === undefined) return undefined;
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  let text = "";
  let bytes = 0;
  for await (const chunk of object.body) {
    bytes += chunk.length;
    if (bytes > smallBytes) throw new Error(`${key} is larger than 4 MiB.`);
    text += decoder.decode(chunk, { stream: true });
  }
  const { body: _body, ...head } = object;
  return { ...head, text: text + decoder.decode() };
}
