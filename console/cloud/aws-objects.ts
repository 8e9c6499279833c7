import {
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  type S3ClientConfig,
} from "@aws-sdk/client-s3";
import { personTag } from "../../shared/campaign/identity.ts";
import type { Objects, Stored, Storing } from "./cloud.ts";
import { statusOf, translated, translatedAll } from "./trouble.ts";
import { createUploadHandler } from "./upload-handler.ts";

/** How the page reaches the bucket. */
export interface ObjectsAccess {
  readonly settings: S3ClientConfig;
  readonly bucket: string;
  /** The value of the tag that uploads carry. */
  readonly tag: string | undefined;
}

/**
 * The bucket in S3. Whatever is stored goes in one request, which is repeated as a whole: the tag that says who uploaded it
 * cannot be given to the parts of a multipart upload.
 */
export function createObjects({ settings, bucket, tag }: ObjectsAccess): Objects {
  const client = new S3Client(settings);
  const isThere = createIsThere(client, bucket);
  const get = async (key: string) => {
    if (!(await isThere(key))) return undefined;
    try {
      return await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    } catch (error) {
      if (statusOf(error) === 404 || (await isThere(key, { again: true })) === false) return undefined;
      throw error;
    }
  };
  return {
    text: (key) => translated(async () => (await get(key))?.Body?.transformToString()),
    download: (key) =>
      translated(async () => {
        const found = await get(key);
        if (found?.Body === undefined) return undefined;
        return new Response(found.Body.transformToWebStream()).blob();
      }),
    store: (storing) => translated(() => store({ settings, bucket, tag }, storing)),
    pages: (prefix) =>
      translatedAll(async function* () {
        let token: string | undefined;
        do {
          const page = await client.send(
            new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, ContinuationToken: token }),
          );
          yield (page.Contents ?? []).flatMap(({ Key: key, Size: size, LastModified: modified }) =>
            key === undefined || modified === undefined
              ? []
              : [{ key, size: size ?? 0, modifiedAt: modified.getTime() }],
          );
          token = page.NextContinuationToken;
        } while (token !== undefined);
      }),
  };
}

/**
 * Whether an object is there, by listing: to people who may list only certain folders S3 says of a missing object that they may
 * not read it. Of one that was there once it is asked again only on demand.
 */
function createIsThere(client: S3Client, bucket: string) {
  const known = new Set<string>();
  return async (key: string, { again = false } = {}): Promise<boolean> => {
    if (known.has(key) && !again) return true;
    const { Contents: found = [] } = await client.send(
      new ListObjectsV2Command({ Bucket: bucket, Prefix: key, MaxKeys: 1 }),
    );
    if (found[0]?.Key !== key) return false;
    known.add(key);
    return true;
  };
}

async function store({ settings, bucket, tag }: ObjectsAccess, storing: Storing): Promise<Stored> {
  const { key, body, contentType, onlyNew, onProgress = () => {}, signal } = storing;
  // Without attempts of its own: who uploads is told that the connection is lost.
  const client = new S3Client({ ...settings, maxAttempts: 1, requestHandler: createUploadHandler(onProgress) });
  try {
    const { VersionId: version = "null" } = await client.send(
      new PutObjectCommand({
        Bucket: bucket,
        Key: key,
        Body: body,
        ContentLength: body.size,
        ContentType: contentType,
        ...(onlyNew ? { IfNoneMatch: "*" } : {}),
        ...(tag === undefined ? {} : { Tagging: new URLSearchParams({ [personTag]: tag }).toString() }),
      }),
      signal === undefined ? {} : { abortSignal: signal },
    );
    return { kind: "stored", version };
  } catch (error) {
    if (onlyNew && statusOf(error) === 412) return { kind: "taken" };
    throw error;
  }
}
