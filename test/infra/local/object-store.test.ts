import { appendFile, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { decodeAwsChunked, MalformedBody } from "../../../infra/local/s3/aws-chunked.ts";
import { type ObjectStore, openObjectStore } from "../../../infra/local/s3/object-store.ts";
import { dataDirectory } from "./small-cloud.ts";

const bucket = { name: "b", versioned: true, lifecycle: [{ prefix: "work/", expireDays: 7, expireNoncurrentDays: 1 }] };
const day = 86_400_000;

async function put(store: ObjectStore, key: string, text: string) {
  const content = await store.receive(
    (async function* () {
      yield Buffer.from(text);
    })(),
  );
  return store.put("b", key, { etag: content.md5, headers: {}, parts: [{ blob: content.blob, size: content.size }] });
}

const keysOf = (store: ObjectStore) => [...store.list("b", "", "")].map(({ key }) => key);

test("a journal line cut short by a crash, and content without a line, do not become objects", async () => {
  await using it = await dataDirectory();
  const store = await openObjectStore(it.path, [bucket]);
  await put(store, "kept", "x");
  store.close();
  await appendFile(join(it.path, "journal.ndjson"), '{"bucket":"b","key":"torn","put":{"versionId":"1","et');
  await writeFile(join(it.path, "blobs", "orphan"), "x");
  const again = await openObjectStore(it.path, [bucket]);
  expect(keysOf(again)).toEqual(["kept"]);
  expect(await readdir(join(it.path, "blobs"))).toHaveLength(1);
  await put(again, "later", "y");
  again.close();
  const third = await openObjectStore(it.path, [bucket]);
  expect(keysOf(third)).toEqual(["kept", "later"]);
  third.close();
});

test("content whose stream fails leaves nothing behind", async () => {
  await using it = await dataDirectory();
  const store = await openObjectStore(it.path, [bucket]);
  const failing = (async function* () {
    yield Buffer.from("x");
    throw new Error("gone");
  })();
  await expect(store.receive(failing)).rejects.toThrow("gone");
  expect(await readdir(join(it.path, "blobs"))).toEqual([]);
  store.close();
});

test("versions keep their order over restarts, the first of which writes the journal anew", async () => {
  await using it = await dataDirectory();
  let store = await openObjectStore(it.path, [bucket]);
  await put(store, "kept", "1");
  await put(store, "kept", "2");
  await put(store, "deleted", "1");
  await store.remove("b", "deleted");
  const versions = () => ["kept", "deleted"].map((key) => store.versions("b", key));
  const before = versions();
  expect(before.map(({ length }) => length)).toEqual([2, 2]);
  for (let restart = 1; restart <= 2; restart++) {
    store.close();
    store = await openObjectStore(it.path, [bucket]);
    expect(versions()).toEqual(before);
  }
  expect(keysOf(store)).toEqual(["kept"]);
  store.close();
});

test("lifecycle rules remove old objects and versions at the start, along with their files", async () => {
  await using it = await dataDirectory();
  let now = 1_000 * day;
  const open = () => openObjectStore(it.path, [bucket], () => now);
  let store = await open();
  await put(store, "work/old", "1");
  await put(store, "work/rewritten", "1");
  const second = await put(store, "work/rewritten", "2");
  await put(store, "reports/old", "1");
  await put(store, "reports/old", "2");
  await put(store, "work/gone", "1");
  await store.remove("b", "work/gone");
  store.close();
  now += 2 * day;
  store = await open();
  expect(keysOf(store)).toEqual(["reports/old", "work/old", "work/rewritten"]);
  expect(store.versions("b", "work/rewritten")).toEqual([second]);
  expect(store.versions("b", "work/gone")).toEqual([]);
  expect(store.versions("b", "reports/old")).toHaveLength(2);
  expect(await readdir(join(it.path, "blobs"))).toHaveLength(4);
  store.close();
  now += 6 * day;
  store = await open();
  expect(keysOf(store)).toEqual(["reports/old"]);
  store.close();
});

test.each([1, 2, 3, 7, 64])("aws-chunked bodies are read however they are cut (%i bytes at a time)", async (step) => {
  const body = Buffer.from(
    "5;chunk-signature=ab\r\nhello\r\nA\r\n\r\nwor\r\nld!\r\n0\r\nx-amz-checksum-crc32:AAAAAA==\r\nX-Amz-Other: b\r\n\r\n",
  );
  const trailers: string[][] = [];
  const decoded: Uint8Array[] = [];
  const pieces = (async function* () {
    for (let at = 0; at < body.length; at += step) yield body.subarray(at, at + step);
  })();
  for await (const chunk of decodeAwsChunked(pieces, (...trailer) => trailers.push(trailer))) decoded.push(chunk);
  expect(Buffer.concat(decoded).toString()).toBe("hello\r\nwor\r\nld!");
  expect(trailers).toEqual([
    ["x-amz-checksum-crc32", "AAAAAA=="],
    ["x-amz-other", "b"],
  ]);
});

test.each(["5\r\nhel", "5\r\nhello\r\n", "x\r\nhello\r\n0\r\n\r\n", "2\r\nhello\r\n0\r\n\r\n"])(
  "an aws-chunked body that is %j is refused",
  async (text) => {
    const drain = async () => {
      const body = (async function* () {
        yield Buffer.from(text);
      })();
      for await (const _ of decodeAwsChunked(body, () => {}));
    };
    await expect(drain()).rejects.toThrow(MalformedBody);
  },
);
