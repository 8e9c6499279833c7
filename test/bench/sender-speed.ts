import { setImmediate as nextTurn } from "node:timers/promises";
import { Pool } from "undici";
import * as z from "zod";
import { ratesFor } from "../../infra/rates.ts";
import { formBody } from "../../shared/enswitch/form-body.ts";
import type { BatchMessage } from "../../shared/plan/plan.ts";
import type { Item, Table } from "../../shared/ports/table.ts";
import { createSender } from "../../shared/send/sender.ts";
import { running, sendRow } from "../support/factories.ts";
import type { Benchmark } from "./benchmark.ts";
import { decimal, inTurn, median, whole } from "./figures.ts";
import { defineMeasurement } from "./own-process.ts";
import { startPhoneSystem } from "./phone-system.ts";
import { batchRows } from "./plan-list.ts";
import { senderDeps } from "./sender-deps.ts";

const schemas = {
  input: z.object({ endpoint: z.string(), rows: z.number(), batchesAtOnce: z.number() }),
  output: z.object({ calls: z.number(), seconds: z.number() }),
};

/**
 * A ledger that accepts every change: its conditions always hold, because there are no other writers. It answers in the
 * next turn of the event loop, which is the earliest that anything outside the process can. If it answered sooner, the
 * next batch would be fired in the same turn in which the previous batch's last answer arrived. undici frees a connection
 * only at the end of a turn, so it would open another one for each of those calls: twice as many as the pool that the
 * sender is compared with.
 */
function createStubTable(items: Map<string, Item>): Table {
  const idOf = ({ pk, sk }: { pk: string; sk: string }) => `${pk}\n${sk}`;
  return {
    get: async (key) => {
      await nextTurn();
      return items.get(idOf(key));
    },
    update: async (key, { set = {}, remove = [], add = {} }) => {
      await nextTurn();
      const id = idOf(key);
      const after: Record<string, Item[string]> = { ...items.get(id), ...set };
      for (const name of remove) delete after[name];
      for (const [name, value] of Object.entries(add)) after[name] = Number(after[name] ?? 0) + value;
      // Finished batches are never read again.
      if (after["state"] === "done") items.delete(id);
      else items.set(id, after);
      return after;
    },
    query: async function* () {},
  };
}

/** Handles each row as the sender does, except that it never waits for a slot. */
const sending = defineMeasurement(import.meta.url, "sender", schemas, async ({ endpoint, rows, batchesAtOnce }) => {
  const far = Date.now() + 90 * 86_400_000;
  const campaign = running({ batchRows, rows, sendable: rows + 1, retainUntil: far, createdAt: Date.now() });
  const { tally: _tally, ...item } = campaign;
  const stored: Item = JSON.parse(JSON.stringify(item));
  let submitted = 0;
  const account = { nextFreeAt: Date.now(), everAccepted: true, answerMs: 10_000, version: 1, writer: "" };
  const { begin } = createSender({
    ...senderDeps("t"),
    table: createStubTable(
      new Map<string, Item>([
        ["campaigns\nspring", stored],
        ["account\nthrottle", account],
      ]),
    ),
    endpoint,
    ceiling: 1_000_000,
    // With so small a share of all executions, the number of unanswered calls is not limited.
    consumers: 0.01,
    answerTimeoutMs: 20_000,
    metrics: {
      add: (name, value) => {
        if (name === "Submitted") submitted += value;
      },
    },
    // Every slot is now, and no call waits for room.
    createPacer: () => ({ took: () => {}, wait: async () => ({ use: () => true, [Symbol.dispose]: () => {} }) }),
    takeSlots: (state, request, now) => ({
      kind: "slots",
      account: { ...state, nextFreeAt: now },
      slots: Array.from({ length: request.rows }, () => now),
      rate: 1,
      probe: undefined,
    }),
  });
  await using execution = begin();
  const batches = rows / batchRows;
  let next = 0;
  const bodyOf = (batch: number) => {
    const first = (batch - 1) * batchRows;
    return JSON.stringify({
      v: 1,
      campaign: "spring",
      run: campaign.run,
      pass: campaign.pass,
      batch,
      prev: batch - 1,
      rows: Array.from({ length: batchRows }, (_, index) => sendRow(first + index + 1)),
      skipped: [],
    } satisfies BatchMessage);
  };
  const bodies = Array.from({ length: batches }, (_, index) => bodyOf(index + 1));
  const work = async () => {
    for (let body = bodies[next++]; body !== undefined; body = bodies[next++]) {
      const handled = await execution.handle({ body, receiveCount: 1 }, Date.now() + 120_000);
      if (handled.kind !== "done") throw new Error("A batch was given back.");
    }
  };
  const began = performance.now();
  await Promise.all(Array.from({ length: batchesAtOnce }, work));
  if (submitted !== rows) throw new Error(`${submitted} of ${rows} rows were submitted.`);
  return { calls: rows, seconds: (performance.now() - began) / 1000 };
});

/** undici's pool, with as many connections as the sender has calls in flight. */
const bareUndici = defineMeasurement(import.meta.url, "undici", schemas, async ({ endpoint, rows, batchesAtOnce }) => {
  const url = new URL(`${endpoint}/messages/text/send/`);
  const connections = batchesAtOnce * batchRows;
  const pool = new Pool(url.origin, { connections, pipelining: 1 });
  const credentials = [
    ["auth_username", "bench"],
    ["auth_password", "bench-password"],
  ] as const;
  let row = 0;
  const work = async () => {
    while (row < rows) {
      const { cnumber, message, stype, snumber } = sendRow(++row);
      const body = formBody([
        ...credentials,
        ["cnumber", cnumber],
        ["message", message],
        ["stype", stype],
        ["snumber", snumber],
      ]);
      const answer = await pool.request({
        method: "POST",
        path: url.pathname,
        headers: { "content-type": "application/x-www-form-urlencoded" },
        body,
      });
      await answer.body.json();
    }
  };
  const began = performance.now();
  await Promise.all(Array.from({ length: connections }, work));
  const seconds = (performance.now() - began) / 1000;
  await pool.close();
  return { calls: rows, seconds };
});

/** How many calls one execution of the sender can make, compared with undici alone. */
export const senderSpeed: Benchmark = {
  name: "sender",
  run: async ({ quick, progress }) => {
    await using phoneSystem = await startPhoneSystem({ min: 0, max: 0 });
    const rows = quick ? 2_500 : 50_000;
    const batchesAtOnce = ratesFor(1000).batchesPerInvocation;
    const input = { endpoint: phoneSystem.endpoint, rows, batchesAtOnce };
    progress("the sender against undici");
    const { ones, others } = await inTurn(
      quick ? 1 : 5,
      () => sending(input),
      () => bareUndici(input),
    );
    const perSecond = (runs: typeof ones) => median(runs.map(({ output }) => output.calls / output.seconds));
    const [ours, theirs] = [perSecond(ones), perSecond(others)];
    return {
      findings: [
        {
          what: "Sender without a rate limit, one execution",
          measured: `${whole(ours)} calls/s = ${decimal(ours / theirs)}`,
          against: `undici's pool with the same ${batchesAtOnce * batchRows} connections: ${whole(theirs)} calls/s`,
          aim: "≥ 0.75",
          met: ours / theirs >= 0.75,
        },
      ],
      notes: [
        `For the sender's speed the ledger is a stub that answers in the next turn of the event loop and gives every call a slot at once; ${batchesAtOnce} batches of ${batchRows} rows are in progress. The phone system, in its own process, answers at once.`,
      ],
    };
  },
};
