import { mkdtempDisposable, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type CampaignFile, findCampaignFile, flagsOfCommands } from "../../cli/campaign-file.ts";
import { Failure, Refused } from "../../cli/exit.ts";
import { uploadBesideOthers } from "../../cli/upload-beside-others.ts";
import type { Bucket } from "../../shared/ports/bucket.ts";
import { optionsToCome } from "../../shared/split/options-file.ts";
import { createMemoryBucket, type MemoryBucket } from "../support/memory-bucket.ts";

const key = "campaigns/spring.csv";
const jsonKey = "campaigns/spring.json";

let directory: Awaited<ReturnType<typeof mkdtempDisposable>>;
beforeAll(async () => {
  directory = await mkdtempDisposable(join(tmpdir(), "beside-others-"));
});
afterAll(() => directory.remove());

/** A file named spring.csv with this content, and options where they are given. */
async function given(content: string, message?: string): Promise<CampaignFile> {
  const path = join(directory.path, `${content}.csv`);
  await writeFile(path, content);
  const options = message === undefined ? undefined : { text: JSON.stringify({ message }) };
  return findCampaignFile(path, { name: "spring", options });
}

const upload = (bucket: Bucket, file: CampaignFile, judged: readonly string[] = [], signal?: AbortSignal) =>
  uploadBesideOthers({ bucket, file, judged, says: flagsOfCommands, signal });

const optionsThere = (bucket: MemoryBucket) => bucket.json(jsonKey) ?? {};

test("who is first has the name, also without options, and who is second learns it before anything is uploaded", async () => {
  const bucket = createMemoryBucket();
  const first = await upload(bucket, await given("first"));
  expect(first).toEqual({ uploaded: true, version: (await bucket.head(key))?.version });
  expect(bucket.text(jsonKey)).toBe("{}\n");
  const puts = bucket.puts.length;
  const second = upload(bucket, await given("second"));
  await expect(second).rejects.toThrow(Refused);
  await expect(second).rejects.toThrow(
    "Another list was uploaded as spring and has not been judged yet. It is sent unless it is refused. Nothing was uploaded now; give this list another name with --name, or wait until it is judged.",
  );
  await expect(upload(bucket, await given("first", "Hello"))).rejects.toThrow("with other options");
  expect(await upload(bucket, await given("first"))).toEqual({ uploaded: false, version: first.version });
  expect(bucket.puts).toHaveLength(puts);
  expect(bucket.text(key)).toBe("first");
});

test("beside two lists that wait under one name, of which nobody can tell which is meant, none is taken for one's own", async () => {
  const bucket = createMemoryBucket();
  await upload(bucket, await given("first"));
  bucket.store("campaigns/spring.xlsx", "second");
  await expect(upload(bucket, await given("first"))).rejects.toThrow("Another list was uploaded as spring");
});

test("options of a list that is there may be yet to come where there are none, or only judged ones", async () => {
  const bucket = createMemoryBucket();
  bucket.store(key, "first");
  await expect(upload(bucket, await given("first"))).rejects.toThrow("or with options yet to come");
  const judged = [`gone|${bucket.store(jsonKey, '{"message":"Hello"}')}`];
  await expect(upload(bucket, await given("first", "Hello"), judged)).rejects.toThrow("or with options yet to come");
});

test("options whose list may be on its way are left alone, and one's own are gone on with", async () => {
  const bucket = createMemoryBucket();
  bucket.store(jsonKey, '{ "message": "Hello" }');
  await expect(upload(bucket, await given("list", "Hi"))).rejects.toThrow(
    "Options of another upload are there as campaigns/spring.json; its list may be on its way. Nothing was uploaded;",
  );
  await expect(upload(bucket, await given("list"))).rejects.toThrow(Refused);
  expect(bucket.keys("campaigns/")).toEqual([jsonKey]);
  expect(await upload(bucket, await given("list", "Hello"))).toMatchObject({ uploaded: true });
  expect(bucket.text(jsonKey)).toBe('{ "message": "Hello" }');
});

test("a refused list is replaced while the place of its options is kept, which are emptied where there are none now", async () => {
  const bucket = createMemoryBucket();
  const judged = [`${bucket.store(key, "bad")}|${bucket.store(jsonKey, '{"message":"Hello"}')}`];
  expect(await upload(bucket, await given("good"), judged)).toMatchObject({ uploaded: true });
  expect(bucket.puts).toEqual([jsonKey, key, jsonKey]);
  expect([bucket.text(key), bucket.text(jsonKey)]).toEqual(["good", "{}\n"]);
  // The same list again, to be judged anew by other options.
  const again = [...judged, `${(await bucket.head(key))?.version}|${(await bucket.head(jsonKey))?.version}`];
  const { version } = await upload(bucket, await given("good", "Hi"), again);
  expect(version).toBe((await bucket.head(key))?.version);
  expect(again.join(" ")).not.toContain(version);
  expect(optionsThere(bucket)).toEqual({ message: "Hi" });
});

test("options of a refused upload whose list was removed are replaced", async () => {
  const bucket = createMemoryBucket();
  const json = bucket.store(jsonKey, '{"message":"Hello"}');
  expect(await upload(bucket, await given("list", "Hi"), [`gone|${json}`])).toMatchObject({ uploaded: true });
  expect(optionsThere(bucket)).toEqual({ message: "Hi" });
});

test("who comes to store other options for a refused list that was just replaced is told that they may count", async () => {
  const bucket = createMemoryBucket();
  const judged = [`${bucket.store(key, "bad")}|${bucket.store(jsonKey, "{}")}`];
  const replace: Bucket["replace"] = async (at, ...rest) => {
    if (at === jsonKey && bucket.text(key) === "good") bucket.store(jsonKey, '{"message":"Other"}');
    return bucket.replace(at, ...rest);
  };
  const uploading = upload({ ...bucket, replace }, await given("good", "Hi"), judged);
  await expect(uploading).rejects.toThrow(Failure);
  await expect(uploading).rejects.toThrow("somebody else stored other options for it at the same moment");
});

