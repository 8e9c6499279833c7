import { ratesFor } from "../../infra/rates.ts";
import { createCampaigns } from "../../shared/campaign/campaigns.ts";
import { createSender } from "../../shared/send/sender.ts";
import { createMachine, type Machine } from "../simulation/machine.ts";
import { createPhoneSystem } from "../simulation/phone-system.ts";
import { randomFor } from "../simulation/random.ts";
import { createServiceCalls } from "../simulation/service-calls.ts";
import { createSimTable } from "../simulation/table.ts";
import { createVirtualTime } from "../simulation/virtual-time.ts";
import { batchMessage, running, sendRow } from "../support/factories.ts";
import type { Benchmark, Finding } from "./benchmark.ts";
import { heldRate, mostInASecond } from "./calls-in-time.ts";
import { decimal, whole } from "./figures.ts";
import { senderDeps } from "./sender-deps.ts";

const rate = 1000;
const rates = ratesFor(rate);
const start = Date.UTC(2026, 2, 2, 9);

/** The most that a machine's clock is off, ms. Amazon's time service is far more accurate. */
const skewMs = 5;

/** A consumer stalls for 2 ms to 4 s at one in this many steps: about twice, or ten times, a minute among all of them. */
const stalls = [
  { every: 100_000, often: "twice" },
  { every: 20_000, often: "ten times" },
] as const;

/**
 * Sends `rows` rows with ten consumers on a virtual clock, one of which stalls at every `stallEvery`th step. Returns when
 * each call was made, in world time and by its machine's own clock.
 */
async function simulateSending(rows: number, stallEvery: number) {
  const time = createVirtualTime(start);
  const campaign = running({
    batchRows: rates.batchRows,
    rows,
    sendable: rows,
    lastBatch: rows / rates.batchRows,
    createdAt: start,
    retainUntil: start + 90 * 86_400_000,
  });
  const table = createSimTable({ time, random: randomFor(1, "table"), observe: () => {} });
  const never = { until: 0, failed: 0, lost: 0, late: 0, latestMs: 0, outages: [] };
  const phoneSystem = createPhoneSystem({
    seed: 1,
    time,
    random: randomFor(1, "phone system"),
    faults: { outages: [], until: 0, lostAnswers: 0, answerMs: 400, slowAnswers: 0, badRows: 0 },
    answerTimeoutMs: rates.answerTimeoutMs,
    password: "bench-password",
    observe: () => {},
    accepts: () => {},
  });
  const machineOf = (name: string, chaos: number): Machine =>
    createMachine({
      name,
      time,
      random: randomFor(1, name),
      chaos: { until: Number.POSITIVE_INFINITY, die: 0, freeze: 0, stall: chaos },
      skewMs: chaos === 0 ? 0 : randomFor(1, `skew ${name}`).int(-skewMs, skewMs),
      trace: () => {},
    });
  const tableOf = (machine: Machine) => {
    const random = randomFor(1, `calls ${machine.name}`);
    return table.through(createServiceCalls({ machine, time, random, faults: never, latencyMs: 6 }), machine.name);
  };
  await committed(createCampaigns(tableOf(machineOf("person", 0))), time, campaign);

  const waiting = Array.from({ length: rows / rates.batchRows }, (_, index) => ({
    at: start,
    body: JSON.stringify(
      batchMessage(index + 1, {
        rows: Array.from({ length: rates.batchRows }, (_, row) => sendRow(index * rates.batchRows + row + 1)),
      }),
    ),
  }));
  let left = waiting.length;
  const deps = senderDeps("t");

  const consume = async (machine: Machine) => {
    const begin = createSender({
      ...deps,
      table: tableOf(machine),
      endpoint: "https://pbx.example.com/api/json",
      ceiling: rate,
      consumers: rates.consumers,
      answerTimeoutMs: rates.answerTimeoutMs,
      clock: machine.clock,
      connect: () => phoneSystem.connect(machine, randomFor(1, `connections ${machine.name}`)),
    });
    while (left > 0) {
      const ready = waiting.filter(({ at }) => at <= time.now()).slice(0, rates.batchesPerInvocation);
      if (ready.length === 0) {
        await machine.clock.sleepUntil(machine.now() + 50);
        continue;
      }
      for (const message of ready) waiting.splice(waiting.indexOf(message), 1);
      await using execution = begin();
      const deadline = machine.now() + rates.senderTimeoutSeconds * 1000;
      await Promise.all(
        ready.map(async ({ body }) => {
          const handled = await execution.handle({ body, receiveCount: 2 }, deadline);
          if (handled.kind === "done") left--;
          // The oldest messages come first, to the extent that SQS keeps any order.
          else waiting.unshift({ body, at: time.now() + handled.afterMs });
        }),
      );
    }
  };
  for (let number = 1; number <= rates.consumers; number++)
    void consume(machineOf(`consumer ${number}`, 1 / stallEvery));
  await time.run(() => left === 0, start + 3600_000);
  return phoneSystem.calls.map(({ at, clockAt }) => ({ at, clockAt }));
}

async function committed(
  campaigns: ReturnType<typeof createCampaigns>,
  time: ReturnType<typeof createVirtualTime>,
  campaign: ReturnType<typeof running>,
) {
  let done = false;
  const creating = campaigns.create(campaign, undefined).then(() => {
    done = true;
  });
  await time.run(() => done, start + 60_000);
  await creating;
}

/** Whether the highest possible rate is kept by as many consumers as it takes, although some of them stall now and then. */
export const simulatedRate: Benchmark = {
  name: "simulated-rate",
  run: async ({ quick, progress }) => {
    const rows = rate * (quick ? 5 : 300);
    const findings: Finding[] = [];
    for (const { every, often } of stalls) {
      progress(`${rate} a second, ${rates.consumers} consumers, stalls ${often} a minute`);
      const calls = await simulateSending(rows, every);
      if (calls.length !== rows) throw new Error(`${calls.length} calls were made for ${rows} rows.`);
      // The first call is a probe; all others wait for its answer.
      const { average } = heldRate(
        calls
          .map(({ at }) => at)
          .toSorted((a, b) => a - b)
          .slice(1),
      );
      const { worstSecond } = heldRate(calls.map(({ clockAt }) => clockAt));
      const most = mostInASecond(rate);
      findings.push({
        what: `Rate held at ${whole(rate)} a second by ${rates.consumers} consumers, one of which stands still ${often} a minute, simulated`,
        measured: `${decimal(average / rate, 3)} on average, ${whole(worstSecond)} in the worst second`,
        against: `the rate set, ${whole(calls.length)} calls`,
        aim: `≥ 0.99, ≤ ${whole(most)} in a second`,
        met: average / rate >= 0.99 && worstSecond <= most,
      });
    }
    return {
      findings,
      notes: [
        `Simulated on a virtual clock: machines whose clocks are off by up to ${skewMs} ms and which stall for 2 ms to 4 s. A stalled machine loses the slots that it has reserved but not used, at most a quarter of a second's: they are given up so that calls never catch up in a burst. The worst second is counted by the machines' own clocks, because skew comes on top of the promise.`,
      ],
    };
  },
};
