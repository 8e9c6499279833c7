import { execFile, spawnSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { synthesise } from "../../infra/synthesise.ts";

const installed = spawnSync("cfn-lint", ["--version"]).status === 0;

const endpoint = "https://pbx.example.com/api/json";
const vpc = { subnetIds: ["subnet-0123456789abcdef0"], securityGroupIds: ["sg-0123456789abcdef0"] };
const optional = { vpc, notifyEmail: "ann@example.com", snumber: "01632960000", country: "GB", retainDays: 30 };

/** What cfn-lint finds in a template, warnings apart. */
const errorsOf = async (template: unknown): Promise<string> => {
  const directory = await mkdtemp(join(tmpdir(), "cfn-lint-"));
  try {
    const file = join(directory, "template.json");
    await writeFile(file, JSON.stringify(template));
    return await new Promise<string>((resolve) => {
      const child = execFile("cfn-lint", ["--non-zero-exit-code", "error", "-t", file], (_error, stdout, stderr) =>
        resolve(child.exitCode === 0 ? "" : `${stdout}${stderr}`),
      );
    });
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
};

test.skipIf(!installed).each([
  ["as shipped", { endpoint }],
  ["with all that is optional", { endpoint, ...optional }],
])(
  "cfn-lint, where it is installed, finds no error in the template %s",
  { timeout: 120_000 },
  async (_name, context) => {
    expect(await errorsOf(synthesise(context).template)).toBe("");
  },
);

test.skipIf(!installed)("cfn-lint would find one", { timeout: 120_000 }, async () => {
  const { template } = synthesise({ endpoint });
  const ledger = { Type: "AWS::DynamoDB::Table", Properties: { BillingMode: "FREE" } };
  expect(await errorsOf({ ...template, Resources: { ...template.Resources, Wrong: ledger } })).toMatch(
    /^E3\d{3} .*KeySchema/mu,
  );
});
