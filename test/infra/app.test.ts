import { readdir, readFile, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, test } from "vitest";
import { noticesFile } from "../../infra/third-party-notices.ts";
import { bundledFunctions, bundleLimit, runCdk, runNode } from "../support/cdk-command.ts";
import { endpoint } from "../support/stack-settings.ts";

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
    expect(synth.code).toBe(1);
  });

  test("does nothing under a wrong stack name, not even destroy", async () => {
    await using destroy = await runCdk("destroy", "--force", "-c", "stackName=bulk_send");
    expect(destroy.text).toContain('stackName is "bulk_send", but must be letters');
    expect(destroy.text).not.toContain("destroying");
    expect(destroy.code).toBe(1);
  });

  test("bundles three functions that load with the environment and the certificate authority the stack gives them", async () => {
    const authority = join(import.meta.dirname, "../fixtures/infra/private authority.pem");
    await using synth = await runCdk(
      ...["synth", "--quiet", "-c", `endpoint=${endpoint}`, "-c", `caFile=${authority}`],
    );
    expect(synth.text).not.toContain("ERROR");
    expect(synth.code).toBe(0);
    const functions = await bundledFunctions(synth.out);
    expect(functions).toHaveLength(3);
    let besides = 0;
    for (const { logicalId, module, environment } of functions) {
      // What a cold start reads and compiles; infra/bundle.ts says what may be left out of it.
      expect((await stat(module)).size).toBeLessThanOrEqual(bundleLimit(logicalId));
      const notices = await readFile(join(dirname(module), noticesFile), "utf8");
      expect(notices).toMatch(/^zod \d.*\(MIT\)/m);
      expect(/^undici \d/m.test(notices)).toBe(logicalId.startsWith("Sender"));
      const beside = (await readdir(dirname(module))).filter((name) => name.endsWith(".mjs") && name !== "index.mjs");
      // Only the splitter reads lists; what reads workbooks, tells encodings apart and has the time zones of numbers is
      // loaded when such a list comes.
      const onDemand = ["encodings.mjs", "workbook.mjs", "zones.mjs"];
      expect(beside.toSorted()).toEqual((await readFile(module, "utf8")).includes("./workbook.mjs") ? onDemand : []);
      for (const name of beside) {
        expect((await stat(join(dirname(module), name))).size).toBeLessThanOrEqual(
          name === "workbook.mjs" ? 200_000 : 1_200_000,
        );
        besides++;
      }
      const load = `import(${JSON.stringify(pathToFileURL(module).href)}).then((m) => { console.log(typeof m.handler); process.exit(0); })`;
      const loaded = await runNode(["--eval", load], { AWS_REGION: "eu-west-1", ...environment });
      expect(loaded).toEqual({ code: 0, text: "function\n" });
    }
    expect(besides).toBe(2);
    const authorities = functions.flatMap(({ asset, environment }) =>
      environment["CA_FILE"] === undefined ? [] : [environment["CA_FILE"].replace(asset, "/var/task")],
    );
    expect(authorities).toEqual(["/var/task/ca.pem"]);
  });
});
