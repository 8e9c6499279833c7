import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** Whether this runs from the installed package, where all modules are compiled into one folder, and not from the sources. */
export const isPackage = import.meta.url.endsWith(".js");

/** The directory of the package or, in a checkout, of the project. */
export const installedIn = fileURLToPath(new URL(isPackage ? "../" : "../../", import.meta.url));

/**
 * What a package deploys, built when it is packed: the bundles of the functions for AWS in `functions`, and the console's page in
 * `page`. A checkout has none: there they are built when they are deployed.
 */
export const deployedCode = isPackage ? join(installedIn, "dist/deployed") : undefined;

/** As `new URL(path, base)` for a module's source file, such as "./worker.ts"; in the package, what it was compiled to. */
export const moduleUrl = (path: string, base: string): URL =>
  new URL(isPackage ? path.replace(/\.ts$/, ".js") : path, base);

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
