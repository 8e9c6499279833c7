import { randomBytes } from "node:crypto";
import { appendFile, mkdir, readdir, readFile, stat, truncate } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { until } from "../support/until.ts";
import { startForeignServer } from "./foreign-server.ts";
import { writeTellingList } from "./telling-list.ts";

const rate = 40;
const rows = 300;
const failures = 3;

/** How many calls a run makes before the power fails: few, because on a busy machine a failure leaves many rows in doubt that are never called. */
const calls = 30;

const noting = fileURLToPath(new URL("./fixtures/synced-length.ts", import.meta.url));

/** What a power failure may leave behind what was on disk, of a write that was on its way. */
const remains = [() => Buffer.alloc(0), () => Buffer.alloc(5_000), () => randomBytes(5_000)] as const;

/**
 * Takes from a ledger all that its process had not seen on disk when it ended, and puts something else there. Returns how many bytes
 * were taken, and how many are left.
 */
async function takeWhatWasNotOnDisk(ledger: string, noted: string, remain: Buffer) {
  let [taken, left] = [0, 0];
  for (const name of (await readdir(ledger)).filter((file) => file.endsWith(".log"))) {
    const { size } = await stat(join(ledger, name));
    const lengths = await readFile(join(noted, name), "utf8").catch(() => "");
    const onDisk = Number(lengths.trimEnd().split("\n").at(-1));
    await truncate(join(ledger, name), onDisk);
    await appendFile(join(ledger, name), remain);
    taken += size - onDisk;
    left += onDisk;
  }
  return { taken, left };
}

test("after power failures that took all of the ledger that was not on disk, nobody has got two messages and nobody is forgotten", async () => {
  await using server = await startForeignServer();
  server.simulator.configure({ latencyMs: { min: 100, max: 400 } });
  const list = await writeTellingList(server.directory, "dark", rows);
  const noted = join(server.directory, "noted");
  await mkdir(noted);
  const environment = { NODE_OPTIONS: `--import=${noting}`, SYNCED_LENGTHS: noted };
  for (let failure = 1; failure <= failures; failure++) {
    await using run = server.run(list, rate, environment);
    const before = server.simulator.count();
    await until("it sends", () => run.ended() || server.simulator.count() >= before + calls);
    run.kill("SIGKILL");
    expect((await run.exited).signal, run.output()).toBe("SIGKILL");
    const remain = remains[failure % remains.length]?.() ?? Buffer.alloc(0);
    const { taken, left } = await takeWhatWasNotOnDisk(join(server.data, "dynamodb"), noted, remain);
    console.log(`Power failure ${failure}: ${taken} bytes of the ledger's log taken, ${left} left.`);
    // Otherwise nothing was noted, or nothing of this ledger.
    expect(left).toBeGreaterThan(0);
  }
  await using run = server.run(list, rate);
  expect((await run.exited).code, run.output()).toBe(0);
  const { problems, unknown } = await server.compare(list);
  console.log(`${failures} power failures, ${unknown.length} rows in doubt.`);
  expect(problems).toEqual([]);
});
