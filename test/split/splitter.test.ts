import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { DayLimit } from "../../shared/account/day-limit.ts";
import type { ApprovalRule } from "../../shared/campaign/approval-rule.ts";
import { createCampaigns } from "../../shared/campaign/campaigns.ts";
import { createDeeds } from "../../shared/campaign/deeds.ts";
import type { Defaults } from "../../shared/campaign/options.ts";
import { createUploaders } from "../../shared/campaign/uploaders.ts";
import { createSenders } from "../../shared/opt-outs/senders.ts";
import { BatchMessage } from "../../shared/plan/plan.ts";
import { planHead } from "../../shared/plan/read-plan.ts";
import { Summary } from "../../shared/report/summary.ts";
import { createSplitter } from "../../shared/split/splitter.ts";
import { missedUploadMessage } from "../../shared/split/upload-message.ts";
import { createManualClock, createTokens, nineOClock } from "../support/manual-clock.ts";
import { createMemoryBucket } from "../support/memory-bucket.ts";
import { createMemoryTable, faultFor } from "../support/memory-table.ts";
import { readCommitted } from "../support/read-committed.ts";
import { createRecordedLog, createRecordedMails, createRecordedQueue } from "../support/recorders.ts";
import { row, workbook } from "../support/workbook.ts";

const done = { kind: "done" };
const csv = "to,text\n447700900001,Hello Ann\n447700900002,Hello Bob\nnobody,Hello\n";
const key = "campaigns/spring.csv";

/** A splitter over an empty bucket and ledger. */
const world = (
  defaults: Defaults = { snumber: "441234" },
  approval?: ApprovalRule,
  dayLimit?: DayLimit,
  graceSeconds = 0,
) => {
  const clock = createManualClock();
  const table = createMemoryTable();
  const bucket = createMemoryBucket(clock);
  const campaigns = createCampaigns(table);
  const queue = createRecordedQueue();
  const nudges = createRecordedQueue();
  const tags = new Map<string, string>();
  const { mails, mail } = createRecordedMails();
  const { log, lines } = createRecordedLog();
  const splitter = createSplitter({
    table,
    bucket,
    tagOf: async (_key, version, tag) => (tag === "bulk-send-person" ? tags.get(version) : undefined),
    enqueueBatches: queue.enqueue,
    nudge: nudges.enqueue,
    mail,
    clock,
    freshToken: createTokens("run-"),
    log,
    defaults,
    batchRows: 2,
    ceiling: 10,
    retainDays: 90,
    graceSeconds,
    approval,
    dayLimit,
  });
  const split = (body: string, receiveCount = 1) => splitter({ body, receiveCount });
  const event = (...keys: string[]) =>
    JSON.stringify({
      Records: keys.map((key) => ({
        eventName: "ObjectCreated:Put",
        userIdentity: { principalId: "AWS:anna" },
        s3: { object: { key: encodeURIComponent(key).replaceAll("%20", "+"), versionId: "v?" } },
      })),
    });
  return {
    clock,
    table,
    bucket,
    campaigns,
    tags,
    queue,
    nudges,
    mails,
    lines,
    /** Stores an object and handles its event. */
    upload: (key: string, body: string | Uint8Array, receiveCount = 1) => {
      bucket.store(key, body);
      return split(event(key), receiveCount);
    },
    announce: (key: string, receiveCount = 1) => split(event(key), receiveCount),
    split,
    event,
    read: (name = "spring") => campaigns.read(name, { consistent: true }),
    batches: () => queue.bodies().map((body) => BatchMessage.parse(JSON.parse(body))),
  };
};

/** The tokens of the planning runs of which objects are there. */
const plans = (bucket: ReturnType<typeof createMemoryBucket>) =>
  new Set(bucket.keys("work/").map((key) => key.split("/").at(-2 - Number(!key.endsWith("head.json")))));

describe("an upload whose options may still be on their way", () => {
  const json = "campaigns/spring.json";
  const options = (message: string) => JSON.stringify({ message });
  const list = "to,name\n447700900001,Ann\n";

  /** A splitter that waits for 15 s; what is stored is announced as S3 does, with the time. */
  const patient = () => {
    const all = world(undefined, undefined, undefined, 15);
    const { bucket, clock, split } = all;
    const store = (key: string, body: string, at = clock.now()) => {
      const versionId = bucket.store(key, body);
      const eventTime = new Date(at).toISOString();
      const s3 = { object: { key: encodeURIComponent(key), versionId } };
      const event = JSON.stringify({ Records: [{ eventName: "ObjectCreated:Put", eventTime, s3 }] });
      return (receiveCount = 1) => split(event, receiveCount);
    };
    const messages = () => all.batches().flatMap(({ rows }) => rows.map((one) => one.message));
    return { ...all, store, messages };
  };
  const wait = (seconds: number) => ({ kind: "give-back", afterMs: seconds * 1000 });

  it("is judged at once when they are there, whichever came first", async () => {
    const optionsFirst = patient();
    const heard = optionsFirst.store(json, options("Hello {{name}}"));
    expect(await heard()).toEqual(done);
    await optionsFirst.clock.advance(3_000);
    expect(await optionsFirst.store(key, list)()).toEqual(done);
    expect(optionsFirst.messages()).toEqual(["Hello Ann"]);

    const listFirst = patient();
    const listHeard = listFirst.store(key, list);
    expect(await listHeard()).toEqual(wait(15));
    await listFirst.clock.advance(4_000);
    expect(await listFirst.store(json, options("Hello {{name}}"))()).toEqual(done);
    expect(listFirst.messages()).toEqual(["Hello Ann"]);
    await listFirst.clock.advance(11_000);
    expect(await listHeard(2)).toEqual(done);
    expect(listFirst.messages()).toEqual(["Hello Ann"]);
    expect(await listFirst.read()).toMatchObject({ state: "running", options: { message: "Hello {{name}}" } });
  });

  it("waits from when it was there as a whole, and then does without them", async () => {
    const { store, clock, batches } = patient();
    const heard = store(key, csv);
    await clock.advance(5_000);
    expect(await heard()).toEqual(wait(10));
    expect(batches()).toEqual([]);
    await clock.advance(10_000);
    expect(await heard(2)).toEqual(done);
    expect(batches()).toHaveLength(1);
  });

  it("waits no longer than that, however far the clocks are apart", async () => {
    const { store } = patient();
    expect(await store(key, csv, nineOClock + 60_000)()).toEqual(wait(15));
  });

  it("waits when it is corrected and one of the two is still the old one", async () => {
    for (const [first, second] of [
      [key, json],
      [json, key],
    ] as const) {
      const { store, clock, read, messages } = patient();
      store(json, options("Hello {{nmae}}"));
      await store(key, list)();
      expect(await read()).toMatchObject({ state: "refused" });
      await clock.advance(30_000);
      const body = (of: string) => (of === key ? "to,name\n447700900002,Bob\n" : options("Dear {{name}}"));
      const heard = store(first, body(first));
      expect(await heard()).toEqual(wait(15));
      await clock.advance(2_000);
      expect(await store(second, body(second))()).toEqual(done);
      expect(messages()).toEqual(["Dear Bob"]);
    }
  });

  it("waits when what is there of them is older than the list", async () => {
    const { store, clock, messages } = patient();
    await store(json, options("The text of another day"))();
    await clock.advance(24 * 3600_000);
    const heard = store(key, list);
    expect(await heard()).toEqual(wait(15));
    await clock.advance(1_000);
    await store(json, options("Hello {{name}}"))();
    expect(messages()).toEqual(["Hello Ann"]);
  });

  it("does not count the wait as an attempt", async () => {
    const { store, clock, table, read } = patient();
    const heard = store(key, csv);
    await clock.advance(15_000);
    let down = true;
    table.fault = faultFor("unreachable", () => down, Number.POSITIVE_INFINITY);
    for (const receiveCount of [2, 3, 4, 5]) {
      expect(await heard(receiveCount)).toMatchObject({ kind: "give-back" });
    }
    down = false;
    expect(await heard(6)).toEqual(done);
    expect(await read()).toMatchObject({ state: "running" });
  });

  it("waits as long where it was found by listing", async () => {
    const { bucket, split, batches, clock } = patient();
    const version = bucket.store(key, csv);
    await clock.advance(1_000);
    expect(await split(missedUploadMessage(key, version))).toEqual(wait(14));
    await clock.advance(14_000);
    expect(await split(missedUploadMessage(key, version), 2)).toEqual(done);
    expect(batches()).toHaveLength(1);
  });

  it("waits for the newest of what is there, though a late message is about what it replaced", async () => {
    const { store, clock, messages } = patient();
    store(json, options("Hello {{name}}"));
    const late = store(key, list);
    await clock.advance(3600_000);
    const heard = store(key, "to,name\n447700900002,Bob\n");
    await clock.advance(1_000);
    expect(await late()).toEqual(wait(14));
    expect(await heard()).toEqual(wait(14));
    await clock.advance(2_000);
    expect(await store(json, options("Dear {{name}}"))()).toEqual(done);
    expect(messages()).toEqual(["Dear Bob"]);
  });

  it("is checked at once, and again when they come while that is written", async () => {
    const { store, bucket, clock } = patient();
    const heard = store("check/spring.csv", list);
    const { put } = bucket;
    let later: (() => Promise<unknown>) | undefined;
    bucket.put = async (path, ...rest) => {
      if (later === undefined) {
        later = store("check/spring.json", options("Hello {{name}}"));
        await clock.advance(1);
        // The other execution is faster than this one.
        expect(await later()).toEqual(done);
      }
      return put(path, ...rest);
    };
    expect(await heard()).toEqual(done);
    expect(Summary.parse(JSON.parse(bucket.text("reports/check/spring/summary.json") ?? ""))).toMatchObject({
      messages: [{ message: "Hello Ann" }],
    });
  });
});

