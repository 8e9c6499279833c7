import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { until } from "../support/until.ts";
import { type ForeignServer, startForeignServer } from "./foreign-server.ts";
import { writeTellingList } from "./telling-list.ts";

const rate = 25;
const rows = 200;

const filler = fileURLToPath(new URL("./fixtures/full-disk.ts", import.meta.url));

/** What is claimed and not yet called when the disk fills, besides what is called and not yet noted, in seconds of sending. */
const inDoubtSeconds = 1.5;

/** Sends a list until the disk fills in its middle, lets something happen, waits for the end of the run, and sends the rest with room. */
async function fillInTheMiddle(meanwhile: (server: ForeignServer, room: () => Promise<void>) => Promise<void>) {
  await using server = await startForeignServer();
  // Answers take a while, so that some are on their way when the disk fills.
  server.simulator.configure({ latencyMs: { min: 200, max: 500 } });
  const list = await writeTellingList(server.directory, "full", rows);
  const sign = join(server.directory, "full");
  const environment = { NODE_OPTIONS: `--import=${filler}`, FULL_DISK: sign };
  {
    await using run = server.run(list, rate, environment);
    await until("a quarter is called", () => server.simulator.count() >= rows / 4 || run.ended());
    await writeFile(sign, "");
    await until("the run has noticed", () => run.output().includes("Nothing more can be written.") || run.ended());
    await meanwhile(server, () => rm(sign));
    const { code } = await run.exited;
    expect(code, run.output()).toBe(1);
    expect(run.output().match(/The disk is full; .*$/gmu), run.output()).toHaveLength(1);
  }
  const called = server.simulator.count();
  await rm(sign, { force: true });
  await using again = server.run(list, rate);
  expect((await again.exited).code, again.output()).toBe(0);
  const comparison = await server.compare(list);
  expect(comparison.problems).toEqual([]);
  console.log(`${called} calls before the run ended, ${comparison.unknown.length} rows in doubt.`);
  return comparison;
}

describe.concurrent("a disk that fills in the middle of a run", () => {
  test("and has room again a little later leaves nothing in doubt, and the same command sends the rest", async () => {
    const { unknown } = await fillInTheMiddle(async ({ simulator }, room) => {
      await until("all calls are answered", () => simulator.waiting() === 0);
      await room();
    });
    expect(unknown).toEqual([]);
  });

  test("and stays full leaves in doubt what was called and not noted, and little more", async () => {
    const { unknown } = await fillInTheMiddle(async () => {});
    expect(unknown.length).toBeLessThanOrEqual(inDoubtSeconds * rate);
  });
});
