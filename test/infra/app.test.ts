import { describe, expect, test } from "vitest";
import { runCdk } from "../support/cdk-command.ts";

describe("The CDK's command line", () => {
  test("lists the stack without an endpoint", async () => {
    await using ls = await runCdk("ls", "-c", "endpoint=");
    expect(ls.text).toMatch(/^BulkSend$/m);
    expect(ls.code).toBe(0);
  });

  test("stops at synth with one sentence for each setting that is missing or wrong", async () => {
    await using synth = await runCdk(
      ...["synth", "--quiet", "-c", "endpoint=", "-c", "retainDays=long", "-c", "sendPerSecond=1"],
    );
    expect(synth.text).toContain("endpoint is not set: set it in cdk.json");
    expect(synth.text).toContain('retainDays is "long", but must be a whole number of days from 1 to 3650.');
    expect(synth.text).toContain("sendPerSecond is not a setting; did you mean sendsPerSecond?");
    // What the CDK and its users keep in the context besides is theirs.
    expect(synth.text.match(/is not a setting/g)).toHaveLength(1);
    expect(synth.code).toBe(1);
  });

  test("does nothing under a wrong stack name, not even destroy", async () => {
    await using destroy = await runCdk("destroy", "--force", "-c", "stackName=bulk_send");
    expect(destroy.text).toContain('stackName is "bulk_send", but must be letters');
    expect(destroy.text).not.toContain("destroying");
    expect(destroy.code).toBe(1);
  });
});
