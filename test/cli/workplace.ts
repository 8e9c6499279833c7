import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { cp, type DisposableTempDir, mkdtempDisposable, readFile, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { inject } from "vitest";
import * as z from "zod";
import { compileCacheEnvironment } from "../../infra/local/compile-cache.ts";
import { RecordedCall } from "../../infra/local/enswitch-simulator/call-journal.ts";
import { within } from "../support/within.ts";

const checkout = resolve(import.meta.dirname, "../..");

/** The result of a command. */
export interface Finished {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** A running command. */
export interface Started extends AsyncDisposable {
  readonly child: ChildProcess;
  /** How it ends. Waiting for it is bounded, as all that tests wait for. */
  readonly finished: Promise<Finished>;
  out(): string;
  err(): string;
}

/** A directory in which somebody uses the command line. */
export interface Workplace extends AsyncDisposable {
  readonly path: string;
  write(file: string, text: string | Uint8Array): Promise<void>;
  read(file: string): Promise<string>;
  /** Runs a command to its end; `input` is its standard input. */
  bulkSend(args: readonly string[], environment?: Readonly<Record<string, string>>, input?: string): Promise<Finished>;
  /** Starts a command and lets it run. */
  start(args: readonly string[], environment?: Readonly<Record<string, string>>, input?: string): Started;
  /** The calls that the built-in simulator has received, over all runs in this directory. */
  simulatedCalls(): Promise<readonly RecordedCall[]>;
}

interface Settings {
  readonly [setting: string]: unknown;
}

const newDirectory = () => mkdtempDisposable(join(tmpdir(), "bulk-send-cli-"));

/** A new directory in which somebody uses the package, with these settings; disposing ends what is still running in it. */
export async function workplace(settings?: Settings): Promise<Workplace> {
  const directory = await newDirectory();
  if (settings !== undefined) await writeFile(join(directory.path, "bulk-send.json"), JSON.stringify(settings));
  return workplaceIn(directory, inject("commandLine"));
}

/** The same, with the commands of a checkout of its own that has the settings in its cdk.json. */
export async function checkoutWith(settings: Settings): Promise<Workplace> {
  const directory = await newDirectory();
  return workplaceIn(directory, join(await copyOfTheCheckout(settings, directory.path), "cli/main.ts"));
}

function workplaceIn(directory: DisposableTempDir, main: string): Workplace {
  const { path } = directory;
  const running = new Set<Started>();

  const start: Workplace["start"] = (args, environment = {}, input = "") => {
    const { PATH = "" } = process.env;
    const child = spawn(process.execPath, [main, ...args], {
      cwd: path,
      env: { PATH, ...compileCacheEnvironment(), HOME: path, ...environment },
      stdio: ["pipe", "pipe", "pipe"],
    });
    // A command may end without reading it.
    child.stdin.on("error", () => {});
    child.stdin.end(input);
    let out = "";
    let err = "";
    child.stdout.on("data", (chunk) => {
      out += chunk;
    });
    child.stderr.on("data", (chunk) => {
      err += chunk;
    });
    const ends = once(child, "close").then(([code]) => {
      running.delete(started);
      return { code: z.number().nullable().parse(code), out, err };
    });
    const started: Started = {
      child,
      get finished() {
        return within(`bulk-send ${args.join(" ")} ends`, ends, { said: () => `${out}${err}` });
      },
      out: () => out,
      err: () => err,
      [Symbol.asyncDispose]: async () => {
        if (child.exitCode === null && child.signalCode === null) child.kill("SIGKILL");
        await within("bulk-send is gone after SIGKILL", ends);
      },
    };
    running.add(started);
    return started;
  };

  return {
    path,
    start,
    write: (file, text) => writeFile(join(path, file), text),
    read: (file) => readFile(join(path, file), "utf8"),
    bulkSend: (args, environment, input) => start(args, environment, input).finished,
    simulatedCalls: async () =>
      (await readFile(join(path, ".bulk-send-simulator/simulator/calls.ndjson"), "utf8").catch(() => ""))
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => RecordedCall.parse(JSON.parse(line))),
    [Symbol.asyncDispose]: async () => {
      for (const started of running) await started[Symbol.asyncDispose]();
      await directory.remove();
    },
  };
}

/** A copy of the checkout with other settings, in a folder of the workplace; what was prepared is shared. */
async function copyOfTheCheckout(settings: Settings, workplace: string): Promise<string> {
  const copy = join(workplace, "checkout");
  for (const name of ["cli", "functions", "infra", "shared", "package.json", "package-lock.json"]) {
    await cp(join(checkout, name), join(copy, name), { recursive: true });
  }
  await symlink(join(checkout, "node_modules"), join(copy, "node_modules"));
  await writeFile(join(copy, "cdk.json"), JSON.stringify({ context: settings }));
  return copy;
}

/** The environment of a command whose clock is some days ahead. */
export const daysLater = (days: number) =>
  preloading(`
  import { OutgoingMessage } from "node:http";
  // Node dates answers by the real clock, by which the SDK would correct its own.
  Object.defineProperty(OutgoingMessage.prototype, "sendDate", { get: () => false, set: () => {} });
  const ahead = ${days * 86_400_000};
  const Real = Date;
  globalThis.Date = class extends Real {
    constructor(...given) { given.length === 0 ? super(Real.now() + ahead) : super(...given); }
    static now() { return Real.now() + ahead; }
  };`);

/** The environment of a command that takes its pipes for a terminal: the standard input is what a person types. */
export const atTerminal = preloading(`
  for (const stream of [process.stdin, process.stderr]) Object.defineProperty(stream, "isTTY", { value: true });`);

function preloading(source: string): { readonly NODE_OPTIONS: string } {
  return { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(source)}` };
}

/** A list with this many rows, all of which can be sent. */
export const list = (rows: number): string =>
  `phone,name,snumber,message\n${Array.from({ length: rows }, (_, row) => `+4477009${String(row).padStart(5, "0")},Name ${row},100,Hello ${row}\n`).join("")}`;

/** The values of a column of the report, in order; only for reports without quoted line breaks. */
export const column = (report: string, name: string): readonly string[] => {
  const [header = "", ...lines] = report.replace("\ufeff", "").trimEnd().split("\r\n");
  const at = header.split(",").indexOf(name);
  return lines.map((line) => line.split(",")[at] ?? "");
};