it("the numbers that a list's rows, its options or the stack send from are known, by the list's own country", async () => {
  const { upload, bucket, table } = world({ snumber: "441234567890", country: "GB" });
  bucket.store("campaigns/spring.json", JSON.stringify({ country: "FR" }));
  await upload(
    key,
    "to,text,sender\n0612345678,Bonjour,01 23 45 67 89\n0612345679,Bonjour,\nnobody,Bonjour,0123456780\n",
  );
  expect(await createSenders({ table }).all()).toEqual(new Set(["33123456789", "441234567890"]));
});

it("nobody is sent to before the numbers that a list sends from are known", async () => {
  const { upload, announce, table, read, batches } = world({ snumber: "441234567890", country: "GB" });
  table.fault = ({ key: { sk }, method }) => (sk === "senders" && method === "update" ? "unreachable" : undefined);
  expect(await upload(key, csv)).toMatchObject({ kind: "give-back" });
  expect([await read(), batches()]).toEqual([undefined, []]);
  table.fault = () => undefined;
  expect(await announce(key, 2)).toEqual(done);
  expect(await createSenders({ table }).all()).toEqual(new Set(["441234567890"]));
  expect(batches().length).toBeGreaterThan(0);
});

describe("an upload that needs approval", () => {
  it("waits, fed by nobody, and its plan says what it would send", async () => {
    const { upload, bucket, batches, nudges, campaigns, table } = world({ snumber: "441234", country: "GB" }, 1);
    expect(await upload(key, csv)).toEqual(done);
    expect(batches()).toEqual([]);
    expect(nudges.bodies()).toEqual(['{"kind":"look"}']);
    const campaign = await readCommitted(campaigns);
    expect(campaign).toMatchObject({ state: "paused", pause: { code: "approval", at: nineOClock }, pointer: 0 });
    const { preview } = await planHead(bucket, campaign);
    expect(preview?.countries).toEqual([{ country: "GB", messages: 2, segments: 2 }]);
    expect(preview?.messages.map(({ row, message }) => [row, message])).toEqual([
      [1, "Hello Ann"],
      [2, "Hello Bob"],
    ]);
    expect(await createUploaders(table).of(key, "v?")).toEqual({ by: "AWS:anna", person: undefined });
  });

  it("says whom the suppression lists leave out, and how many that leaves to each country and zone", async () => {
    const window = { from: "08:00", to: "20:00", timezone: "recipient" };
    const { upload, bucket, campaigns } = world({ snumber: "441234", country: "GB" }, 1);
    bucket.store("suppression/stop.csv", "+447700900001\n");
    bucket.store("campaigns/spring.json", JSON.stringify({ window }));
    await upload(key, `${csv}+33612345678,Bonjour\n`);
    const campaign = await readCommitted(campaigns);
    expect(campaign).toMatchObject({ state: "paused", sendable: 3, skipped: 0 });
    const { preview } = await planHead(bucket, campaign);
    expect(preview?.countries).toEqual([
      { country: "FR", messages: 1, segments: 1 },
      { country: "GB", messages: 1, segments: 1 },
    ]);
    expect(preview?.messages.map(({ message }) => message)).toEqual(["Hello Bob", "Bonjour"]);
    expect(preview?.left).toMatchObject({
      at: nineOClock,
      problem: { status: "skipped", count: 1, rows: [1], lines: [2], examples: [expect.stringContaining("stop.csv")] },
      distribution: { "1": 2 },
      zones: [1, 1],
      warnings: [],
    });
  });

  it("says that it would be paused at once where the lists cannot be read", async () => {
    const { upload, bucket, campaigns } = world({ snumber: "441234", country: "GB" }, 1);
    bucket.store("suppression/stop.csv", "4.47701E+11\n");
    await upload(key, csv);
    const { preview } = await planHead(bucket, await readCommitted(campaigns));
    expect(preview?.countries).toEqual([{ country: "GB", messages: 2, segments: 2 }]);
    expect(preview?.left?.warnings).toMatchObject([{ code: "suppression" }]);
  });

  it("is one with more rows to send than the number, and none without any", async () => {
    const small = world(undefined, 2);
    await small.upload(key, csv);
    expect(await small.read()).toMatchObject({ state: "running" });
    const empty = world(undefined, "always");
    await empty.upload(key, "to,text\nnobody,Hello\n");
    expect(await empty.read()).toMatchObject({ state: "running", sendable: 0 });
  });

  it("is whose its tag says, of this version, where it has one; an empty one says nothing", async () => {
    const { upload, tags, table, split, event } = world(undefined, "always");
    tags.set("v?", "ann");
    await upload(key, csv);
    expect(await createUploaders(table).of(key, "v?")).toEqual({ by: "AWS:anna", person: "ann" });
    // Who puts another tag on it later did not upload it.
    tags.set("v?", "eve");
    await split(event(key));
    expect((await createUploaders(table).of(key, "v?"))?.person).toBe("ann");
    tags.set("v?", "");
    await split(event("campaigns/spring.json"));
    expect(await createUploaders(table).of("campaigns/spring.json", "v?")).toEqual({
      by: "AWS:anna",
      person: undefined,
    });
  });

  it("is nobody's when S3 has not said whose", async () => {
    const { bucket, split, table, read } = world(undefined, "always");
    const version = bucket.store(key, csv);
    await split(missedUploadMessage(key, version));
    expect(await read()).toMatchObject({ state: "paused" });
    expect(await createUploaders(table).of(key, version)).toBeUndefined();
  });
});

