import { existsSync } from "node:fs";
import { findEmbeddedCloud } from "../infra/local/cloud-access.ts";
import { defaultDataDirectory, defaultStackName } from "./defaults.ts";
import { type ExitCode, Failure } from "./exit.ts";
import { openAtRest } from "./local-cloud.ts";
import { openStack, type Stack } from "./stack.ts";

/** Which bulk-send a command is for: a stack on AWS, or the one in a data directory. */
export interface Target {
  readonly local?: boolean;
  /** Naming a data directory implies `local`. */
  readonly data?: string;
  readonly stack: string;
  readonly region?: string;
  readonly profile?: string;
}

/** A target in use; `atRest`: no process is running on the local directory, so nothing happens by itself. */
export interface OpenStack {
  readonly stack: Stack;
  readonly atRest: boolean;
}

/** Opens the target, lets `use` work with it, and closes it again. Throws a Failure when there is no such target. */
export async function withStack(target: Target, use: (opened: OpenStack) => Promise<ExitCode>): Promise<ExitCode> {
  if (!target.local && target.data === undefined) {
    using stack = await openStack(target.stack, { region: target.region, profile: target.profile });
    return await use({ stack, atRest: false });
  }
  const dataDir = target.data ?? defaultDataDirectory;
  if (!existsSync(dataDir)) {
    throw new Failure(`There is no directory ${dataDir}; bulk-send run or bulk-send serve creates it.`);
  }
  const running = await findEmbeddedCloud(dataDir);
  if (running !== undefined) {
    using stack = await openStack(running.stackName, running);
    return await use({ stack, atRest: false });
  }
  await using cloud = await openAtRest(dataDir);
  using stack = await openStack(cloud.stackName, cloud);
  return await use({ stack, atRest: true });
}

/** The target as words of another command. */
export function targetOptions(target: Target): readonly string[] {
  const { local, data, stack, region, profile } = target;
  if (data !== undefined && data !== defaultDataDirectory) return ["--data", data];
  if (local || data !== undefined) return ["--local"];
  return [
    ...(stack === defaultStackName ? [] : ["--stack", stack]),
    ...(region === undefined ? [] : ["--region", region]),
    ...(profile === undefined ? [] : ["--profile", profile]),
  ];
}
