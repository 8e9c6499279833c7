import { readFile, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import * as z from "zod";
import { installedIn, isPackage } from "../infra/local/installation.ts";
import { noSetting, strangerAmong } from "../infra/settings.ts";
import { Failure } from "./exit.ts";

const Settings = z.record(z.string(), z.unknown());
const CdkJson = z.object({ context: Settings.default({}) });

/** The file of the settings: in a checkout, that of the CDK app; for the package, one of its own, where the user stands. */
export const settingsFileName = isPackage ? "bulk-send.json" : "cdk.json";

const settingsFile = () => (isPackage ? resolve(settingsFileName) : join(installedIn, settingsFileName));

/**
 * The certificates (PEM) of the private certificate authority that the setting `caFile` names; `undefined` when it is not
 * set. Throws a Failure when the file cannot be read.
 */
export async function privateAuthority(): Promise<string | undefined> {
  const { caFile } = await projectContext();
  if (typeof caFile !== "string") return undefined;
  return textOf(caFile).catch((cause: unknown) => {
    throw new Failure(`${caFile}, the caFile in ${settingsFile()}, cannot be read.`, { cause });
  });
}

/**
 * The settings that apply on this machine: all but those that only a stack on AWS has. Throws a Failure when the file for them
 * cannot be read.
 */
export async function projectContext(): Promise<{ readonly [setting: string]: unknown }> {
  const { vpc: _vpc, stackName: _stackName, notifyEmail: _notifyEmail, ...settings } = await deployedContext();
  return settings;
}

/**
 * The settings that a stack is deployed with: in a checkout those of `cdk.json`, for the package those of `bulk-send.json`, whose
 * members they are. Throws a Failure when the file cannot be read, and where the package's has a member that is no setting.
 */
export async function deployedContext(): Promise<{ readonly [setting: string]: unknown }> {
  const file = settingsFile();
  let context: z.infer<typeof Settings>;
  try {
    const parsed: unknown = JSON.parse(await textOf(file));
    context = isPackage ? Settings.parse(parsed) : CdkJson.parse(parsed).context;
  } catch (cause) {
    if (cause instanceof Failure) throw cause;
    if (cause instanceof Error && "code" in cause && cause.code === "ENOENT") return {};
    throw new Failure(`${file} cannot be read; fix it first.`, { cause });
  }
  if (isPackage) refuseStrangers(file, Object.keys(context));
  const { caFile, ...settings } = context;
  return typeof caFile === "string" && caFile !== ""
    ? { ...settings, caFile: resolve(dirname(file), caFile) }
    : settings;
}

/** A file's text. Throws for what is no file: a pipe would be waited for, and a device may have no end. */
async function textOf(file: string): Promise<string> {
  if (!(await stat(file)).isFile()) throw new Failure(`${file} is not a file, so no settings can be read from it.`);
  return await readFile(file, "utf8");
}

function refuseStrangers(file: string, names: readonly string[]): void {
  const stranger = strangerAmong(names);
  if (stranger !== undefined) throw new Failure(`In ${file}: ${noSetting(stranger)}`);
}