describe("an upload", () => {
  it("becomes a campaign whose first batches are in the queue", async () => {
    const { upload, read, batches, bucket, nudges } = world();
    expect(await upload(key, csv)).toEqual(done);
    expect(await read()).toMatchObject({
      state: "running",
      rows: 3,
      sendable: 2,
      invalid: 1,
      lastBatch: 1,
      pointer: 1,
      pointerRows: 2,
      pass: 1,
      uploadedBy: "AWS:anna",
      csvKey: key,
      csvVersion: "v1",
      judged: ["v1|"],
      retainUntil: nineOClock + 90 * 86_400_000,
      // What was sent is known for longer than the plan is kept.
      itemsUntil: nineOClock + 104 * 86_400_000,
    });
    expect(batches()).toMatchObject([
      { campaign: "spring", run: "run-1", batch: 1, prev: 0, rows: [{ row: 1, message: "Hello Ann" }, { row: 2 }] },
    ]);
    expect(bucket.keys("work/")).toEqual([
      "work/spring/run-1/head.json",
      "work/spring/run-1/plan/000001.ndjson",
      "work/spring/run-1/rows/000001.ndjson",
    ]);
    expect(nudges.bodies()).toEqual([]);
  });

  it("without a sendable row is committed all the same, and the reporter told to finish it", async () => {
    const { upload, read, queue, nudges } = world();
    await upload(key, "to,text\nnobody,Hello\n");
    expect(await read()).toMatchObject({ state: "running", sendable: 0, lastBatch: 0 });
    expect(queue.bodies()).toEqual([]);
    expect(nudges.bodies()).toEqual(['{"kind":"look"}']);
  });

  it("is sent by its options, which are kept with it", async () => {
    const { bucket, upload, read, batches } = world();
    bucket.store("campaigns/spring.json", '{"message":"Dear {{name}}","snumber":"449999"}');
    await upload(key, "to,name\n447700900001,Ann\n");
    expect(await read()).toMatchObject({ jsonVersion: "v1", options: { snumber: "449999" }, judged: ["v2|v1"] });
    expect(batches()[0]?.rows[0]).toMatchObject({ message: "Dear Ann", snumber: "449999" });
  });

  it.each(["campaigns/Spring sale+ü (50 %).csv", "campaigns/2026/spring.csv", "campaigns/spring.CSV"])(
    "may be called %s",
    async (name) => {
      const { upload, read } = world();
      expect(await upload(name, csv)).toEqual(done);
      expect(await read(name.slice("campaigns/".length, -".csv".length))).toMatchObject({
        state: "running",
        csvKey: name,
      });
    },
  );

  it("found by listing is judged like one that was announced", async () => {
    const { bucket, split, read } = world();
    const version = bucket.store(key, csv);
    expect(await split(missedUploadMessage(key, version), 1)).toEqual(done);
    expect(await read()).toMatchObject({ state: "running", uploadedBy: expect.stringContaining("listing") });
  });

  it("announced although it is gone is acknowledged", async () => {
    const { announce, read } = world();
    expect(await announce(key)).toEqual(done);
    expect(await read()).toBeUndefined();
  });

  it("announced twice, even at the same time, is one campaign; no other plan is left", async () => {
    const { bucket, announce, campaigns, batches } = world();
    bucket.store(key, csv);
    await Promise.all([announce(key), announce(key)]);
    await announce(key);
    const campaign = await readCommitted(campaigns);
    expect(new Set(batches().map(({ run }) => run))).toEqual(new Set([campaign.run]));
    expect(plans(bucket)).toEqual(new Set([campaign.run]));
  });
});

describe("a workbook", () => {
  const rows =
    row(1, ["to", "text"]) + row(2, [447700900001, "Hello Ann"]) + row(3, [447700900002, "Hi"], 'hidden="1"');
  const bytes = workbook([{ name: "List", rows }]);

  it("is planned like a CSV, its options beside it, and what was left out is kept for the report", async () => {
    const { bucket, upload, read, batches } = world();
    bucket.store("campaigns/spring.json", '{"snumber":"449999"}');
    expect(await upload("campaigns/spring.XLSX", bytes)).toEqual(done);
    expect(await read()).toMatchObject({
      state: "running",
      csvKey: "campaigns/spring.XLSX",
      digest: createHash("sha256").update(bytes).digest("hex"),
      dialect: { encoding: "utf-8", guessed: false, delimiter: ",", sheet: "List" },
      rows: 1,
    });
    const sent = [{ cnumber: "447700900001", message: "Hello Ann", snumber: "449999" }];
    expect(batches().flatMap((batch) => batch.rows)).toMatchObject(sent);
    const [head] = bucket.keys("work/").filter((key) => key.endsWith("head.json"));
    expect(bucket.json(head ?? "")).toMatchObject({
      head: { warnings: [{ code: "hidden-rows", count: 1, lines: [3] }] },
    });
  });

  it("is refused for what it lacks, by a sentence", async () => {
    const { upload, read } = world();
    await upload("campaigns/spring.xlsx", "to,text\n");
    expect(await read()).toMatchObject({ state: "refused", reason: expect.stringContaining("text file") });
    await upload("campaigns/spring.csv", bytes);
    expect(await read()).toMatchObject({ state: "refused", reason: expect.stringContaining(".xlsx") });
  });

  it("is refused with what was noticed about it until then, as a campaign and under check/", async () => {
    const { upload, bucket } = world();
    const hidden = workbook([
      { name: "List", rows: row(1, ["to", "text"]) + row(2, [447700900002, "Hi"], 'hidden="1"') },
    ]);
    for (const folder of ["campaigns", "check"]) await upload(`${folder}/spring.xlsx`, hidden);
    const refused = { state: "refused", warnings: [{ code: "hidden-rows" }] };
    expect(bucket.json("reports/spring/summary.json")).toMatchObject(refused);
    expect(bucket.json("reports/check/spring/summary.json")).toMatchObject(refused);
    expect(bucket.text("reports/spring/report.html")).toContain("Look at this");
  });

  it("is checked under check/, which names the key to upload it as", async () => {
    const { upload, bucket } = world();
    await upload("check/spring.xlsx", bytes);
    expect(bucket.json("reports/check/spring/summary.json")).toMatchObject({
      rows: 1,
      warnings: [{ code: "hidden-rows" }],
      nextSteps: expect.arrayContaining([expect.stringContaining("campaigns/spring.xlsx")]),
    });
  });

  it.each([
    ["campaigns/spring.csv", "campaigns/spring.xlsx"],
    ["campaigns/spring.xlsx", "campaigns/spring.csv"],
  ])(
    "has one name with the CSV: after %s, also of the same second, %s is refused as other content",
    async (...keys) => {
      const [first, second] = keys;
      const contentOf = (key: string) => (key.endsWith(".csv") ? csv : bytes);
      const { upload, read, bucket, queue } = world();
      await upload(first, contentOf(first));
      const planned = queue.bodies();
      expect(await upload(second, contentOf(second))).toEqual(done);
      expect(await read()).toMatchObject({
        csvKey: first,
        ignored: [{ reason: expect.stringContaining("sent before, with other content") }],
      });
      expect(bucket.keys("reports/spring/refused-")).toHaveLength(1);
      expect(queue.bodies()).toEqual(planned);
    },
  );

  it("uploaded after a CSV was refused is the list that counts", async () => {
    const { clock, upload, announce, read } = world();
    await upload(key, "to,text\n");
    await clock.advance(1000);
    await upload("campaigns/spring.xlsx", bytes);
    await announce(key);
    expect(await read()).toMatchObject({ state: "running", csvKey: "campaigns/spring.xlsx" });
  });
});

