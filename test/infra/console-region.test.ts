import { mkdtempDisposableSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App } from "aws-cdk-lib";
import { Annotations, Match } from "aws-cdk-lib/assertions";
import { expect, test } from "vitest";
import { requireRegion } from "../../cli/deployment.ts";
import { BulkSendStack } from "../../infra/bulk-send-stack.ts";
import { consoleRegionFault } from "../../infra/console-region.ts";
import { endpoint } from "../support/stack-settings.ts";

const errorsOf = (
  settings: object,
  where: { readonly env?: { readonly region: string }; readonly likelyRegion?: string },
) => {
  using outdir = mkdtempDisposableSync(join(tmpdir(), "bulk-send-region-"));
  const context = { "aws:cdk:bundling-stacks": [] };
  const app = new App({ outdir: outdir.path, context, builtinCloudFormationValidation: false });
  const stack = new BulkSendStack(app, "BulkSend", { settings: { endpoint, ...settings }, ...where });
  return Annotations.fromStack(stack).findError("*", Match.stringLikeRegexp("console is true")).length;
};

test.each([
  "cn-north-1",
  "cn-northwest-1",
  "us-gov-west-1",
  "us-iso-east-1",
  "us-isob-east-1",
  "eu-isoe-west-1",
  "eusc-de-east-1",
])("the console is refused for %s, in a sentence that names it", (region) => {
  expect(consoleRegionFault(true, region)).toContain(`but ${region} is a region of`);
  expect(consoleRegionFault(false, region)).toBeUndefined();
});

test.each([undefined, "eu-west-1", "us-east-1", "ca-central-1", "me-central-1", "mx-central-1"])(
  "and not for %s",
  (region) => {
    expect(consoleRegionFault(true, region)).toBeUndefined();
  },
);

test("synthesis stops at it where the stack's region is known, or the one it would be deployed to", () => {
  expect(errorsOf({ console: true }, { env: { region: "cn-north-1" } })).toBe(1);
  expect(errorsOf({ console: true }, { likelyRegion: "us-gov-east-1" })).toBe(1);
  expect(errorsOf({ console: true }, { likelyRegion: "eu-west-1" })).toBe(0);
  expect(errorsOf({}, { env: { region: "cn-north-1" } })).toBe(0);
});

test("so does the package's deploy, where the region is named", () => {
  expect(() => requireRegion({ console: true }, { region: "cn-north-1" })).toThrow("console is true, but cn-north-1");
  expect(() => requireRegion({ console: true }, { region: "eu-west-1" })).not.toThrow();
});