test("who finds other options in place of those of the refused list uploads nothing", async () => {
  const bucket = createMemoryBucket();
  const judged = [`${bucket.store(key, "bad")}|${bucket.store(jsonKey, "{}")}`];
  const replace: Bucket["replace"] = async (at, ...rest) => {
    if (at === jsonKey) bucket.store(jsonKey, '{"message":"Other"}');
    return bucket.replace(at, ...rest);
  };
  const uploading = upload({ ...bucket, replace }, await given("good", "Hi"), judged);
  await expect(uploading).rejects.toThrow("Another list was uploaded as spring at the same moment.");
  expect([bucket.text(key), bucket.text(jsonKey)]).toEqual(["bad", '{"message":"Other"}']);
});

test("what comes under a refused name after it was looked at is not replaced", async () => {
  const bucket = createMemoryBucket();
  const judged = [`${bucket.store(key, "bad")}|${bucket.store(jsonKey, "{}")}`];
  let looks = 0;
  const head: Bucket["head"] = async (...of) => {
    const found = await bucket.head(...of);
    // Both objects have been looked at.
    if (++looks === 2) bucket.store(key, "another's");
    return found;
  };
  const uploading = upload({ ...bucket, head }, await given("good"), judged);
  await expect(uploading).rejects.toThrow("Another list was uploaded as spring at the same moment.");
  // Whose options it would be sent by nobody knows now: it is refused unless its own come.
  expect([bucket.text(key), bucket.text(jsonKey)]).toEqual(["another's", optionsToCome]);
});

test("people who may not look upload as if nobody else were there", async () => {
  const bucket = createMemoryBucket();
  bucket.store(key, "first");
  bucket.fault = ({ method }) => {
    if (method !== "put") throw Object.assign(new Error("denied"), { $metadata: { httpStatusCode: 403 } });
  };
  expect(await upload(bucket, await given("second"))).toMatchObject({ uploaded: true });
  expect(bucket.text(key)).toBe("second");
});

test("an aborted upload stores no list", async () => {
  const bucket = createMemoryBucket();
  await expect(upload(bucket, await given("list"), [], AbortSignal.abort())).rejects.toThrow();
  expect(bucket.text(key)).toBeUndefined();
});

/** What is under the name before two people upload at the same time. */
const beforehand = fc.constantFrom("nothing", "a refused list", "a refused list with options", "judged options");

const prepared = (bucket: MemoryBucket, before: string): readonly string[] => {
  const list = before.startsWith("a refused list") ? bucket.store(key, "refused before") : "gone";
  const json = before.endsWith("options") ? bucket.store(jsonKey, '{"message":"of the refused"}') : "";
  return before === "nothing" ? [] : [`${list}|${json}`];
};

/** Calls in any order; of the conditional writes with these numbers the answer is lost, so that the client asks again. */
function scheduled(bucket: Bucket, scheduler: fc.Scheduler, lost: ReadonlySet<number>): Bucket {
  let writes = 0;
  const later = async <T>(call: () => Promise<T>): Promise<T> => {
    await scheduler.schedule(Promise.resolve());
    const answer = await call();
    await scheduler.schedule(Promise.resolve());
    return answer;
  };
  return {
    ...bucket,
    get: (...of) => later(() => bucket.get(...of)),
    head: (...of) => later(() => bucket.head(...of)),
    put: (...of) => later(() => bucket.put(...of)),
    replace: async (at, tag, body, type) => {
      const text = typeof body === "string" ? body : Buffer.concat(await Array.fromAsync(body, Buffer.from)).toString();
      const mine = writes++;
      const answer = await later(() => bucket.replace(at, tag, text, type));
      return lost.has(mine) ? later(() => bucket.replace(at, tag, text, type)) : answer;
    },
  };
}

test("of two at the same time one has the name, with his own options, and the other is told", {
  timeout: 120_000,
}, async () => {
  const what = fc.record({
    content: fc.constantFrom("one", "two"),
    message: fc.constantFrom(undefined, "Hello", "Hi"),
    lost: fc.uniqueArray(fc.nat(2)),
  });
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), beforehand, what, what, async (scheduler, before, ann, bob) => {
      const bucket = createMemoryBucket();
      const judged = prepared(bucket, before);
      // Both before either begins: who writes a file empties it first.
      const uploads: (() => ReturnType<typeof uploadBesideOthers>)[] = [];
      for (const { content, message, lost } of [ann, bob]) {
        const file = await given(content, message);
        const through = scheduled(bucket, scheduler, new Set(lost));
        uploads.push(() => uploadBesideOthers({ bucket: through, file, judged, says: flagsOfCommands }));
      }
      const outcomes = await scheduler.waitFor(Promise.allSettled(uploads.map((upload) => upload())));
      const told = [ann, bob].filter((_, who) => outcomes[who]?.status === "fulfilled");
      expect(told).not.toEqual([]);
      for (const { content, message } of told) {
        expect(bucket.text(key)).toBe(content);
        expect(optionsThere(bucket)).toEqual(message === undefined ? {} : { message });
      }
      const versions = outcomes.flatMap((outcome) => (outcome.status === "fulfilled" ? outcome.value.version : []));
      expect(new Set(versions)).toEqual(new Set([(await bucket.head(key))?.version]));
      for (const outcome of outcomes) {
        if (outcome.status === "rejected") expect([Refused, Failure]).toContain(outcome.reason.constructor);
      }
    }),
    { numRuns: 100 },
  );
});