describe("an attachment", () => {
  it("is planned in the version that is there", async () => {
    const { upload, bucket, batches } = world();
    bucket.store("attachments/offer.pdf", "20 % off");
    bucket.store("attachments/offer.pdf", "30 % off");
    await upload(key, "to,text,attachment1\n447700900001,Hello,offer.pdf\n");
    expect(batches()[0]).toMatchObject({
      v: 2,
      rows: [{ files: [{ filename: "offer.pdf", attachment: "attachments/offer.pdf", version: "v2" }] }],
    });
  });
});

describe("several files of one name", () => {
  const options = '{"message":"Hi {{text}}","stopAfterFailures":{"after":5,"rate":0.5}}';

  it.each(["spring.JSON", "spring.Json"])("options in %s count like those in spring.json", async (file) => {
    const { upload, bucket, read } = world();
    bucket.store(`campaigns/${file}`, options);
    await upload(key, csv);
    expect(await read()).toMatchObject({ state: "running", jsonVersion: "v1", options: { message: "Hi {{text}}" } });
  });

  it("two with options are refused by their names, also under check/", async () => {
    for (const folder of ["campaigns", "check"]) {
      const { upload, bucket, queue } = world();
      bucket.store(`${folder}/spring.JSON`, options);
      bucket.store(`${folder}/spring.json`, "{}");
      await upload(`${folder}/spring.csv`, csv);
      const reports = folder === "check" ? "reports/check/spring" : "reports/spring";
      expect(bucket.text(`${reports}/summary.json`)).toContain("spring.JSON and spring.json");
      expect(queue.bodies()).toEqual([]);
    }
  });

  it("options larger than the limit are refused at once, unread", async () => {
    const { upload, bucket, read } = world();
    bucket.store("campaigns/spring.json", `{"message":"${"x".repeat(5 << 20)}"}`);
    expect(await upload(key, csv)).toEqual(done);
    expect(await read()).toMatchObject({ state: "refused", reason: expect.stringContaining("larger than 256 KiB") });
  });

  it.each([
    ["campaigns/spring.csv", "campaigns/spring.CSV"],
    ["campaigns/spring.csv", "campaigns/spring.xlsx"],
    ["campaigns/caf\u00e9.csv", "campaigns/cafe\u0301.csv"],
  ])("two lists, %s and %s, that were never judged are refused, whichever comes first", async (first, second) => {
    const { bucket, announce, queue, campaigns, mails } = world();
    bucket.store(first, csv);
    bucket.store(second, csv.replace("Ann", "Eve"));
    await announce(first);
    await announce(second);
    const name = first.slice("campaigns/".length, -".csv".length);
    expect(await campaigns.read(name, { consistent: true })).toMatchObject({
      state: "refused",
      reason: expect.stringMatching(/^There are 2 lists with this name: .* and /u),
    });
    expect(queue.bodies()).toEqual([]);
    expect(mails).toHaveLength(1);
    // New options do not tell which is meant; a list that is uploaded once more does.
    bucket.store(first.replace(".csv", ".json"), "{}");
    await announce(first.replace(".csv", ".json"));
    expect(queue.bodies()).toEqual([]);
    bucket.store(first, csv);
    await announce(first);
    expect(await campaigns.read(name, { consistent: true })).toMatchObject({ state: "running", csvKey: first });
  });
});

describe("a name with accents", () => {
  const composed = "caf\u00e9";
  const apart = "cafe\u0301";

  it("is one name in either form", async () => {
    const { upload, campaigns, queue, bucket } = world();
    await upload(`campaigns/${apart}.csv`, csv);
    bucket.store(`campaigns/${composed}.json`, "{}");
    await upload(`campaigns/${composed}.csv`, csv);
    expect(queue.bodies()).toHaveLength(1);
    for (const form of [composed, apart]) {
      expect(await campaigns.read(form, { consistent: true })).toMatchObject({ name: composed, state: "running" });
    }
  });

  it.each(["running", "refused"] as const)("finds what an older version kept as it came, %s", async (state) => {
    const { table, upload, read, campaigns, queue } = world();
    await upload(key, state === "running" ? csv : "to,text\n");
    const item = await table.get({ pk: "campaigns", sk: "spring" }, { consistent: true });
    await table.update({ pk: "campaigns", sk: apart }, { when: {}, set: { ...item, name: apart } });
    const before = queue.bodies().length;
    await upload(`campaigns/${apart}.csv`, csv);
    expect(await campaigns.read(composed, { consistent: true })).toMatchObject({ name: apart, state: "running" });
    expect(queue.bodies()).toHaveLength(state === "running" ? before : before + 1);
    expect((await read())?.state).toBe(state);
  });
});

describe("the same name again", () => {
  it("with the same content changes nothing: no second plan, no second batch", async () => {
    const { upload, read, queue, bucket, nudges } = world();
    await upload(key, csv);
    const before = await read();
    expect(await upload(key, csv)).toEqual(done);
    expect(await read()).toMatchObject({ ...before, judged: ["v1|", "v2|"] });
    expect(queue.bodies()).toHaveLength(1);
    expect(bucket.keys("reports/")).toEqual([]);
    // The page may have to tell of it.
    expect(nudges.bodies()).toEqual(['{"kind":"look"}']);
  });

  it("with other content is refused beside the first campaign's report, which goes on untouched", async () => {
    const { upload, read, queue, bucket, mails } = world();
    await upload(key, csv);
    const before = await read();
    expect(await upload(key, `${csv}447700900003,Hello Cat\n`)).toEqual(done);
    expect(await read()).toMatchObject({
      ...before,
      judged: ["v1|", "v2|"],
      ignored: [{ version: "v2", reason: expect.stringMatching(/^spring has been sent before, .*not-sent\.xlsx/u) }],
    });
    expect(bucket.keys("reports/")).toEqual(["reports/spring/refused-v2.json"]);
    expect(bucket.json("reports/spring/refused-v2.json")).toMatchObject({ state: "refused" });
    expect(queue.bodies()).toHaveLength(1);
    expect(mails).toEqual([]);
  });

  it("is refused for ever, when the campaign is complete too", async () => {
    const { upload, read, campaigns, queue } = world();
    await upload(key, csv);
    const campaign = await readCommitted(campaigns);
    await campaigns.change(campaign, {}, { state: "complete" });
    await upload(key, "to,text\n447700900009,Hi\n");
    expect(await read()).toMatchObject({ state: "complete", run: campaign.run });
    expect(queue.bodies()).toHaveLength(1);
  });

  it("as a JSON after the commit is noted as ignored", async () => {
    const { upload, read, bucket } = world();
    await upload(key, csv);
    expect(await upload("campaigns/spring.json", '{"snumber":"449999"}')).toEqual(done);
    expect(await read()).toMatchObject({
      options: {},
      judged: ["v1|", "v1|v2"],
      ignored: [{ version: "v2", reason: expect.stringContaining("planned before these options came") }],
    });
    expect(bucket.keys("reports/")).toEqual(["reports/spring/refused-v2.json"]);
    await upload("campaigns/spring.json", "{");
    expect(await read()).toMatchObject({ ignored: [{ version: "v2" }, { version: "v3" }] });
  });

  it("with the same options changes nothing, however they are written", async () => {
    const { bucket, upload, read } = world();
    bucket.store("campaigns/spring.json", '{"snumber":"449999"}');
    await upload(key, csv);
    await upload("campaigns/spring.json", '{ "snumber": "449999" }');
    expect(await read()).toMatchObject({ judged: ["v2|v1", "v2|v3"], ignored: [] });
    expect(bucket.keys("reports/")).toEqual([]);
  });

  it("judges nothing twice: the same announcement once more notes nothing more", async () => {
    const { upload, announce, read, bucket } = world();
    await upload(key, csv);
    await upload(key, `${csv}447700900003,Hello Cat\n`);
    const before = await read();
    bucket.puts.length = 0;
    await announce(key);
    expect(await read()).toEqual(before);
    expect(bucket.puts).toEqual([]);
  });
});

