import { stat } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { ratesFor } from "../../infra/rates.ts";
import { randomFor } from "../simulation/random.ts";
import { startBulkSend } from "./bulk-send-process.ts";
import { compareWithRecord, recordedCalls } from "./compare-with-record.ts";
import { type TellingList, writeTellingList } from "./telling-list.ts";
import { temporaryDirectory } from "./temporary-directory.ts";
import { until } from "./until.ts";

const rate = 100;

/** Claims that can stand at one moment: one batch that is fired, the next, and one whose answers are still awaited. */
const batchesInFlight = 3;
const inDoubtByKill = batchesInFlight * ratesFor(rate).batchRows;

/** Where a run keeps its things. */
function placesIn(directory: string) {
  const data = join(directory, "data");
  const record = join(data, "simulator", "calls.ndjson");
  return {
    record,
    start: (list: TellingList) =>
      startBulkSend(["run", list.csv, "--data", data, "--out", join(directory, "out", list.name)]),
    recorded: async () => (await stat(record).catch(() => undefined))?.size ?? 0,
    compare: (list: TellingList) => compareWithRecord(list, join(directory, "out", list.name), record),
  };
}

test("killed at twenty random moments and started again, a run forgets nobody and sends to nobody twice", async () => {
  const seed = Number(process.env["CRASH_SEED"] ?? Date.now() % 1_000_000);
  const random = randomFor(seed, "kills");
  console.log(`CRASH_SEED=${seed} repeats these moments.`);
  await using directory = await temporaryDirectory();
  const places = placesIn(directory.path);
  const lists: TellingList[] = [];
  const killed = new Map<string, number>();
  const goneOn: number[] = [];
  let kills = 0;
  let list: TellingList | undefined;
  while (kills < 20 || list !== undefined) {
    if (list === undefined) {
      list = await writeTellingList(directory.path, `list-${lists.length + 1}`, 700);
      lists.push(list);
    }
    await using run = places.start(list);
    const before = await places.recorded();
    const began = performance.now();
    const hasSent = async () => run.ended() || (await places.recorded()) > before;
    if (kills < 20) {
      // A third of the moments are anywhere from the start on, the others while rows are sent or the report is written.
      if (random.chance(1 / 3)) await Promise.race([sleep(random.int(100, 6_000)), run.exited]);
      else {
        await until(hasSent, { ms: 60_000 });
        if (!run.ended() && killed.has(list.name)) goneOn.push(Math.round(performance.now() - began));
        await Promise.race([sleep(random.int(0, 3_000)), run.exited]);
      }
      run.kill("SIGKILL");
    }
    const exit = await run.exited;
    if (exit.signal === "SIGKILL") {
      kills++;
      killed.set(list.name, (killed.get(list.name) ?? 0) + 1);
      continue;
    }
    expect(exit.code, run.output()).toBe(0);
    list = undefined;
  }
  const inDoubt: string[] = [];
  for (const each of lists) {
    const { problems, unknown, accepted, counts } = await places.compare(each);
    const explained = (killed.get(each.name) ?? 0) * inDoubtByKill;
    inDoubt.push(`${each.name}: ${killed.get(each.name) ?? 0} kills, ${unknown.length} in doubt`);
    expect(problems).toEqual([]);
    expect(unknown.length).toBeLessThanOrEqual(explained);
    expect(accepted).toBeGreaterThanOrEqual(counts["submitted"] ?? 0);
    expect(counts["submitted"] ?? 0).toBeGreaterThanOrEqual(700 * 0.97 - explained);
  }
  console.log(`${kills} kills. ${inDoubt.join("; ")}. Sending again after ${goneOn.join(", ")} ms.`);
}, 600_000);

test("kill -9 and the same command: it goes on, and the report knows every row", async () => {
  await using directory = await temporaryDirectory();
  const places = placesIn(directory.path);
  const list = await writeTellingList(directory.path, "once", 500);
  {
    await using run = places.start(list);
    await until(async () => run.ended() || (await count(places.record)) >= 150, { ms: 60_000 });
    run.kill("SIGKILL");
    expect((await run.exited).signal, run.output()).toBe("SIGKILL");
  }
  const before = await count(places.record);
  const again = performance.now();
  await using run = places.start(list);
  await until(async () => run.ended() || (await count(places.record)) > before, { ms: 60_000 });
  const goneOnMs = performance.now() - again;
  expect((await run.exited).code, run.output()).toBe(0);
  expect(run.output()).toContain("continues where it left off");
  const { problems, unknown } = await places.compare(list);
  expect(problems).toEqual([]);
  expect(unknown.length).toBeLessThanOrEqual(inDoubtByKill);
  console.log(`Sending again ${Math.round(goneOnMs)} ms after the kill; ${unknown.length} rows in doubt.`);
  // Ten seconds on a machine that does nothing else.
  expect(goneOnMs).toBeLessThan(30_000);
}, 180_000);

test.each(["SIGINT", "SIGTERM"] as const)(
  "%s lets what is under way be noted: nothing is in doubt, and the same command completes",
  async (signal) => {
    await using directory = await temporaryDirectory();
    const places = placesIn(directory.path);
    const list = await writeTellingList(directory.path, "stopped", 400);
    {
      await using run = places.start(list);
      await until(async () => run.ended() || (await count(places.record)) >= 120, { ms: 60_000 });
      run.kill(signal);
      expect((await run.exited).code, run.output()).toBe(130);
    }
    expect(await count(places.record)).toBeLessThan(380);
    await using run = places.start(list);
    expect((await run.exited).code, run.output()).toBe(0);
    const { problems, unknown } = await places.compare(list);
    expect(problems).toEqual([]);
    expect(unknown).toEqual([]);
  },
  180_000,
);

async function count(record: string): Promise<number> {
  if ((await stat(record).catch(() => undefined)) === undefined) return 0;
  let calls = 0;
  for await (const _ of recordedCalls(record)) calls++;
  return calls;
}
