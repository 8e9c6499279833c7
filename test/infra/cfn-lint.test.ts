import { execFile, spawnSync } from "node:child_process";
import { mkdtempDisposable, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { synthesise } from "../../infra/synthesise.ts";
import { endpoint, everything } from "../support/stack-settings.ts";

const installed = spawnSync("cfn-lint", ["--version"]).status === 0;

/** The errors that cfn-lint finds in a template. */
const errorsOf = async (template: unknown): Promise<string> => {
  await using directory = await mkdtempDisposable(join(tmpdir(), "cfn-lint-"));
  const file = join(directory.path, "template.json");
  await writeFile(file, JSON.stringify(template));
  return await new Promise<string>((resolve) => {
    const child = execFile("cfn-lint", ["--non-zero-exit-code", "error", "-t", file], (_error, stdout, stderr) =>
      resolve(child.exitCode === 0 ? "" : `${stdout}${stderr}`),
    );
  });
};

test.skipIf(!installed).each([
  ["as shipped", { endpoint }],
  ["with all that is optional", everything],
])("cfn-lint, if it is installed, finds no error in the template %s", { timeout: 120_000 }, async (_name, context) => {
  expect(await errorsOf(synthesise(context).template)).toBe("");
});

test.skipIf(!installed)("cfn-lint would find one", { timeout: 120_000 }, async () => {
  const { template } = synthesise({ endpoint });
  const ledger = { Type: "AWS::DynamoDB::Table", Properties: { BillingMode: "FREE" } };
  expect(await errorsOf({ ...template, Resources: { ...template.Resources, Wrong: ledger } })).toMatch(
    /^E3\d{3} .*KeySchema/mu,
  );
});
