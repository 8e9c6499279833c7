import { createHash } from "node:crypto";
import { mkdtempDisposable } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { S3Client } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startEmbeddedCloud } from "../../infra/local/embedded-cloud.ts";
import { createS3Bucket } from "../../shared/aws/s3-bucket.ts";
import type { Bucket } from "../../shared/ports/bucket.ts";
import { smallSynthesised } from "../infra/local/small-stack.ts";
import { bucketContract } from "../support/contracts/bucket.ts";
import { bucketClient, startBucket, startServer } from "./emulators.ts";

const MiB = 1024 * 1024;
const resources = new AsyncDisposableStack();
let server: Awaited<ReturnType<typeof startBucket>>;
let bucket: Bucket;
/** In the embedded cloud, whose S3 has versions and conditions. */
let versioned: Bucket;

beforeAll(async () => {
  server = resources.use(await startBucket());
  bucket = createS3Bucket(server.client, server.bucketName);
  const directory = resources.use(await mkdtempDisposable(join(tmpdir(), "bulk-send-contract-")));
  const cloud = resources.use(
    await startEmbeddedCloud({ dataDir: directory.path, stack: smallSynthesised(), functions: false }),
  );
  const client = bucketClient(cloud.endpoint, cloud.credentials);
  resources.defer(() => client.destroy());
  versioned = createS3Bucket(client, cloud.outputs["BucketName"] ?? "");
});
afterAll(() => resources.disposeAsync());

bucketContract("S3", () => ({ bucket }), { versions: true, conditions: true });
bucketContract("S3 with versions", () => ({ bucket: versioned }));

const textOf = async (key: string) => {
  const found = await bucket.get(key);
  return found && Buffer.concat(await Array.fromAsync(found.body)).toString();
};

/** Names of the commands a client sends, in order, until disposed. */
function watch(client: S3Client, sent: (command: string | undefined) => void = () => {}) {
  const commands: (string | undefined)[] = [];
  client.middlewareStack.add(
    (next, context) => async (args) => {
      commands.push(context.commandName);
      const result = await next(args);
      sent(context.commandName);
      return result;
    },
    { step: "initialize", name: "watch" },
  );
  return { commands, [Symbol.dispose]: () => void client.middlewareStack.remove("watch") };
}

describe("put and get", () => {
  test("store a short stream in one request, whole", async () => {
    using watched = watch(server.client);
    await bucket.put("short", pieces(["a", Buffer.from("é"), "", "👋"]), "text/plain");
    expect(watched.commands).toEqual(["PutObjectCommand"]);
    expect(await textOf("short")).toBe("aé👋");
  });

  test("store a long stream of small chunks in parts, holding only a few of them", async () => {
    const digest = createHash("sha256");
    let produced = 0;
    let uploaded = 0;
    let furthestAhead = 0;
    async function* source() {
      for (let line = 0; produced < 64 * MiB; line++) {
        const text = `${line},${"x".repeat(1000)}\n`;
        digest.update(text);
        produced += text.length;
        furthestAhead = Math.max(furthestAhead, produced - uploaded);
        yield text;
      }
    }
    {
      using watched = watch(server.client, (command) => {
        if (command === "UploadPartCommand") uploaded += 8 * MiB;
      });
      await bucket.put("long", source(), "text/csv");
      expect(watched.commands.filter((command) => command === "UploadPartCommand")).toHaveLength(9);
    }
    expect(furthestAhead).toBeLessThan(36 * MiB);
    const found = await bucket.get("long");
    expect(found?.size).toBe(produced);
    const back = createHash("sha256");
    for await (const chunk of found?.body ?? []) back.update(chunk);
    expect(back.digest("hex")).toBe(digest.digest("hex"));
  });

  test("throw for a bucket that is not there", async () => {
    const wrong = createS3Bucket(server.client, "no-such-bucket");
    await expect(wrong.get("key")).rejects.toThrow("bucket");
    await expect(wrong.put("key", "x", "text/plain")).rejects.toThrow("bucket");
  });
});

