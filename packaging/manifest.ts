import { copyFile, readFile, rename, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import * as z from "zod";

const root = fileURLToPath(new URL("../", import.meta.url));
const manifest = join(root, "package.json");

/** Where the project's own manifest is kept while npm packs. */
const kept = join(root, "dist", "package.json.of-the-project");

/** What is not compiled into the package: npm installs it, in the version that the project is tried with. */
export const dependencies: readonly string[] = ["classic-level", "dynalite"];

/**
 * What only a CDK app of somebody's own, and deploying, need; whoever wants that installs it beside the package. Of the CDK's
 * parts, older ones cannot read what newer ones write, so that they are to be of the same time.
 */
export const peers = {
  "@aws-cdk/toolkit-lib": "^1.43.0",
  "aws-cdk-lib": "^2.275.0",
  constructs: "^10.8.1",
} as const;

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
    files: ["dist", "docs/library.md", "CHANGELOG.md", "SECURITY.md"],
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
