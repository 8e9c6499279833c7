import { existsSync } from "node:fs";
import { mkdir, mkdtempDisposable, readdir, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { handlerNames } from "../decided.ts";
import { preparedFolder, preparedFolders } from "./prepared-folder.ts";
import { bundleOf } from "./prepared-stack.ts";

/** Folders of earlier sources that are left, for processes that still run on them. */
const left = 5;

/**
 * Bundles the functions of the present sources for the local cloud, as for Lambda, unless it is done: loading the sources
 * takes every environment four times as long. Throws where it may not write.
 */
export async function prepareFunctions(): Promise<void> {
  const folder = await preparedFolder();
  if (handlerNames.every((handler) => existsSync(bundleOf(folder, handler)))) return;
  await bundleFunctions(folder);
  await forgetOlder(folder);
}

/** Bundles the functions of the present sources into a folder; `target` as for `bundle`. */
export async function bundleFunctions(folder: string, target?: string): Promise<void> {
  // The bundler takes a while to load, and mostly there is nothing to bundle.
  const { bundle } = await import("../bundle.ts");
  await mkdir(folder, { recursive: true, mode: 0o755 });
  await using making = await mkdtempDisposable(join(folder, "making-"));
  for (const handler of handlerNames) {
    const directory = join(making.path, handler);
    await mkdir(directory, { mode: 0o755 });
    await bundle(fileURLToPath(new URL(`../../functions/${handler}.ts`, import.meta.url)), directory, target);
  }
  const place = dirname(dirname(bundleOf(folder, "any")));
  // Somebody else may have been faster.
  await rename(making.path, place).catch((error: unknown) => {
    if (!existsSync(place)) throw error;
  });
}

async function forgetOlder(present: string): Promise<void> {
  const folders = (await readdir(preparedFolders)).map((name) => join(preparedFolders, name));
  const ages = await Promise.all(folders.map(async (folder) => ({ folder, madeAt: (await stat(folder)).mtimeMs })));
  const older = ages.filter(({ folder }) => folder !== present).toSorted((a, b) => b.madeAt - a.madeAt);
  for (const { folder } of older.slice(left)) await rm(folder, { recursive: true, force: true });
}
