import { App, Validations } from "aws-cdk-lib";
import { Bucket } from "aws-cdk-lib/aws-s3";
import { CfnQueue } from "aws-cdk-lib/aws-sqs";
import { AwsSolutionsChecks } from "cdk-nag";
import { describe, expect, test } from "vitest";
import { BulkSendStack } from "../../infra/bulk-send-stack.ts";
import { endpoint, everything } from "../support/stack-settings.ts";

const checked = (context: Record<string, unknown>) => {
  const app = new App({
    context: { "aws:cdk:bundling-stacks": [], "@aws-cdk/core:validateAgainstDefaultRules": true },
  });
  const stack = new BulkSendStack(app, "BulkSend", { settings: context });
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  return { app, stack };
};

describe("cdk-nag's AwsSolutions, and CloudFormation's own rules as errors,", () => {
  test("find nothing that is not acknowledged with a reason", () => {
    expect(() => checked({ endpoint }).app.synth()).not.toThrow();
  });

  test("nor with all that is optional", () => {
    expect(() => checked(everything).app.synth()).not.toThrow();
  });

  test("would stop at anything new, and at a value that CloudFormation refuses", () => {
    const { app, stack } = checked(everything);
    new Bucket(stack, "Careless");
    new CfnQueue(stack, "Impossible", { visibilityTimeout: 50_000 });
    expect(() => app.synth()).toThrow(/^(?=.*AwsSolutions-S10)(?=.*VisibilityTimeout)/s);
  });
});
