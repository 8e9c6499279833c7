import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, mkdtempDisposable, readFile, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import * as z from "zod";
import type { PageFile } from "../../console/build.ts";
import { readJson } from "../../shared/read-json.ts";
import type { ConsolePage } from "./console/console-page.ts";

/** What is kept beside the page's files. */
const Kept = z.object({
  version: z.string(),
  /** By path. */
  contentTypes: z.record(z.string(), z.string()),
});

const keptFile = "console.json";
const placeOf = (folder: string) => join(folder, "console");

/** Builds the console's page of the present sources into a folder, unless it is there. Throws where it may not write. */
export async function prepareConsole(folder: string): Promise<void> {
  const place = placeOf(folder);
  if (existsSync(place)) return;
  const { buildConsole } = await import("../../console/build.ts");
  await keep(folder, place, await buildConsole());
}

async function keep(folder: string, place: string, files: readonly PageFile[]): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o755 });
  await using making = await mkdtempDisposable(join(folder, "making-"));
  for (const { path, body } of files) {
    const file = join(making.path, path);
    await mkdir(dirname(file), { recursive: true, mode: 0o755 });
    await writeFile(file, body, { mode: 0o644 });
  }
  const contentTypes = Object.fromEntries(files.map(({ path, contentType }) => [path, contentType]));
  const kept: z.infer<typeof Kept> = { version: versionOf(files), contentTypes };
  await writeFile(join(making.path, keptFile), JSON.stringify(kept), { mode: 0o644 });
  // Somebody else may have been faster.
  await rename(making.path, place).catch((error: unknown) => {
    if (!existsSync(place)) throw error;
  });
}

function versionOf(files: readonly PageFile[]): string {
  const hash = createHash("sha256");
  for (const { path, body } of files) hash.update(`${path}\0${body.length}\0`).update(body);
  return hash.digest("hex").slice(0, 16);
}

/**
 * The page that `prepareConsole` has built of the present sources into a folder; built when it is first asked for, if it is
 * not there. It is read when it is asked for, a file at a time.
 */
export function preparedPage(folder: string): ConsolePage {
  const read = async () => {
    await prepareConsole(folder);
    const { version, contentTypes } = Kept.parse(readJson(await readFile(join(placeOf(folder), keptFile), "utf8")));
    return { version, types: new Map(Object.entries(contentTypes)) };
  };
  let reading: ReturnType<typeof read> | undefined;
  const kept = () => {
    reading ??= read().catch((error: unknown) => {
      // The next to ask tries again.
      reading = undefined;
      throw error;
    });
    return reading;
  };
  return {
    version: async () => (await kept()).version,
    file: async (path) => {
      const contentType = (await kept()).types.get(path);
      // Only what was built has a type: nothing else in any folder can be asked for.
      return contentType === undefined ? undefined : { contentType, body: await readFile(join(placeOf(folder), path)) };
    },
  };
}
