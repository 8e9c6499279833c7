import * as z from "zod";
import { count, refIsName, resourceType, text } from "../resource-type.ts";
import { accountId, region } from "../resources.ts";

/** Where the template names no maximum, Lambda scales almost without limit; one machine stops here. */
const defaultConcurrency = 10;

/** `AWS::Lambda::Function` */
export const lambdaFunction = resourceType("AWS::Lambda::Function", {
  properties: z.object({
    FunctionName: text.optional(),
    Handler: text,
    Role: text,
    Timeout: count.optional(),
    MemorySize: count.optional(),
    Environment: z.object({ Variables: z.record(z.string(), z.coerce.string()).optional() }).optional(),
  }),
  names: ({ named, plainName }) => {
    const name = named("FunctionName", plainName.slice(0, 64));
    return refIsName(name, `arn:aws:lambda:${region}:${accountId}:function:${name}`);
  },
  add: ({ own, properties }, draft) => {
    draft.functions.push({
      ...own,
      roleArn: properties.Role,
      timeoutMs: (properties.Timeout ?? 3) * 1000,
      memoryMb: properties.MemorySize ?? 128,
      environment: properties.Environment?.Variables ?? {},
    });
  },
});

/** `AWS::Lambda::EventSourceMapping` */
export const eventSourceMapping = resourceType("AWS::Lambda::EventSourceMapping", {
  properties: z.object({
    FunctionName: text,
    EventSourceArn: text,
    BatchSize: count.optional(),
    MaximumBatchingWindowInSeconds: count.optional(),
    Enabled: z.boolean().optional(),
    FunctionResponseTypes: z.array(z.string()).optional(),
    ScalingConfig: z.object({ MaximumConcurrency: count.optional() }).optional(),
  }),
  add: ({ own, properties }, draft) => {
    if (properties.Enabled === false) return;
    draft.eventSources.push({
      logicalId: own.logicalId,
      functionName: properties.FunctionName.split(":").at(-1) ?? properties.FunctionName,
      queueArn: properties.EventSourceArn,
      batchSize: properties.BatchSize ?? 10,
      batchingWindowMs: (properties.MaximumBatchingWindowInSeconds ?? 0) * 1000,
      maximumConcurrency: properties.ScalingConfig?.MaximumConcurrency ?? defaultConcurrency,
      reportsBatchItemFailures: properties.FunctionResponseTypes?.includes("ReportBatchItemFailures") ?? false,
    });
  },
});
