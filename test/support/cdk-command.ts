import { mkdtempDisposable, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as z from "zod";
import { runProgram } from "./run-program.ts";

const cdk = createRequire(import.meta.url).resolve("aws-cdk/bin/cdk");

const BundledTemplate = z.object({
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

/** A function as `cdk synth` bundled it. */
export interface BundledFunction {
  readonly logicalId: string;
  /** The directory of its asset. */
  readonly asset: string;
  /** The bundle itself. */
  readonly module: string;
  /** Its variables; a placeholder for what is only known once deployed, and paths in the asset for `/var/task/`. */
  readonly environment: Readonly<Record<string, string>>;
}

/** Runs a program of this Node to its end. `text` is all of its output. */
export const runNode = (args: readonly string[], env: NodeJS.ProcessEnv) => runProgram(process.execPath, args, { env });

/** Runs the CDK's command line as a user would, without an account or a network; disposing deletes its output `out`. */
export async function runCdk(...args: readonly string[]) {
  const out = await mkdtempDisposable(join(tmpdir(), "bulk-send-cdk-"));
  const offline = { AWS_EC2_METADATA_DISABLED: "true", CDK_DISABLE_CLI_TELEMETRY: "true", NO_COLOR: "1" };
  const done = await runNode([cdk, ...args, "--no-notices", "-o", out.path], { ...process.env, ...offline });
  return { ...done, out: out.path, [Symbol.asyncDispose]: () => out.remove() };
}

/** The functions in the output directory of a `cdk synth`. */
export async function bundledFunctions(out: string): Promise<readonly BundledFunction[]> {
  const template = BundledTemplate.parse(JSON.parse(await readFile(join(out, "BulkSend.template.json"), "utf8")));
  return Object.entries(template.Resources)
    .filter(([, { Type }]) => Type === "AWS::Lambda::Function")
    .map(([logicalId, { Metadata, Properties }]) => {
      const asset = join(out, Metadata?.["aws:asset:path"] ?? "");
      const variables = Object.entries(Properties?.Environment?.Variables ?? {}).map(([name, value]) => [
        name,
        typeof value === "string"
          ? value.replace(/^\/var\/task\//, `${asset}/`)
          : "https://resolved.when.deployed.invalid",
      ]);
      return { logicalId, asset, module: join(asset, "index.mjs"), environment: Object.fromEntries(variables) };
    });
}

/**
 * How large a function's bundle may be, in bytes, by the beginning of its logical id: a cold start reads and compiles all of
 * it, and the sender's is the one that calls wait for.
 */
export function bundleLimit(logicalId: string): number {
  if (logicalId.startsWith("Sender")) return 708_000;
  return logicalId.startsWith("Reporter") ? 795_000 : 868_000;
}
