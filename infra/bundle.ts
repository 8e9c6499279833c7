import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type RolldownPluginOption, rolldown } from "rolldown";
import { packed } from "./packed.ts";

const root = fileURLToPath(new URL("../", import.meta.url));

/** Parts of the SDK that no function needs, and what stands in for them. */
const standIns = {
  "@aws-sdk/credential-provider-node": `${root}shared/aws/function-credentials.ts`,
  "@smithy/core/event-streams": `${root}shared/aws/no-event-streams.ts`,
};

/** Data that is larger as a program than packed. */
const data = [/libphonenumber-js[\\/]metadata\.min\.json\.js$/, /shared[\\/]report[\\/]page[\\/]page-assets\.ts$/];

/**
 * Modules that undici loads when it comes to need them, which in a function it never does:
 *
 * - its parser of answers for processors without SIMD, which all of Lambda's have: the parser that uses it comes first,
 *   and only where that cannot be compiled is this one loaded;
 * - what it needs for bodies that are forms or files of the web's kind, as a call's body is a Buffer.
 */
const neverLoaded = [/undici[\\/]lib[\\/]llhttp[\\/]llhttp-wasm\.js$/, /undici[\\/]lib[\\/]web[\\/]/];

/** In place of modules that are never loaded: to load one is an error that names it. */
const leftOut = (modules: RegExp[]): RolldownPluginOption => ({
  name: "left-out",
  load: {
    filter: { id: modules },
    handler: (id) => {
      const name = id.replaceAll("\\", "/").replace(/^.*\/node_modules\//u, "");
      const error = `${name} is left out of the functions' bundles, as infra/bundle.ts says.`;
      return { code: `throw new Error(${JSON.stringify(error)});\nmodule.exports = {};`, moduleType: "js" };
    },
  },
});

/**
 * Writes the bundle of a handler's source file, `index.mjs` with its source map, into a directory. Throws when
 * anything is doubtful, such as an import that finds nothing.
 *
 * By Rolldown, because it leaves out what an SDK client has for calls that are not made, where esbuild keeps most of it.
 */
export async function bundle(entry: string, directory: string): Promise<void> {
  await using build = await rolldown({
    input: entry,
    cwd: root,
    platform: "node",
    tsconfig: false,
    resolve: { mainFields: ["module", "main"], alias: standIns },
    transform: {
      target: "node24",
      define: {
        // undici's own switch for being part of a larger program, which leaves out a second, experimental parser.
        esbuildDetection: "true",
        // With a test runner's variable undici takes the parser that is left out.
        "process.env.JEST_WORKER_ID": "undefined",
      },
    },
    plugins: [packed(data), leftOut(neverLoaded)],
    onLog: (level, { message }) => {
      if (level === "warn") throw new Error(message);
    },
  });
  const {
    output: [{ code, map }],
  } = await build.generate({
    // Not where it is written, so that the map's paths, and with them the asset's hash, are the same everywhere.
    file: join(root, "index.mjs"),
    format: "esm",
    codeSplitting: false,
    minify: true,
    comments: false,
    sourcemap: "hidden",
  });
  if (map === null) throw new Error(`${entry} was bundled without a source map.`);
  // A stack trace needs names and lines alone, no sources.
  const lines = { ...map, sourcesContent: undefined };
  await writeFile(join(directory, "index.mjs"), `${code.trimEnd()}\n//# sourceMappingURL=index.mjs.map\n`);
  await writeFile(join(directory, "index.mjs.map"), JSON.stringify(lines));
}

if (import.meta.main) {
  const [entry, directory] = process.argv.slice(2);
  if (entry === undefined || directory === undefined) throw new Error("Usage: node infra/bundle.ts ENTRY DIRECTORY");
  await bundle(entry, directory);
}
