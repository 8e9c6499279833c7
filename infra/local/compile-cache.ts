import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, utimesSync } from "node:fs";
import { enableCompileCache } from "node:module";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { cacheFolder, installedIn, isPackage } from "./installation.ts";
import { isOnlyOurs } from "./only-ours.ts";

/** What Node compiles is kept here and run again unseen, so it must be a folder that only its owner may write into. */
const compiled = join(cacheFolder, "compiled");

/** Each version has a folder of its own in it, so that what others left can be told apart. */
const directory = join(compiled, versionHere());

/** How long what another version compiled is kept after it was last used, in milliseconds: some 15 MB. */
const keptMs = 30 * 24 * 3600_000;

/**
 * The environment that lets a worker thread keep what it compiles, empty where there is no folder for it: not in one that
 * others could write into, and never in Node's default, the shared temporary folder.
 */
export function compileCacheEnvironment(): { readonly NODE_COMPILE_CACHE?: string } {
  return ownFolder() ? { NODE_COMPILE_CACHE: directory } : {};
}

/**
 * Lets this process keep what it compiles, as the environment does for a worker thread. Here and in all threads modules are
 * then compiled whole: Node keeps what is compiled when a module is loaded, so that what V8 compiles later, function by
 * function when it is first called, would be compiled again by every thread of every start. Call it before modules are
 * loaded.
 */
export function useCompileCache(): void {
  if (!ownFolder()) return;
  setFlagsFromString("--no-lazy");
  enableCompileCache(directory);
}

/**
 * Removes what other versions compiled and nobody has used for a month, but nothing from a folder into which others may write. Call it when
 * all work is done; it never fails.
 */
export function removeOldCompiled(now = Date.now(), folders = compiled, own = directory): void {
  for (const name of foldersIn(folders)) {
    const folder = join(folders, name);
    try {
      if (folder !== own && !isUsed(folder, now)) rmSync(folder, { recursive: true, force: true });
    } catch {
      // Another process may be at it: the next command tries again.
    }
  }
}

/** The folders in one that is this user's alone; none where there is no such folder. */
function foldersIn(folder: string): readonly string[] {
  try {
    // Who decides where the way to it leads would choose what is removed.
    if (!isOwn(folder) || !isOnlyOurs(folder)) return [];
    return readdirSync(folder, { withFileTypes: true }).flatMap((found) => (found.isDirectory() ? [found.name] : []));
  } catch {
    return [];
  }
}

/** Whether a folder, or a file in it, was used lately: versions before this one did not note it in the folder's own time. */
function isUsed(folder: string, now: number): boolean {
  const isRecent = (time: number) => now - time < keptMs;
  if (isRecent(statSync(folder).mtimeMs)) return true;
  return readdirSync(folder, { recursive: true, encoding: "utf8" }).some((name) => {
    const found = statSync(join(folder, name));
    // A folder is read by whoever looks here; a file by whoever uses it.
    return isRecent(found.mtimeMs) || (found.isFile() && isRecent(found.atimeMs));
  });
}

/** The version, as a name for a folder. Nothing that checks it is loaded: all that is loaded before the cache is used is compiled each time. */
function versionHere(): string {
  const [, version = "unknown"] =
    /"version": *"([\w.+-]+)"/.exec(readFileSync(join(installedIn, "package.json"), "utf8")) ?? [];
  return `version-${version}`;
}

function ownFolder(): boolean {
  try {
    // Who may replace a folder above it could put another in its place once it has been looked at. In a checkout they could
    // replace the sources as well.
    if (isPackage && !isOnlyOurs(directory)) return false;
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    // That it is in use: Node only reads it once all is compiled.
    const now = new Date();
    utimesSync(directory, now, now);
    return isOwn(compiled) && isOwn(directory) && (!isPackage || isOnlyOurs(directory));
  } catch {
    return false;
  }
}

function isOwn(folder: string): boolean {
  const { uid, mode } = statSync(folder);
  // Windows has no user ids; its folders take the rights of the folder around them.
  return process.getuid === undefined || (uid === process.getuid() && (mode & 0o022) === 0);
}
