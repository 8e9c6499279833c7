import { dataDirectoryFor } from "../data-directory.ts";
import type { ExitCode } from "../exit.ts";
import type { Play, RunOptions } from "../run-list.ts";
import { startSimulator } from "../simulator-thread.ts";
import type { Terminal } from "../terminal.ts";

/** Runs everything on this machine, from a CSV to its report, as `runList` says. */
export async function run(csv: string, options: RunOptions, terminal: Terminal, play?: Play): Promise<ExitCode> {
  const { endpoint, replies } = options;
  const data = options.data ?? (await dataDirectoryFor(endpoint === undefined ? "simulator" : "endpoint"));
  // It loads in its thread while everything else loads here.
  await using simulator =
    endpoint === undefined ? startSimulator({ dataDir: data, demonstrated: play?.demonstrated, replies }) : undefined;
  const { runList } = await import("../run-list.ts");
  return await runList(csv, options, terminal, { data, simulator }, play);
}
