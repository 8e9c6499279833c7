import { writeFile } from "node:fs/promises";
import { basename, dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { type RolldownPluginOption, rolldown } from "rolldown";
import { billSuffix, createBillOfMaterials } from "./bill-of-materials.ts";
import { lightHttp } from "./light-http.ts";
import { packed } from "./packed.ts";
import { createThirdPartyNotices, noticesFile } from "./third-party-notices.ts";

const root = fileURLToPath(new URL("../", import.meta.url));

/** Lambda's Node (`Runtime.NODEJS_24_X`). */
const runtime = "node24";

/** Parts of the SDK that no function needs, and their replacements. */
const standIns = {
  "@aws-sdk/credential-provider-node": `${root}shared/aws/function-credentials.ts`,
  "@smithy/core/event-streams": `${root}shared/aws/no-event-streams.ts`,
};

/** Modules of data, which are smaller when packed. */
const data = [/libphonenumber-js[\\/]metadata\.max\.json\.js$/, /shared[\\/]report[\\/]page[\\/]page-assets\.ts$/];

/**
 * Modules that undici loads on demand and never needs in a function:
 *
 * - its response parser for processors without SIMD: all of Lambda's have SIMD, and undici loads this parser only where
 *   the other one cannot be compiled;
 * - its support for the web's forms and files as bodies: the body of a call is a Buffer.
 */
const neverLoaded = [/undici[\\/]lib[\\/]llhttp[\\/]llhttp-wasm\.js$/, /undici[\\/]lib[\\/]web[\\/]/];

/**
 * Functions that undici loads whatever happens and never calls in a function: HTTP/2, which `allowH2: false` turns off, and with
 * which Node's own would be loaded.
 */
const neverCalled = [/undici[\\/]lib[\\/]dispatcher[\\/]client-h2\.js$/];

/** Replaces modules that are never loaded, or of which nothing is called: loading one, or calling it, is an error that names it. */
const leftOut = (modules: RegExp[], called = false): RolldownPluginOption => ({
  name: "left-out",
  load: {
    filter: { id: modules },
    handler: (id) => {
      const name = id.replaceAll("\\", "/").replace(/^.*\/node_modules\//u, "");
      const error = `${name} is left out of the functions' bundles, as infra/bundle.ts says.`;
      const failure = `throw new Error(${JSON.stringify(error)});`;
      const code = called ? `module.exports = () => { ${failure} };` : `${failure}\nmodule.exports = {};`;
      return { code, moduleType: "js" };
    },
  },
});

/**
 * Modules that a function imports on demand and that a cold start should not read: each is bundled for itself, with all
 * that it needs, into a file beside the function's own.
 */
const onDemand = [
  { module: /[\\/]read-workbook-records\.ts$/, file: "workbook.mjs" },
  { module: /^jschardet$/, file: "encodings.mjs" },
  { module: /[\\/]number-zones\.ts$/, file: "zones.mjs" },
];

/** Leaves what is imported on demand to its own file, and tells which modules those are. */
const apart = (found: (module: string, file: string) => void): RolldownPluginOption => ({
  name: "apart",
  resolveId: {
    filter: { id: onDemand.map(({ module }) => module) },
    handler: (id, importer) => {
      const file = onDemand.find(({ module }) => module.test(id))?.file;
      if (file === undefined || importer === undefined) return null;
      found(id.startsWith(".") ? resolve(dirname(importer), id) : id, file);
      return { id: `./${file}`, external: true };
    },
  },
});

/**
 * Writes the bundle of a handler's source file, `index.mjs` with its source map, into a directory, and beside it what is
 * only loaded on demand, the notices of what others wrote, and for each file the list of the packages in it; in syntax that `target`
 * understands, by default the functions' Node on AWS. Throws at any warning, such as an import that does not exist.
 *
 * It uses Rolldown, which leaves out the parts of an SDK client for calls that are not made; esbuild keeps most of them.
 */
export async function bundle(entry: string, directory: string, target = runtime): Promise<void> {
  const parts = new Map<string, string>();
  const notices = createThirdPartyNotices();
  await writeBundle(
    { entry, path: join(directory, "index.mjs"), target },
    notices.plugin(),
    apart((module, file) => parts.set(file, module)),
  );
  for (const [file, module] of parts) {
    await writeBundle({ entry: module, path: join(directory, file), target }, notices.plugin());
  }
  await writeFile(join(directory, noticesFile), notices.text());
}

async function writeBundle(
  { entry, path, target }: { readonly entry: string; readonly path: string; readonly target: string },
  ...plugins: RolldownPluginOption[]
): Promise<void> {
  const name = basename(path);
  const bill = createBillOfMaterials(`${name} of ${relative(root, entry).replaceAll("\\", "/")}`);
  await using build = await rolldown({
    input: entry,
    cwd: root,
    platform: "node",
    tsconfig: false,
    resolve: { mainFields: ["module", "main"], alias: standIns },
    transform: {
      target,
      define: {
        // undici's own switch for being bundled, which leaves out a second, experimental parser.
        esbuildDetection: "true",
        // With a test runner's variable set, undici uses the parser that is left out.
        "process.env.JEST_WORKER_ID": "undefined",
      },
    },
    plugins: [lightHttp, packed(data), leftOut(neverLoaded), leftOut(neverCalled, true), ...plugins, bill.plugin()],
    // How long a plugin takes says nothing about the bundle; on a busy machine it would fail a deployment.
    checks: { bundlerTimings: false },
    onLog: (level, { message }) => {
      if (level === "warn") throw new Error(message);
    },
  });
  const {
    output: [{ code, map }],
  } = await build.generate({
    // Not the path it is written to, so that the paths in the map, and with them the asset's hash, are the same everywhere.
    file: join(root, name),
    format: "esm",
    codeSplitting: false,
    minify: true,
    comments: false,
    // With any other character V8 keeps two bytes for each of a source's, in every environment.
    charset: "ascii",
    sourcemap: "hidden",
  });
  if (map === null) throw new Error(`${entry} was bundled without a source map.`);
  // A stack trace only needs names and lines, not sources.
  const lines = { ...map, sourcesContent: undefined };
  await writeFile(path, `${code.trimEnd()}\n//# sourceMappingURL=${name}.map\n`);
  await writeFile(`${path}.map`, JSON.stringify(lines));
  await writeFile(join(dirname(path), basename(path, ".mjs") + billSuffix), bill.text());
}

if (import.meta.main) {
  const [entry, directory] = process.argv.slice(2);
  if (entry === undefined || directory === undefined) throw new Error("Usage: node infra/bundle.ts ENTRY DIRECTORY");
  await bundle(entry, directory);
}
