import { constants } from "node:fs";
import { open, rm } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import type { AccessKey } from "./gateway/principals.ts";
import { proofPath, proves } from "./gateway/proof.ts";
import { replaceFile } from "./replace-file.ts";
import { region } from "./template/resources.ts";

/** What a client outside needs in order to use the embedded cloud as it would use AWS. */
export interface CloudAccess {
  readonly endpoint: string;
  readonly region: string;
  /** May do everything, until the cloud ends. */
  readonly credentials: AccessKey;
  readonly stackName: string;
}

/** The file in the data directory that tells other processes how to reach a running cloud. */
const accessFile = "cloud.json";
const AccessFile = z.object({
  endpoint: z.url(),
  accessKeyId: z.string().min(1),
  secretAccessKey: z.string().min(1),
  stackName: z.string().min(1),
});
type AccessFile = z.infer<typeof AccessFile>;

/** Tells this user's other processes how to reach the cloud that runs on a data directory, until it is disposed. */
export async function publishAccess(dataDir: string, access: CloudAccess): Promise<AsyncDisposable> {
  const { endpoint, credentials, stackName } = access;
  const file = join(dataDir, accessFile);
  const content = JSON.stringify({ endpoint, ...credentials, stackName } satisfies AccessFile);
  // It says how to reach this process, which no power failure outlives.
  await replaceFile(file, content, { flush: false });
  return { [Symbol.asyncDispose]: () => rm(file, { force: true }) };
}

/**
 * How to reach the cloud that some process of this user's is running on a data directory; `undefined` when none is.
 * Whoever answers must prove to know the secret key: the file may be left of a process that was killed, and anybody on
 * this machine may have taken the port since.
 */
export async function findEmbeddedCloud(dataDir: string): Promise<CloudAccess | undefined> {
  const found = await readAccessFile(dataDir);
  if (found === undefined) return undefined;
  const { endpoint, stackName, accessKeyId, secretAccessKey } = found;
  if (!(await answersAsOurs(endpoint, secretAccessKey))) return undefined;
  return { endpoint, region, stackName, credentials: { accessKeyId, secretAccessKey } };
}

/** How long the answer of a process on this machine may take, if the machine is very busy. */
const patienceMs = 20_000;

async function answersAsOurs(endpoint: string, secretAccessKey: string): Promise<boolean> {
  const challenge = crypto.randomUUID();
  try {
    const answer = await fetch(`${endpoint}${proofPath(challenge)}`, {
      signal: AbortSignal.timeout(patienceMs),
      redirect: "error",
    });
    return answer.ok && proves(await answer.text(), { secretAccessKey, challenge, endpoint });
  } catch {
    return false;
  }
}

/** Whoever wrote the file knows its secret, and could answer as the cloud: it counts only if it is this user's. */
async function readAccessFile(dataDir: string): Promise<AccessFile | undefined> {
  try {
    // Not to wait for ever where somebody has put a pipe there.
    await using file = await open(join(dataDir, accessFile), constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    const found = await file.stat();
    if (!found.isFile() || (process.getuid !== undefined && found.uid !== process.getuid())) return undefined;
    return AccessFile.parse(JSON.parse(await file.readFile("utf8")));
  } catch {
    return undefined;
  }
}