it("a refusal that comes late is not shown over the last pages of the campaign that has the name by now", async () => {
  const { upload, bucket } = world();
  const last = '{"state":"complete"}';
  bucket.store("reports/spring/summary.json", last);
  await upload(key, "to,text\n");
  expect(bucket.text("reports/spring/summary.json")).toBe(last);
  expect(bucket.text("reports/spring/report.html")).toBeUndefined();
});

describe("a refused upload", () => {
  it("has its page before its item: once that is written, nobody looks at it again", async () => {
    const { upload, announce, read, bucket, mails } = world();
    bucket.fault = ({ method, key }) => {
      if (method === "put" && key.startsWith("reports/")) throw new Error("The bucket is away.");
    };
    expect(await upload(key, "to,text\n")).toMatchObject({ kind: "give-back" });
    expect([await read(), mails]).toEqual([undefined, []]);
    bucket.fault = () => {};
    expect(await announce(key, 2)).toEqual(done);
    expect(await read()).toMatchObject({ state: "refused" });
    expect(bucket.json("reports/spring/summary.json")).toMatchObject({ state: "refused" });
  });

  it.each([
    ["no rows", "to,text\n", /no rows/u],
    ["nothing at all", "", /./u],
    ["no number column", "name,text\nAnn,Hello\n", /./u],
    ["no text from anywhere", "to\n447700900001\n", /./u],
  ])("for %s says why in its report and by mail; nothing is queued, no plan is left", async (_why, content, reason) => {
    const { upload, read, bucket, queue, mails } = world();
    expect(await upload(key, content)).toEqual(done);
    expect(await read()).toMatchObject({ state: "refused", reason: expect.stringMatching(reason), judged: ["v1|"] });
    expect(bucket.json("reports/spring/summary.json")).toMatchObject({ state: "refused", name: "spring" });
    expect(bucket.keys("work/")).toEqual([]);
    expect(queue.bodies()).toEqual([]);
    expect(mails.map(({ subject }) => subject)).toEqual(["Refused: spring"]);
  });

  it("for its options names the file and the key", async () => {
    const { bucket, upload, read } = world();
    bucket.store("campaigns/spring.json", '{"mesage":"Hello"}');
    await upload(key, csv);
    expect(await read()).toMatchObject({ state: "refused", reason: expect.stringMatching(/^spring\.json: .*mesage/u) });
  });

  it("is judged again when the CSV comes fixed, and its page replaced by the next look, which is asked for", async () => {
    const { upload, read, batches, nudges } = world();
    await upload(key, "to,text\n");
    expect(nudges.bodies()).toEqual([]);
    await upload(key, csv);
    expect(nudges.bodies()).toEqual(['{"kind":"look"}']);
    expect(await read()).toMatchObject({ state: "running", judged: ["v1|", "v2|"] });
    expect(await read()).not.toHaveProperty("reason");
    expect(batches()).toHaveLength(1);
  });

  it("is judged again when the JSON comes fixed", async () => {
    const { bucket, upload, read } = world();
    bucket.store("campaigns/spring.json", "{");
    await upload(key, csv);
    expect(await read()).toMatchObject({ state: "refused" });
    await upload("campaigns/spring.json", "{}");
    expect(await read()).toMatchObject({ state: "running", judged: ["v2|v1", "v2|v3"] });
  });

  it("is not judged twice", async () => {
    const { upload, announce, mails } = world();
    await upload(key, "to,text\n");
    await announce(key);
    expect(mails).toHaveLength(1);
    await upload("campaigns/autumn.xlsx", csv);
    await announce("campaigns/autumn.xlsx");
    expect(mails).toHaveLength(2);
  });

  it("announced twice at the same time is mailed once", async () => {
    const { bucket, announce, mails } = world();
    bucket.store(key, "to,text\n");
    await Promise.all([announce(key), announce(key)]);
    expect(mails).toHaveLength(1);
  });

  it("is remembered with those before it, so that none is taken for a missed one", async () => {
    const { upload, read } = world();
    await upload(key, "to,text\n");
    await upload(key, "name,text\nAnn,Hello\n");
    expect(await read()).toMatchObject({ state: "refused", judged: ["v1|", "v2|"] });
  });

  it.each(["campaigns/spring.xls", "campaigns/spring", "campaigns/../x.csv", "campaigns/check.csv"])(
    "called %s is refused with a report under a name that can be written",
    async (name) => {
      const { upload, bucket, mails, queue } = world();
      expect(await upload(name, csv)).toEqual(done);
      expect(bucket.keys("reports/").filter((key) => key.endsWith("summary.json"))).toHaveLength(1);
      expect(mails).toHaveLength(1);
      expect(queue.bodies()).toEqual([]);
    },
  );

  it("without an ending makes room for the CSV of the same name", async () => {
    const { upload, read } = world();
    await upload("campaigns/spring", csv);
    expect(await read()).toMatchObject({ state: "refused" });
    await upload(key, csv);
    expect(await read()).toMatchObject({ state: "running" });
  });
});

