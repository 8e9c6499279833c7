import { describe, expect, it } from "vitest";
import type { Campaign } from "../../shared/campaign/campaign.ts";
import { createCampaigns } from "../../shared/campaign/campaigns.ts";
import { findMissedUploads } from "../../shared/split/find-missed-uploads.ts";
import { readUploadMessage } from "../../shared/split/upload-message.ts";
import { createUploadSearches } from "../../shared/split/upload-searches.ts";
import { refused, running } from "../support/factories.ts";
import { createManualClock } from "../support/manual-clock.ts";
import { createMemoryBucket } from "../support/memory-bucket.ts";
import { createMemoryTable } from "../support/memory-table.ts";
import { createRecordedQueue } from "../support/recorders.ts";

const world = () => {
  const clock = createManualClock();
  const bucket = createMemoryBucket(clock);
  const queue = createRecordedQueue();
  const table = createMemoryTable();
  const campaigns = createCampaigns(table);
  const searches = createUploadSearches({ table, clock });
  const heads: string[] = [];
  bucket.fault = ({ method, key }) => {
    if (method === "head") heads.push(key);
  };
  return {
    clock,
    bucket,
    queue,
    heads,
    table,
    campaigns,
    find: (known: readonly Campaign[], unreadable?: ReadonlySet<string>) =>
      findMissedUploads(
        { bucket, campaigns, searches, clock, enqueueUploads: queue.enqueue, graceSeconds: 15 },
        known,
        unreadable,
      ),
    announced: () => queue.bodies().flatMap((body) => readUploadMessage(body)?.map(({ key }) => key) ?? []),
  };
};

describe("looking for missed uploads", () => {
  it("announces a CSV that no campaign knows, whatever its name", async () => {
    const { bucket, find, announced, queue } = world();
    for (const key of ["campaigns/spring.csv", "campaigns/2026/Frühling +.CSV"]) bucket.store(key, "x");
    await find([]);
    // What belongs to them may still come.
    expect(queue.calls.map(({ delaySeconds }) => delaySeconds)).toEqual([15, 15]);
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

  it("announces an upload that nobody judges less and less often, and another version of it at once", async () => {
    const { clock, bucket, find, announced } = world();
    bucket.store("campaigns/spring.csv", "x");
    for (let quarter = 0; quarter < 96; quarter++) {
      await find([]);
      await clock.advance(15 * 60_000);
    }
    expect(announced().length).toBeLessThan(10);
    expect(announced().length).toBeGreaterThan(5);
    const before = announced().length;
    bucket.store("campaigns/spring.csv", "y");
    await find([]);
    expect(announced()).toHaveLength(before + 1);
  });

  it("reads no campaign of an upload that was judged long ago, nor its object", async () => {
    const { clock, bucket, table, campaigns, find, announced, heads } = world();
    const names = Array.from({ length: 50 }, (_, index) => `campaign-${index}`);
    for (const name of names) {
      bucket.store(`campaigns/${name}.csv`, "x");
      await campaigns.create(running({ name, state: "complete", judged: [`v${names.indexOf(name) + 1}|`] }), undefined);
    }
    await find([]);
    await clock.advance(3 * 86_400_000);
    await find([]);
    heads.length = 0;
    table.calls.length = 0;
    await find([]);
    expect([announced(), heads]).toEqual([[], []]);
    expect(table.calls.map(({ key }) => key.pk)).toEqual(["/look", "/look"]);
  });

  it("goes on looking at what is not judged, however old it is, and at what came in parts for a day", async () => {
    const { clock, bucket, campaigns, find, announced } = world();
    bucket.store("campaigns/spring.csv", "x");
    await find([]);
    await clock.advance(10 * 86_400_000);
    await find([]);
    expect(announced()).toEqual(["campaigns/spring.csv", "campaigns/spring.csv"]);
    await campaigns.create(running({ judged: ["v1|"], judgedAt: clock.now() }), undefined);
    await find([]);
    await find([]);
    // An object is listed that is dated before the last search.
    const { list } = bucket;
    const modifiedAt = clock.now() - 86_400_000;
    bucket.list = async function* (prefix) {
      yield* list(prefix);
      yield { key: "campaigns/late.csv", size: 1, modifiedAt };
    };
    bucket.store("campaigns/late.csv", "x");
    await find([]);
    expect(announced()).toContain("campaigns/late.csv");
  });

  it("leaves a campaign that cannot be read alone until it can", async () => {
    const { clock, bucket, table, campaigns, find, announced } = world();
    bucket.store("campaigns/spring.csv", "x");
    table.store({ pk: "campaigns", sk: "spring" }, { v: 99 });
    await find([]);
    await find([], new Set(["spring"]));
    await clock.advance(10 * 86_400_000);
    await find([]);
    expect(announced()).toEqual([]);
    table.store({ pk: "campaigns", sk: "spring" }, { absent: true });
    const { read } = campaigns;
    campaigns.read = async (name, how) => (name === "spring" ? undefined : read(name, how));
    await find([]);
    expect(announced()).toEqual(["campaigns/spring.csv"]);
  });
});