describe("a stream that fails", () => {
  async function* failing(after: number) {
    for (let sent = 0; sent < after; sent += MiB) yield Buffer.alloc(MiB);
    throw new Error("the source broke");
  }

  test("before its first part stores nothing", async () => {
    await expect(bucket.put("broken-early", failing(MiB), "text/csv")).rejects.toThrow("the source broke");
    expect(await bucket.head("broken-early")).toBeUndefined();
  });

  test("after some parts aborts the upload, and says why it failed", async () => {
    const asked: string[] = [];
    await using s3 = await startServer((request, response) => {
      asked.push(`${request.method} ${new URL(request.url ?? "", "http://s3").search}`);
      request.resume().on("end", () => {
        response.setHeader("etag", '"1"');
        if (request.method === "DELETE") response.statusCode = 204;
        response.end(
          request.method === "POST"
            ? "<InitiateMultipartUploadResult><UploadId>u1</UploadId></InitiateMultipartUploadResult>"
            : "",
        );
      });
    });
    const remote = createS3Bucket(bucketClient(s3.endpoint), "b");
    await expect(remote.put("broken", failing(20 * MiB), "text/csv")).rejects.toThrow("the source broke");
    expect(asked[0]).toMatch(/^POST \?uploads/);
    expect(asked.at(-1)).toMatch(/^DELETE \?uploadId=u1/);
    expect(asked.filter((line) => line.startsWith("PUT"))).toHaveLength(2);
  });

  test("because S3 refuses a part closes its source", async () => {
    await using s3 = await startServer((request, response) => {
      request.resume().on("end", () => {
        response.statusCode = request.method === "PUT" ? 403 : 200;
        response.end(
          request.method === "POST"
            ? "<InitiateMultipartUploadResult><UploadId>u1</UploadId></InitiateMultipartUploadResult>"
            : "<Error><Code>AccessDenied</Code><Message>no</Message></Error>",
        );
      });
    });
    let closed = false;
    let produced = 0;
    async function* source() {
      try {
        for (; ; produced += MiB) yield Buffer.alloc(MiB);
      } finally {
        closed = true;
      }
    }
    const remote = createS3Bucket(bucketClient(s3.endpoint), "b");
    await expect(remote.put("refused", source(), "text/csv")).rejects.toThrow("no");
    expect(closed).toBe(true);
    expect(produced).toBeLessThan(64 * MiB);
  });
});

test("a reader that leaves early closes its connection", async () => {
  let closed: Promise<void> | undefined;
  await using s3 = await startServer((_request, response) => {
    closed = new Promise((resolve) => response.on("close", resolve));
    response.writeHead(200, {
      "content-length": 1024 * MiB,
      etag: '"1"',
      "last-modified": "Sun, 01 Mar 2026 09:00:00 GMT",
      "x-amz-version-id": "v7",
    });
    const pour = () => {
      while (response.write(Buffer.alloc(MiB)));
    };
    response.on("drain", pour);
    pour();
  });
  const found = await createS3Bucket(bucketClient(s3.endpoint), "b").get("endless", "v7");
  expect(found).toMatchObject({ version: "v7", modifiedAt: Date.UTC(2026, 2, 1, 9) });
  for await (const _ of found?.body ?? []) break;
  await closed;
});

test("a connection lost while reading is the reader's error", async () => {
  await using s3 = await startServer((_request, response) => {
    response.writeHead(200, { "content-length": 100, etag: '"1"', "last-modified": "Sun, 01 Mar 2026 09:00:00 GMT" });
    response.write("some", () => response.destroy());
  });
  const found = await createS3Bucket(bucketClient(s3.endpoint), "b").get("cut");
  await expect(Array.fromAsync(found?.body ?? [])).rejects.toThrow();
});

test.each([
  ["a delete marker as the newest version", 404, undefined],
  ["a delete marker asked for by its version", 405, "v2"],
  ["a version that does not exist", 404, "v3"],
])("%s is absent", async (_name, status, version) => {
  await using s3 = await startServer((request, response) => {
    response.writeHead(status, { "x-amz-delete-marker": "true" });
    const code = status === 405 ? "MethodNotAllowed" : version === undefined ? "NoSuchKey" : "NoSuchVersion";
    response.end(request.method === "HEAD" ? undefined : `<Error><Code>${code}</Code></Error>`);
  });
  const remote = createS3Bucket(bucketClient(s3.endpoint), "b");
  expect(await remote.get("deleted", version)).toBeUndefined();
  expect(await remote.head("deleted", version)).toBeUndefined();
});

test("a refusal is no absence", async () => {
  await using s3 = await startServer((_request, response) => response.writeHead(403).end());
  await expect(createS3Bucket(bucketClient(s3.endpoint), "b").head("secret")).rejects.toThrow();
});

test("a deletion says which object could not be removed", async () => {
  await using s3 = await startServer((_request, response) => {
    response.end(
      "<DeleteResult><Error><Key>work/b</Key><Code>AccessDenied</Code><Message>Access Denied</Message></Error></DeleteResult>",
    );
  });
  const remote = createS3Bucket(bucketClient(s3.endpoint), "b");
  await expect(remote.delete(["work/a", "work/b"])).rejects.toThrow("1 of 2 objects, the first being work/b");
});

async function* pieces(parts: readonly (string | Uint8Array)[]) {
  yield* parts;
}
