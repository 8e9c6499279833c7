import { copyFile, readFile, rename, stat, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import * as z from "zod";
import { peers } from "../cli/cdk-toolkit.ts";

const root = fileURLToPath(new URL("../", import.meta.url));
const manifest = join(root, "package.json");

/** Where the project's own manifest is kept while npm packs. */
const kept = join(root, "dist", "package.json.of-the-project");

/** What is not compiled into the package: npm installs it, in the version that the project is tried with. */
export const dependencies: readonly string[] = ["classic-level", "dynalite"];

/** The package's entries for programs, by their source in `library/`. */
export const libraryEntries = { ".": "index", "./cdk": "cdk" } as const;

const Manifest = z.object({
  name: z.string(),
  version: z.string(),
  description: z.string(),
  license: z.string(),
  devDependencies: z.record(z.string(), z.string()),
});

/**
 * Puts the package's manifest in the place of the project's, for npm to pack. The two differ in everything but the name: the
 * package needs neither the project's scripts nor what they use, and a `bin` in the project's own manifest would make `npx`
 * install the project instead of running it. `restoreManifest` undoes it.
 */
export async function writePackageManifest(): Promise<void> {
  const { name, version, description, license, devDependencies } = Manifest.parse(
    JSON.parse(await readFile(manifest, "utf8")),
  );
  const packages = {
    name,
    version,
    description,
    license,
    type: "module",
    engines: { node: ">=22.13" },
    bin: { "bulk-send": "dist/bulk-send.js" },
    exports: {
      ...Object.fromEntries(Object.entries(libraryEntries).map(([path, name]) => [path, exportOf(name)])),
      "./package.json": "./package.json",
    },
    files: ["dist", `!dist/${basename(kept)}`, "docs/library.md", "CHANGELOG.md", "SECURITY.md"],
    dependencies: Object.fromEntries(dependencies.map((dependency) => [dependency, devDependencies[dependency]])),
    peerDependencies: peers,
    peerDependenciesMeta: Object.fromEntries(Object.keys(peers).map((name) => [name, { optional: true }])),
  };
  await copyFile(manifest, kept);
  await writeFile(manifest, `${JSON.stringify(packages, undefined, 2)}\n`);
}

const exportOf = (name: string) => ({ types: `./dist/types/library/${name}.d.ts`, default: `./dist/${name}.js` });

/** Puts the project's manifest back, if it is not in its place. */
export async function restoreManifest(): Promise<void> {
  const away = await stat(kept).catch(() => undefined);
  if (away !== undefined) await rename(kept, manifest);
}
