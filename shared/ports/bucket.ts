/** An object as a listing has it; listings name no versions. */
export interface ListedObject {
  readonly key: string;
  readonly size: number;
  /** Epoch milliseconds. */
  readonly modifiedAt: number;
}

/** An object's properties, without its content. */
export interface ObjectHead extends ListedObject {
  /** S3's version id; `"null"` where the bucket keeps no versions. */
  readonly version: string;
  /** S3's ETag: other content has another tag. */
  readonly tag: string;
}

/** A stored object being read; the body is a stream and is never held whole by the reader. */
export interface StoredObject extends ObjectHead {
  readonly body: AsyncIterable<Uint8Array>;
}

/**
 * The campaign bucket. Absent objects are `undefined`, everything else that goes wrong throws.
 * Listings and reads after writes are consistent, as S3's are; of two overlapping writes to one key the later wins.
 */
export interface Bucket {
  get(key: string, version?: string): Promise<StoredObject | undefined>;
  /** The newest version's head (or that version's). */
  head(key: string, version?: string): Promise<ObjectHead | undefined>;
  /** Stores text, or a stream of any length by multipart upload (aborted when the stream fails). Returns the version. */
  put(key: string, body: string | AsyncIterable<Uint8Array | string>, contentType: string): Promise<string>;
  /**
   * Stores a text in place of what has this tag (`undefined`: where nothing is). Returns whether it did: when something
   * else is there by now, or is just being stored, that stays.
   */
  replace(key: string, tag: string | undefined, body: string, contentType: string): Promise<boolean>;
  /** Newest versions under a prefix, in key order. */
  list(prefix: string): AsyncIterable<ListedObject>;
  /** Removes objects; absent ones are no error. */
  delete(keys: readonly string[]): Promise<void>;
}

/** Longest object that is read whole, in bytes: options and pages are far smaller. */
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
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of object.body) {
    bytes += chunk.length;
    if (bytes > smallBytes) throw new Error(`${key} is larger than 4 MiB.`);
    chunks.push(chunk);
  }
  const { body: _body, ...head } = object;
  return { ...head, text: Buffer.concat(chunks).toString("utf8") };
}
