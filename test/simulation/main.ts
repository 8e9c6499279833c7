import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { Worker } from "node:worker_threads";
import type { Verdict } from "./seed-worker.ts";
import { simulate } from "./simulate.ts";
import { traceOf } from "./trace-of.ts";

const usage = `npm run simulate -- [--seeds N] [--from S] [--seed S] [--rows R] [--jobs J]

  --seeds N   how many seeds to run (300)
  --from S    the first of them (another one every minute; printed)
  --seed S    one seed, with all that happened
  --rows R    rows of every campaign (the seed decides)
  --jobs J    seeds at once (processors)`;

const refuse = (reason: string): never => {
  console.error(`${reason}\n\n${usage}`);
  process.exit(2);
};

const whole = (text: string | undefined, name: string, otherwise: number, least: 0 | 1): number => {
  const value = text === undefined ? otherwise : Number(text);
  if (!Number.isSafeInteger(value) || value < least) return refuse(`--${name} must be a whole number from ${least}.`);
  return value;
};

function readOptions() {
  const text = { type: "string" } as const;
  try {
    return parseArgs({
      options: { seeds: text, from: text, seed: text, rows: text, jobs: text, help: { type: "boolean" } },
    }).values;
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error));
  }
}

const values = readOptions();

const replay = (seed: number) =>
  `npm run simulate -- --seed ${seed}${values.rows === undefined ? "" : ` --rows ${values.rows}`}`;

async function one(seed: number, rows: number | undefined): Promise<boolean> {
  const run = await simulate(seed, { rows });
  console.log(run.trace.join("\n"));
  console.log(`\n${run.events} events, ${run.calls} calls, ${Math.round(run.lasted / 1000)} simulated seconds.`);
  for (const { invariant, message } of run.failures) console.log(`BROKEN ${invariant}: ${message}`);
  if (run.failures.length > 0) console.log(`\nOf the row concerned:\n${traceOf(run).join("\n")}`);
  return run.failures.length === 0;
}

/** Runs the seeds on `jobs` threads, each asking for the next one when it is free. */
async function many(from: number, count: number, rows: number | undefined, jobs: number): Promise<readonly Verdict[]> {
  const verdicts: Verdict[] = [];
  let next = from;
  const thread = () =>
    new Promise<void>((resolve, reject) => {
      const worker = new Worker(new URL("./seed-worker.ts", import.meta.url));
      const give = () => {
        if (next < from + count) return worker.postMessage({ seed: next++, rows });
        worker.terminate().then(() => resolve(), reject);
      };
      worker.on("message", (verdict: Verdict) => {
        verdicts.push(verdict);
        for (const { invariant, message } of verdict.failures.slice(0, 5))
          console.log(`\nSeed ${verdict.seed}: ${invariant}: ${message}\n  Replay: ${replay(verdict.seed)}`);
        give();
      });
      worker.on("error", reject);
      give();
    });
  await Promise.all(Array.from({ length: Math.min(jobs, count) }, thread));
  return verdicts.sort((a, b) => a.seed - b.seed);
}

if (values.help) {
  console.log(usage);
} else {
  const rows = values.rows === undefined ? undefined : whole(values.rows, "rows", 1, 1);
  if (values.seed !== undefined) {
    process.exitCode = (await one(whole(values.seed, "seed", 0, 0), rows)) ? 0 : 1;
  } else {
    const count = whole(values.seeds, "seeds", 300, 1);
    const from = whole(values.from, "from", Math.floor(Date.now() / 60_000) % 10_000_000, 0);
    const jobs = whole(values.jobs, "jobs", availableParallelism(), 1);
    console.log(`Seeds ${from} to ${from + count - 1}.`);
    const begun = Date.now();
    const verdicts = await many(from, count, rows, jobs);
    const failed = verdicts.filter(({ failures }) => failures.length > 0);
    const [first] = failed;
    if (first !== undefined) {
      const run = await simulate(first.seed, { rows });
      console.log(
        `\nOf seed ${first.seed}:\n${traceOf(run)
          .map((line) => line.slice(0, 500))
          .join("\n")}`,
      );
    }
    const calls = verdicts.reduce((sum, verdict) => sum + verdict.calls, 0);
    const days = verdicts.reduce((sum, { lasted }) => sum + lasted, 0) / 86_400_000;
    console.log(
      `\n${count - failed.length} of ${count} seeds passed: ${calls} calls in ${days.toFixed(1)} simulated days, ${((Date.now() - begun) / 1000).toFixed(1)} s.`,
    );
    process.exitCode = failed.length === 0 ? 0 : 1;
  }
}
