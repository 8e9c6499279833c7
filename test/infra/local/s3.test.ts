import { createHash } from "node:crypto";
import { type ClientRequest, request } from "node:http";
import { Readable } from "node:stream";
import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectAclCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  ListPartsCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
  UploadPartCopyCommand,
} from "@aws-sdk/client-s3";
import { ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { Upload } from "@aws-sdk/lib-storage";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { EmbeddedCloud } from "../../../infra/local/embedded-cloud.ts";
import { systemUser } from "../../../infra/local/gateway/system-user.ts";
import { createS3Bucket } from "../../../shared/aws/s3-bucket.ts";
import { signedHeaders } from "./sign-request.ts";
import { clientOf, dataDirectory, startServicesOn, startSmallCloud } from "./small-cloud.ts";

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
  test("announces every upload under the prefix, by encoded key and version", async () => {
    await put("elsewhere/a.csv", "no");
    const { VersionId, ETag } = await put("campaigns/Frühling & Söhne + (1).csv", "name\nAnna\n");
    const [event, ...more] = await announced();
    expect(more).toEqual([]);
    expect(event?.Records?.[0]).toMatchObject({
      eventName: "ObjectCreated:Put",
      eventSource: "aws:s3",
      userIdentity: { principalId: `AWS:AROALOCAL:${systemUser()}` },
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
    expect(await bucket.replace(key, '"none"', "x", "text/plain")).toBeUndefined();
    expect(await bucket.head(key)).toBeUndefined();
    expect(await bucket.replace(key, undefined, "one", "text/plain")).toEqual(expect.any(String));
    expect(await bucket.replace(key, undefined, "two", "text/plain")).toBeUndefined();
    const read = await bucket.head(key);
    expect(await bucket.replace(key, read?.tag, "three", "text/plain")).toEqual(expect.any(String));
    expect(await bucket.replace(key, read?.tag, "four", "text/plain")).toBeUndefined();
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

/** A request as no SDK would make it: signed by the operator, and with any query. */
const ask = async (method: string, target: string, headers: Record<string, string> = {}, body?: string) => {
  const { host } = new URL(cloud.endpoint);
  const request = { method, host, target: `/${Bucket}${target}`, headers };
  const { host: _host, ...signed } = signedHeaders(cloud, request);
  const answer = await fetch(`${cloud.endpoint}/${Bucket}${target}`, {
    method,
    headers: { ...signed, ...headers },
    ...(body === undefined ? {} : { body }),
  });
  return { status: answer.status, headers: answer.headers, text: await answer.text() };
};

describe("What a client asks of the local S3 is done, or refused in S3's words", () => {
  test.each([
    ["PUT", "/kinds/a?partNumber=1"],
    ["PUT", "/kinds/a?uploadId=x"],
    ["PUT", "/kinds/a?acl"],
    ["PUT", "/kinds/a?tagging"],
    ["PUT", "/kinds/a?retention"],
    ["PUT", "/kinds/a?legal-hold"],
    ["PUT", "/kinds/a?renameObject"],
    ["PUT", "/kinds/a?something-new=1"],
    ["GET", "/kinds/a?acl&tagging"],
    ["GET", "/kinds/a?partNumber=1"],
    ["GET", "/kinds/a?torrent"],
    ["GET", "/kinds/a?attributes"],
    ["HEAD", "/kinds/a?partNumber=1"],
    ["POST", "/kinds/a?restore"],
    ["POST", "/kinds/a?select&select-type=2"],
    ["POST", "/kinds/a"],
    ["GET", "?cors"],
    ["GET", "?policy"],
    ["GET", "?lifecycle"],
    ["GET", "?something-new"],
    ["PUT", "?versioning"],
    ["PUT", "?policy"],
    ["PUT", "?lifecycle"],
    ["POST", ""],
  ])("%s %s is not offered, and changes nothing", async (method, target) => {
    await put("kinds/a", "as it was");
    const answer = await ask(method, target, {}, method === "PUT" || method === "POST" ? "other" : undefined);
    expect(answer.status).toBe(501);
    if (method !== "HEAD") {
      expect(answer.text).toContain("<Error><Code>NotImplemented</Code><Message>");
      expect(answer.headers.get("content-type")).toBe("application/xml");
    }
    expect(await textOf("kinds/a")).toBe("as it was");
  });

  test.each([
    ["x-amz-tagging-directive", "REPLACE", 501, "NotImplemented"],
    ["x-amz-object-lock-mode", "GOVERNANCE", 501, "NotImplemented"],
    ["x-amz-write-offset-bytes", "9", 501, "NotImplemented"],
    ["x-amz-server-side-encryption-customer-algorithm", "AES256", 501, "NotImplemented"],
    ["x-amz-server-side-encryption", "aws:kms", 501, "NotImplemented"],
    ["x-amz-acl", "public-read", 400, "AccessControlListNotSupported"],
    ["x-amz-grant-read", 'uri="http://acs.amazonaws.com/groups/global/AllUsers"', 400, "AccessControlListNotSupported"],
    ["x-amz-expected-bucket-owner", "123456789012", 403, "AccessDenied"],
    ["if-match", '"none"', 412, "PreconditionFailed"],
  ])("a put with %s: %s, which would not be honoured, is refused", async (header, value, status, code) => {
    await put("kinds/b", "as it was");
    const answer = await ask("PUT", "/kinds/b", { [header]: value }, "other");
    expect(answer.status).toBe(status);
    expect(answer.text).toContain(`<Code>${code}</Code>`);
    expect(await textOf("kinds/b")).toBe("as it was");
  });

  test("an object that is put whole has the tags that it was put with, by version", async () => {
    expect((await ask("PUT", "/kinds/tagged", { "x-amz-tagging": "who=ann%20b&a=1" }, "x")).status).toBe(200);
    const first = (await ask("GET", "/kinds/tagged?tagging")).text;
    expect(first).toContain("<Tag><Key>who</Key><Value>ann b</Value></Tag><Tag><Key>a</Key><Value>1</Value></Tag>");
    await put("kinds/tagged", "y");
    expect((await ask("GET", "/kinds/tagged?tagging")).text).not.toContain("ann");
    const many = Array.from({ length: 11 }, (_, number) => `t${number}=1`).join("&");
    expect((await ask("PUT", "/kinds/tagged", { "x-amz-tagging": many }, "x")).status).toBe(400);
    expect((await ask("POST", "/kinds/parts?uploads", { "x-amz-tagging": "a=b" })).status).toBe(501);
  });

  test("a header that a presigned URL carries counts like any other", async () => {
    await put("kinds/source", "copied");
    const source = encodeURIComponent(`${Bucket}/kinds/source`);
    expect((await ask("PUT", `/kinds/copy?X-Amz-Copy-Source=${source}`)).status).toBe(200);
    expect(await textOf("kinds/copy")).toBe("copied");
    expect((await ask("PUT", "/kinds/copy?x-amz-tagging-directive=REPLACE", {}, "x")).status).toBe(501);
    expect(await textOf("kinds/copy")).toBe("copied");
  });

  test("a header of S3's that is not signed is refused: who may put an object may not have another copied", async () => {
    await put("kinds/source", "others' numbers");
    const target = `/${Bucket}/kinds/unsigned`;
    const { host: _host, ...signed } = signedHeaders(cloud, {
      method: "PUT",
      host: new URL(cloud.endpoint).host,
      target,
    });
    for (const [name, value] of [
      ["x-amz-copy-source", `${Bucket}/kinds/source`],
      ["X-Amz-Tagging", "a=b"],
    ] as const) {
      const answer = await fetch(`${cloud.endpoint}${target}`, {
        method: "PUT",
        headers: { ...signed, [name]: value },
      });
      expect([answer.status, await answer.text()]).toEqual([
        403,
        expect.stringContaining("There were headers present in the request which were not signed."),
      ]);
    }
    expect(await namesUnder("kinds/unsigned")).toEqual([]);
    expect((await fetch(`${cloud.endpoint}${target}`, { method: "PUT", headers: signed, body: "x" })).status).toBe(200);
  });

  test("the bucket can be named by the host", async () => {
    const answer = await new Promise((resolve, reject) => {
      const { hostname, port } = new URL(cloud.endpoint);
      const target = "/kinds/by%20host";
      const headers = signedHeaders(cloud, { method: "PUT", host: `${Bucket}.localhost:${port}`, target });
      request({ hostname, port, method: "PUT", path: target, headers }, (response) => {
        response.resume();
        resolve(response.statusCode);
      })
        .on("error", reject)
        .end("by host");
    });
    expect(answer).toBe(200);
    expect(await textOf("kinds/by host")).toBe("by host");
  });

  test("headers of the answer can be asked for", async () => {
    await put("kinds/c", "x");
    const { headers } = await ask("GET", "/kinds/c?response-content-type=text%2Fcsv&response-expires=0");
    expect([headers.get("content-type"), headers.get("expires")]).toEqual(["text/csv", "0"]);
  });

  test("a bucket that is there is the caller's already, and no other can be made", async () => {
    const answer = await ask("PUT", "");
    expect([answer.status, answer.text]).toEqual([409, expect.stringContaining("BucketAlreadyOwnedByYou")]);
    const other = await ask("PUT", "-other");
    expect([other.status, other.text]).toEqual([501, expect.stringContaining(`it has ${Bucket}.`)]);
  });

  test.each([
    ["a URL presigned with version 2", "?AWSAccessKeyId=key&Expires=1900000000&Signature=x%3D", {}, 400],
    ["a request signed with version 2", "", { authorization: "AWS key:signature=" }, 400],
    ["a request that is not signed", "", {}, 403],
  ])("%s is refused with a sentence, in XML", async (_, query, headers, status) => {
    const answer = await fetch(`${cloud.endpoint}/${Bucket}/kinds/a${query}`, { headers });
    expect(answer.status).toBe(status);
    expect(answer.headers.get("content-type")).toBe("application/xml");
    expect(await answer.text()).toMatch(/<Error><Code>\w+<\/Code><Message>.*AWS4-HMAC-SHA256.*<\/Message>/);
  });

  test("a form of a POST policy is refused as what is not offered, and stores nothing", async () => {
    const body = new FormData();
    body.append("key", "kinds/form");
    body.append("file", new Blob(["x"]));
    const answer = await fetch(`${cloud.endpoint}/${Bucket}`, { method: "POST", body });
    expect([answer.status, await answer.text()]).toEqual([501, expect.stringContaining("Pre-sign a PUT instead.")]);
    expect(await namesUnder("kinds/form")).toEqual([]);
  });

  test("everything belongs to its owner and has no tags", async () => {
    const { VersionId } = await put("kinds/d", "x");
    const { Grants, Owner } = await s3.send(new GetObjectAclCommand({ Bucket, Key: "kinds/d" }));
    expect(Grants).toMatchObject([{ Grantee: { ID: Owner?.ID }, Permission: "FULL_CONTROL" }]);
    expect(await s3.send(new GetObjectTaggingCommand({ Bucket, Key: "kinds/d", VersionId }))).toMatchObject({
      TagSet: [],
    });
    const missing = s3.send(new GetObjectTaggingCommand({ Bucket, Key: "kinds/nothing" }));
    await expect(missing).rejects.toMatchObject({ name: "NoSuchKey" });
    const bucket = await ask("GET", "?acl");
    expect(bucket.text).toContain("<Permission>FULL_CONTROL</Permission>");
  });
});

test("a body that is not the one whose hash was signed is refused, and changes nothing", async () => {
  await put("kinds/signed", "as it was");
  const answer = await ask("PUT", "/kinds/signed", { "x-amz-content-sha256": "0".repeat(64) }, "other");
  // The signature covers the header too, so that neither can be exchanged.
  expect([answer.status, answer.text]).toEqual([403, expect.stringContaining("SignatureDoesNotMatch")]);
  expect(await textOf("kinds/signed")).toBe("as it was");
});

test("a body that is another one than its signed hash says is refused, and changes nothing", async () => {
  await put("kinds/signed", "as it was");
  const target = `/${Bucket}/kinds/signed`;
  const payloadHash = createHash("sha256").update("meant").digest("hex");
  const { host } = new URL(cloud.endpoint);
  const { host: _host, ...headers } = signedHeaders(cloud, { method: "PUT", host, target, payloadHash });
  const send = (body: string) => fetch(`${cloud.endpoint}${target}`, { method: "PUT", headers, body });
  const other = await send("other");
  expect([other.status, await other.text()]).toEqual([400, expect.stringContaining("XAmzContentSHA256Mismatch")]);
  expect(await textOf("kinds/signed")).toBe("as it was");
  expect((await send("meant")).status).toBe(200);
  expect(await textOf("kinds/signed")).toBe("meant");
});

test("of other services the body itself is signed, whatever a header says of it", async () => {
  const { host } = new URL(cloud.endpoint);
  const body = (text: string) => `Action=GetCallerIdentity&Version=2011-06-15&Note=${text}`;
  const payloadHash = createHash("sha256").update(body("meant")).digest("hex");
  const signing = { method: "POST", host, target: "/", service: "sts", payloadHash };
  const { host: _host, ...headers } = signedHeaders(cloud, signing);
  const send = (text: string) => fetch(cloud.endpoint, { method: "POST", headers, body: body(text) });
  expect((await send("meant")).status).toBe(200);
  expect((await send("other")).status).toBe(403);
});

describe("Multipart uploads", () => {
  const mebibyte = 1024 * 1024;
  const begin = async (Key: string) =>
    (await s3.send(new CreateMultipartUploadCommand({ Bucket, Key }))).UploadId ?? "";
  const part = (Key: string, UploadId: string, PartNumber: number, Body: string) =>
    s3.send(new UploadPartCommand({ Bucket, Key, UploadId, PartNumber, Body }));
  const copy = (Key: string, UploadId: string, PartNumber: number, more: object) =>
    s3.send(
      new UploadPartCopyCommand({ Bucket, Key, UploadId, PartNumber, CopySource: `${Bucket}/mp/source`, ...more }),
    );

  test("take parts copied from an object, whole or a range of it", async () => {
    const source = `${"a".repeat(5 * mebibyte)}${"b".repeat(3)}`;
    const { VersionId } = await put("mp/source", source);
    await put("mp/source", "newer");
    const UploadId = await begin("mp/copied");
    const CopySource = `${Bucket}/mp/source?versionId=${VersionId ?? ""}`;
    const first = await copy("mp/copied", UploadId, 1, { CopySource });
    const second = await copy("mp/copied", UploadId, 2, {
      CopySource,
      CopySourceRange: `bytes=${5 * mebibyte - 1}-${5 * mebibyte}`,
    });
    const third = await copy("mp/copied", UploadId, 3, {});
    const listed = await s3.send(new ListPartsCommand({ Bucket, Key: "mp/copied", UploadId }));
    expect(listed.Parts?.map(({ Size }) => Size)).toEqual([5 * mebibyte + 3, 2, 5]);
    const Parts = [first, third].map(({ CopyPartResult }, index) => ({
      PartNumber: [1, 3][index],
      ETag: CopyPartResult?.ETag,
    }));
    expect(second.CopyPartResult?.ETag).toMatch(/^"[0-9a-f]{32}"$/);
    await s3.send(
      new CompleteMultipartUploadCommand({ Bucket, Key: "mp/copied", UploadId, MultipartUpload: { Parts } }),
    );
    expect(await textOf("mp/copied")).toBe(`${source}newer`);
  });

  test.each([
    ["beyond its end", { CopySourceRange: "bytes=0-5" }, "InvalidArgument"],
    ["written otherwise", { CopySourceRange: "bytes=-2" }, "InvalidArgument"],
    ["of a source that has changed", { CopySourceIfMatch: '"other"' }, "PreconditionFailed"],
    ["of a source that has not changed", { CopySourceIfModifiedSince: new Date("2100-01-01") }, "PreconditionFailed"],
    ["of nothing", { CopySource: "/no-such-bucket/x" }, "NoSuchBucket"],
  ])("refuse to copy a range %s", async (_, more, name) => {
    await put("mp/source", "newer");
    const UploadId = await begin("mp/refused");
    await expect(copy("mp/refused", UploadId, 1, more)).rejects.toMatchObject({ name });
    const listed = await s3.send(new ListPartsCommand({ Bucket, Key: "mp/refused", UploadId }));
    expect(listed.Parts ?? []).toEqual([]);
  });

  test("that are not finished are listed page by page, grouped by a delimiter", async () => {
    const started: string[][] = [];
    for (const key of ["un/a", "un/a", "un/b +é", "un/deep/1", "un/deep/2"]) started.push([key, await begin(key)]);
    const seen: (string | undefined)[][] = [];
    let from = {};
    for (let pages = 1; ; pages += 1) {
      const page = await s3.send(
        new ListMultipartUploadsCommand({ Bucket, Prefix: "un/", MaxUploads: 2, EncodingType: "url", ...from }),
      );
      seen.push(...(page.Uploads ?? []).map(({ Key = "", UploadId }) => [decodeURIComponent(Key), UploadId]));
      if (page.IsTruncated !== true) {
        expect(pages).toBe(3);
        break;
      }
      from = { KeyMarker: decodeURIComponent(page.NextKeyMarker ?? ""), UploadIdMarker: page.NextUploadIdMarker };
    }
    expect(seen).toHaveLength(5);
    expect(seen.map(([key]) => key)).toEqual(started.map(([key]) => key));
    expect(seen.map(([, id]) => id).toSorted()).toEqual(started.map(([, id]) => id).toSorted());
    const grouped = await s3.send(new ListMultipartUploadsCommand({ Bucket, Prefix: "un/", Delimiter: "/" }));
    expect(grouped.Uploads).toHaveLength(3);
    expect(grouped.CommonPrefixes).toEqual([{ Prefix: "un/deep/" }]);
  });

  test("are completed with their parts in ascending order only", async () => {
    const UploadId = await begin("mp/order");
    const etags: (string | undefined)[] = [];
    for (const number of [1, 2]) etags.push((await part("mp/order", UploadId, number, `${number}`)).ETag);
    const Parts = [2, 1].map((PartNumber) => ({ PartNumber, ETag: etags[PartNumber - 1] }));
    const done = s3.send(
      new CompleteMultipartUploadCommand({ Bucket, Key: "mp/order", UploadId, MultipartUpload: { Parts } }),
    );
    await expect(done).rejects.toMatchObject({ name: "InvalidPartOrder" });
  });

  test("list their parts page by page", async () => {
    const UploadId = await begin("mp/pages");
    for (const number of [3, 1, 2]) await part("mp/pages", UploadId, number, "x".repeat(number));
    const page = (PartNumberMarker?: string) =>
      s3.send(new ListPartsCommand({ Bucket, Key: "mp/pages", UploadId, MaxParts: 2, PartNumberMarker }));
    const first = await page();
    expect([first.IsTruncated, first.Parts?.map(({ PartNumber }) => PartNumber)]).toEqual([true, [1, 2]]);
    const second = await page(first.NextPartNumberMarker);
    expect([second.IsTruncated, second.Parts?.map(({ PartNumber }) => PartNumber)]).toEqual([false, [3]]);
  });
});

test("versions are listed page by page, grouped by a delimiter", async () => {
  const ids: (string | undefined)[] = [];
  for (const [key, body] of [
    ["ver/a", "1"],
    ["ver/a", "2"],
    ["ver/a", "3"],
    ["ver/b", "1"],
    ["ver/deep/c", "1"],
  ] as const)
    ids.push((await put(key, body)).VersionId);
  await s3.send(new DeleteObjectCommand({ Bucket, Key: "ver/b" }));
  const seen: (string | undefined)[] = [];
  let from = {};
  for (let more = true; more; ) {
    const page = await s3.send(new ListObjectVersionsCommand({ Bucket, Prefix: "ver/", MaxKeys: 2, ...from }));
    expect((page.Versions ?? []).length + (page.DeleteMarkers ?? []).length).toBe(2);
    seen.push(...(page.Versions ?? []).map(({ VersionId }) => VersionId));
    from = { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker };
    more = page.IsTruncated === true;
  }
  expect(seen).toEqual([ids[2], ids[1], ids[0], ids[3], ids[4]]);
  const grouped = await s3.send(new ListObjectVersionsCommand({ Bucket, Prefix: "ver/", Delimiter: "/" }));
  expect(grouped.CommonPrefixes).toEqual([{ Prefix: "ver/deep/" }]);
  expect(grouped.Versions).toHaveLength(4);
});

test("conditions are kept for reading by date, for copying and for deleting", async () => {
  const { ETag } = await put("cond/a", "x");
  const since = (IfModifiedSince: Date) => s3.send(new GetObjectCommand({ Bucket, Key: "cond/a", IfModifiedSince }));
  await expect(since(new Date("2100-01-01"))).rejects.toMatchObject({ $metadata: { httpStatusCode: 304 } });
  expect(await (await since(new Date(0))).Body?.transformToString()).toBe("x");
  const unless = new GetObjectCommand({ Bucket, Key: "cond/a", IfUnmodifiedSince: new Date(0) });
  await expect(s3.send(unless)).rejects.toMatchObject({ $metadata: { httpStatusCode: 412 } });
  const copied = (more: object) =>
    s3.send(new CopyObjectCommand({ Bucket, Key: "cond/b", CopySource: `${Bucket}/cond/a`, ...more }));
  await expect(copied({ CopySourceIfMatch: '"other"' })).rejects.toMatchObject({ name: "PreconditionFailed" });
  await copied({ CopySourceIfMatch: ETag, IfNoneMatch: "*" });
  await expect(copied({ IfNoneMatch: "*" })).rejects.toMatchObject({ name: "PreconditionFailed" });
  const removed = (IfMatch?: string) => s3.send(new DeleteObjectCommand({ Bucket, Key: "cond/a", IfMatch }));
  await expect(removed('"other"')).rejects.toMatchObject({ name: "PreconditionFailed" });
  const { Errors } = await s3.send(
    new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key: "cond/a", ETag: '"other"' }] } }),
  );
  expect(Errors).toMatchObject([{ Key: "cond/a", Code: "PreconditionFailed" }]);
  expect(await textOf("cond/a")).toBe("x");
  await removed(ETag);
  await expect(textOf("cond/a")).rejects.toMatchObject({ name: "NoSuchKey" });
});

