import { mkdtempDisposableSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App } from "aws-cdk-lib";
import * as z from "zod";
import { BulkSendStack } from "./bulk-send-stack.ts";
import type { Site } from "./rates.ts";
import { readSettings } from "./settings.ts";

/** A CloudFormation template, as far as a reader can rely on it without knowing the type of a resource. */
const StackTemplate = z.looseObject({
  Parameters: z.record(z.string(), z.looseObject({})).default({}),
  Resources: z.record(
    z.string(),
    z.looseObject({
      Type: z.string(),
      Properties: z.record(z.string(), z.unknown()).default({}),
      DependsOn: z.array(z.string()).default([]),
    }),
  ),
  Outputs: z.record(z.string(), z.looseObject({ Value: z.unknown() })).default({}),
});
export type StackTemplate = z.infer<typeof StackTemplate>;

/** A stack's template and the source files of its functions. */
export interface Synthesised {
  readonly template: StackTemplate;
  /** The source file of each AWS::Lambda::Function, by logical id. */
  readonly entries: { readonly [logicalId: string]: string };
}

/**
 * The template that a deployment with these settings would use, synthesised in this process and without bundling the
 * functions, at AWS or another `site`. Throws an Error with a sentence for each setting that is missing or wrong.
 */
export function synthesise(context: { readonly [setting: string]: unknown }, site?: Site): Synthesised {
  const { settings, problems } = readSettings(context);
  if (problems.length > 0) throw new Error(problems.map(({ sentence }) => sentence).join("\n"));
  using outdir = mkdtempDisposableSync(join(tmpdir(), "bulk-send-template-"));
  const app = new App({
    outdir: outdir.path,
    context: { "aws:cdk:bundling-stacks": [] },
    // It takes two of three seconds, and the CDK's command line does it at every synth anyway.
    builtinCloudFormationValidation: false,
    treeMetadata: false,
  });
  const stack = new BulkSendStack(app, "BulkSend", { settings, site });
  const template: unknown = app.synth().getStackArtifact(stack.artifactId).template;
  return {
    template: StackTemplate.parse(template),
    entries: Object.fromEntries(stack.workers.map((worker) => [worker.logicalId, worker.entry])),
  };
}
