import { execFile } from "node:child_process";
import { mkdir, mkdtempDisposable, readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, posix } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { peers } from "../cli/cdk-toolkit.ts";
import { libraryEntries } from "./manifest.ts";
import { typeOfSchema } from "./type-of-schema.ts";

const root = fileURLToPath(new URL("../", import.meta.url));

/** Types that are written from a schema: those of zod would need zod to be installed. */
const written = {
  "shared/report/summary": { type: "Summary", schema: "docs/summary.schema.json" },
} as const;

/** A relative import in a declaration file, which the compiler writes on one line; its path without the ending. */
const imported = /(?<=^(?:im|ex)port .* from ")(\.{1,2}\/[^"]+)\.ts(?=";$)/gmu;

/** An import of a package. */
const fromPackage = /(?<=^(?:im|ex)port .* from ")[^."][^"]*(?=";$)/gmu;

/**
 * Writes the types of what programs may use into a folder: of all declarations, those that these need. Throws if any of them
 * needs a package that is not there for whoever installs this one.
 */
export async function writeTypes(folder: string): Promise<void> {
  await using all = await mkdtempDisposable(join(tmpdir(), "bulk-send-types-"));
  await declareAll(all.path);
  for (const [module, { type, schema }] of Object.entries(written)) {
    const text = typeOfSchema(type, JSON.parse(await readFile(join(root, schema), "utf8")));
    await writeFile(join(all.path, `${module}.d.ts`), text);
  }
  const needed = new Set(Object.values(libraryEntries).map((name) => `library/${name}`));
  // A set is walked to its end, also to what is added on the way.
  for (const module of needed) {
    const text = await readFile(join(all.path, `${module}.d.ts`), "utf8");
    for (const [name] of text.matchAll(fromPackage)) {
      if (Object.keys(peers).some((peer) => name === peer || name.startsWith(`${peer}/`))) continue;
      throw new Error(`The types in ${module}.ts need ${name}, which programs that use them may not have.`);
    }
    for (const [, path = ""] of text.matchAll(imported)) needed.add(posix.join(dirname(module), path));
    const file = join(folder, `${module}.d.ts`);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text.replaceAll(imported, "$1.js"));
  }
}

/** The compiler's declarations of the library and of everything below it, without what is marked as internal. */
async function declareAll(folder: string): Promise<void> {
  const compiler = createRequire(import.meta.url).resolve("typescript/package.json");
  const config = join(root, "packaging", "tsconfig.json");
  await promisify(execFile)(process.execPath, [
    ...[join(dirname(compiler), "bin", "tsc"), "-p", config, "--outDir", folder],
  ]);
}
