import { createReadStream } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { parse } from "csv-parse";
import { startFauxqs } from "fauxqs";
import * as z from "zod";
import { createAccountStore } from "../../shared/account/account-store.ts";
import { clientSettings } from "../../shared/aws/client-settings.ts";
import { createQueue } from "../../shared/aws/sqs-queue.ts";
import { createCampaigns } from "../../shared/campaign/campaigns.ts";
import { createFeed } from "../../shared/feed/feed.ts";
import { createSuppressions } from "../../shared/feed/suppression.ts";
import { systemClock } from "../../shared/ports/clock.ts";
import { running } from "../support/factories.ts";
import { createMemoryTable } from "../support/memory-table.ts";
import type { Benchmark } from "./benchmark.ts";
import { listOptions, writeList } from "./campaign-list.ts";
import { decimal, inTurn, median, whole } from "./figures.ts";
import { defineMeasurement, defineServer } from "./own-process.ts";
import { batchRows, planList } from "./plan-list.ts";
import { createStubS3 } from "./stub-s3.ts";

const Queue = z.object({ endpoint: z.string(), queueUrl: z.string() });

const startQueue = defineServer(import.meta.url, "queue", { input: z.null(), ready: Queue }, async () => {
  const server = await startFauxqs({ port: 0, logger: false });
  const { queueUrl } = server.createQueue("batches");
  return { endpoint: server.address, queueUrl };
});

const clientOf = (endpoint: string) =>
  new SQSClient({
    ...clientSettings,
    region: "eu-west-1",
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
    endpoint,
  });

const Input = Queue.extend({ file: z.string(), rows: z.number(), directory: z.string() });
const Output = z.object({ rows: z.number(), seconds: z.number() });

/** What the splitter does: write the whole plan, then queue batches until all of them are there. */
const planAndFeed = defineMeasurement(
  import.meta.url,
  "plan and feed",
  { input: Input, output: Output },
  async ({ endpoint, queueUrl, file, directory }) => {
    const bucket = createStubS3({
      fileOf: (key) => {
        if (key === "campaigns/list.csv") return file;
        return key.startsWith("work/") ? join(directory, key) : undefined;
      },
      keepIn: directory,
    });
    const table = createMemoryTable();
    const campaigns = createCampaigns(table);
    const began = performance.now();
    const planned = await planList(bucket);
    const campaign = running({ ...planned, name: "list", batchRows, options: listOptions });
    await campaigns.create(campaign, undefined);
    const feed = createFeed({
      // There are no suppression lists here.
      bucket: { ...bucket, list: async function* () {} },
      campaigns,
      enqueue: createQueue(clientOf(endpoint), queueUrl),
      suppressions: createSuppressions({ ...bucket, list: async function* () {} }),
      account: createAccountStore({ table, clock: systemClock, freshToken: () => "feed" }),
      clock: systemClock,
    });
    // So fast that nothing waits for its turn.
    const pace = { since: Date.now(), rowsAhead: 0, rate: 1_000_000 };
    const fed = await feed(campaign, campaign.sendable, new Set(), pace);
    if (fed.pointer !== campaign.lastBatch) throw new Error("Not every batch was fed.");
    return { rows: fed.pointerRows, seconds: (performance.now() - began) / 1000 };
  },
);

/** The usual recipe: send one message per row as it is read, and await it. */
const messagePerRow = defineMeasurement(
  import.meta.url,
  "a message per row",
  { input: Input, output: Output },
  async ({ endpoint, queueUrl, file, rows: most }) => {
    const client = clientOf(endpoint);
    const began = performance.now();
    let rows = 0;
    const source = createReadStream(file);
    for await (const record of source.pipe(parse({ columns: true }))) {
      await client.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: JSON.stringify(record) }));
      if (++rows === most) break;
    }
    source.destroy();
    return { rows, seconds: (performance.now() - began) / 1000 };
  },
);

/** How fast a campaign gets into the queue, compared with sending one message per row. */
export const feed: Benchmark = {
  name: "feed",
  run: async ({ directory, quick, progress }) => {
    const rows = quick ? 5_000 : 100_000;
    const sample = quick ? 300 : 3_000;
    const file = join(directory, "list.csv");
    await writeList(file, rows);
    progress("plan and feed against a message per row");
    const fresh = async (measure: typeof planAndFeed, most: number) => {
      await using queue = await startQueue(null);
      const objects = join(directory, "objects");
      const { output } = await measure({
        endpoint: queue.endpoint,
        queueUrl: queue.queueUrl,
        file,
        rows: most,
        directory: objects,
      });
      await rm(objects, { recursive: true, force: true });
      return output.rows / output.seconds;
    };
    const { ones, others } = await inTurn(
      quick ? 1 : 3,
      () => fresh(planAndFeed, rows),
      () => fresh(messagePerRow, sample),
    );
    const [ours, theirs] = [median(ones), median(others)];
    return {
      findings: [
        {
          what: `Plan and feed of ${whole(rows)} rows into SQS`,
          measured: `${whole(ours)} rows/s = ${decimal(ours / theirs, 0)} times`,
          against: `one SendMessage a row, awaited: ${whole(theirs)} rows/s`,
          aim: "≥ 50 times",
          met: ours / theirs >= 50,
        },
      ],
      notes: [
        `SQS is the emulator, in its own process. The usual recipe was measured with the first ${whole(sample)} rows. The plan's objects go through files.`,
      ],
    };
  },
};
