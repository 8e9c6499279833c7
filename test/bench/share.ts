import { createServer } from "node:http";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import * as z from "zod";
import { bundle } from "../../infra/bundle.ts";
import { ratesFor } from "../../infra/rates.ts";
import { createDynamoTable } from "../../shared/aws/dynamo-table.ts";
import { createCampaigns } from "../../shared/campaign/campaigns.ts";
import { delaySeconds } from "../../shared/feed/pace.ts";
import { createBatches } from "../../shared/ledger/batches.ts";
import { systemClock } from "../../shared/ports/clock.ts";
import { close, listen } from "../aws/loopback-server.ts";
import { tableClient, tableName } from "../aws/table-emulator.ts";
import { batchMessage, running, sendRow } from "../support/factories.ts";
import type { Benchmark, Finding } from "./benchmark.ts";
import { heldRate, mostInASecond } from "./calls-in-time.ts";
import { decimal, whole } from "./figures.ts";
import { startLedger } from "./ledger.ts";
import { certificateFile, countsOf, startTlsPhoneSystem } from "./phone-system.ts";
import { createProcessorShares, type ProcessorShares } from "./processor-share.ts";
import { type SenderEnvironment, startSenderEnvironment } from "./sender-environment.ts";

/** A message that waits in the queue, or is being handled. */
interface Queued {
  readonly messageId: string;
  readonly body: string;
  visibleAt: number;
  receives: number;
}

/** Answers of Secrets Manager and SQS to the sender; a message that is given back is visible again when it said. */
async function startServices(queue: ReadonlyMap<string, Queued>) {
  const server = createServer(async (request, response) => {
    const body = z.record(z.string(), z.unknown()).parse(JSON.parse(Buffer.concat(await request.toArray()).toString()));
    const operation = String(request.headers["x-amz-target"]).split(".").at(-1);
    response.setHeader("content-type", "application/x-amz-json-1.0");
    if (operation === "GetSecretValue") {
      const SecretString = JSON.stringify({ username: "bench", password: "bench-password" });
      return response.end(JSON.stringify({ ARN: "secret", Name: "secret", VersionId: "1", SecretString }));
    }
    if (operation === "ChangeMessageVisibility") {
      const message = queue.get(String(body["ReceiptHandle"]));
      if (message !== undefined) message.visibleAt = Date.now() + Number(body["VisibilityTimeout"]) * 1000;
    }
    response.end("{}");
  });
  const endpoint = await listen(server);
  return { endpoint, [Symbol.asyncDispose]: () => close(server) };
}

/** What was measured at one rate. */
interface Shared {
  readonly average: number;
  readonly worstSecond: number;
  readonly calls: number;
  readonly accepted: number;
  readonly connections: number;
  readonly resumed: number;
  readonly processorMs: number;
  readonly billedMs: number;
  readonly throttled: number;
  readonly invocations: number;
  readonly givenBack: number;
  readonly peakMiB: number;
}

/** A list of `rows` rows, sent at `rate` by environments of the deployed sender that get a share of a processor. */
async function sendUnderShare(shares: ProcessorShares, module: string, rate: number, rows: number): Promise<Shared> {
  const rates = ratesFor(rate);
  await using ledger = await startLedger(null);
  await using phoneSystem = await startTlsPhoneSystem({ min: 60, max: 200 });
  const client = tableClient(ledger.endpoint);
  const table = createDynamoTable(client, tableName);
  const lastBatch = Math.ceil(rows / rates.batchRows);
  const now = Date.now();
  const campaign = running({
    name: "list",
    batchRows: rates.batchRows,
    rows: lastBatch * rates.batchRows,
    sendable: lastBatch * rates.batchRows,
    lastBatch,
    createdAt: now,
    retainUntil: now + 90 * 86_400_000,
  });
  await createCampaigns(table).create(campaign, undefined);

  const queue = new Map<string, Queued>(
    Array.from({ length: lastBatch }, (_, index) => {
      const of = Array.from({ length: rates.batchRows }, (_, at) =>
        sendRow(index * rates.batchRows + at + 1, { message: text }),
      );
      const body = JSON.stringify(batchMessage(index + 1, { campaign: "list", rows: of }));
      const delay = delaySeconds({ since: now, rowsAhead: 0, rate }, index * rates.batchRows, now);
      return [String(index), { messageId: String(index), body, visibleAt: now + delay * 1000, receives: 0 }];
    }),
  );
  await using services = await startServices(queue);
  await using environments = new AsyncDisposableStack();
  const total = { processorMs: 0, billedMs: 0, invocations: 0, givenBack: 0, peakMiB: 0, periods: 0, throttled: 0 };

  /** What Lambda's event source does: receive, invoke, delete. */
  const consume = async (environment: SenderEnvironment) => {
    const { throttling } = shares.limit(environment.pid, rates.senderMemoryMiB);
    let processorMs = 0;
    while (queue.size > 0) {
      const received = receive(queue, rates.batchesPerInvocation, rates.visibilitySeconds);
      if (received.length === 0) {
        await sleep(20);
        continue;
      }
      const invoked = await environment.invoke(received.map(recordOf), rates.senderTimeoutSeconds * 1000);
      for (const { messageId } of received) if (!invoked.failed.includes(messageId)) queue.delete(messageId);
      total.invocations++;
      total.givenBack += invoked.failed.length;
      total.billedMs += invoked.billedMs;
      total.peakMiB = Math.max(total.peakMiB, invoked.peakMiB);
      processorMs = invoked.processorMs;
    }
    const { periods, throttled } = throttling();
    total.processorMs += processorMs;
    total.periods += periods;
    total.throttled += throttled;
  };
  const started = await Promise.all(
    Array.from({ length: rates.consumers }, () =>
      startSenderEnvironment({
        module,
        memoryMiB: rates.senderMemoryMiB,
        environment: environmentOf(rate, { ledger: ledger.endpoint, services: services.endpoint, ...phoneSystem }),
      }),
    ),
  );
  for (const environment of started) environments.use(environment);
  await Promise.all(started.map(consume));

  const times: number[] = [];
  const batches = createBatches({ table, clock: systemClock, freshToken: () => "bench" });
  for await (const { outcomes } of batches.between("list", 1, lastBatch)) {
    for (const { at, status } of outcomes) if (status === "submitted" && at !== undefined) times.push(at);
  }
  client.destroy();
  const { calls, connections, resumed } = await countsOf(phoneSystem.counts);
  // The first call alone is a probe, and all others wait for its answer.
  const held = heldRate(times.toSorted((a, b) => a - b).slice(1));
  if (times.length !== campaign.sendable || calls !== times.length) {
    throw new Error(`${calls} calls arrived and ${times.length} are recorded as submitted, of ${campaign.sendable}.`);
  }
  return {
    ...held,
    ...total,
    calls,
    accepted: times.length,
    connections,
    resumed,
    throttled: total.throttled / total.periods,
  };
}

