import { existsSync } from "node:fs";
import { findEmbeddedCloud } from "../infra/local/cloud-access.ts";
import { copyable } from "../shared/copyable.ts";
import { dataDirectoryHere, readDataSettings } from "./data-directory.ts";
import { defaultStackName } from "./defaults.ts";
import { type ExitCode, Failure } from "./exit.ts";
import type { Stack } from "./stack.ts";
import type { Terminal } from "./terminal.ts";

/** Which bulk-send a command is for: a stack on AWS, or the one in a data directory. */
export interface Target {
  readonly local?: boolean;
  /** Naming a data directory implies `local`. */
  readonly data?: string;
  readonly stack: string;
  readonly region?: string;
  readonly profile?: string;
}

/** A target in use. */
export interface OpenStack {
  readonly stack: Stack;
  /** No process is running on the local directory, so nothing happens by itself. */
  readonly atRest: boolean;
  /** Messages go to the built-in simulator. */
  readonly simulated: boolean;
  /** The same target as words of another command, which can be copied. */
  readonly words: readonly string[];
}

/** Opens the target, lets `use` work with it, and closes it again. Throws a Failure when there is no such target. */
export async function withStack(target: Target, use: (opened: OpenStack) => Promise<ExitCode>): Promise<ExitCode> {
  // With it come the SDK's clients, which who only names a target does not need.
  const { openStack, stackOf } = await import("./stack.ts");
  const words = targetOptions(target);
  if (!isLocal(target)) {
    using stack = await openStack(target.stack, { region: target.region, profile: target.profile });
    return await use({ stack, atRest: false, simulated: false, words });
  }
  const dataDir = dataDirectoryOf(target);
  if (!existsSync(dataDir)) {
    throw new Failure(
      `There is no directory ${dataDir}. To create it: ${copyable("run", "list.csv", ...dataOption(target))}`,
    );
  }
  const simulated = (await readDataSettings(dataDir))?.simulated ?? true;
  const running = await findEmbeddedCloud(dataDir);
  if (running !== undefined) {
    using stack = await openStack(running.stackName, running);
    return await use({ stack, atRest: false, simulated, words });
  }
  // All of the local cloud, which nothing else here needs.
  const { openAtRest } = await import("./local-cloud.ts");
  await using cloud = await openAtRest(dataDir);
  using stack = stackOf(cloud.stackName, cloud, cloud.outputs);
  return await use({ stack, atRest: true, simulated, words });
}

/** Whether a command is for a data directory rather than a stack on AWS. */
export const isLocal = ({ local, data }: Target): boolean => local === true || data !== undefined;

/** The data directory of a command that is for one. */
export const dataDirectoryOf = ({ data }: Target): string => data ?? dataDirectoryHere().directory;

const dataOption = ({ data }: Target): readonly string[] => (data === undefined ? [] : ["--data", data]);

/**
 * Says which data directory a command looks at that names none and finds two, so that nobody looks at one and thinks of
 * the other.
 */
export function noteOtherDirectory(target: Target, terminal: Pick<Terminal, "note">): void {
  if (!isLocal(target) || target.data !== undefined) return;
  const { directory, other } = dataDirectoryHere();
  if (other === undefined) return;
  terminal.note(`This is ${directory}, what is really sent; --data ${other} has what was simulated.`);
}

/** The target as words of another command. */
export function targetOptions(target: Target): readonly string[] {
  const { stack, region, profile } = target;
  if (isLocal(target)) return ["--data", dataDirectoryOf(target)];
  return [
    ...(stack === defaultStackName ? [] : ["--stack", stack]),
    ...(region === undefined ? [] : ["--region", region]),
    ...(profile === undefined ? [] : ["--profile", profile]),
  ];
}

/** The command that goes on with what is in a data directory, which can be copied. */
export const continues = ({ stack, simulated, words }: OpenStack): string =>
  copyable("serve", ...(simulated ? [] : ["--endpoint", stack.outputs.Endpoint]), ...words);
