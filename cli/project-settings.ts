import { readFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import * as z from "zod";
import { Failure } from "./exit.ts";

const projectDirectory = dirname(dirname(fileURLToPath(import.meta.url)));

const CdkJson = z.object({ context: z.record(z.string(), z.unknown()).default({}) });

/**
 * The certificates (PEM) of the private certificate authority that the setting `caFile` names; `undefined` when it is not
 * set. Throws a Failure when the file cannot be read.
 */
export async function privateAuthority(): Promise<string | undefined> {
  const { caFile } = await projectContext();
  if (typeof caFile !== "string") return undefined;
  return readFile(caFile, "utf8").catch((cause: unknown) => {
    throw new Failure(`${caFile}, the caFile in cdk.json, cannot be read.`, { cause });
  });
}

/** The settings in the project's `cdk.json` that apply on this machine. Throws a Failure when the file cannot be read. */
export async function projectContext(): Promise<{ readonly [setting: string]: unknown }> {
  const file = join(projectDirectory, "cdk.json");
  let parsed: unknown;
  try {
    parsed = JSON.parse(await readFile(file, "utf8"));
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && cause.code === "ENOENT") return {};
    throw new Failure(`${file} cannot be read; fix it first.`, { cause });
  }
  const { context } = CdkJson.parse(parsed);
  const { vpc: _vpc, stackName: _stackName, notifyEmail: _notifyEmail, caFile, ...settings } = context;
  return typeof caFile === "string" && caFile !== ""
    ? { ...settings, caFile: resolve(projectDirectory, caFile) }
    : settings;
}
