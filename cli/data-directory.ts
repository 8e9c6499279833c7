import { existsSync } from "node:fs";
import { access, constants, readFile, stat } from "node:fs/promises";
import { join, relative } from "node:path";
import * as z from "zod";
import { isOwnDirectory } from "../infra/local/make-directory.ts";
import { replaceFile } from "../infra/local/replace-file.ts";
import { readJson } from "../shared/read-json.ts";
import { defaultDataDirectories } from "./defaults.ts";
import { Failure, Refused } from "./exit.ts";
import { projectOfNpmStart } from "./standing.ts";

/** The settings that a data directory was last run with. */
const DataSettings = z.object({
  /** Whether messages go to the simulator, so that nothing is really sent. */
  simulated: z.boolean(),
  endpoint: z.string(),
  sendsPerSecond: z.number().positive(),
});
export type DataSettings = z.infer<typeof DataSettings>;

const file = (dataDir: string) => join(dataDir, "settings.json");

/** The settings the directory was last run with; `undefined` for a new one. Throws a Failure when they cannot be read. */
export async function readDataSettings(dataDir: string): Promise<DataSettings | undefined> {
  await checkOpen(dataDir);
  let text: string;
  try {
    text = await readFile(file(dataDir), "utf8");
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
  const parsed = DataSettings.safeParse(readJson(text));
  if (!parsed.success) throw new Failure(`${file(dataDir)} cannot be read; delete it and start again.`);
  return parsed.data;
}

/**
 * Throws a Failure when there is a data directory into which this user may not look, or which is another user's: it could
 * name a cloud of theirs, to which passwords and lists would be told.
 */
export async function checkOpen(dataDir: string): Promise<void> {
  let isOwn = true;
  try {
    if (!(await stat(dataDir)).isDirectory()) return;
    isOwn = await isOwnDirectory(dataDir);
    if (isOwn) return await access(dataDir, constants.R_OK | constants.X_OK);
  } catch (error) {
    if (isMissing(error)) return;
  }
  const why = isOwn ? "its permissions do not let you" : "it belongs to another user";
  throw new Failure(
    `${dataDir} cannot be looked into: ${why}. Work as the user whose it is, or name another directory with --data.`,
  );
}

/** Nothing is there, or a file is in the way, which is said when the directory is made. */
const isMissing = (error: unknown): boolean =>
  error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR");

/** Saves the settings in the directory, which must exist, replacing the file as a whole. */
export async function writeDataSettings(dataDir: string, settings: DataSettings): Promise<void> {
  await replaceFile(file(dataDir), `${JSON.stringify(settings)}\n`);
}

/** Where a command keeps everything that names no data directory, for messages that are sent or only simulated. */
export async function dataDirectoryFor(kind: keyof typeof defaultDataDirectories): Promise<string> {
  const own = existing(defaultDataDirectories[kind]);
  if (own !== undefined || kind === "endpoint") return own ?? defaultDataDirectories[kind];
  // Older versions had one directory for both: simulations that began there go on there.
  const shared = existing(defaultDataDirectories.endpoint);
  return shared !== undefined && (await hasSimulations(shared)) ? shared : defaultDataDirectories.simulator;
}

/** Whether a directory that nobody has named has simulations that may go on: not where it is a colleague's, or cannot be read. */
async function hasSimulations(directory: string): Promise<boolean> {
  try {
    return (await readDataSettings(directory))?.simulated === true;
  } catch (error) {
    if (error instanceof Failure) return false;
    throw error;
  }
}

/**
 * The data directory of a command that looks at this machine's campaigns and names none: the one of what is really sent,
 * where there is one. `other` is the simulator's beside it.
 */
export function dataDirectoryHere(): { readonly directory: string; readonly other?: string } {
  const real = existing(defaultDataDirectories.endpoint);
  const simulator = existing(defaultDataDirectories.simulator);
  return { directory: real ?? simulator ?? defaultDataDirectories.endpoint, other: real && simulator };
}

/** The directory here; otherwise in the project that `npm start` was called for, where older versions kept it. */
function existing(directory: string): string | undefined {
  if (existsSync(directory)) return directory;
  const project = projectOfNpmStart(process.env);
  const there = project === undefined ? undefined : relative(process.cwd(), join(project, directory));
  return there !== undefined && existsSync(there) ? there : undefined;
}

/**
 * A campaign started with the simulator must not continue with a real endpoint, nor the other way round: rows would be
 * reported as sent that were not. Throws a Refused when the directory is of the other kind.
 */
export function checkSameKind(dataDir: string, before: DataSettings | undefined, simulated: boolean): void {
  if (before === undefined || before.simulated === simulated) return;
  if (simulated) {
    throw new Refused(
      `${dataDir} holds campaigns that are sent through ${before.endpoint}; continue with --endpoint, or use another --data to try something out with the simulator.`,
    );
  }
  const older = dataDir === defaultDataDirectories.endpoint;
  throw new Refused(
    `${dataDir} holds campaigns that went to the simulator, where nothing is really sent; ${older ? `move them away (mv ${dataDir} ${defaultDataDirectories.simulator}), or ` : ""}use another --data to send through --endpoint.`,
  );
}
