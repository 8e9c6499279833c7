import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { loadavg } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import * as z from "zod";
import type { Benchmark, Finding } from "./benchmark.ts";
import { decimal, median, whole } from "./figures.ts";

const project = fileURLToPath(new URL("../../", import.meta.url));

/** A package that was packed before, to be measured in place of the present sources. */
const tarballVariable = "BENCH_TARBALL";

const aims = {
  megabytes: 60,
  packages: 40,
  firstLineSeconds: 0.3,
  firstCallSeconds: 1.5,
  endSeconds: 1,
  memoryMb: { slow: 350, fast: 700 },
} as const;

/** npm gives the scripts that it runs many variables, which change what it does itself. */
const environment = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^(?:npm_|INIT_CWD$|DEBUG$)/u.test(name)),
);

async function npm(args: readonly string[], cwd: string): Promise<void> {
  const child = spawn("npm", args, { cwd, env: environment, stdio: ["ignore", "ignore", "pipe"] });
  let errors = "";
  child.stderr.on("data", (chunk: Buffer) => (errors += chunk.toString()));
  const [code] = await once(child, "close");
  if (code !== 0) throw new Error(`npm ${args.join(" ")} failed: ${errors}`);
}

/** The package, installed in an empty folder as a user does. */
interface Installed {
  readonly folder: string;
  /** The program that `npx bulk-send` starts. */
  readonly program: string;
  readonly tarballMb: number;
  readonly megabytes: number;
  readonly packages: number;
}

