import { spawn } from "node:child_process";
import { once } from "node:events";
import { stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { bundledFunctions, bundleLimit, runCdk } from "../support/cdk-command.ts";
import { endpoint } from "../support/stack-settings.ts";
import type { Benchmark, Finding } from "./benchmark.ts";
import { decimal, inTurn, median, whole } from "./figures.ts";

/** Wall time of a fresh process that imports a module and does nothing else, in milliseconds. */
async function loadMs(module: string, environment: Readonly<Record<string, string>>): Promise<number> {
  const code = `import(${JSON.stringify(pathToFileURL(module).href)}).then(() => process.exit(0))`;
  const began = performance.now();
  const child = spawn(process.execPath, ["--eval", code], {
    env: { ...process.env, AWS_REGION: "eu-west-1", ...environment },
    stdio: ["ignore", "ignore", "inherit"],
  });
  const [code_] = await once(child, "exit");
  if (code_ !== 0) throw new Error(`${module} does not load.`);
  return performance.now() - began;
}

/** The size of each deployed bundle, and how long a cold start takes to load it. */
export const bundles: Benchmark = {
  name: "bundles",
  run: async ({ directory, quick, progress }) => {
    progress("bundling");
    await using synth = await runCdk("synth", "--quiet", "-c", `endpoint=${endpoint}`);
    if (synth.code !== 0) throw new Error(`cdk synth failed: ${synth.text}`);
    const empty = join(directory, "empty.mjs");
    await writeFile(empty, "export const handler = () => {};\n");
    const findings: Finding[] = [];
    for (const { logicalId, module, environment } of await bundledFunctions(synth.out)) {
      const name = logicalId.replace(/Function.*$/u, "").toLowerCase();
      progress(`loading the ${name}`);
      const { size } = await stat(module);
      const { ones, others } = await inTurn(
        quick ? 1 : 9,
        () => loadMs(module, environment),
        () => loadMs(empty, environment),
      );
      const [loaded, bare] = [median(ones), median(others)];
      findings.push({
        what: `Bundle of the ${name}, minified`,
        measured: `${whole(size / 1000)} KB, loads in ${whole(loaded)} ms = ${decimal(loaded / bare, 1)}`,
        against: `an empty module, loaded in a fresh process: ${whole(bare)} ms`,
        aim: `≤ ${bundleLimit(logicalId) / 1000} KB`,
        met: size <= bundleLimit(logicalId),
      });
    }
    return { findings };
  },
};
