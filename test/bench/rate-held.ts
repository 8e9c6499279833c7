import { once } from "node:events";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import * as z from "zod";
import { ratesFor } from "../../infra/rates.ts";
import { createDynamoTable } from "../../shared/aws/dynamo-table.ts";
import { createCampaigns } from "../../shared/campaign/campaigns.ts";
import { createEnswitch } from "../../shared/enswitch/enswitch.ts";
import { systemClock } from "../../shared/ports/clock.ts";
import { createSender } from "../../shared/send/sender.ts";
import { tableClient, tableName } from "../aws/table-emulator.ts";
import { batchMessage, running, sendRow } from "../support/factories.ts";
import type { Benchmark, Finding } from "./benchmark.ts";
import { heldRate, mostInASecond } from "./calls-in-time.ts";
import { decimal, whole } from "./figures.ts";
import { startLedger } from "./ledger.ts";
import { defineMeasurement } from "./own-process.ts";
import { startPhoneSystem } from "./phone-system.ts";
import { senderDeps } from "./sender-deps.ts";

const Consumer = z.object({
  holdRate: z.object({ rate: z.number(), consumers: z.number(), ledger: z.string(), phoneSystem: z.string() }),
});
type Consumer = z.infer<typeof Consumer>;
const Work = z.array(z.string());
const Done = z.object({
  calls: z.array(z.number()),
  back: z.array(z.object({ body: z.string(), afterMs: z.number() })),
});

/** Runs the consumers of one account, each in its own thread, until `rows` rows are sent, and returns when each call was written. */
const holding = defineMeasurement(
  import.meta.url,
  "rate held",
  {
    input: Consumer.shape.holdRate.extend({ rows: z.number() }),
    output: z.object({ times: z.array(z.number()) }),
  },
  async ({ rows, ...consumer }) => {
    const { batchRows, batchesPerInvocation } = ratesFor(consumer.rate);
    const batches = Math.ceil(rows / batchRows);
    const client = tableClient(consumer.ledger);
    const now = Date.now();
    const name = `at-${consumer.rate}-by-${consumer.consumers}`;
    const sendable = batches * batchRows;
    const campaign = running({
      name,
      batchRows,
      rows: sendable,
      sendable,
      lastBatch: batches,
      createdAt: now,
      retainUntil: now + 90 * 86_400_000,
    });
    await createCampaigns(createDynamoTable(client, tableName)).create(campaign, undefined);

    const waiting = Array.from({ length: batches }, (_, index) => {
      const first = index * batchRows + 1;
      const of = Array.from({ length: batchRows }, (_, at) => sendRow(first + at));
      return { body: JSON.stringify(batchMessage(index + 1, { campaign: name, rows: of })), visibleAt: 0 };
    });
    let left = batches;
    const times: number[] = [];
    const consume = async () => {
      const job: Consumer = { holdRate: consumer };
      const worker = new Worker(new URL(import.meta.url), { workerData: job });
      await once(worker, "online");
      while (left > 0) {
        const ready = waiting.filter(({ visibleAt }) => visibleAt <= Date.now()).slice(0, batchesPerInvocation);
        if (ready.length === 0) {
          await systemClock.sleepUntil(Date.now() + 50);
          continue;
        }
        for (const message of ready) waiting.splice(waiting.indexOf(message), 1);
        worker.postMessage(ready.map(({ body }) => body));
        const { calls, back } = Done.parse((await once(worker, "message"))[0]);
        times.push(...calls);
        // The oldest messages come first, to the extent that SQS keeps any order.
        for (const { body, afterMs } of back) waiting.unshift({ body, visibleAt: Date.now() + afterMs });
        left -= ready.length - back.length;
      }
      await worker.terminate();
    };
    await Promise.all(Array.from({ length: consumer.consumers }, consume));
    client.destroy();
    return { times };
  },
);

const job = Consumer.safeParse(workerData);
if (!isMainThread && parentPort !== null && job.success) consumeIn(parentPort, job.data.holdRate);

/** One consumer: executions of the sender as in `functions/sender.ts`, recording when each call was written. */
function consumeIn(
  port: NonNullable<typeof parentPort>,
  { rate, consumers, ledger, phoneSystem }: Consumer["holdRate"],
) {
  const { answerTimeoutMs, senderTimeoutSeconds } = ratesFor(rate);
  let calls: number[] = [];
  const { begin } = createSender({
    table: createDynamoTable(tableClient(ledger), tableName),
    ...senderDeps(`${Math.random().toString(36).slice(2)}-`),
    endpoint: phoneSystem,
    ceiling: rate,
    consumers,
    answerTimeoutMs,
    connect: () => {
      const enswitch = createEnswitch({ endpoint: phoneSystem, answerTimeoutMs });
      return {
        ...enswitch,
        fire: (call, gate) =>
          enswitch.fire(call, () => {
            const admitted = gate();
            if (admitted) calls.push(performance.timeOrigin + performance.now());
            return admitted;
          }),
        [Symbol.asyncDispose]: () => enswitch[Symbol.asyncDispose](),
      };
    },
  });
  port.on("message", async (message) => {
    await using execution = begin();
    const deadline = Date.now() + senderTimeoutSeconds * 1000;
    const handled = await Promise.all(
      Work.parse(message).map(async (body) => ({
        body,
        ...(await execution.handle({ body, receiveCount: 2 }, deadline)),
      })),
    );
    const back = handled.flatMap((one) => (one.kind === "give-back" ? [{ body: one.body, afterMs: one.afterMs }] : []));
    port.postMessage({ calls, back } satisfies z.infer<typeof Done>);
    calls = [];
  });
}

/** Whether consumers that share nothing but the ledger keep to the rate exactly. */
export const rateHeld: Benchmark = {
  name: "rate",
  run: async ({ quick, progress }) => {
    const rates = quick ? [50] : [1, 10, 50, 200];
    const findings: Finding[] = [];
    for (const rate of rates) {
      for (const consumers of quick ? [2] : [2, 4]) {
        progress(`${rate} a second, ${consumers} consumers`);
        await using ledger = await startLedger(null);
        await using phoneSystem = await startPhoneSystem({ min: 20, max: 400 });
        const seconds = quick ? 4 : Math.max(30, 100 / rate);
        const input = {
          rate,
          consumers,
          ledger: ledger.endpoint,
          phoneSystem: phoneSystem.endpoint,
          rows: rate * seconds,
        };
        const { times } = (await holding(input)).output;
        // The first call is a probe; all others wait for its answer.
        const { average, worstSecond } = heldRate(times.toSorted((a, b) => a - b).slice(1));
        const most = mostInASecond(rate);
        findings.push({
          what: `Rate held at ${rate} a second by ${consumers} consumers`,
          measured: `${decimal(average / rate, 3)} on average, ${whole(worstSecond)} in the worst second`,
          against: `the rate set, ${whole(times.length)} calls`,
          aim: `≥ 0.99, ≤ ${most} in a second`,
          met: average / rate >= 0.99 && worstSecond <= most,
        });
      }
    }
    return {
      findings,
      notes: [
        "Rates are measured with threads that run the sender's own code against the DynamoDB emulator, while answers take 20 to 400 ms. A call's time is when it is handed to its socket; the probe that begins a campaign is left out.",
      ],
    };
  },
};