describe("what is not a campaign", () => {
  it.each(["campaigns/", "campaigns/2026/", "reports/spring/report.csv"])("%s is acknowledged", async (name) => {
    const { upload, bucket, table } = world();
    expect(await upload(name, "")).toEqual(done);
    expect(bucket.puts).toEqual([]);
    expect(table.calls).toEqual([]);
  });

  it("s3:TestEvent is acknowledged", async () => {
    const { split, lines } = world();
    expect(await split('{"Event":"s3:TestEvent"}', 1)).toEqual(done);
    expect(lines).toEqual([]);
  });

  it("options without a CSV wait for it", async () => {
    const { upload, read } = world();
    expect(await upload("campaigns/spring.json", '{"snumber":"449999"}')).toEqual(done);
    expect(await read()).toBeUndefined();
    await upload(key, csv);
    expect(await read()).toMatchObject({ options: { snumber: "449999" } });
  });

  it("any message is handled or acknowledged with a line in the log", async () => {
    const { split, lines } = world();
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.string(), fc.json()), async (body) => {
        expect(await split(body, 1)).toEqual(done);
      }),
      { numRuns: 200 },
    );
    expect(lines.every((line) => line.startsWith("error: A message in the uploads queue is not an announcement"))).toBe(
      true,
    );
  });

  it("a check counts who is on a suppression list now, however the numbers are written", async () => {
    const { bucket, upload } = world({ snumber: "441234", country: "GB" });
    bucket.store("suppression/stop.csv", "07700 900002\n");
    await upload("check/spring.csv", `${csv}447700900002,Hello again\n`);
    expect(Summary.parse(bucket.json("reports/check/spring/summary.json"))).toMatchObject({
      state: "checked",
      stateText: "Checked, nothing was sent: 1 of 4 rows would be sent",
      remaining: 1,
      counts: { skipped: 2, invalid: 1 },
      segments: { total: 1 },
      messages: [{ cnumber: "+447700900001" }],
      problems: expect.arrayContaining([
        expect.objectContaining({
          status: "skipped",
          reason: "The number is on a suppression list, or its owner has opted out",
          lines: [3, 5],
        }),
      ]),
    });
    bucket.store("suppression/stop.csv", "nobody\n");
    await upload("check/spring.csv", csv);
    expect(Summary.parse(bucket.json("reports/check/spring/summary.json"))).toMatchObject({ remaining: 2 });
  });

  it.each([
    ["a list that cannot be read", "name,phone\nAnn,07700 900002\n", "its numbers are not in the first column"],
    ["numbers that cannot be compared", "07700 900002\n", 'say "country" in its options'],
  ])("a check warns of %s, which would pause the campaign", async (_what, list, reason) => {
    const { bucket, upload } = world({ snumber: "441234" });
    bucket.store("suppression/stop.csv", list);
    await upload("check/spring.csv", "to,text\n+447700900001,Hello Ann\n+447700900002,Hello Bob\n");
    const { remaining, warnings } = Summary.parse(bucket.json("reports/check/spring/summary.json"));
    expect(remaining).toBe(2);
    expect(warnings).toEqual([{ code: "suppression", text: expect.stringContaining(reason) }]);
    expect(warnings?.[0]?.text).toMatch(/^If this list were sent now, it would be paused at once: /u);
  });

  it("a check reads suppressed numbers by the country of the list's options, before the stack's", async () => {
    const { bucket, upload } = world({ snumber: "441234", country: "GB" });
    bucket.store("suppression/stop.csv", "0151 12345678\n");
    bucket.store("check/spring.json", '{"country":"DE"}');
    await upload("check/spring.csv", "to,text\n+4915112345678,Hello\n+4915112345679,Hello\n");
    expect(bucket.json("reports/check/spring/summary.json")).toMatchObject({ remaining: 1, counts: { skipped: 1 } });
  });

  it("a check asks no list about rows that are not sent for another reason", async () => {
    const { bucket, upload } = world({ snumber: "441234" });
    bucket.store("suppression/stop.csv", "07700 900002\n");
    await upload("check/spring.csv", "to,text\nnobody,Hello\n+447700900001,\n");
    const { remaining, warnings } = Summary.parse(bucket.json("reports/check/spring/summary.json"));
    expect(remaining).toBe(0);
    expect((warnings ?? []).filter(({ code }) => code === "suppression")).toEqual([]);
  });

  it("a check refuses what is refused once it is to be sent, though suppression lists would have left fewer", async () => {
    const { bucket, upload, read } = world({ snumber: "441234", country: "GB" }, undefined, {
      calls: 1,
      timezone: "UTC",
    });
    const number = (index: number) => `+4477009${String(index).padStart(5, "0")}`;
    const numbers = Array.from({ length: 100 }, (_, index) => number(index));
    bucket.store("suppression/stop.csv", numbers.slice(50).join("\n"));
    const list = ["to,text", ...numbers.map((to) => `${to},Hello`)].join("\n");
    await upload("check/spring.csv", list);
    await upload(key, list);
    const sent = await read();
    expect(sent).toMatchObject({ state: "refused", reason: expect.stringContaining("100 messages") });
    const reason = sent?.state === "refused" && sent.reason;
    expect(bucket.json("reports/check/spring/summary.json")).toMatchObject({ state: "refused", reason });
  });

  it("a check skips the same rows as the queue when the list is sent, and warns where that would be paused", async () => {
    const people = fc.array(fc.nat({ max: 9 }), { minLength: 1, maxLength: 6 });
    const forms = (person: number) =>
      fc.constantFrom(
        `+44770090000${person}`,
        `0770090000${person}`,
        `0044 7700 90000${person}`,
        `+44 (0)7700 90000${person}`,
        `7700-90000${person}`,
        `=""+44770090000${person}""`,
      );
    const written = people.chain((some) => fc.tuple(...some.map(forms)));
    await fc.assert(
      fc.asyncProperty(written, written, fc.constantFrom("GB", undefined), async (rows, listed, country) => {
        const { bucket, upload, batches, read } = world({ snumber: "441234", country });
        bucket.store("suppression/stop.csv", listed.join("\n"));
        const list = ["to,text", ...rows.map((to) => `"${to}",Hello`)].join("\n");
        await upload("check/spring.csv", list);
        await upload(key, list);
        const checked = Summary.parse(bucket.json("reports/check/spring/summary.json"));
        const campaign = await read();
        const paused = campaign?.state === "paused";
        expect((checked.warnings ?? []).some(({ code }) => code === "suppression")).toBe(paused);
        if (paused) return;
        const suppressed = checked.problems.find(({ reason }) => reason.includes("suppression list"));
        expect(suppressed?.count ?? 0).toBe(batches().flatMap(({ skipped }) => skipped).length);
        expect(suppressed?.lines?.map((line) => line - 1) ?? []).toEqual(
          batches().flatMap(({ skipped }) => skipped.map(({ row }) => row)),
        );
        expect(campaign).toMatchObject({ sendable: checked.checked?.planned });
        expect(checked.remaining).toBe(batches().flatMap(({ rows }) => rows).length);
      }),
      { numRuns: 60 },
    );
  });

  it("a check is judged only: a report under reports/check/, no item, no batch", async () => {
    const { upload, bucket, table, queue, mails } = world();
    expect(await upload("check/spring.csv", csv)).toEqual(done);
    expect(bucket.json("reports/check/spring/summary.json")).toMatchObject({
      name: "check/spring",
      rows: 3,
      unicode: { rows: 0 },
      seconds: expect.any(Number),
    });
    // Only who checked it is noted.
    expect(table.calls.filter(({ key }) => key.sk !== "deeds")).toEqual([]);
    expect(queue.bodies()).toEqual([]);
    expect(mails).toEqual([]);
    expect(bucket.keys("work/")).toEqual([]);
    expect(bucket.keys("reports/").every((key) => key.startsWith("reports/check/spring/"))).toBe(true);
  });

  it("a check is judged again by its options when they come later", async () => {
    const { upload, bucket } = world();
    await upload("check/spring.csv", "to\n447700900001\n");
    expect(bucket.json("reports/check/spring/summary.json")).toMatchObject({ state: "refused" });
    await upload("check/spring.json", '{"message":"Hello"}');
    expect(bucket.json("reports/check/spring/summary.json")).not.toMatchObject({ state: "refused" });
  });

  it("a check names the versions it judged, the columns, rows to try a text on, and the longest message", async () => {
    const { upload, bucket } = world();
    const rows = ["447700900001,Al,1", "447700900002,Bo,2", "x,Nobody at all,3", "447700900003,Cy,4"];
    const long = `447700900004,${"Maximilian ".repeat(20)},5`;
    await upload("check/spring.csv", ["to,First name,Order", ...rows, long, "447700900005,Di,66"].join("\n"));
    const lacking = Summary.parse(bucket.json("reports/check/spring/summary.json"));
    expect(lacking).toMatchObject({ state: "refused", checked: { lacks: ["message"] } });
    expect(lacking.checked?.options).toBeUndefined();
    expect(lacking.checked?.longest).toBeUndefined();
    await upload("check/spring.json", '{"message":"Hello {{First name}}"}');
    const { checked, state } = Summary.parse(bucket.json("reports/check/spring/summary.json"));
    expect(state).toBe("checked");
    const [list, options] = await Promise.all(
      ["check/spring.csv", "check/spring.json"].map(async (key) => (await bucket.head(key))?.version),
    );
    expect(checked).toMatchObject({
      list,
      options,
      columns: [
        { name: "to", meaning: "cnumber" },
        { name: "First name", meaning: "variable" },
        { name: "Order", meaning: "variable" },
      ],
      longest: { line: 6, segments: 2 },
    });
    // The first that can be sent, then the longest name and the longest order.
    expect(checked?.rows?.map(({ line }) => line)).toEqual([2, 3, 5, 6, 7]);
    expect(lacking.checked?.columns).toEqual(checked?.columns);
    expect(lacking.checked?.rows).toEqual(checked?.rows);
  });
});

