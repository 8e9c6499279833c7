import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { createBuiltPage } from "../../functions/built-page.ts";
import type { BuiltPage } from "../../shared/console/publish-page.ts";

const placeOf = (folder: string) => join(folder, "console");

/** Builds the console's page of the present sources into a folder, unless it is there. Throws where it may not write. */
export async function prepareConsole(folder: string): Promise<void> {
  const place = placeOf(folder);
  if (existsSync(place)) return;
  // The package comes with its page, and without a bundler.
  const { buildPage } = await import("../build-page.ts");
  await mkdir(folder, { recursive: true, mode: 0o755 });
  // Node 22, which the package runs on, has no directories that dispose of themselves.
  const making = await mkdtemp(join(folder, "making-"));
  try {
    const page = join(making, "console");
    await buildPage(page);
    // Somebody else may have been faster.
    await rename(page, place).catch((error: unknown) => {
      if (!existsSync(place)) throw error;
    });
  } finally {
    await rm(making, { recursive: true, force: true });
  }
}

/**
 * The page that `prepareConsole` has built of the present sources into a folder; built when it is first asked for, if it is
 * not there.
 */
export function preparedPage(folder: string): BuiltPage {
  const built = createBuiltPage(placeOf(folder));
  return {
    ...built,
    contents: async () => {
      await prepareConsole(folder);
      return built.contents();
    },
  };
}
