import { ratesFor } from "../../infra/rates.ts";
import { rateLimits } from "../../shared/account/rate-limits.ts";
import { createCampaigns } from "../../shared/campaign/campaigns.ts";
import { delaySeconds } from "../../shared/feed/pace.ts";
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
import { createProcessor, processorCosts } from "./simulated-processor.ts";

const start = Date.UTC(2026, 2, 2, 9);

/** The most that a machine's clock is off, ms. Amazon's time service is far more accurate. */
const skewMs = 5;

/** A consumer stalls for 2 ms to 4 s at one in this many steps: about twice, or ten times, a minute among all of them. */
const stalls = [
  { every: 100_000, often: "twice" },
  { every: 20_000, often: "ten times" },
] as const;

/** What is simulated. */
interface Sending {
  readonly rate: number;
  readonly rows: number;
  /** A consumer stands still at one of so many steps. */
  readonly stallEvery: number;
  /** Whether its calls, connections and requests take the processor time that its memory gives it; else they take none. */
  readonly shared: boolean;
  /** The share of a processor, if not what its memory gives it. */
  readonly share?: number;
  /** It must be over by then, seconds of simulated time; absent: an hour. */
  readonly withinSeconds?: number;
}

/**
 * Sends rows by a stack's consumers on a virtual clock. Returns when each call was made, in world time and by its own
 * machine's clock, and what it took.
 */
export async function simulateSending({ rate, rows, stallEvery, shared, share, withinSeconds = 3600 }: Sending) {
  const rates = ratesFor(rate);
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
    listed: () => {},
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
    at: start + 1000 * delaySeconds({ since: start, rowsAhead: 0, rate }, index * rates.batchRows, start),
    body: JSON.stringify(
      batchMessage(index + 1, {
        rows: Array.from({ length: rates.batchRows }, (_, row) => sendRow(index * rates.batchRows + row + 1)),
      }),
    ),
  }));
  let left = waiting.length;
  const deps = senderDeps("t");

  const total = { connections: 0, processorMs: 0, runningMs: 0 };

  const consume = async (machine: Machine) => {
    const processor = shared ? createProcessor(machine, time, share ?? rates.senderMemoryMiB / 1769) : undefined;
    const connect = () => phoneSystem.connect(machine, randomFor(1, `connections ${machine.name}`));
    const { begin } = createSender({
      ...deps,
      table: processor?.chargingTable(tableOf(machine)) ?? tableOf(machine),
      endpoint: "https://pbx.example.com/api/json",
      ceiling: rate,
      consumers: rates.consumers,
      answerTimeoutMs: rates.answerTimeoutMs,
      clock: machine.clock,
      connect: () => processor?.charging(connect()) ?? connect(),
    });
    while (left > 0) {
      const ready = waiting.filter(({ at }) => at <= time.now()).slice(0, rates.batchesPerInvocation);
      if (ready.length === 0) {
        await machine.clock.sleepUntil(machine.now() + 50);
        continue;
      }
      const began = time.now();
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
      total.runningMs += time.now() - began;
    }
    total.connections += processor?.connections ?? 0;
    total.processorMs += processor?.used ?? 0;
  };
  let consuming = rates.consumers;
  for (let number = 1; number <= rates.consumers; number++) {
    void consume(machineOf(`consumer ${number}`, 1 / stallEvery)).then(() => consuming--);
  }
  await time.run(() => consuming === 0, start + withinSeconds * 1000);
  return { ...total, rates, calls: phoneSystem.calls.map(({ at, clockAt }) => ({ at, clockAt })) };
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

/** A run's average, without its first call, which alone is a probe, and the worst second by the machines' own clocks. */
function held({ calls }: Awaited<ReturnType<typeof simulateSending>>) {
  const sorted = calls.map(({ at }) => at).toSorted((a, b) => a - b);
  return {
    average: heldRate(sorted.slice(1)).average,
    worstSecond: heldRate(calls.map(({ clockAt }) => clockAt)).worstSecond,
  };
}

/** Whether rates are held with the share of a processor that a function gets. */
async function underShare(rates: readonly number[], seconds: number) {
  const findings: Finding[] = [];
  const notes: string[] = [];
  for (const rate of rates) {
    const sending = await simulateSending({
      rate,
      rows: rate * seconds,
      stallEvery: Number.POSITIVE_INFINITY,
      shared: true,
    });
    const { average, worstSecond } = held(sending);
    const { consumers, senderMemoryMiB } = sending.rates;
    const most = mostInASecond(rate);
    const calls = sending.calls.length;
    findings.push({
      what: `Rate held at ${whole(rate)} a second with the share of ${senderMemoryMiB} MiB, simulated`,
      measured: `${decimal(average / rate, 3)} on average, ${whole(worstSecond)} in the worst second`,
      against: `the rate set, ${whole(calls)} calls`,
      aim: `≥ 0.99, ≤ ${whole(most)} in a second`,
      met: average / rate >= 0.99 && worstSecond <= most,
    });
    notes.push(
      `${whole(rate)} a second, simulated: ${whole((sending.connections * 1000) / calls)} connections per 1,000 calls, ${decimal(sending.processorMs / calls)} ms of processor a call, ${decimal(sending.runningMs / (calls / rate) / 1000)} of ${consumers} senders running on average.`,
    );
  }
  return { findings, notes };
}

/** The highest rate there is. */
const fastest = rateLimits.max;

/** Whether the highest rate of all is held by as many consumers as it takes, some of which stand still now and then. */
export const simulatedRate: Benchmark = {
  name: "simulated-rate",
  run: async ({ quick, progress }) => {
    const seconds = quick ? 6 : 300;
    progress("with a share of a processor");
    const { findings, notes } = await underShare(quick ? [fastest] : [1, 10, 50, 200, 500, fastest], seconds / 3);
    const { consumers } = ratesFor(fastest);
    for (const { every, often } of stalls) {
      progress(`${fastest} a second, ${consumers} consumers, stalls ${often} a minute`);
      const rows = fastest * seconds;
      const sending = await simulateSending({ rate: fastest, rows, stallEvery: every, shared: false });
      const { calls } = sending;
      if (calls.length !== rows) throw new Error(`${calls.length} calls were made for ${rows} rows.`);
      const { average, worstSecond } = held(sending);
      const most = mostInASecond(fastest);
      findings.push({
        what: `Rate held at ${whole(fastest)} a second by ${consumers} consumers, one of which stands still ${often} a minute, simulated`,
        measured: `${decimal(average / fastest, 3)} on average, ${whole(worstSecond)} in the worst second`,
        against: `the rate set, ${whole(calls.length)} calls`,
        aim: `≥ 0.99, ≤ ${whole(most)} in a second`,
        met: average / fastest >= 0.99 && worstSecond <= most,
      });
    }
    return {
      findings,
      notes: [
        ...notes,
        `A simulated processor takes ${processorCosts.call} ms for a call, ${processorCosts.connection} ms for a connection and ${processorCosts.ledger} ms for a request to the ledger, one thing after another, and stands still in each period of 20 ms once a function's share of it is used up. Answers take up to 400 ms.`,
        `Simulated on a virtual clock: machines whose clocks are off by up to ${skewMs} ms and which stand still for 2 ms to 4 s. A machine that stands still loses the slots that it has reserved and not used, a quarter of a second of them at most: they are lost so that nothing is ever made up for in a burst. The worst second is counted by the machines' own clocks, because skew comes on top of the promise.`,
      ],
    };
  },
};
