import { expect, test } from "vitest";
import { synthesise } from "../../infra/synthesise.ts";
import { endpoint, everything } from "../support/stack-settings.ts";
import { cfnLintErrors, cfnLintInstalled } from "./cfn-lint.ts";

test.skipIf(!cfnLintInstalled).each([
  ["as shipped", { endpoint }],
  ["with all that is optional", everything],
])("cfn-lint, if it is installed, finds no error in the template %s", { timeout: 120_000 }, async (_name, context) => {
  expect(await cfnLintErrors(synthesise(context).template)).toBe("");
});

test.skipIf(!cfnLintInstalled)("cfn-lint would find one", { timeout: 120_000 }, async () => {
  const { template } = synthesise({ endpoint });
  const ledger = { Type: "AWS::DynamoDB::Table", Properties: { BillingMode: "FREE" } };
  expect(await cfnLintErrors({ ...template, Resources: { ...template.Resources, Wrong: ledger } })).toMatch(
    /^E3\d{3} .*KeySchema/mu,
  );
});
