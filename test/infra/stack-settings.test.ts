import { mkdtempDisposableSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App } from "aws-cdk-lib";
import { Annotations, Match } from "aws-cdk-lib/assertions";
import { expect, test } from "vitest";
import { BulkSendStack } from "../../infra/bulk-send-stack.ts";
import { endpoint } from "../support/stack-settings.ts";

/** The errors at which a deployment of the stack with these props stops. Plain JavaScript may give any. */
const errorsOf = (props: object) => {
  using outdir = mkdtempDisposableSync(join(tmpdir(), "bulk-send-settings-"));
  const context = { "aws:cdk:bundling-stacks": [] };
  const app = new App({ outdir: outdir.path, context, builtinCloudFormationValidation: false });
  const stack = new BulkSendStack(app, "BulkSend", { settings: { endpoint }, ...props });
  return Annotations.fromStack(stack)
    .findError("*", Match.anyValue())
    .map(({ entry }) => entry.data);
};

test("a setting of the stack that is none is refused, with what was meant or with those there are", () => {
  expect(errorsOf({ settings: { endpoint, sendPerSecond: 5 } })).toEqual([
    "sendPerSecond is not a setting; did you mean sendsPerSecond?",
  ]);
  expect(errorsOf({ settings: { endpoint, limit: 5 } })).toEqual([
    expect.stringMatching(/^"limit" is not a setting\. The settings are endpoint, sendsPerSecond, /u),
  ]);
});

test("a setting beside the settings would not hold, and is refused", () => {
  expect(errorsOf({ sendsPerSecond: 5 })).toEqual([
    "sendsPerSecond is a setting: it belongs in `settings`, not beside them.",
  ]);
  expect(errorsOf({ sendPerSecond: 5 })).toEqual(["sendPerSecond is not a setting; did you mean sendsPerSecond?"]);
  expect(() => errorsOf({ stackName: "Mine" })).toThrow("stackName is a setting: it belongs in `settings`");
});

test("what every stack of the CDK takes is no mistake", () => {
  expect(
    errorsOf({
      env: { region: "eu-west-2" },
      description: "texts",
      tags: { team: "shop" },
      terminationProtection: false,
      analyticsReporting: false,
      crossRegionReferences: false,
      suppressTemplateIndentation: true,
      notificationArns: [],
    }),
  ).toEqual([]);
});
