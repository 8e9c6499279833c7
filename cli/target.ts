import { existsSync } from "node:fs";
import { findEmbeddedCloud } from "../infra/local/cloud-access.ts";
import { defaultDataDirectory } from "./data-directory.ts";
import { type ExitCode, Failure } from "./exit.ts";
import { openAtRest } from "./local-cloud.ts";
import { openStack, type Stack } from "./stack.ts";

/** Which bulk-send a command means: a stack on AWS, or the one of a data directory. */
export interface Place {
  readonly local?: boolean;
  /** Naming a data directory means the local one. */
  readonly data?: string;
  readonly stack: string;
  readonly region?: string;
  readonly profile?: string;
}

/** A place being used; `atRest`: nothing works on the local directory, so that nothing goes on by itself. */
export interface Found {
  readonly stack: Stack;
  readonly atRest: boolean;
}

/** Finds the place, lets `use` work with it, and leaves it. */
export async function atPlace(place: Place, use: (found: Found) => Promise<ExitCode>): Promise<ExitCode> {
  if (!place.local && place.data === undefined) {
    using stack = await openStack(place.stack, { region: place.region, profile: place.profile });
    return await use({ stack, atRest: false });
  }
  const dataDir = place.data ?? defaultDataDirectory;
  if (!existsSync(dataDir))
    throw new Failure(`There is no directory ${dataDir}; bulk-send run or bulk-send serve begins it.`);
  const running = await findEmbeddedCloud(dataDir);
  if (running !== undefined) {
    using stack = await openStack(running.stackName, running);
    return await use({ stack, atRest: false });
  }
  await using cloud = await openAtRest(dataDir);
  using stack = await openStack(cloud.stackName, cloud);
  return await use({ stack, atRest: true });
}

/** The place as options of a further command line. */
export function placeWords(place: Place): string {
  const data = place.data === undefined || place.data === defaultDataDirectory ? "" : ` --data ${place.data}`;
  if (place.local || place.data !== undefined) return `${data === "" ? " --local" : data}`;
  return [
    place.stack === "BulkSend" ? "" : ` --stack ${place.stack}`,
    place.region === undefined ? "" : ` --region ${place.region}`,
    place.profile === undefined ? "" : ` --profile ${place.profile}`,
  ].join("");
}
