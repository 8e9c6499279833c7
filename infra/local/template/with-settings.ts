import * as z from "zod";
import {
  type Decided,
  decidedOutputs,
  type Expiry,
  expiries,
  type HandlerName,
  present,
  toldToFunctions,
} from "../../decided.ts";
import { batchingWindowSeconds, type Rates } from "../../rates.ts";

/** Which of the stack's functions a logical id is. */
export type Handlers = Readonly<Record<string, HandlerName>>;

const Reference = z.object({ "Fn::GetAtt": z.tuple([z.string(), z.string()]) });
const ChangeableTemplate = z.looseObject({
  Resources: z.record(z.string(), z.looseObject({ Type: z.string(), Properties: z.looseObject({}).default({}) })),
  Outputs: z.record(z.string(), z.looseObject({ Value: z.unknown() })),
});
type ChangeableTemplate = z.infer<typeof ChangeableTemplate>;
type ResourceProperties = ChangeableTemplate["Resources"][string]["Properties"];
const FunctionProperties = z.looseObject({
  Environment: z.looseObject({ Variables: z.record(z.string(), z.unknown()) }),
});
const SourceProperties = z.looseObject({
  FunctionName: z.object({ Ref: z.string() }),
  EventSourceArn: Reference,
  MaximumBatchingWindowInSeconds: z.number().optional(),
  ScalingConfig: z.looseObject({}).optional(),
});
const BucketProperties = z.looseObject({
  LifecycleConfiguration: z.looseObject({ Rules: z.array(z.looseObject({ Id: z.string() })) }),
});

/**
 * A template of the stack with other settings than it was synthesised with: what they decide of its functions, queues,
 * expiries and outputs. Left as they are: whatever one machine has no use for, such as alarms and the dashboard, a VPC or
 * an address for mails. Throws a ZodError for a template that is not the stack's.
 */
export function withSettings(template: unknown, handlers: Handlers, decided: Decided): ChangeableTemplate {
  const { Resources, Outputs, ...rest } = ChangeableTemplate.parse(template);
  const { rates, settings } = decided;
  const told = toldToFunctions(decided);
  const [sender] = Object.entries(handlers).find(([, handler]) => handler === "sender") ?? [];
  const batches = Object.values(Resources)
    .map(({ Properties }) => SourceProperties.safeParse(Properties))
    .find(({ data }) => data !== undefined && data.FunctionName.Ref === sender)?.data?.EventSourceArn["Fn::GetAtt"][0];
  const changed = (id: string, type: string, properties: ResourceProperties): ResourceProperties => {
    switch (type) {
      case "AWS::Lambda::Function": {
        const handler = handlers[id];
        if (handler === undefined) return properties;
        const instructed = withVariables(properties, told[handler]);
        return id === sender ? withTimes(instructed, rates) : instructed;
      }
      case "AWS::Lambda::EventSourceMapping":
        return SourceProperties.parse(properties).FunctionName.Ref === sender
          ? withSizes(properties, rates)
          : properties;
      case "AWS::SQS::Queue":
        return id === batches ? { ...properties, VisibilityTimeout: rates.visibilitySeconds } : properties;
      case "AWS::S3::Bucket":
        return withExpiries(properties, expiries(settings));
      default:
        return properties;
    }
  };
  return {
    ...rest,
    Resources: Object.fromEntries(
      Object.entries(Resources).map(([id, resource]) => [
        id,
        { ...resource, Properties: changed(id, resource.Type, resource.Properties) },
      ]),
    ),
    Outputs: withOutputs(Outputs, decided),
  };
}

function withVariables(
  properties: ResourceProperties,
  told: { readonly [name: string]: string | undefined },
): ResourceProperties {
  const { Environment, ...others } = FunctionProperties.parse(properties);
  const kept = Object.entries(Environment.Variables).filter(([name]) => !Object.hasOwn(told, name));
  return { ...others, Environment: { ...Environment, Variables: { ...Object.fromEntries(kept), ...present(told) } } };
}

const withTimes = (properties: ResourceProperties, rates: Rates): ResourceProperties => ({
  ...properties,
  Timeout: rates.senderTimeoutSeconds,
  MemorySize: rates.senderMemoryMiB,
});

function withSizes(properties: ResourceProperties, { batchesPerInvocation, consumers }: Rates): ResourceProperties {
  const { MaximumBatchingWindowInSeconds: _, ScalingConfig, ...others } = SourceProperties.parse(properties);
  const window = batchingWindowSeconds(batchesPerInvocation);
  return {
    ...others,
    BatchSize: batchesPerInvocation,
    ...(window === undefined ? {} : { MaximumBatchingWindowInSeconds: window }),
    ScalingConfig: { ...ScalingConfig, MaximumConcurrency: consumers },
  };
}

function withExpiries(properties: ResourceProperties, decided: readonly Expiry[]): ResourceProperties {
  const { LifecycleConfiguration, ...others } = BucketProperties.parse(properties);
  const rules = LifecycleConfiguration.Rules.map((rule) => {
    const expiry = decided.find(({ id }) => id === rule.Id);
    if (expiry === undefined) return rule;
    const { days, noncurrentDays } = expiry;
    return {
      ...rule,
      ...(days === undefined ? {} : { ExpirationInDays: days }),
      NoncurrentVersionExpiration: { NoncurrentDays: noncurrentDays },
    };
  });
  return { ...others, LifecycleConfiguration: { ...LifecycleConfiguration, Rules: rules } };
}

function withOutputs(outputs: ChangeableTemplate["Outputs"], decided: Decided): ChangeableTemplate["Outputs"] {
  const own = Object.entries(decidedOutputs(decided)).map(([key, [Description, Value]]) => [
    key,
    { Description, Value },
  ]);
  return { ...outputs, ...Object.fromEntries(own) };
}
