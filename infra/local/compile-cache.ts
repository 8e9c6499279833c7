import { mkdirSync, statSync } from "node:fs";
import { enableCompileCache } from "node:module";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { cacheFolder } from "./installation.ts";

/** What Node compiles is kept here and run again unseen, so it must be a folder that only its owner may write into. */
const directory = join(cacheFolder, "compiled");

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

function ownFolder(): boolean {
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    const { uid, mode } = statSync(directory);
    // Windows has no user ids; its folders take the rights of the folder around them.
    return process.getuid === undefined || (uid === process.getuid() && (mode & 0o022) === 0);
  } catch {
    return false;
  }
}
