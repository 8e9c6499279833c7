import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { readFile, stat, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import * as z from "zod";
import type { Benchmark, Finding } from "./benchmark.ts";
import { decimal, inTurn, median, whole } from "./figures.ts";

const cdk = createRequire(import.meta.url).resolve("aws-cdk/bin/cdk");

const Template = z.object({
  Resources: z.record(
    z.string(),
    z.object({
      Type: z.string(),
      Properties: z
        .object({ Environment: z.object({ Variables: z.record(z.string(), z.unknown()) }).optional() })
        .optional(),
      Metadata: z.object({ "aws:asset:path": z.string().optional() }).optional(),
    }),
  ),
});

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

/** Size of what is deployed, and what it costs to load it at a cold start. */
export const bundles: Benchmark = {
  name: "bundles",
  run: async ({ directory, quick, progress }) => {
    progress("bundling");
    const out = join(directory, "cdk.out");
    const offline = { AWS_EC2_METADATA_DISABLED: "true", CDK_DISABLE_CLI_TELEMETRY: "true", NO_COLOR: "1" };
    await promisify(execFile)(
      process.execPath,
      [cdk, "synth", "--quiet", "--no-notices", "-o", out, "-c", "endpoint=https://pbx.example.com/api/json"],
      { env: { ...process.env, ...offline } },
    );
    const { Resources } = Template.parse(JSON.parse(await readFile(join(out, "BulkSend.template.json"), "utf8")));
    const empty = join(directory, "empty.mjs");
    await writeFile(empty, "export const handler = () => {};\n");
    const findings: Finding[] = [];
    for (const [id, { Type, Metadata, Properties }] of Object.entries(Resources)) {
      const asset = Metadata?.["aws:asset:path"];
      if (Type !== "AWS::Lambda::Function" || asset === undefined) continue;
      const name = id.replace(/Function.*$/u, "").toLowerCase();
      progress(`loading the ${name}`);
      const module = join(out, asset, "index.mjs");
      const { size } = await stat(module);
      const variables = Object.entries(Properties?.Environment?.Variables ?? {});
      const environment = Object.fromEntries(
        variables.map(([key, value]) => [
          key,
          typeof value === "string" ? value : "https://resolved.when.deployed.invalid",
        ]),
      );
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
        aim: "≤ 700 KB",
        met: size <= 700_000,
      });
    }
    return { findings };
  },
};
