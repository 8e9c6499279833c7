import { Readable } from "node:stream";
import {
  CopyObjectCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { Upload } from "@aws-sdk/lib-storage";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { EmbeddedCloud } from "../../../infra/local/embedded-cloud.ts";
import { createS3Bucket } from "../../../shared/aws/s3-bucket.ts";
import { clientOf, dataDirectory, startServicesOn } from "./small-cloud.ts";

let directory: Awaited<ReturnType<typeof dataDirectory>>;
let cloud: EmbeddedCloud;
let s3: S3Client;
let Bucket: string;

const start = async () => {
  cloud = await startServicesOn(directory.path);
  s3 = new S3Client(clientOf(cloud));
  Bucket = cloud.outputs["BucketName"] ?? "";
};

beforeAll(async () => {
  directory = await dataDirectory();
  await start();
});
afterAll(async () => {
  s3.destroy();
  await cloud[Symbol.asyncDispose]();
  await directory[Symbol.asyncDispose]();
});

const put = (Key: string, Body: string) => s3.send(new PutObjectCommand({ Bucket, Key, Body }));
const textOf = async (Key: string, VersionId?: string) =>
  (await s3.send(new GetObjectCommand({ Bucket, Key, VersionId }))).Body?.transformToString();
const namesUnder = async (Prefix: string) =>
  ((await s3.send(new ListObjectsV2Command({ Bucket, Prefix }))).Contents ?? []).map((entry) => entry.Key);

/** What has been announced since the last look: bodies from the uploads queue. */
async function announced(): Promise<
  { Event?: string; Records?: { eventName: string; s3: { object: Record<string, unknown> } }[] }[]
> {
  const sqs = new SQSClient(clientOf(cloud));
  try {
    const queue = cloud.stack.queues.find((candidate) => candidate.logicalId === "Uploads");
    const { Messages } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl: queue?.url, MaxNumberOfMessages: 10, WaitTimeSeconds: 1 }),
    );
    return (Messages ?? []).map((message) => JSON.parse(message.Body ?? ""));
  } finally {
    sqs.destroy();
  }
}

