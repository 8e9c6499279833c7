import { mkdirSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** The memory that comes with a whole processor, MiB: https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html */
const wholeProcessorMiB = 1769;

/** The period in which a function's share is dealt out, in microseconds. */
const periodUs = 20_000;

/** How often a limited process ran out of its share. */
export interface Throttling {
  readonly periods: number;
  readonly throttled: number;
}

/** A process that gets a share of a processor and no more. */
export interface Limited {
  /** Since it was limited. */
  throttling(): Throttling;
}

/** Shares of a processor, held by the kernel. */
export interface ProcessorShares extends AsyncDisposable {
  /** Gives a process of this machine what a function of `memoryMiB` gets, from now on. */
  limit(pid: number, memoryMiB: number): Limited;
}

/**
 * How much more a limited process counts than this one and its other children, which have 1024: a function's share is its own,
 * and what stands for the ledger and the phone system runs on other machines than it.
 */
const limitedWeight = 20_000;

const controller = "/sys/fs/cgroup/cpu";

/**
 * Control groups (version 1) for this process, its children and the processes to be limited. They come first where other
 * programs keep the machine busy, so that what is measured is the share and not the neighbours. Returns why there are none
 * where the kernel or the user's rights don't allow it: a stand-in that stops and continues processes would be as coarse as
 * the lateness that is measured.
 */
export function createProcessorShares(): ProcessorShares | string {
  try {
    const own = /^\d+:(?:[\w,]+,)?cpu(?:,[\w,]+)?:(.*)$/mu.exec(readFileSync("/proc/self/cgroup", "utf8"))?.[1];
    if (own === undefined) return "this machine has no control groups for processors (version 1)";
    return openShares(join(controller, own));
  } catch (error) {
    return `control groups cannot be written here (${error instanceof Error ? error.message : String(error)})`;
  }
}

function openShares(before: string): ProcessorShares {
  const base = join(before, `bulk-send-bench-${process.pid}`);
  const groups: string[] = [];
  const create = (name: string, files: Readonly<Record<string, number>>): string => {
    const path = join(base, name);
    mkdirSync(path);
    groups.push(path);
    for (const [file, value] of Object.entries(files)) writeFileSync(join(path, file), String(value));
    return path;
  };
  create("", { "cpu.shares": 200_000 });
  const rest = create("rest", {});
  writeFileSync(join(rest, "cgroup.procs"), String(process.pid));
  let limited = 0;
  return {
    limit: (pid, memoryMiB) => {
      const quota = Math.round((periodUs * memoryMiB) / wholeProcessorMiB);
      const path = create(`limited-${++limited}`, {
        "cpu.shares": limitedWeight,
        "cpu.cfs_period_us": periodUs,
        "cpu.cfs_quota_us": quota,
      });
      writeFileSync(join(path, "cgroup.procs"), String(pid));
      return {
        throttling: () => {
          const text = readFileSync(join(path, "cpu.stat"), "utf8");
          const figure = (name: string) => Number(new RegExp(`^${name} (\\d+)$`, "mu").exec(text)?.[1]);
          return { periods: figure("nr_periods"), throttled: figure("nr_throttled") };
        },
      };
    },
    [Symbol.asyncDispose]: async () => {
      writeFileSync(join(before, "cgroup.procs"), String(process.pid));
      // A process that has just ended may still be counted for a moment.
      for (const path of groups.toReversed()) await removed(path);
    },
  };
}

async function removed(group: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return rmdirSync(group);
    } catch (error) {
      if (attempt === 50) throw error;
      await sleep(20);
    }
  }
}
