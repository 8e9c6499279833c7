import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, test } from "vitest";
import * as z from "zod";

const cdk = createRequire(import.meta.url).resolve("aws-cdk/bin/cdk");

const run = (args: readonly string[], environment: Readonly<Record<string, string | undefined>> = process.env) =>
  new Promise<{ code: number; text: string }>((resolve) => {
    const child = execFile(process.execPath, args, { env: environment }, (_error, stdout, stderr) =>
      resolve({ code: child.exitCode ?? -1, text: stdout + stderr }),
    );
  });

/** Runs the CDK's command line as a user would, with no account and nothing to reach; its output goes with `out`. */
const runCdk = async (...args: readonly string[]) => {
  const out = await mkdtemp(join(tmpdir(), "bulk-send-cdk-"));
  const offline = { AWS_EC2_METADATA_DISABLED: "true", CDK_DISABLE_CLI_TELEMETRY: "true", NO_COLOR: "1" };
  const done = await run([cdk, ...args, "--no-notices", "-o", out], { ...process.env, ...offline });
  return { ...done, out, [Symbol.asyncDispose]: () => rm(out, { recursive: true, force: true }) };
};

const Bundled = z.object({
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

describe("The CDK's command line", () => {
  test("lists the stack without an endpoint", async () => {
    await using ls = await runCdk("ls", "-c", "endpoint=");
    expect(ls.text).toMatch(/^BulkSend$/m);
    expect(ls.code).toBe(0);
  });

  test("stops at synth with one sentence for each thing that is missing or wrong", async () => {
    await using synth = await runCdk(
      ...["synth", "--quiet", "-c", "endpoint=", "-c", "retainDays=long", "-c", "sendPerSecond=1"],
    );
    expect(synth.text).toContain("endpoint is not set: put it into cdk.json");
    expect(synth.text).toContain('retainDays is "long", but must be a whole number of days from 1 to 3650.');
    expect(synth.text).toContain("sendPerSecond is not a setting; did you mean sendsPerSecond?");
    expect(synth.code).toBe(1);
  });

  test("does nothing under a wrong stack name, not even destroy", async () => {
    await using destroy = await runCdk("destroy", "--force", "-c", "stackName=bulk_send");
    expect(destroy.text).toContain('stackName is "bulk_send", but must be letters');
    expect(destroy.text).not.toContain("destroying");
    expect(destroy.code).toBe(1);
  });

  test("bundles three functions that load with the environment, and the authority, the stack gives them", async () => {
    const authority = join(import.meta.dirname, "../fixtures/infra/private authority.pem");
    await using synth = await runCdk(
      ...["synth", "--quiet", "-c", "endpoint=https://pbx.example.com/api/json", "-c", `caFile=${authority}`],
    );
    expect(synth.text).not.toContain("ERROR");
    expect(synth.code).toBe(0);
    const template = Bundled.parse(JSON.parse(await readFile(join(synth.out, "BulkSend.template.json"), "utf8")));
    const functions = Object.values(template.Resources).filter(({ Type }) => Type === "AWS::Lambda::Function");
    expect(functions).toHaveLength(3);
    for (const { Metadata, Properties } of functions) {
      const asset = join(synth.out, Metadata?.["aws:asset:path"] ?? "");
      const module = join(asset, "index.mjs");
      const bundle = pathToFileURL(module).href;
      // What a cold start reads and compiles. What may be left out of it: infra/bundle.ts.
      expect((await stat(module)).size).toBeLessThanOrEqual(700_000);
      // Lambda unpacks a bundle into /var/task.
      const given = Object.entries(Properties?.Environment?.Variables ?? {}).map(([name, value]) => [
        name,
        typeof value === "string"
          ? value.replace(/^\/var\/task\//, `${asset}/`)
          : "https://resolved.when.deployed.invalid",
      ]);
      const loaded = await run(
        [
          "--eval",
          `import(${JSON.stringify(bundle)}).then((m) => { console.log(typeof m.handler); process.exit(0); })`,
        ],
        { AWS_REGION: "eu-west-1", ...Object.fromEntries(given) },
      );
      expect(loaded).toEqual({ code: 0, text: "function\n" });
    }
    const told = functions.map(({ Properties }) => Properties?.Environment?.Variables["CA_FILE"]);
    expect(told.filter((file) => file !== undefined)).toEqual(["/var/task/ca.pem"]);
  });
});