describe("S3 of the embedded cloud", () => {
  test("announces itself, then every upload under the prefix, by encoded key and version", async () => {
    expect((await announced())[0]?.Event).toBe("s3:TestEvent");
    await put("elsewhere/a.csv", "no");
    const { VersionId, ETag } = await put("campaigns/Frühling & Söhne + (1).csv", "name\nAnna\n");
    const [event, ...more] = await announced();
    expect(more).toEqual([]);
    expect(event?.Records?.[0]).toMatchObject({
      eventName: "ObjectCreated:Put",
      eventSource: "aws:s3",
      userIdentity: { principalId: "AWS:operator" },
      s3: {
        bucket: { name: Bucket },
        object: {
          key: "campaigns/Fr%C3%BChling+%26+S%C3%B6hne+%2B+%281%29.csv",
          versionId: VersionId,
          eTag: ETag?.replaceAll('"', ""),
          size: 10,
        },
      },
    });
  });

  test("keeps every version readable, also under a delete marker", async () => {
    const first = await put("v/a.txt", "one");
    const second = await put("v/a.txt", "two");
    expect(first.VersionId).not.toBe(second.VersionId);
    expect(await textOf("v/a.txt")).toBe("two");
    expect(await textOf("v/a.txt", first.VersionId)).toBe("one");
    const head = await s3.send(new HeadObjectCommand({ Bucket, Key: "v/a.txt" }));
    expect(head).toMatchObject({ VersionId: second.VersionId, ContentLength: 3, ETag: second.ETag });
    await s3.send(new DeleteObjectCommand({ Bucket, Key: "v/a.txt" }));
    await expect(textOf("v/a.txt")).rejects.toMatchObject({ name: "NoSuchKey" });
    expect(await namesUnder("v/")).toEqual([]);
    expect(await textOf("v/a.txt", second.VersionId)).toBe("two");
    const all = await s3.send(new ListObjectVersionsCommand({ Bucket, Prefix: "v/" }));
    expect(all.Versions?.map((version) => version.VersionId)).toEqual([second.VersionId, first.VersionId]);
    expect(all.DeleteMarkers?.[0]).toMatchObject({ Key: "v/a.txt", IsLatest: true });
    await s3.send(new DeleteObjectCommand({ Bucket, Key: "v/a.txt", VersionId: first.VersionId }));
    await expect(textOf("v/a.txt", first.VersionId)).rejects.toMatchObject({ name: "NoSuchVersion" });
  });

  test.each([
    "a b.csv",
    "ü/ö ä.csv",
    "plus+plus.csv",
    "deep/er/and/deeper.csv",
    "a//b/../c",
    "100%.csv",
    "<&>.csv",
    "日本.csv",
  ])("takes %s as a key", async (name) => {
    await put(`keys/${name}`, name);
    expect(await textOf(`keys/${name}`)).toBe(name);
    expect(await namesUnder(`keys/${name}`)).toEqual([`keys/${name}`]);
  });

  test("lists page by page in the order of UTF-8, with prefix and delimiter", async () => {
    const names = [
      "list/10",
      "list/2",
      "list/Z",
      "list/a",
      "list/sub/1",
      "list/sub/2",
      "list/é",
      "list/\u{ffee}",
      "list/\u{1f600}",
    ];
    for (const name of names.toReversed()) await put(name, "x");
    const seen: (string | undefined)[] = [];
    let ContinuationToken: string | undefined;
    let pages = 0;
    do {
      const page = await s3.send(new ListObjectsV2Command({ Bucket, Prefix: "list/", MaxKeys: 2, ContinuationToken }));
      seen.push(...(page.Contents ?? []).map((entry) => entry.Key));
      ContinuationToken = page.NextContinuationToken;
      pages += 1;
    } while (ContinuationToken !== undefined);
    expect(seen).toEqual(names);
    expect(pages).toBe(5);
    const grouped = await s3.send(new ListObjectsV2Command({ Bucket, Prefix: "list/", Delimiter: "/" }));
    expect(grouped.CommonPrefixes).toEqual([{ Prefix: "list/sub/" }]);
    expect(grouped.KeyCount).toBe(8);
    const after = await s3.send(new ListObjectsV2Command({ Bucket, Prefix: "list/", StartAfter: "list/sub/1" }));
    expect(after.Contents?.map((entry) => entry.Key)).toEqual(names.slice(5));
  });

  test("answers ranges", async () => {
    await put("range", "0123456789");
    const part = async (Range: string) => {
      const answer = await s3.send(new GetObjectCommand({ Bucket, Key: "range", Range }));
      return [await answer.Body?.transformToString(), answer.ContentRange];
    };
    expect(await part("bytes=2-4")).toEqual(["234", "bytes 2-4/10"]);
    expect(await part("bytes=7-")).toEqual(["789", "bytes 7-9/10"]);
    expect(await part("bytes=-2")).toEqual(["89", "bytes 8-9/10"]);
    await expect(part("bytes=10-")).rejects.toMatchObject({ name: "InvalidRange" });
  });

  test("keeps content type and metadata, and the checksum is verified", async () => {
    await s3.send(
      new PutObjectCommand({
        Bucket,
        Key: "meta",
        Body: "x",
        ContentType: "text/csv",
        Metadata: { who: "me" },
        CacheControl: "no-store",
      }),
    );
    const head = await s3.send(new HeadObjectCommand({ Bucket, Key: "meta" }));
    expect(head).toMatchObject({ ContentType: "text/csv", Metadata: { who: "me" }, CacheControl: "no-store" });
    expect(head.ContentEncoding).toBeUndefined();
    await expect(
      s3.send(new PutObjectCommand({ Bucket, Key: "bad", Body: "x", ChecksumCRC32: "AAAAAA==" })),
    ).rejects.toMatchObject({ name: "BadDigest" });
    await expect(textOf("bad")).rejects.toMatchObject({ name: "NoSuchKey" });
  });

  test("puts only where there is nothing, when asked to", async () => {
    const once = () => s3.send(new PutObjectCommand({ Bucket, Key: "once", Body: "x", IfNoneMatch: "*" }));
    await once();
    await expect(once()).rejects.toMatchObject({ name: "PreconditionFailed" });
  });

  test("replaces a text only while it is the one that was read, and creates it only where there is nothing", async () => {
    const bucket = createS3Bucket(s3, Bucket);
    const key = "reports/spring/summary.json";
    expect(await bucket.replace(key, '"none"', "x", "text/plain")).toBe(false);
    expect(await bucket.head(key)).toBeUndefined();
    expect(await bucket.replace(key, undefined, "one", "text/plain")).toBe(true);
    expect(await bucket.replace(key, undefined, "two", "text/plain")).toBe(false);
    const read = await bucket.head(key);
    expect(await bucket.replace(key, read?.tag, "three", "text/plain")).toBe(true);
    expect(await bucket.replace(key, read?.tag, "four", "text/plain")).toBe(false);
    expect(await textOf(key)).toBe("three");
    const nowhere = createS3Bucket(s3, "no-such-bucket");
    await expect(nowhere.replace(key, undefined, "x", "text/plain")).rejects.toThrow("bucket");
  });

  test("takes streams of unknown length by multipart upload, chunked and with trailing checksums", async () => {
    const size = 12 * 1024 * 1024 + 17;
    const pattern = Buffer.from("0123456789abcdef".repeat(4096));
    const body = Readable.from(
      (function* () {
        for (let left = size; left > 0; left -= pattern.length)
          yield pattern.subarray(0, Math.min(left, pattern.length));
      })(),
    );
    const done = await new Upload({ client: s3, params: { Bucket, Key: "campaigns/big.csv", Body: body } }).done();
    expect(done.ETag).toMatch(/-3"$/);
    const stored = await s3.send(new GetObjectCommand({ Bucket, Key: "campaigns/big.csv" }));
    const bytes = await stored.Body?.transformToByteArray();
    expect(bytes?.length).toBe(size);
    expect(Buffer.from(bytes?.subarray(5 * 1024 * 1024 - 8, 5 * 1024 * 1024 + 8) ?? []).toString()).toBe(
      "89abcdef01234567",
    );
    const range = await s3.send(
      new GetObjectCommand({
        Bucket,
        Key: "campaigns/big.csv",
        Range: `bytes=${5 * 1024 * 1024 - 2}-${5 * 1024 * 1024 + 1}`,
      }),
    );
    expect(await range.Body?.transformToString()).toBe("ef01");
    expect((await announced())[0]?.Records?.[0]).toMatchObject({
      eventName: "ObjectCreated:CompleteMultipartUpload",
      s3: { object: { size, versionId: done.VersionId } },
    });
  });

  test("takes a stream of known length in signed chunks with a trailing checksum", async () => {
    const body = Readable.from([Buffer.from("one,"), Buffer.from("two,"), Buffer.from("three")]);
    await s3.send(new PutObjectCommand({ Bucket, Key: "streamed", Body: body, ContentLength: 13 }));
    expect(await textOf("streamed")).toBe("one,two,three");
    const head = await s3.send(new HeadObjectCommand({ Bucket, Key: "streamed" }));
    expect(head).toMatchObject({ ContentLength: 13 });
  });

  test("copies, and deletes many at once even if some are missing", async () => {
    await put("many/1 & 1", "x");
    await s3.send(
      new CopyObjectCommand({ Bucket, Key: "many/2", CopySource: `${Bucket}/${encodeURIComponent("many/1 & 1")}` }),
    );
    expect(await textOf("many/2")).toBe("x");
    const keys = ["many/1 & 1", "many/2", "many/3"];
    const { Errors } = await s3.send(
      new DeleteObjectsCommand({ Bucket, Delete: { Objects: keys.map((Key) => ({ Key })) } }),
    );
    expect(Errors).toBeUndefined();
    expect(await namesUnder("many/")).toEqual([]);
  });

  test("is all there again after a restart", async () => {
    const first = await put("kept", "one");
    await put("kept", "two");
    await put("gone", "x");
    await s3.send(new DeleteObjectCommand({ Bucket, Key: "gone" }));
    s3.destroy();
    await cloud[Symbol.asyncDispose]();
    await start();
    expect(await textOf("kept")).toBe("two");
    expect(await textOf("kept", first.VersionId)).toBe("one");
    await expect(textOf("gone")).rejects.toMatchObject({ name: "NoSuchKey" });
  });
});
