import { expect, test, vi } from "vitest";
import { createOwnUpload } from "../../cli/own-upload.ts";
import type { Campaign } from "../../shared/campaign/campaign.ts";
import { refused, running } from "../support/factories.ts";
import { createMemoryBucket } from "../support/memory-bucket.ts";

const key = "campaigns/spring.csv";

/** What is told of the upload with the version when the ledger has this campaign, and `later` when it is read again. */
const fateOf = (bucket: ReturnType<typeof createMemoryBucket>, version?: string, later?: Campaign) =>
  createOwnUpload({ bucket, campaigns: { read: async () => later } }, "spring", version);

test("without a version whatever campaign there is counts", async () => {
  const fate = fateOf(createMemoryBucket());
  expect(await fate(undefined)).toEqual({ kind: "waiting" });
  expect(await fate(refused({ reason: "Empty." }))).toEqual({ kind: "refused", reason: "Empty." });
  expect(await fate(running())).toEqual({ kind: "own", campaign: running() });
});

test("a campaign of this upload, or of an equal one that was judged after it, is its own", async () => {
  const fate = fateOf(createMemoryBucket(), "v2");
  for (const own of [{ csvVersion: "v2" }, { csvVersion: "v1", judged: ["v1|", "v2|"] }]) {
    expect(await fate(running(own))).toMatchObject({ kind: "own" });
  }
  const ignored = { csvVersion: "v1", judged: ["v1|", "v2|"], ignored: [{ version: "v2", reason: "Sent before." }] };
  expect(await fate(running(ignored))).toEqual({ kind: "refused", reason: "Sent before." });
});

test("a campaign of a list that was uploaded after this one was refused is another's", async () => {
  const fate = fateOf(createMemoryBucket(), "v1");
  const found = await fate(running({ csvVersion: "v2", judged: ["v1|", "v2|"] }));
  expect(found).toEqual({
    kind: "replaced",
    reason: expect.stringContaining("spring is of another list, which was uploaded under the same name"),
  });
});

test("the reason of a later refusal is not given as this one's", async () => {
  const fate = fateOf(createMemoryBucket(), "v1");
  expect(await fate(refused({ judged: ["v1|j"], reason: "Empty." }))).toEqual({ kind: "refused", reason: "Empty." });
  expect(await fate(refused({ judged: ["v1|j", "v2|j"], reason: "Empty." }))).toEqual({
    kind: "refused",
    reason: "This list was refused, and so was what was uploaded as spring after it: Empty.",
  });
});

test("what was not judged is waited for while it is there, and is replaced when another list is there", async () => {
  const bucket = createMemoryBucket();
  const version = bucket.store(key, "mine");
  const others = [undefined, refused({ judged: ["v0|"] }), running({ csvVersion: "v0", judged: ["v0|"] })];
  for (const other of others) expect(await fateOf(bucket, version)(other)).toEqual({ kind: "waiting" });
  bucket.store(key, "another's");
  for (const other of others) {
    const found = await fateOf(bucket, version, other)(other);
    expect(found).toEqual({ kind: "replaced", reason: expect.stringContaining("Another list was uploaded as spring") });
  }
});

test("what was judged just before another list took its place is told from the ledger", async () => {
  const bucket = createMemoryBucket();
  const version = bucket.store(key, "mine");
  bucket.store(key, "another's");
  const judged = refused({ judged: [`${version}|`], reason: "Empty." });
  expect(await fateOf(bucket, version, judged)(undefined)).toEqual({ kind: "refused", reason: "Empty." });
});

test("what is equal to a campaign's list is its own also where the ledger has forgotten when that was judged", async () => {
  const fate = fateOf(createMemoryBucket(), "v30");
  expect(await fate(running({ csvVersion: "v1", judged: ["v29|", "v30|"] }))).toMatchObject({ kind: "own" });
});

test("however often it is asked, the bucket is looked into every five seconds", async () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  try {
    const bucket = createMemoryBucket();
    const version = bucket.store(key, "mine");
    const fate = fateOf(bucket, version);
    await fate(undefined);
    bucket.store(key, "another's");
    vi.setSystemTime(Date.now() + 4_999);
    expect(await fate(undefined)).toEqual({ kind: "waiting" });
    vi.setSystemTime(Date.now() + 1);
    expect(await fate(undefined)).toMatchObject({ kind: "replaced" });
  } finally {
    vi.useRealTimers();
  }
});

test("who may not look into the bucket goes on waiting", async () => {
  const bucket = createMemoryBucket();
  bucket.fault = () => {
    throw Object.assign(new Error("denied"), { $metadata: { httpStatusCode: 403 } });
  };
  expect(await fateOf(bucket, "v1")(undefined)).toEqual({ kind: "waiting" });
});
