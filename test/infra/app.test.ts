import { execFile } from "node:child_process";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";

const cdk = createRequire(import.meta.url).resolve("aws-cdk/bin/cdk");

/** Runs the CDK's command line as a user would, with no account and nothing to reach. */
const run = async (...args: readonly string[]) => {
  const out = await mkdtemp(join(tmpdir(), "bulk-send-cdk-"));
  await using _ = { [Symbol.asyncDispose]: () => rm(out, { recursive: true, force: true }) };
  const env = { ...process.env, AWS_EC2_METADATA_DISABLED: "true", CDK_DISABLE_CLI_TELEMETRY: "true", NO_COLOR: "1" };
  const { code, text } = await new Promise<{ code: number; text: string }>((resolve) => {
    const child = execFile(
      process.execPath,
      [cdk, ...args, "--no-notices", "-o", out],
      { env },
      (_error, stdout, stderr) => resolve({ code: child.exitCode ?? -1, text: stdout + stderr }),
    );
  });
  return { code, text, files: await readdir(out) };
};

describe("The CDK's command line", { timeout: 120_000 }, () => {
  test("lists the stack without an endpoint", async () => {
    const { code, text } = await run("ls", "-c", "endpoint=");
    expect(text).toMatch(/^BulkSend$/m);
    expect(code).toBe(0);
  });

  test("stops at synth with one sentence for each thing that is missing or wrong", async () => {
    const { code, text } = await run(
      "synth",
      "--quiet",
      "-c",
      "endpoint=",
      "-c",
      "retainDays=long",
      "-c",
      "sendPerSecond=1",
    );
    expect(text).toContain("endpoint is not set: put it into cdk.json");
    expect(text).toContain('retainDays is "long", but must be a whole number of days from 1 to 3650.');
    expect(text).toContain("sendPerSecond is not a setting; did you mean sendsPerSecond?");
    expect(code).toBe(1);
  });

  test("does nothing under a wrong stack name, not even destroy", async () => {
    const { code, text } = await run("destroy", "--force", "-c", "stackName=bulk_send");
    expect(text).toContain('stackName is "bulk_send", but must be letters');
    expect(text).not.toContain("destroying");
    expect(code).toBe(1);
  });

  test("synthesises and bundles with an endpoint from the command", async () => {
    const { code, files } = await run("synth", "--quiet", "-c", "endpoint=https://pbx.example.com/api/json");
    expect(code).toBe(0);
    expect(files).toContain("BulkSend.template.json");
    expect(files.filter((name) => name.startsWith("asset."))).toHaveLength(3);
  });
});
