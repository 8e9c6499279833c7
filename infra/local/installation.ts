import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** Whether this runs from the installed package, where all modules are compiled into one folder, and not from the sources. */
export const isPackage = import.meta.url.endsWith(".js");

/** The directory of the package or, in a checkout, of the project. */
export const installedIn = fileURLToPath(new URL(isPackage ? "../" : "../../", import.meta.url));

/** A module of the project that stands beside another, whose `import.meta.url` is `url`; `name` is without its ending. */
export const moduleBeside = (url: string, name: string): URL => new URL(`./${name}.${isPackage ? "js" : "ts"}`, url);

/**
 * For what can be made again. In a checkout it belongs to whoever installed the dependencies; a package may be installed
 * where its user must not write, so there it is the folder that the system has for this.
 */
export const cacheFolder = isPackage
  ? join(usersCacheFolder(), "bulk-send")
  : join(installedIn, "node_modules/.cache/bulk-send");

function usersCacheFolder(): string {
  const { LOCALAPPDATA = "", XDG_CACHE_HOME = "" } = process.env;
  if (process.platform === "win32" && LOCALAPPDATA !== "") return LOCALAPPDATA;
  if (process.platform === "darwin") return join(homedir(), "Library/Caches");
  return XDG_CACHE_HOME === "" ? join(homedir(), ".cache") : XDG_CACHE_HOME;
}
