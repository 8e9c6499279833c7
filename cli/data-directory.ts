import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import { replaceFile } from "../infra/local/replace-file.ts";
import { readJson } from "../shared/read-json.ts";
import { Failure, Refused } from "./exit.ts";

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

/** Nothing is there, or a file where the directory should be, which is said when the directory is made. */
const isMissing = (error: unknown): boolean =>
  error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR");

/** Saves the settings in the directory, which must exist, replacing the file as a whole. */
export async function writeDataSettings(dataDir: string, settings: DataSettings): Promise<void> {
  await replaceFile(file(dataDir), `${JSON.stringify(settings)}\n`);
}

/**
 * A campaign started with the simulator must not continue with a real endpoint, nor the other way round: rows would be
 * reported as sent that were not. Throws a Refused when the directory is of the other kind.
 */
export function checkSameKind(dataDir: string, before: DataSettings | undefined, simulated: boolean): void {
  if (before === undefined || before.simulated === simulated) return;
  throw new Refused(
    simulated
      ? `${dataDir} holds campaigns that are sent through ${before.endpoint}; continue with --endpoint, or use another --data to try something out with the simulator.`
      : `${dataDir} holds campaigns that went to the simulator, where nothing is really sent; use another --data to send through --endpoint.`,
  );
}