describe("an upload that changes while it is planned", () => {
  const onFirstPlan = (bucket: ReturnType<typeof createMemoryBucket>, change: () => void) => {
    let first = true;
    bucket.fault = ({ method, key }) => {
      if (!first || method !== "put" || !key.endsWith("head.json")) return;
      first = false;
      change();
    };
  };

  it("as a CSV is planned again from the newest version, and no objects of the first plan are left", async () => {
    const { bucket, upload, read, batches } = world();
    onFirstPlan(bucket, () => bucket.store(key, "to,text\n447700900009,Newer\n"));
    expect(await upload(key, csv)).toEqual(done);
    expect(await read()).toMatchObject({ csvVersion: "v2", rows: 1, run: "run-2" });
    expect(batches().flatMap(({ rows }) => rows.map(({ message }) => message))).toEqual(["Newer"]);
    expect(bucket.keys("work/").every((key) => key.startsWith("work/spring/run-2/"))).toBe(true);
  });

  it("by options that arrive is planned again with them", async () => {
    const { bucket, upload, read } = world();
    onFirstPlan(bucket, () => bucket.store("campaigns/spring.json", '{"snumber":"449999"}'));
    await upload(key, csv);
    expect(await read()).toMatchObject({ options: { snumber: "449999" } });
    expect(bucket.keys("work/").some((key) => key.includes("run-1"))).toBe(false);
  });

  it("and would be refused, is not refused for what it was", async () => {
    const { bucket, upload, read, mails } = world();
    let first = true;
    bucket.fault = ({ method, key: read }) => {
      if (!first || method !== "get" || read !== key) return;
      first = false;
      queueMicrotask(() => bucket.store(key, csv));
    };
    await upload(key, "to,text\n");
    expect(await read()).toMatchObject({ state: "running", rows: 3 });
    expect(mails).toEqual([]);
  });

  it("again and again is given back for a few seconds, with nothing left behind", async () => {
    const { bucket, upload, read } = world();
    bucket.fault = ({ method, key: stored }) => {
      if (method === "put" && stored.endsWith("head.json")) bucket.store(key, csv);
    };
    expect(await upload(key, csv)).toEqual({ kind: "give-back", afterMs: 5_000 });
    expect(await read()).toBeUndefined();
    expect(bucket.keys("work/")).toEqual([]);
  });

  it("by being removed is over, with nothing left behind", async () => {
    const { bucket, upload, read } = world();
    onFirstPlan(bucket, () => void bucket.delete([key]));
    expect(await upload(key, csv)).toEqual(done);
    expect(await read()).toBeUndefined();
    expect(bucket.keys("work/")).toEqual([]);
  });
});

describe("a commit", () => {
  const isCommit = ({ key, method }: { key: { pk: string }; method: string }) =>
    key.pk === "campaigns" && method === "update";

  it("whose answer was lost is recognised as its own, and fed", async () => {
    const { table, upload, read, batches, bucket } = world();
    table.fault = faultFor("repeated", isCommit);
    expect(await upload(key, csv)).toEqual(done);
    expect(await read()).toMatchObject({ state: "running", run: "run-1", pointer: 1 });
    expect(batches()).toHaveLength(1);
    expect(plans(bucket)).toEqual(new Set(["run-1"]));
  });

  it("that failed although it was applied is found by the next try, and the reporter told to feed it", async () => {
    const { table, upload, announce, read, nudges, bucket } = world();
    table.fault = faultFor("answer-lost", isCommit);
    expect(await upload(key, csv)).toMatchObject({ kind: "give-back" });
    expect(await announce(key, 2)).toEqual(done);
    expect(await read()).toMatchObject({ state: "running", run: "run-1" });
    expect(nudges.bodies()).toEqual(['{"kind":"look"}']);
    expect(plans(bucket)).toEqual(new Set(["run-1"]));
  });

  it("that somebody else made first leaves only their plan", async () => {
    const { table, bucket, upload, read, announce } = world();
    const update = table.update;
    table.update = async (...args) => {
      table.update = update;
      await announce(key);
      return update(...args);
    };
    expect(await upload(key, csv)).toEqual(done);
    expect(await read()).toMatchObject({ run: "run-2" });
    expect(plans(bucket)).toEqual(new Set(["run-2"]));
  });

  it("is kept when the first feed fails: the next try leaves feeding to the reporter", async () => {
    const { queue, upload, announce, read, nudges } = world();
    queue.fault = () => {
      throw new Error("The queue is away.");
    };
    expect(await upload(key, csv)).toMatchObject({ kind: "give-back" });
    expect(await read()).toMatchObject({ state: "running", pointer: 0 });
    expect(await announce(key, 2)).toEqual(done);
    expect(nudges.bodies()).toEqual(['{"kind":"look"}']);
  });
});

describe("an upload that cannot be processed", () => {
  it("is tried again, later each time, and refused at the fifth failure", async () => {
    const { bucket, announce, read, mails } = world();
    bucket.store(key, csv);
    bucket.fault = ({ method, key: stored }) => {
      if (method === "put" && stored.startsWith("work/")) throw new Error("S3 is away.");
    };
    const waits: number[] = [];
    for (let receive = 1; receive <= 4; receive++) {
      const handled = await announce(key, receive);
      if (handled.kind !== "give-back") throw new Error("It was not given back.");
      waits.push(handled.afterMs);
    }
    expect(waits).toEqual(waits.toSorted((a, b) => a - b));
    expect(new Set(waits).size).toBe(4);
    expect(await read()).toBeUndefined();
    expect(await announce(key, 5)).toEqual(done);
    // Its version is remembered: found by listing, it would be refused again and again.
    expect(await read()).toMatchObject({
      state: "refused",
      reason: expect.stringContaining("5 times"),
      judged: ["v?"],
    });
    expect(mails).toHaveLength(1);
    bucket.fault = () => {};
    bucket.store(key, csv);
    expect(await announce(key)).toEqual(done);
    expect(await read()).toMatchObject({ state: "running" });
  });

  it("does not keep the others of its message from being judged", async () => {
    const { bucket, split, event, read } = world();
    for (const name of ["campaigns/autumn.csv", key]) bucket.store(name, csv);
    bucket.fault = ({ method, key: stored }) => {
      if (method === "put" && stored.startsWith("work/autumn/")) throw new Error("S3 is away.");
    };
    expect(await split(event("campaigns/autumn.csv", key), 5)).toEqual(done);
    expect(await read("autumn")).toMatchObject({ state: "refused" });
    expect(await read()).toMatchObject({ state: "running" });
  });

  it("never refuses a campaign that was committed before", async () => {
    const { bucket, upload, announce, read } = world();
    await upload(key, csv);
    const before = await read();
    bucket.fault = ({ method }) => {
      if (method === "get") throw new Error("S3 is away.");
    };
    bucket.store(key, `${csv}447700900003,Hello Cat\n`);
    expect(await announce(key, 5)).toEqual(done);
    expect(await read()).toEqual(before);
    expect(bucket.keys("reports/")).toEqual([]);
  });
});

