import { createHash } from "node:crypto";
import type { S3Client } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createS3Bucket } from "../../shared/aws/s3-bucket.ts";
import type { Bucket } from "../../shared/ports/bucket.ts";
import { bucketClient, startBucket, startServer } from "./emulators.ts";

const MiB = 1024 * 1024;
let server: Awaited<ReturnType<typeof startBucket>>;
let bucket: Bucket;

beforeAll(async () => {
  server = await startBucket();
  bucket = createS3Bucket(server.client, server.bucketName);
});
afterAll(() => server[Symbol.asyncDispose]());

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
  test("store a text under a key with spaces, signs and accents", async () => {
    const key = "campaigns/2026/Frühling & Söhne +1 (neu).csv";
    expect(await bucket.put(key, "número,texto\r\n", "text/csv")).toBe("null");
    const found = await bucket.get(key);
    expect(found).toMatchObject({ key, size: 15, version: "null" });
    expect(Math.abs(Date.now() - (found?.modifiedAt ?? 0))).toBeLessThan(10_000);
    expect(Buffer.concat(await Array.fromAsync(found?.body ?? [])).toString()).toBe("número,texto\r\n");
  });

  test("store a short stream in one request, whole", async () => {
    using watched = watch(server.client);
    await bucket.put("short", pieces(["a", Buffer.from("é"), "", "👋"]), "text/plain");
    expect(watched.commands).toEqual(["PutObjectCommand"]);
    expect(await textOf("short")).toBe("aé👋");
  });

  test("store an empty text", async () => {
    await bucket.put("empty", "", "text/plain");
    expect(await textOf("empty")).toBe("");
  });

  test("store a stream of nothing", async () => {
    await bucket.put("nothing", pieces([]), "text/plain");
    expect(await bucket.head("nothing")).toMatchObject({ size: 0 });
    expect(await textOf("nothing")).toBe("");
  });

  test("replace what was there", async () => {
    await bucket.put("twice", "one", "text/plain");
    await bucket.put("twice", "second", "text/plain");
    expect(await textOf("twice")).toBe("second");
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

  test("give undefined for what is not there", async () => {
    expect(await bucket.get("absent")).toBeUndefined();
    expect(await bucket.head("absent")).toBeUndefined();
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

describe("list and delete", () => {
  test("give and take more than a thousand objects, in key order", async () => {
    const keys = Array.from({ length: 1_005 }, (_, n) => `work/many/${String(n).padStart(6, "0")}`);
    for (let first = 0; first < keys.length; first += 50) {
      await Promise.all(keys.slice(first, first + 50).map((key) => bucket.put(key, key, "text/plain")));
    }
    await bucket.put("work/manyother", "", "text/plain");
    const found = await Array.fromAsync(bucket.list("work/many/"));
    expect(found.map(({ key }) => key)).toEqual(keys);
    expect(found[0]).toMatchObject({ size: 16 });

    await bucket.delete([...keys, "work/many/absent"]);
    expect(await Array.fromAsync(bucket.list("work/many/"))).toEqual([]);
    expect(await bucket.head("work/manyother")).toBeDefined();
  });

  test("find nothing under an unknown prefix, and delete nothing when asked for nothing", async () => {
    expect(await Array.fromAsync(bucket.list("unknown/"))).toEqual([]);
    await bucket.delete([]);
  });

  test("say which object could not be removed", async () => {
    await using s3 = await startServer((_request, response) => {
      response.end(
        "<DeleteResult><Error><Key>work/b</Key><Code>AccessDenied</Code><Message>Access Denied</Message></Error></DeleteResult>",
      );
    });
    const remote = createS3Bucket(bucketClient(s3.endpoint), "b");
    await expect(remote.delete(["work/a", "work/b"])).rejects.toThrow("1 of 2 objects, the first being work/b");
  });
});

async function* pieces(parts: readonly (string | Uint8Array)[]) {
  yield* parts;
}
