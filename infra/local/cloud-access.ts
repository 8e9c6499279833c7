import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import { isLocked } from "./data-lock.ts";
import { replaceFile } from "./replace-file.ts";
import { region } from "./template/resources.ts";

/** What a client outside needs in order to use the embedded cloud as it would use AWS. */
export interface CloudAccess {
  readonly endpoint: string;
  readonly region: string;
  /** May do everything; the secret key is not verified. */
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly stackName: string;
}

/** The file in the data directory that tells other processes how to reach a running cloud. */
const accessFile = "cloud.json";
const AccessFile = z.object({ endpoint: z.url(), accessKeyId: z.string().min(1), stackName: z.string().min(1) });
type AccessFile = z.infer<typeof AccessFile>;

/** The credentials with this access key. */
export function credentialsWith(accessKeyId: string): CloudAccess["credentials"] {
  return { accessKeyId, secretAccessKey: "local" };
}

/** The operator's access key. It stays the same across restarts, so that a client's settings remain valid. */
export async function operatorKey(dataDir: string): Promise<string> {
  return (await readAccessFile(dataDir))?.accessKeyId ?? `OPERATOR${randomBytes(12).toString("hex")}`;
}

/** Tells other processes how to reach the cloud that runs on a data directory. */
export async function publishAccess(dataDir: string, access: CloudAccess): Promise<void> {
  const { endpoint, credentials, stackName } = access;
  const content: AccessFile = { endpoint, accessKeyId: credentials.accessKeyId, stackName };
  await replaceFile(join(dataDir, accessFile), JSON.stringify(content));
}

/** How to reach the cloud that some process is running on a data directory; `undefined` when none is. */
export async function findEmbeddedCloud(dataDir: string): Promise<CloudAccess | undefined> {
  const found = await readAccessFile(dataDir);
  if (found === undefined || !(await isLocked(dataDir))) return undefined;
  const { endpoint, stackName, accessKeyId } = found;
  return { endpoint, region, stackName, credentials: credentialsWith(accessKeyId) };
}

async function readAccessFile(dataDir: string): Promise<AccessFile | undefined> {
  try {
    return AccessFile.parse(JSON.parse(await readFile(join(dataDir, accessFile), "utf8")));
  } catch {
    return undefined;
  }
}
