import { existsSync } from "node:fs";
import { copyFile, mkdtempDisposable, rename, symlink } from "node:fs/promises";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { installedIn } from "../../infra/local/installation.ts";
import { prepareFunctions } from "../../infra/local/prepare-functions.ts";
import { prepareConsole } from "../../infra/local/prepared-console.ts";
import { hashOf, preparedFolder, preparedInPackage } from "../../infra/local/prepared-folder.ts";
import { prepareStacks } from "../../infra/local/prepared-stack.ts";
import { compileCommandLine } from "../../packaging/build.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** The compiled command line, as the package has it: the file to run. */
    readonly commandLine: string;
  }
}

/**
 * Makes once what the many clouds and commands that the tests start would each make for themselves: the bundles of the functions, the page, the
 * stacks, and the command line compiled as in the package, which starts in half the time of its sources.
 */
export default async function prepare(project: TestProject): Promise<void> {
  await prepareFunctions();
  const folder = await preparedFolder();
  await prepareConsole(folder);
  await prepareStacks(folder);
  project.provide("commandLine", await compiledCommandLine(folder));
}

/** Compiles the present command line, unless it is done, and returns the file to run. */
async function compiledCommandLine(folder: string): Promise<string> {
  const place = join(folder, `command-line-${await hashOf(["cli", "library", "packaging", "package.json"])}`);
  const main = join(place, "dist", "main.js");
  if (existsSync(main)) return main;
  await using making = await mkdtempDisposable(join(folder, "making-"));
  await compileCommandLine(join(making.path, "dist"), []);
  // Where a package has its name and version, and what is prepared.
  await copyFile(join(installedIn, "package.json"), join(making.path, "package.json"));
  await symlink(folder, join(making.path, preparedInPackage));
  // Somebody else may have been faster.
  await rename(making.path, place).catch((error: unknown) => {
    if (!existsSync(main)) throw error;
  });
  return main;
}