describe("an upload that the stack would forget before it is sent", () => {
  const options = JSON.stringify({ sendAfter: new Date(nineOClock + 100 * 86_400_000).toISOString() });

  it("is refused at once, with the reason, and nothing is left of its plan", async () => {
    const { bucket, announce, read, queue, mails } = world();
    bucket.store("campaigns/spring.json", options);
    bucket.store(key, csv);
    expect(await announce(key)).toEqual(done);
    const reason = expect.stringContaining("this stack keeps a campaign for 90 days (retainDays)");
    expect(await read()).toMatchObject({ state: "refused", reason, judged: ["v2|v1"] });
    expect([bucket.keys("work/"), queue.bodies(), mails.length]).toEqual([[], [], 1]);
  });

  it("is refused where the days have too little room, and a check says until when it would take", async () => {
    const { bucket, table, announce, read } = world(undefined, undefined, { calls: 1, timezone: "UTC" });
    const rows = Array.from({ length: 100 }, (_, row) => `4477009000${String(row).padStart(2, "0")},Hello`);
    bucket.store(key, ["to,text", ...rows].join("\n"));
    await announce(key);
    expect(await read()).toMatchObject({ state: "refused", reason: expect.stringContaining("at most 90 can be sent") });
    bucket.store("check/three.csv", ["to,text", ...rows.slice(0, 3)].join("\n"));
    await announce("check/three.csv");
    const { state, nextSteps } = Summary.parse(bucket.json("reports/check/three/summary.json"));
    expect(state).toBe("checked");
    // Who checked is in the history.
    expect(await createDeeds(table).all()).toMatchObject([{ what: "checked", name: "three", by: "AWS:anna" }]);
    expect(nextSteps[0]).toMatch(
      /^Sending at no more than 1 message a day \(maxMessagesPerDay\) would take until 2026-03-04/,
    );
  });

  it("is said so by a check", async () => {
    const { bucket, announce } = world();
    bucket.store("check/spring.json", options);
    bucket.store("check/spring.csv", csv);
    await announce("check/spring.csv");
    expect(bucket.json("reports/check/spring/summary.json")).toMatchObject({
      state: "refused",
      reason: expect.stringContaining("nothing would ever be sent"),
    });
  });
});

describe("an upload that no execution can judge to its end", () => {
  /** A world in which reading this version of the list takes all the memory there is. */
  const poisoned = (poison: string, ...ofWorld: Parameters<typeof world>) => {
    const all = world(...ofWorld);
    const { get } = all.bucket;
    let reads = 0;
    all.bucket.get = (key, version, range) => {
      if (key !== poison || (version !== undefined && version !== "v1")) return get(key, version, range);
      reads++;
      return new Promise(() => {});
    };
    all.bucket.store(poison, csv);
    return {
      ...all,
      reads: () => reads,
      /** A receive whose execution dies; its message is visible again a quarter of an hour later. */
      dies: async (receiveCount: number, announced = poison) => {
        void all.announce(announced, receiveCount);
        await all.clock.advance(15.5 * 60_000);
      },
    };
  };

  it("is refused after five receives, before it is read again, on its page and by mail", async () => {
    const { dies, announce, read, reads, mails, bucket, split } = poisoned(key);
    for (let receive = 1; receive <= 5; receive++) await dies(receive);
    expect([reads(), await read()]).toEqual([5, undefined]);
    expect(await announce(key, 6)).toEqual(done);
    const reason = expect.stringContaining("5 times in a row, reading campaigns/spring.csv ran out of time or memory");
    expect(await read()).toMatchObject({ state: "refused", reason, judged: ["v1|"] });
    expect(bucket.json("reports/spring/summary.json")).toMatchObject({ state: "refused", reason });
    expect(mails.map(({ subject }) => subject)).toEqual(["Refused: spring"]);
    // Every other message about it, a redriven one too, finds that it was judged.
    expect(await announce(key, 1)).toEqual(done);
    expect(await split(missedUploadMessage(key, "v1"))).toEqual(done);
    expect([reads(), mails.length]).toEqual([5, 1]);
  });

  it("counts together what several messages about it tried, one at a time", async () => {
    const { dies, announce, read, reads, mails } = poisoned(key);
    await dies(1);
    for (let attempt = 2; attempt <= 5; attempt++) {
      void announce(key, attempt);
      await Promise.resolve();
      // Another announcement does not take the second execution, which is for other uploads.
      const other = await announce(key, 1);
      expect(other).toEqual({ kind: "give-back", afterMs: expect.any(Number) });
      if (other.kind === "give-back") expect(other.afterMs).toBeGreaterThan(14 * 60_000);
      await dies(attempt, "campaigns/nothing.csv");
    }
    expect(reads()).toBe(5);
    expect(await announce(key, 1)).toEqual(done);
    expect(await read()).toMatchObject({ state: "refused" });
    expect([reads(), mails.length]).toEqual([5, 1]);
  });

  it("is refused by the queue's count alone where nothing could be noted", async () => {
    const { announce, read, reads } = poisoned(key);
    expect(await announce(key, 6)).toEqual(done);
    expect(await read()).toMatchObject({ state: "refused" });
    expect(reads()).toBe(0);
  });

  it("leaves other uploads alone, and is judged afresh as another version", async () => {
    const { dies, upload, announce, read } = poisoned(key);
    await dies(1);
    void announce(key, 2);
    expect(await upload("campaigns/autumn.csv", csv)).toEqual(done);
    expect(await read("autumn")).toMatchObject({ state: "running" });
    // It comes again while the first is still being read.
    expect(await upload(key, csv)).toEqual(done);
    expect(await read()).toMatchObject({ state: "running", csvVersion: "v3" });
  });

  it("is judged again after the refusal, once it or its options are uploaded again", async () => {
    const { dies, announce, upload, read } = poisoned(key);
    for (let receive = 1; receive <= 5; receive++) await dies(receive);
    await announce(key, 6);
    expect(await upload(key, csv)).toEqual(done);
    expect(await read()).toMatchObject({ state: "running" });
  });

  it("does not count as having come to nothing what failed and said so, nor what changed meanwhile", async () => {
    const { bucket, announce, read } = world();
    bucket.store(key, csv);
    let changes = 0;
    bucket.fault = ({ method, key: stored }) => {
      if (method !== "put" || !stored.startsWith("work/") || ++changes > 20) return;
      bucket.store(key, `${csv}447700900003,Hello ${changes}\n`);
    };
    for (let receive = 1; receive <= 9; receive++) await announce(key, receive);
    expect(await read()).toMatchObject({ state: "running" });
  });

  it("under check/ is refused on its page, and checked again as another version", async () => {
    const check = "check/spring.csv";
    const { upload, split, bucket, reads, mails, table } = poisoned(check);
    expect(await split(missedUploadMessage(check, "v1"), 6)).toEqual(done);
    const summary = () => bucket.json("reports/check/spring/summary.json");
    expect(summary()).toMatchObject({ state: "refused", reason: expect.stringContaining("ran out of time or memory") });
    expect([reads(), mails, table.calls]).toEqual([0, [], []]);
    await upload(check, csv);
    expect(summary()).not.toMatchObject({ state: "refused" });
    // The first version's message once more.
    await split(missedUploadMessage(check, "v1"), 7);
    expect(summary()).not.toMatchObject({ state: "refused" });
  });
});
