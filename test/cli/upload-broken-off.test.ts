import { mkdtempDisposable, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type CampaignFile, findCampaignFile, flagsOfCommands } from "../../cli/campaign-file.ts";
import { uploadBesideOthers } from "../../cli/upload-beside-others.ts";
import { noOptions, uploadFiles } from "../../cli/upload-files.ts";
import { createCampaigns } from "../../shared/campaign/campaigns.ts";
import { BatchMessage } from "../../shared/plan/plan.ts";
import type { Bucket } from "../../shared/ports/bucket.ts";
import { optionsToCome } from "../../shared/split/options-file.ts";
import { createSplitter } from "../../shared/split/splitter.ts";
import { missedUploadMessage } from "../../shared/split/upload-message.ts";
import { createManualClock, createTokens } from "../support/manual-clock.ts";
import { createMemoryBucket } from "../support/memory-bucket.ts";
import { createMemoryTable } from "../support/memory-table.ts";
import { createRecordedLog, createRecordedMails, createRecordedQueue } from "../support/recorders.ts";

const key = "campaigns/spring.csv";
const jsonKey = "campaigns/spring.json";

let directory: Awaited<ReturnType<typeof mkdtempDisposable>>;
let corrected: CampaignFile;
beforeAll(async () => {
  directory = await mkdtempDisposable(join(tmpdir(), "broken-off-"));
  const path = join(directory.path, "spring.csv");
  await writeFile(path, "to,name\n447700900001,Ann\n");
  corrected = await findCampaignFile(path, { options: { text: '{"message":"Right {{name}}"}' } });
});
afterAll(() => directory.remove());

/** A bucket and a splitter, after a list was refused that had options. `look` judges what is there, as its events do. */
async function afterRefusal(graceSeconds: number) {
  const clock = createManualClock();
  const table = createMemoryTable();
  const bucket = createMemoryBucket(clock);
  const queue = createRecordedQueue();
  const { mails, mail } = createRecordedMails();
  const splitter = createSplitter({
    table,
    bucket,
    tagOf: async () => undefined,
    enqueueBatches: queue.enqueue,
    nudge: createRecordedQueue().enqueue,
    mail,
    clock,
    freshToken: createTokens("run-"),
    log: createRecordedLog().log,
    defaults: { snumber: "441234" },
    batchRows: 2,
    ceiling: 10,
    retainDays: 90,
    graceSeconds,
  });
  const look = async () => {
    for (const at of [jsonKey, key]) {
      const head = await bucket.head(at);
      if (head !== undefined) await splitter({ body: missedUploadMessage(at, head.version), receiveCount: 1 });
    }
  };
  const campaigns = createCampaigns(table);
  const campaign = () => campaigns.read("spring", { consistent: true });
  bucket.store(jsonKey, '{"message":"Wrong {{name}}"}');
  bucket.store(key, "name\nAnn\n");
  await clock.advance(60_000);
  await look();
  expect(await campaign()).toMatchObject({ state: "refused" });
  await clock.advance(600_000);
  const texts = () =>
    queue
      .bodies()
      .flatMap((body) => BatchMessage.parse(JSON.parse(body)).rows)
      .map(({ message }) => message);
  return { bucket, clock, look, campaign, texts, mails };
}

/** The bucket as a program sees it that ends right after this many of its writes. */
function endingAfter(bucket: Bucket, writes: number, look: () => Promise<void>): Bucket {
  let done = 0;
  const written = async <T>(write: () => Promise<T>): Promise<T> => {
    if (done++ >= writes) throw new Error("ended");
    const answer = await write();
    // What serves without a wait hears of it at once.
    await look();
    return answer;
  };
  return {
    ...bucket,
    put: (...of) => written(() => bucket.put(...of)),
    replace: (...of) => written(() => bucket.replace(...of)),
  };
}

const uploads = {
  "beside others": async (bucket: Bucket, judged: readonly string[]) =>
    void (await uploadBesideOthers({ bucket, file: corrected, judged, says: flagsOfCommands })),
  "where nobody else uploads": async (bucket: Bucket) => void (await uploadFiles(bucket, corrected)),
  "by people who may not look": async (bucket: Bucket, judged: readonly string[]) => {
    const denied = () => {
      throw Object.assign(new Error("denied"), { $metadata: { httpStatusCode: 403 } });
    };
    const blind = { ...bucket, head: async () => denied(), get: async () => denied(), list: () => denied() };
    await uploadBesideOthers({ bucket: blind, file: corrected, judged, says: flagsOfCommands });
  },
};

describe.each([15, 0])("a corrected list of which the upload ends early, with %i s for its options", (graceSeconds) => {
  it.each(Object.entries(uploads))("%s: is never sent by the refused list's options", async (_, upload) => {
    for (const writes of [0, 1, 2, 3]) {
      const { bucket, clock, look, campaign, texts, mails } = await afterRefusal(graceSeconds);
      const judged = (await campaign())?.judged ?? [];
      const told = mails.length;
      const uploading = upload(endingAfter(bucket, writes, look), judged);
      if (writes < 3) await expect(uploading).rejects.toThrow("ended");
      else await uploading;
      for (let minute = 0; minute < 20; minute++) {
        await look();
        await clock.advance(60_000);
      }
      expect(texts()).toEqual(writes < 3 ? [] : ["Right Ann"]);
      expect((await campaign())?.state).toBe(writes < 3 ? "refused" : "running");
      // Somebody learns of it, once; who was told of nothing has begun nothing.
      expect(mails.length - told).toBe(writes === 0 || writes === 3 ? 0 : 1);
      if (writes > 0 && writes < 3) expect(mails.at(-1)?.text).toContain("broken off before its list and options");
      if (writes === 3) continue;
      await upload(bucket, (await campaign())?.judged ?? []);
      await clock.advance(60_000);
      await look();
      expect(texts()).toEqual(["Right Ann"]);
    }
  });

  it.each([
    optionsToCome.trim(),
    // As Python and PowerShell write it.
    '{"optionsToCome": true}',
    '\ufeff{\r\n    "optionsToCome":  true\r\n}\r\n',
  ])("is neither sent nor refused while it takes its time to come, kept by %j", async (kept) => {
    const { bucket, clock, look, campaign, mails } = await afterRefusal(graceSeconds);
    const before = await campaign();
    bucket.store(jsonKey, kept);
    for (let minute = 0; minute < 14; minute++) {
      await clock.advance(60_000);
      await look();
    }
    expect(await campaign()).toEqual(before);
    expect(mails).toHaveLength(1);
  });
});

it("options that were left without a list do not become those of a list that has none", async () => {
  const bucket = createMemoryBucket(createManualClock());
  bucket.store(jsonKey, '{"message":"Left {{name}}"}');
  const path = join(directory.path, "spring.csv");
  await uploadFiles(bucket, await findCampaignFile(path, {}));
  expect(bucket.text(jsonKey)).toBe(noOptions);
});
