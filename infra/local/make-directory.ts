import { randomBytes, randomUUID } from "node:crypto";
import { chmod, lstat, mkdir, readdir, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";

/** A directory cannot be made or used. The message is a whole sentence for a person. */
export class UnusableDirectory extends Error {}

const reasons: Readonly<Record<string, string>> = {
  EACCES: "you may not write there",
  EPERM: "it belongs to somebody else",
  EROFS: "the file system is read-only",
  ENOSPC: "the disk is full",
  ENOTDIR: "a file is in the way",
  EEXIST: "a file is in the way",
  ENOENT: "nothing can be created there",
};

/**
 * Makes a directory for this user alone, with those above it that are missing. Throws an `UnusableDirectory` where that
 * cannot be.
 */
export async function makePrivateDirectory(path: string): Promise<void> {
  try {
    await makeMissing(path);
    // Root may change what is another's, who could then still read and replace all that is kept here.
    if (!(await isOwnDirectory(path))) throw Object.assign(new Error(`${path} is another user's.`), { code: "EPERM" });
    await chmod(path, 0o700);
    await checkContent(path);
  } catch (error) {
    throw new UnusableDirectory(
      `${path} cannot be used as a data directory: ${whyNot(error)}. Choose another with --data.`,
      { cause: error },
    );
  }
}

/**
 * Makes what is missing of a directory for reports, for this user alone; one that exists stays as it is, because it may be any.
 * Throws an `UnusableDirectory` where that cannot be.
 */
export const makeReportDirectory = (path: string): Promise<void> => forReports(path);

/** The same, and finds out whether files can be put into it, too. */
export const tryReportDirectory = (path: string): Promise<void> =>
  forReports(path, async () => {
    const trial = join(path, `.${randomUUID()}`);
    try {
      await writeFile(trial, randomBytes(trialBytes), { flag: "wx", flush: true, mode: 0o600 });
    } finally {
      await rm(trial, { force: true });
    }
  });

/** More than file systems keep beside a file's name, so that a full disk is noticed. */
const trialBytes = 4096;

async function forReports(path: string, tryIt?: () => Promise<void>): Promise<void> {
  try {
    await checkLinks(path);
    await makeMissing(path);
    await tryIt?.();
  } catch (error) {
    throw new UnusableDirectory(`No report can be put into ${path}: ${whyNot(error)}. Choose another directory.`, {
      cause: error,
    });
  }
}

/** Throws where a link on the way to a directory is somebody else's, who could have any file of this user's replaced. */
async function checkLinks(path: string): Promise<void> {
  for (let at = resolve(path); dirname(at) !== at; at = dirname(at)) {
    const found = await lstat(at).catch(() => undefined);
    if (found === undefined || !found.isSymbolicLink() || isOursOrRoots(found)) continue;
    throw new Error(`${at} is a link that belongs to somebody else`);
  }
}

/** Step by step, because Node's recursive `mkdir` never ends where a parent exists but takes no directory (/proc). */
async function makeMissing(path: string): Promise<void> {
  const missing: string[] = [];
  for (let at = resolve(path); !(await isDirectory(at)); at = dirname(at)) {
    missing.unshift(at);
    // A drive that there is not, on Windows, has nothing above it.
    if (dirname(at) === at) break;
  }
  for (const directory of missing) {
    await mkdir(directory, { mode: 0o700 }).catch(async (error: unknown) => {
      // Another process may be making it too.
      if (!(await isDirectory(directory))) throw error;
    });
  }
}

function whyNot(error: unknown): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  return reasons[code] ?? (error instanceof Error ? error.message : String(error));
}

/**
 * Whether a directory is this user's, and a link to it, too, or else root's: with a link, another would choose which of this
 * user's directories is used. Where there are no user ids (Windows), everything is. Throws where there is no directory.
 */
export async function isOwnDirectory(path: string): Promise<boolean> {
  if (process.getuid === undefined) return true;
  const found = await lstat(path);
  if (found.isSymbolicLink() && !isOursOrRoots(found)) return false;
  return (await stat(path)).uid === process.getuid();
}

const isOursOrRoots = ({ uid }: { readonly uid: number }) =>
  process.getuid === undefined || uid === process.getuid() || uid === 0;

/** Throws where somebody else has put something into a directory, as long as others could. */
async function checkContent(path: string): Promise<void> {
  for (const name of await readdir(path)) {
    const found = await lstat(join(path, name)).catch(() => undefined);
    if (found === undefined || isOursOrRoots(found)) continue;
    throw new Error(`${name} in it belongs to somebody else`);
  }
}

async function isDirectory(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return false;
    throw error;
  }
}
