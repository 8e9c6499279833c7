import { copyFile, mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type RolldownPluginOption, rolldown } from "rolldown";
import { peers } from "../cli/cdk-toolkit.ts";
import { billSuffix, createBillOfMaterials } from "../infra/bill-of-materials.ts";
import { buildPage } from "../infra/build-page.ts";
import { lightHttp } from "../infra/light-http.ts";
import { bundleFunctions } from "../infra/local/prepare-functions.ts";
import { prepareConsole } from "../infra/local/prepared-console.ts";
import { preparedInPackage } from "../infra/local/prepared-folder.ts";
import { prepareStacks } from "../infra/local/prepared-stack.ts";
import { createThirdPartyNotices, noticesFile } from "../infra/third-party-notices.ts";
import { dependencies, libraryEntries } from "./manifest.ts";
import { writeTypes } from "./types.ts";

const root = fileURLToPath(new URL("../", import.meta.url));
const dist = join(root, "dist");

/** The package runs on this Node and later ones. */
const oldestNode = "node22";

/** What Node loads by itself, as threads and for programs: all are compiled into one folder, under their own names. */
const entries = {
  ...Object.fromEntries(Object.values(libraryEntries).map((name) => [name, `${root}library/${name}.ts`])),
  main: `${root}cli/main.ts`,
  worker: `${root}infra/local/functions/worker.ts`,
  "simulator-thread": `${root}cli/simulator-thread.ts`,
};

/** Node 22 has no stacks of disposables. */
const forOlderNode: RolldownPluginOption = {
  name: "for-older-node",
  transform: {
    filter: { id: Object.values(entries) },
    // On the same line, so that the source map stays right.
    handler: (code) => ({
      code: `import "core-js/proposals/async-explicit-resource-management.js"; ${code.replace(/^#!/, "//")}`,
      map: null,
    }),
  },
};

/** The package has its template and its page, so that nothing in it needs the CDK or a bundler. */
const withoutBuilders: RolldownPluginOption = {
  name: "without-builders",
  load: {
    filter: { id: [/[\\/]synthesise-aside\.ts$/, /[\\/]infra[\\/]build-page\.ts$/] },
    handler: (id) => ({
      code: `export const ${id.endsWith("build-page.ts") ? "buildPage" : "synthesiseAside"} = () => { throw new Error("This installation of bulk-send is incomplete; install it again."); };`,
      moduleType: "js",
    }),
  },
};

/**
 * Builds what the package has in `dist/`: the command line compiled with all that it needs, the functions, the template and
 * the page for the local cloud, the notices of what others wrote, and lists of the packages in all of these. Throws at any warning.
 */
export async function buildPackage(): Promise<void> {
  await rm(dist, { recursive: true, force: true });
  const prepared = join(root, preparedInPackage);
  await mkdir(prepared, { recursive: true });
  const notices = createThirdPartyNotices();
  const bill = createBillOfMaterials("the command line and the library");
  await compileCommandLine(dist, [notices.plugin(), bill.plugin()]);
  // All that the plugin for the notices writes is empty.
  await rm(join(dist, "noted"));
  await copyFile(join(root, "packaging/bulk-send.js"), join(dist, "bulk-send.js"));
  await writeFile(join(dist, noticesFile), notices.text());
  await writeFile(join(dist, `bulk-send${billSuffix}`), bill.text());
  await writeTypes(join(dist, "types"));
  await bundleFunctions(prepared, oldestNode);
  await prepareConsole(prepared);
  await prepareStacks(prepared);
  const deployed = join(dist, "deployed");
  await bundleFunctions(deployed);
  await buildPage(join(deployed, "page"));
}

/** Compiles the command line, with all that it needs, into a directory: `main.js` and its threads. Throws at any warning. */
export async function compileCommandLine(directory: string, plugins: readonly RolldownPluginOption[]): Promise<void> {
  await using build = await rolldown({
    input: entries,
    cwd: root,
    platform: "node",
    tsconfig: false,
    // One has parts for each system, which a bundler cannot choose from; the other loads parts by names that it makes up.
    external: [...dependencies, new RegExp(`^(${Object.keys(peers).join("|")})(/|$)`)],
    resolve: { mainFields: ["module", "main"] },
    transform: { target: oldestNode },
    plugins: [lightHttp, forOlderNode, withoutBuilders, ...plugins],
    checks: { bundlerTimings: false },
    onLog: (level, { message }) => {
      if (level === "warn") throw new Error(message);
    },
  });
  await build.write({
    dir: directory,
    format: "esm",
    // Node shows the line of an error that nobody catches: what is in one line would fill a screen.
    minify: { compress: true, mangle: true, codegen: { removeWhitespace: false } },
    comments: false,
    // With any other character V8 keeps two bytes for each of a source's.
    charset: "ascii",
    sourcemap: true,
    entryFileNames: "[name].js",
    chunkFileNames: "[name]-[hash].js",
  });
}
