import { createReadStream } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import * as z from "zod";
import { projectContext } from "../../cli/project-settings.ts";
import { openStack } from "../../cli/stack.ts";
import { startEmbeddedCloud } from "../../infra/local/embedded-cloud.ts";
import { simulatorAccount, startEnswitchSimulator } from "../../infra/local/enswitch-simulator/enswitch-simulator.ts";
import { preparedStack } from "../../infra/local/prepared-stack.ts";
import { rateLimits } from "../../shared/account/rate-limits.ts";
import { writeCredentials } from "../../shared/aws/secret.ts";
import type { Benchmark } from "./benchmark.ts";
import { listOptions, writeList } from "./campaign-list.ts";
import { decimal, whole } from "./figures.ts";
import { defineMeasurement, defineServer } from "./own-process.ts";

const startSimulator = defineServer(
  import.meta.url,
  "simulator",
  { input: z.null(), ready: z.object({ endpoint: z.string() }) },
  async () => ({ endpoint: (await startEnswitchSimulator()).endpoint }),
);

/** Several times as long as it should take. */
const longestMs = 10 * 60_000;

const Requests = z.record(z.string(), z.number());

const Output = z.object({
  startSeconds: z.number(),
  planSeconds: z.number(),
  firstCallSeconds: z.number(),
  sendSeconds: z.number(),
  reportSeconds: z.number(),
  /** Processor time of the process, all threads together, from the upload to the report. */
  cpuSeconds: z.number(),
  submitted: z.number(),
  requests: Requests,
});

/** Sends a list through the whole embedded cloud, at the highest possible rate unless another one is given. */
const sendingAll = defineMeasurement(
  import.meta.url,
  "embedded cloud",
  {
    input: z.object({ directory: z.string(), file: z.string(), endpoint: z.string(), rate: z.number() }),
    output: Output,
  },
  async ({ directory, file, endpoint, rate }) => {
    const began = performance.now();
    await using cloud = await startEmbeddedCloud({
      dataDir: directory,
      stack: preparedStack({ ...(await projectContext()), endpoint, sendsPerSecond: rate }),
      onServicesUp: async (services) => {
        using stack = await openStack(services.stackName, services);
        await writeCredentials(stack.secrets, stack.outputs.SecretArn, simulatorAccount);
      },
      onLog: console.error,
    });
    using stack = await openStack(cloud.stackName, cloud);
    const startSeconds = (performance.now() - began) / 1000;
    const processor = process.cpuUsage();
    const uploadedAt = Date.now();
    await stack.bucket.put("campaigns/list.json", JSON.stringify(listOptions), "application/json");
    await stack.bucket.put("campaigns/list.csv", createReadStream(file), "text/csv");
    let committedAt: number | undefined;
    let campaign = await stack.campaigns.read("list", { consistent: true });
    while (campaign?.state !== "complete") {
      if (Date.now() > uploadedAt + longestMs) throw new Error("The campaign does not finish.");
      await sleep(100);
      campaign = await stack.campaigns.read("list", { consistent: true });
      if (campaign !== undefined) committedAt ??= Date.now();
      if (campaign?.state === "refused" || campaign?.state === "paused") {
        throw new Error(`The campaign is ${campaign.state}.`);
      }
    }
    const { user, system } = process.cpuUsage(processor);
    let [firstAt, answeredAt] = [Number.POSITIVE_INFINITY, 0];
    for await (const { outcomes } of stack.batches.between("list", 1, campaign.lastBatch)) {
      for (const { at = Number.NaN, ms = 0 } of outcomes) {
        firstAt = Math.min(firstAt, at);
        answeredAt = Math.max(answeredAt, at + ms);
      }
    }
    const requests: Record<string, number> = {};
    for (const { caller, service, operation, count } of cloud.usage.requests())
      if (caller !== "operator") {
        const kind = `${service} ${operation}`;
        requests[kind] = (requests[kind] ?? 0) + count;
      }
    const planned = committedAt ?? uploadedAt;
    return {
      startSeconds,
      planSeconds: (planned - uploadedAt) / 1000,
      firstCallSeconds: (firstAt - planned) / 1000,
      sendSeconds: (answeredAt - firstAt) / 1000,
      reportSeconds: ((campaign.reportedAt ?? Number.NaN) - answeredAt) / 1000,
      cpuSeconds: (user + system) / 1_000_000,
      submitted: campaign.totals?.submitted ?? 0,
      requests,
    };
  },
);