test("nothing is said of clients that go away in the middle of an answer, before its first byte or of an upload", async () => {
  await using small = await startSmallCloud({}, { functions: false });
  using closing = new DisposableStack();
  const client = closing.adopt(new S3Client(clientOf(small.cloud)), (open) => open.destroy());
  const bucket = { Bucket: small.cloud.outputs["BucketName"] ?? "", Key: "large" };
  const Body = Buffer.alloc(16 * 1024 * 1024);
  await client.send(new PutObjectCommand({ ...bucket, Body }));
  const { hostname, port, host } = new URL(small.cloud.endpoint);
  const target = `/${bucket.Bucket}/large`;
  const begin = (method: string) =>
    request({ hostname, port, method, path: target, headers: signedHeaders(small.cloud, { method, host, target }) });
  const closed = (left: ClientRequest) => new Promise((resolve) => left.once("close", resolve));
  for (const leaveAt of ["response", "finish", "socket"]) {
    const asked = begin("GET").on("error", () => {});
    asked.once(leaveAt, () => asked.destroy());
    asked.end();
    await closed(asked);
  }
  const upload = begin("PUT").on("error", () => {});
  upload.write("half", () => upload.destroy());
  await closed(upload);
  // By the time that this has arrived, what became of the others is known as well.
  const whole = await client.send(new GetObjectCommand(bucket));
  expect((await whole.Body?.transformToByteArray())?.length).toBe(Body.length);
  expect(small.log).toEqual([]);
});
