import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, it } from "vitest";

const smallHeaps = new URL("../../../infra/local/small-heaps.ts", import.meta.url).href;

/** Fills a heap with what lives for a while, and tells how much of it is for what is new, in bytes. */
const thread = `
  let kept = [];
  for (let count = 0; count < 3_000_000; count++) {
    kept.push({ count });
    if (kept.length > 200_000) kept = kept.slice(100_000);
  }
  const spaces = require("node:v8").getHeapSpaceStatistics();
  require("node:worker_threads").parentPort.postMessage(spaces.find((space) => space.space_name === "new_space").space_size);`;

async function spaceOfThread(prepare: string): Promise<number> {
  const program = `
    import { Worker } from "node:worker_threads";
    ${prepare}
    new Worker(${JSON.stringify(thread)}, { eval: true, execArgv: [] }).once("message", (size) => console.log(size));`;
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", program]);
  return Number(stdout);
}

/** The same of the thread that a process begins with. */
async function spaceOfProcess(prepare: string): Promise<number> {
  const program = `
    import { createRequire } from "node:module";
    const require = createRequire(import.meta.url);
    ${prepare}
    ${thread.replace('require("node:worker_threads").parentPort.postMessage', "console.log")}`;
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", program]);
  return Number(stdout);
}

it("so does the thread that a process begins with", async () => {
  const small = await spaceOfProcess(`(await import(${JSON.stringify(smallHeaps)})).keepHeapsSmall();`);
  expect(small).toBeLessThanOrEqual(3 * 4 * 2 ** 20);
  expect(small).toBeGreaterThan(3 * 1 * 2 ** 20);
  expect(await spaceOfProcess("")).toBeGreaterThan(small);
});

it("threads that are started later keep little room for what is new, and without it much", async () => {
  const small = await spaceOfThread(`(await import(${JSON.stringify(smallHeaps)})).keepHeapsSmall();`);
  expect(small).toBeLessThanOrEqual(3 * 4 * 2 ** 20);
  expect(await spaceOfThread("")).toBeGreaterThan(small);
});