/** 126 characters. */
const text =
  "Dear customer, your appointment is on Monday at nine. Please call us at the number below if you cannot come then. Kind regards";

/** Up to so many messages, the oldest first as far as SQS keeps an order. */
function receive(queue: ReadonlyMap<string, Queued>, most: number, visibilitySeconds: number): readonly Queued[] {
  const now = Date.now();
  const received = queue
    .values()
    .filter(({ visibleAt }) => visibleAt <= now)
    .take(most)
    .toArray();
  for (const message of received) {
    message.visibleAt = now + visibilitySeconds * 1000;
    message.receives++;
  }
  return received;
}

const recordOf = ({ messageId, body, receives }: Queued) => ({
  messageId,
  receiptHandle: messageId,
  body,
  attributes: { ApproximateReceiveCount: String(receives) },
});

/** The variables that the stack gives to the sender, and Lambda to every function. */
function environmentOf(
  rate: number,
  { ledger, services, endpoint }: { readonly ledger: string; readonly services: string; readonly endpoint: string },
): Record<string, string> {
  const rates = ratesFor(rate);
  return {
    PATH: process.env["PATH"] ?? "",
    AWS_REGION: "eu-west-1",
    AWS_ACCESS_KEY_ID: "local",
    AWS_SECRET_ACCESS_KEY: "local",
    AWS_EC2_METADATA_DISABLED: "true",
    AWS_LAMBDA_INITIALIZATION_TYPE: "on-demand",
    AWS_ENDPOINT_URL: services,
    AWS_ENDPOINT_URL_DYNAMODB: ledger,
    TABLE: tableName,
    BUCKET: "bucket",
    BATCHES_QUEUE_URL: `${services}/batches`,
    NUDGES_QUEUE_URL: `${services}/nudges`,
    SENDS_PER_SECOND: String(rate),
    POWERTOOLS_SERVICE_NAME: "Bench",
    POWERTOOLS_METRICS_DISABLED: "true",
    ENDPOINT: endpoint,
    SECRET_ARN: "arn:aws:secretsmanager:eu-west-1:000000000000:secret:bench",
    ANSWER_TIMEOUT_MS: String(rates.answerTimeoutMs),
    CONSUMERS: String(rates.consumers),
    CA_FILE: fileURLToPath(certificateFile),
  };
}

/** Whether the rate is held where it will run: the deployed bundle, over TLS, with a function's share of a processor. */
export const share: Benchmark = {
  name: "share",
  run: async ({ directory, quick, progress }) => {
    const shares = createProcessorShares();
    if (typeof shares === "string") {
      return { findings: [], notes: [`Rates under a function's share of a processor were not measured: ${shares}.`] };
    }
    await using open = shares;
    progress("bundling");
    await bundle(fileURLToPath(new URL("../../functions/sender.ts", import.meta.url)), directory);
    const findings: Finding[] = [];
    const notes: string[] = [];
    for (const rate of quick ? [50] : [1, 10, 50, 200]) {
      progress(`${rate} a second`);
      const { senderMemoryMiB, consumers } = ratesFor(rate);
      const seconds = quick ? 6 : Math.max(60, 100 / rate);
      const found = await sendUnderShare(open, join(directory, "index.mjs"), rate, rate * seconds);
      const most = mostInASecond(rate);
      const perThousand = (count: number) => (count * 1000) / found.calls;
      findings.push({
        what: `Rate held at ${rate} a second with the share of ${senderMemoryMiB} MiB, deployed bundle, TLS`,
        measured: `${decimal(found.average / rate, 3)} on average, ${whole(found.worstSecond)} in the worst second`,
        against: `the rate set, ${whole(found.calls)} calls`,
        aim: `≥ 0.99, ≤ ${most} in a second`,
        met: found.average / rate >= 0.99 && found.worstSecond <= most,
      });
      notes.push(
        `${rate} a second: ${whole(perThousand(found.connections))} connections per 1,000 calls, ${whole((100 * found.resumed) / found.connections)} % of their TLS sessions resumed; ${decimal(found.processorMs / found.calls)} ms of processor a call; ${whole(found.throttled * 100)} % of the periods throttled; ${consumers} environments, ${found.invocations} invocations, ${decimal(found.billedMs / (found.calls / rate) / 1000)} running on average, ${found.givenBack} messages given back, ${whole(found.peakMiB)} MiB at most.`,
      );
    }
    return { findings, notes };
  },
};