async function install(directory: string): Promise<Installed> {
  let tarball = process.env[tarballVariable];
  if (tarball === undefined) {
    await npm(["pack", "--pack-destination", directory], project);
    const [packed = "none"] = (await readdir(directory)).filter((name) => name.endsWith(".tgz"));
    tarball = join(directory, packed);
  }
  const folder = join(directory, "installed");
  await mkdir(folder);
  await npm(["install", "--ignore-scripts", "--prefer-offline", "--no-audit", "--no-fund", tarball], folder);
  const modules = join(folder, "node_modules");
  const entries = await readdir(modules, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const sizes = await Promise.all(files.map(async (file) => (await stat(file)).size));
  return {
    folder,
    program: join(modules, "bulk-send/dist/bulk-send.js"),
    tarballMb: (await stat(tarball)).size / 1e6,
    megabytes: sizes.reduce((sum, size) => sum + size, 0) / 1e6,
    packages: files.filter((file) => /(^|node_modules\/)(@[^/]+\/)?[^/@.][^/]*\/package\.json$/u.test(file)).length,
  };
}

/** What Linux says of a process that runs: its processor time and its peak memory so far. */
interface Sample {
  /** Epoch milliseconds. */
  readonly at: number;
  /** User and system, seconds. */
  readonly processor: number;
  /** Of the process with all its threads, 10⁶ bytes. */
  readonly peakMb: number;
}

/** Ticks of Linux's clock of processor time in a second, on every usual machine. */
const ticks = 100;

async function sample({ pid }: ChildProcess): Promise<Sample | undefined> {
  const read = (name: string) => readFile(`/proc/${pid}/${name}`, "utf8").catch(() => "");
  const [line, status] = [await read("stat"), await read("status")];
  const peak = /VmHWM:\s+(\d+) kB/u.exec(status)?.[1];
  // The fields behind the program's name, which may hold blanks: https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
  const fields = line.slice(line.lastIndexOf(")") + 2).split(" ");
  if (peak === undefined) return undefined;
  const processor = (Number(fields[11]) + Number(fields[12])) / ticks;
  return { at: Date.now(), processor, peakMb: (Number(peak) * 1024) / 1e6 };
}

/** Samples a process every hundredth of a second until it ends. */
async function observe(child: ChildProcess): Promise<readonly Sample[]> {
  const samples: Sample[] = [];
  let ended = false;
  child.once("close", () => {
    ended = true;
  });
  while (!ended) {
    const now = await sample(child);
    if (now !== undefined) samples.push(now);
    await sleep(10);
  }
  return samples;
}

const Call = z.object({ at: z.number() });

/** When each call reached the simulator, epoch milliseconds. */
async function callsIn(data: string): Promise<readonly number[]> {
  const text = await readFile(join(data, "simulator/calls.ndjson"), "utf8").catch(() => "");
  const lines = text.split("\n").filter((line) => line.endsWith("}"));
  return lines.map((line) => Call.parse(JSON.parse(line)).at);
}

/** Writes a list of so many rows. */
async function writeList(folder: string, rows: number): Promise<string> {
  const lines = Array.from(
    { length: rows },
    (_, row) => `+44207${String(9_000_000 + (row % 1_000_000))},Person ${row}`,
  );
  await writeFile(join(folder, `of-${rows}.csv`), `cnumber,name\n${lines.join("\n")}\n`);
  const options = { message: "Hello {{name}}, your parcel is ready.", snumber: "01632960123" };
  await writeFile(join(folder, `of-${rows}.json`), JSON.stringify(options));
  return `of-${rows}.csv`;
}

/** Runs a list to its end, or interrupts it after so many calls. */
async function run({ folder, program }: Installed, rows: number, rate: number, interruptAfter?: number) {
  const list = await writeList(folder, rows);
  const [data, out] = [join(folder, "data"), join(folder, "reports")];
  const began = Date.now();
  const args = [program, "run", list, "--data", data, "--out", out, "--rate", String(rate), "--yes"];
  const child = spawn(process.execPath, args, { cwd: folder, env: environment, stdio: "ignore" });
  const observing = observe(child);
  let interruptedAt = Number.NaN;
  if (interruptAfter !== undefined) {
    while (child.exitCode === null && (await callsIn(data)).length < interruptAfter) await sleep(50);
    interruptedAt = Date.now();
    child.kill("SIGINT");
  }
  const samples = await observing;
  const endedAt = Date.now();
  const calls = await callsIn(data);
  const [first = Number.NaN, last = Number.NaN] = [calls[0], calls.at(-1)];
  await Promise.all([data, out].map((made) => rm(made, { recursive: true, force: true })));
  return {
    firstCallSeconds: (first - began) / 1000,
    processorSeconds: samples.findLast(({ at }) => at <= first)?.processor ?? Number.NaN,
    peakMb: samples.at(-1)?.peakMb ?? Number.NaN,
    perSecond: (calls.length - 1) / ((last - first) / 1000),
    endSeconds: (endedAt - interruptedAt) / 1000,
  };
}

/** Seconds from the command, at a terminal, to the first thing that it says. */
async function firstLine({ folder, program }: Installed): Promise<number> {
  const list = await writeList(folder, 3);
  const command = `'${process.execPath}' '${program}' check ${list}`;
  const began = performance.now();
  const child = spawn("script", ["-qec", command, "/dev/null"], {
    cwd: folder,
    env: environment,
    stdio: ["ignore", "pipe", "ignore"],
  });
  await once(child.stdout, "data");
  const seconds = (performance.now() - began) / 1000;
  child.stdout.resume();
  await once(child, "close");
  return seconds;
}

/** Seconds from Ctrl-C to the prompt where `serve` has nothing to do. */
async function endServing({ folder, program }: Installed): Promise<number> {
  const data = join(folder, "served");
  const args = [program, "serve", "--data", data];
  const child = spawn(process.execPath, args, { cwd: folder, env: environment, stdio: ["ignore", "pipe", "ignore"] });
  await once(child.stdout, "data");
  child.stdout.resume();
  await sleep(3_000);
  const began = performance.now();
  child.kill("SIGINT");
  await once(child, "close");
  const seconds = (performance.now() - began) / 1000;
  await rm(data, { recursive: true, force: true });
  return seconds;
}

async function repeat<Result>(times: number, measure: () => Promise<Result>): Promise<readonly Result[]> {
  const results: Result[] = [];
  for (let time = 0; time < times; time++) results.push(await measure());
  return results;
}

const seconds = (value: number) => `${decimal(value)} s`;

/** Whether the package is small, starts at once, ends at once and stays small. Of Linux: it asks `/proc`, and `script` for a terminal. */
export const packageSize: Benchmark = {
  name: "package",
  long: true,
  run: async ({ directory, quick, progress }) => {
    progress("packing and installing");
    const installed = await install(directory);
    const { tarballMb, megabytes, packages } = installed;
    const loads: number[] = [];
    const measured = async <Result>(what: string, times: number, measure: () => Promise<Result>) => {
      progress(what);
      loads.push(loadavg()[0] ?? 0);
      return repeat(quick ? 1 : times, measure);
    };
    // What Node compiles is kept from the first start on.
    await run(installed, 3, 100);
    const lines = await measured("the first line", 9, () => firstLine(installed));
    const starts = await measured("the first call", 9, () => run(installed, 3, 100));
    const idle = await measured("Ctrl-C, idle", 3, () => endServing(installed));
    const busy = await measured("Ctrl-C, sending", 3, () => run(installed, 3_000, 100, quick ? 20 : 300));
    const [slow] = await measured("100 a second", 1, () => run(installed, quick ? 100 : 3_000, 100));
    const rows = quick ? 1_000 : 200_000;
    const [fast] = await measured("1,000 a second", 1, () => run(installed, rows, 1_000));
    const findings: Finding[] = [
      {
        what: "Package, installed",
        measured: `${whole(megabytes)} MB in ${packages} packages, of a tarball of ${decimal(tarballMb, 1)} MB`,
        against: "npm's node_modules in an empty folder",
        aim: `≤ ${aims.megabytes} MB, ≤ ${aims.packages} packages`,
        met: megabytes <= aims.megabytes && packages <= aims.packages,
      },
      timed("Command → first line", lines, aims.firstLineSeconds),
      timed(
        "Command → first call",
        starts.map(({ firstCallSeconds }) => firstCallSeconds),
        aims.firstCallSeconds,
      ),
      {
        what: "Processor time, command → first call",
        measured: seconds(median(starts.map(({ processorSeconds }) => processorSeconds))),
        against: "user and system, of all threads",
        aim: "reported",
      },
      timed("Ctrl-C → prompt, serve with nothing to do", idle, aims.endSeconds),
      timed(
        "Ctrl-C → prompt, run at 100 a second",
        busy.map(({ endSeconds }) => endSeconds),
        aims.endSeconds,
      ),
      remembered("Peak memory of a run at 100 a second", slow, aims.memoryMb.slow),
      remembered(`Peak memory of a run of ${whole(rows)} rows at 1,000 a second`, fast, aims.memoryMb.fast),
    ];
    const load = `${decimal(Math.min(...loads), 1)} to ${decimal(Math.max(...loads), 1)}`;
    return {
      findings,
      notes: [
        `The package is started as npx starts it, by Node, after one start that has filled Node's compile cache; npx itself takes a third of a second more. Peak memory is that of its one process, threads and emulators included. The machine's load was ${load}: times mean something on an idle machine only, processor time and memory on any.`,
      ],
    };
  },
};

const timed = (what: string, times: readonly number[], aim: number): Finding => ({
  what,
  measured: seconds(median(times)),
  against: `median of ${times.length}, the fastest ${seconds(Math.min(...times))}`,
  aim: `≤ ${seconds(aim)}`,
  met: median(times) <= aim,
});

const remembered = (what: string, ran: Awaited<ReturnType<typeof run>> | undefined, aim: number): Finding => ({
  what,
  measured: `${whole(ran?.peakMb ?? Number.NaN)} MB`,
  against: `${decimal(ran?.perSecond ?? Number.NaN, 1)} calls a second`,
  aim: `≤ ${aim} MB`,
  met: (ran?.peakMb ?? Number.NaN) <= aim,
});
