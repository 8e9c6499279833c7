import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempDisposable, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import * as z from "zod";
import { RecordedCall } from "../../infra/local/enswitch-simulator/call-journal.ts";

const main = resolve(import.meta.dirname, "../../cli/main.ts");

/** The result of a command. */
export interface Finished {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** A running command. */
export interface Started extends AsyncDisposable {
  readonly child: ChildProcess;
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

/** A new directory; disposing ends what is still running in it. */
export async function workplace(): Promise<Workplace> {
  const directory = await mkdtempDisposable(join(tmpdir(), "bulk-send-cli-"));
  const { path } = directory;
  const running = new Set<Started>();

  const start: Workplace["start"] = (args, environment = {}, input = "") => {
    const { PATH = "", NODE_COMPILE_CACHE = "" } = process.env;
    const child = spawn(process.execPath, [main, ...args], {
      cwd: path,
      env: { PATH, NODE_COMPILE_CACHE, HOME: path, ...environment },
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
    const finished = once(child, "close").then(([code]) => {
      running.delete(started);
      return { code: z.number().nullable().parse(code), out, err };
    });
    const started: Started = {
      child,
      finished,
      out: () => out,
      err: () => err,
      [Symbol.asyncDispose]: async () => {
        if (child.exitCode === null && child.signalCode === null) child.kill("SIGKILL");
        await finished;
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

/** A list with this many rows, all of which can be sent. */
export const list = (rows: number): string =>
  `phone,name,snumber,message\n${Array.from({ length: rows }, (_, row) => `+4477009${String(row).padStart(5, "0")},Name ${row},100,Hello ${row}\n`).join("")}`;

/** The values of a column of the report, in order; only for reports without quoted line breaks. */
export const column = (report: string, name: string): readonly string[] => {
  const [header = "", ...lines] = report.replace("\ufeff", "").trimEnd().split("\r\n");
  const at = header.split(",").indexOf(name);
  return lines.map((line) => line.split(",")[at] ?? "");
};
