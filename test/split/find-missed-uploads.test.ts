import { describe, expect, it } from "vitest";
import type { Campaign } from "../../shared/campaign/campaign.ts";
import { findMissedUploads } from "../../shared/split/find-missed-uploads.ts";
import { readUploadMessage } from "../../shared/split/upload-message.ts";
import { refused, running } from "../support/factories.ts";
import { createManualClock } from "../support/manual-clock.ts";
import { createMemoryBucket } from "../support/memory-bucket.ts";
import { createRecordedQueue } from "../support/recorders.ts";

const world = () => {
  const clock = createManualClock();
  const bucket = createMemoryBucket(clock);
  const queue = createRecordedQueue();
  const heads: string[] = [];
  bucket.fault = ({ method, key }) => {
    if (method === "head") heads.push(key);
  };
  return {
    clock,
    bucket,
    queue,
    heads,
    find: (campaigns: readonly Campaign[]) => findMissedUploads({ bucket, enqueueUploads: queue.enqueue }, campaigns),
    announced: () => queue.bodies().flatMap((body) => readUploadMessage(body)?.map(({ key }) => key) ?? []),
  };
};

describe("looking for missed uploads", () => {
  it("announces a CSV that no campaign knows, whatever its name", async () => {
    const { bucket, find, announced } = world();
    for (const key of ["campaigns/spring.csv", "campaigns/2026/Frühling +.CSV"]) bucket.store(key, "x");
    await find([]);
    expect(announced().toSorted()).toEqual(["campaigns/2026/Frühling +.CSV", "campaigns/spring.csv"]);
  });

  it("leaves folders, stray files and options without a CSV alone", async () => {
    const { bucket, find, announced } = world();
    for (const key of ["campaigns/2026/", "campaigns/x.pdf", "campaigns/spring.json", "check/spring.csv"])
      bucket.store(key, "x");
    await find([]);
    expect(announced()).toEqual([]);
  });

  it("announces nothing that was judged, though it came in the same millisecond", async () => {
    const { bucket, find, announced } = world();
    bucket.store("campaigns/spring.csv", "x");
    bucket.store("campaigns/spring.json", "{}");
    await find([running({ judged: ["v1|v2"] })]);
    await find([refused({ judged: ["v1|v2"] })]);
    expect(announced()).toEqual([]);
  });

  it("announces what came in the millisecond of the last judgement and was not judged by it", async () => {
    const { clock, bucket, find, announced } = world();
    bucket.store("campaigns/spring.csv", "x");
    await find([refused({ judged: [], judgedAt: clock.now() })]);
    expect(announced()).toEqual(["campaigns/spring.csv"]);
  });

  it("asks nothing of the bucket about uploads older than the last judgement", async () => {
    const { clock, bucket, find, announced, heads } = world();
    bucket.store("campaigns/spring.csv", "x");
    await clock.advance(1000);
    await find([running({ judged: [], judgedAt: clock.now() })]);
    expect([announced(), heads]).toEqual([[], []]);
  });

  it("announces a newer CSV, and newer options, of a campaign judged before", async () => {
    const { clock, bucket, find, announced } = world();
    bucket.store("campaigns/spring.csv", "x");
    await clock.advance(1000);
    bucket.store("campaigns/spring.json", "{}");
    await find([refused({ judged: ["v1|"] })]);
    expect(announced()).toEqual(["campaigns/spring.json"]);
    bucket.store("campaigns/spring.csv", "y");
    await find([refused({ judged: ["v1|", "v1|v2"] })]);
    expect(announced()).toEqual(["campaigns/spring.json", "campaigns/spring.csv"]);
  });
});
