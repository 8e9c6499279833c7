import { createHash } from "node:crypto";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { cacheFolder, installedIn, isPackage } from "./installation.ts";

/** Holds a folder for each state of the sources that something was prepared of. */
export const preparedFolders = join(cacheFolder, "prepared");

/** Where a package has what is prepared, relative to its directory. */
export const preparedInPackage = "dist/prepared";

/** Prepared stacks and functions are made of these. */
const sources = ["functions", "infra", "shared", "package-lock.json"];

/**
 * The folder for what is made of the present sources, named by their content, so that a change to any of them leads to
 * another folder. It need not exist. Reading the sources takes some hundredths of a second. The package comes with its own.
 */
export async function preparedFolder(): Promise<string> {
  if (isPackage) return join(installedIn, preparedInPackage);
  return join(preparedFolders, await hashOf(sources));
}

/** A name for the present content of these files and folders of the project: 32 hexadecimal digits. */
export async function hashOf(paths: readonly string[]): Promise<string> {
  const files = (await Promise.all(paths.map(filesUnder))).flat().toSorted();
  const contents = await Promise.all(files.map((file) => readFile(join(installedIn, file))));
  const hash = createHash("sha256");
  for (const [index, content] of contents.entries())
    hash.update(`${files[index]}\0${content.length}\0`).update(content);
  return hash.digest("hex").slice(0, 32);
}

/** The files under a path of the project, relative to its root. */
async function filesUnder(path: string): Promise<string[]> {
  if ((await stat(join(installedIn, path))).isFile()) return [path];
  const entries = await readdir(join(installedIn, path), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(installedIn.length));
}