const sum = (counts: Readonly<Record<string, number>>) => Object.values(counts).reduce((all, count) => all + count, 0);

/** Requests per thousand rows in a design with one message, one claim and one result per row. */
const plainRequests = 3_000;

/** The whole pipeline on this machine: how fast it is, where the time goes, and how many requests AWS would have received. */
export const embedded: Benchmark = {
  name: "embedded",
  run: async ({ directory, quick, progress }) => {
    const measure = async (rows: number, rate: number) => {
      progress(`${whole(rows)} rows through the embedded cloud`);
      await using simulator = await startSimulator(null);
      const file = join(directory, "list.csv");
      await writeList(file, rows);
      const input = { directory: join(directory, `data-${rows}`), file, endpoint: simulator.endpoint, rate };
      const { output, peakMiB } = await sendingAll(input);
      if (output.submitted !== rows) throw new Error(`${output.submitted} of ${rows} rows were submitted.`);
      return { ...output, peakMiB };
    };
    const rows = quick ? 500 : 100_000;
    const large = await measure(rows, rateLimits.max);
    const some = await measure(quick ? 200 : 5_000, 100);
    const small = quick ? some : await measure(400, 100);
    const total = large.planSeconds + large.firstCallSeconds + large.sendSeconds + large.reportSeconds;
    const thousands = some.submitted / 1000;
    const requests = sum(some.requests) / thousands;
    const operations = Object.entries(some.requests)
      .toSorted(([, a], [, b]) => b - a)
      .map(([operation, count]) => `${operation} ${decimal(count / thousands, 1)}`)
      .join(", ");
    return {
      findings: [
        {
          what: `${whole(rows)} rows through the whole embedded cloud`,
          measured: `${whole(rows / total)} rows/s: ${decimal(large.planSeconds, 1)} s planning, ${decimal(large.firstCallSeconds, 1)} s to the first call, ${decimal(large.sendSeconds, 1)} s sending, ${decimal(large.reportSeconds, 1)} s reporting`,
          against: `the highest rate there is, ${whole(rateLimits.max)} a second`,
          aim: "reported",
        },
        {
          what: `Requests to AWS per 1,000 rows, ${whole(some.submitted)} rows at 100 a second`,
          measured: `${whole(requests)} = ${decimal(requests / plainRequests, 3)}`,
          against: `a message, a claim and a result for each row: ${whole(plainRequests)}`,
          aim: "≤ 0.1",
          met: requests / plainRequests <= 0.1,
        },
        {
          what: `Last call answered → report complete, ${small.submitted} rows`,
          measured: `${decimal(small.reportSeconds)} s`,
          against: "2 s",
          aim: "≤ 2 s",
          met: small.reportSeconds <= 2,
        },
      ],
      notes: [
        `The embedded cloud took ${decimal(large.cpuSeconds / total, 1)} processors on average while it sent the ${whole(rows)} rows, emulators included, and ${whole(large.peakMiB)} MiB at its peak; it took ${decimal(large.startSeconds, 1)} s to start.`,
        `Requests per 1,000 rows by operation: ${operations}.`,
        `Only the functions' requests are counted; on AWS, Lambda's own polling of the queues is added to them. While the ${whole(rows)} rows were sent at the highest rate there were ${whole(sum(large.requests) / (rows / 1000))} per 1,000 rows.`,
      ],
    };
  },
};
