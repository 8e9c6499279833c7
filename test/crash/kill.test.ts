import { mkdtempDisposable, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { type Random, randomFor } from "../simulation/random.ts";
import { until } from "../support/until.ts";
import { type BulkSendProcess, startBulkSend } from "./bulk-send-process.ts";
import { compareWithRecord, recordedCalls } from "./compare-with-record.ts";
import { startForeignServer } from "./foreign-server.ts";
import { type TellingList, writeTellingList } from "./telling-list.ts";

const seed = Number(process.env["CRASH_SEED"] ?? Date.now() % 1_000_000);

/** Calls a second. A list takes as long as at a higher rate, in as many batches, and costs less of a processor. */
const rate = 50;

/** Seven seconds of sending, longer than the latest moment of a kill. */
const rows = 7 * rate;

/** Slow enough for a run to be caught in the middle however late the test looks. */
const slowRate = 15;

/**
 * How much sending a kill leaves in doubt at most, averaged over several and besides the calls in the air, in seconds: what is
 * claimed and not yet fired (a batch of 0.2 s and the claim's lead before it, which is 0.1 s and on a busy machine up to 0.4), and
 * what is answered and not yet noted (0.1 s). Usually it is a third of that. A single kill of a machine that is just late may
 * leave more: calls that are late by up to half a second are claimed as well, and notes are late, too.
 */
const inDoubtSeconds = 0.7;

/** Rows that a kill leaves in doubt on average, at most, where answers come at once. */
const inDoubtByKill = inDoubtSeconds * rate;

/** By how many more rows than that average a single kill may go. */
const atLateMoment = rate;

/** Where runs keep their data, and what can be asked about them. */
function placesIn(directory: string) {
  const data = join(directory, "data");
  const record = join(data, "simulator", "calls.ndjson");
  return {
    directory,
    record,
    start: (list: TellingList, atRate = rate) =>
      startBulkSend([
        ...["run", list.csv, "--rate", `${atRate}`],
        ...["--data", data, "--out", join(directory, "out", list.name)],
      ]),
    recorded: async () => (await stat(record).catch(() => undefined))?.size ?? 0,
    compare: (list: TellingList) => compareWithRecord(list, join(directory, "out", list.name), record),
  };
}

/** Kills each run at a random moment and starts it again until `kills` runs were killed; returns the lists sent. */
async function killAndStartAgain(places: ReturnType<typeof placesIn>, random: Random, kills: number) {
  const sent: { readonly list: TellingList; readonly kills: number }[] = [];
  let left = kills;
  while (left > 0) {
    const list = await writeTellingList(places.directory, `list-${sent.length + 1}`, rows);
    let killed = 0;
    for (;;) {
      await using run = places.start(list);
      const before = await places.recorded();
      if (left > 0) {
        // A third of the moments are at any time from the start, the others while rows are sent or the report is written.
        if (random.chance(1 / 3)) await Promise.race([sleep(random.int(100, 6_000)), run.exited]);
        else {
          await until("it sends", async () => run.ended() || (await places.recorded()) > before);
          await Promise.race([sleep(random.int(0, 3_000)), run.exited]);
        }
        run.kill("SIGKILL");
      }
      const exit = await run.exited;
      if (exit.signal !== "SIGKILL") {
        expect(exit.code, run.output()).toBe(0);
        break;
      }
      killed++;
      left--;
    }
    sent.push({ list, kills: killed });
  }
  return sent;
}

test.concurrent.each(["one machine", "another"])(
  "killed at six random moments on %s and started again, a run forgets nobody and sends to nobody twice",
  {
    // All these starts, one after the other.
    timeout: 900_000,
  },
  async (machine) => {
    console.log(`CRASH_SEED=${seed} repeats these moments.`);
    await using directory = await mkdtempDisposable(join(tmpdir(), "bulk-send-crash-"));
    const places = placesIn(directory.path);
    const allKills = 6;
    const sent = await killAndStartAgain(places, randomFor(seed, `kills on ${machine}`), allKills);
    let inDoubt = 0;
    for (const { list, kills } of sent) {
      const { problems, unknown, accepted, counts } = await places.compare(list);
      console.log(`${list.name}: ${kills} kills, ${unknown.length} in doubt.`);
      inDoubt += unknown.length;
      expect(problems).toEqual([]);
      expect(unknown.length).toBeLessThanOrEqual(kills * inDoubtByKill + atLateMoment);
      expect(accepted).toBeGreaterThanOrEqual(counts["submitted"] ?? 0);
      expect(counts["submitted"] ?? 0).toBeGreaterThanOrEqual(rows - list.odd - unknown.length);
    }
    expect(inDoubt).toBeLessThanOrEqual(allKills * inDoubtByKill);
  },
);

test.concurrent("killed while Enswitch takes its time, a run leaves in doubt what is in the air and a moment's rows", async () => {
  const kills = 3;
  await using server = await startForeignServer();
  server.simulator.configure({ latencyMs: { min: 300, max: 1_000 } });
  const list = await writeTellingList(server.directory, "slow-answers", 360);
  let inTheAir = 0;
  for (let killed = 0; killed < kills; killed++) {
    await using run = server.run(list, 40);
    const before = server.simulator.count();
    await until("it sends", () => run.ended() || server.simulator.count() >= before + 70);
    inTheAir += server.simulator.waiting();
    run.kill("SIGKILL");
    expect((await run.exited).signal, run.output()).toBe("SIGKILL");
  }
  await using run = server.run(list, 40);
  expect((await run.exited).code, run.output()).toBe(0);
  const { problems, unknown } = await server.compare(list);
  console.log(`${kills} kills: ${unknown.length} in doubt, of which ${inTheAir} were in the air.`);
  expect(problems).toEqual([]);
  expect(unknown.length).toBeLessThanOrEqual(inTheAir + kills * inDoubtSeconds * 40);
});

test.concurrent("kill -9 and the same command: it goes on, and the report knows every row", async () => {
  await using directory = await mkdtempDisposable(join(tmpdir(), "bulk-send-crash-"));
  const places = placesIn(directory.path);
  const list = await writeTellingList(directory.path, "once", 250);
  /** How long after its start a run makes its next call. */
  const startsSending = async (run: BulkSendProcess) => {
    const began = performance.now();
    const before = await places.recorded();
    await until("it sends", async () => run.ended() || (await places.recorded()) > before);
    return performance.now() - began;
  };
  let firstMs: number;
  {
    await using run = places.start(list, slowRate);
    firstMs = await startsSending(run);
    await until("it has sent 30", async () => run.ended() || (await count(places.record)) >= 30);
    run.kill("SIGKILL");
    expect((await run.exited).signal, run.output()).toBe("SIGKILL");
  }
  await using run = places.start(list);
  const againMs = await startsSending(run);
  expect((await run.exited).code, run.output()).toBe(0);
  expect(run.output()).toContain("continues where it left off");
  const { problems, unknown } = await places.compare(list);
  expect(problems).toEqual([]);
  expect(unknown.length).toBeLessThanOrEqual(inDoubtByKill);
  // Who looks sees them at once, not only in the report.
  expect(/(\d+) unknown/u.exec(run.output())?.[1]).toBe(String(unknown.length));
  console.log(`Sending again ${Math.round(againMs)} ms after the kill; ${unknown.length} rows in doubt.`);
  // It waits for no lease and no redelivery, which take a minute: only for what any start waits for, on this machine now.
  expect(againMs).toBeLessThan(2 * firstMs + 15_000);
});

test.concurrent.each(["SIGINT", "SIGTERM"] as const)(
  "%s lets what is under way be noted: nothing is in doubt, and the same command completes",
  async (signal) => {
    await using directory = await mkdtempDisposable(join(tmpdir(), "bulk-send-crash-"));
    const places = placesIn(directory.path);
    const list = await writeTellingList(directory.path, "stopped", 250);
    {
      await using run = places.start(list, slowRate);
      await until("it has sent 30", async () => run.ended() || (await count(places.record)) >= 30);
      const signalled = performance.now();
      run.kill(signal);
      expect((await run.exited).code, run.output()).toBe(130);
      // It does not wait out the 25 s that calls under way may take.
      expect(performance.now() - signalled).toBeLessThan(20_000);
    }
    expect(await count(places.record)).toBeLessThan(235);
    await using run = places.start(list);
    expect((await run.exited).code, run.output()).toBe(0);
    expect(run.output()).toContain("continues where it left off");
    const { problems, unknown } = await places.compare(list);
    expect(problems).toEqual([]);
    expect(unknown).toEqual([]);
  },
);

async function count(record: string): Promise<number> {
  if ((await stat(record).catch(() => undefined)) === undefined) return 0;
  let calls = 0;
  for await (const _ of recordedCalls(record)) calls++;
  return calls;
}
