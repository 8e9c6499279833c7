import * as z from "zod";
import { count, digest, refIsName, resourceType, text } from "../resource-type.ts";
import { type BucketNotification, type LifecycleRule, region } from "../resources.ts";

const QueueConfiguration = z.object({
  Event: text,
  Queue: text,
  Filter: z
    .object({ S3Key: z.object({ Rules: z.array(z.object({ Name: z.string(), Value: z.string() })) }) })
    .optional(),
});

const LifecycleRuleProperties = z.object({
  Status: z.string(),
  Prefix: z.string().optional(),
  ExpirationInDays: count.optional(),
  NoncurrentVersionExpiration: z.object({ NoncurrentDays: count }).optional(),
});

const BucketProperties = z.object({
  BucketName: text.optional(),
  VersioningConfiguration: z.object({ Status: z.string() }).optional(),
  NotificationConfiguration: z
    .object({
      QueueConfigurations: z.array(QueueConfiguration).optional(),
      LambdaConfigurations: z.array(z.unknown()).max(0, "only queues can be notified locally").optional(),
      TopicConfigurations: z.array(z.unknown()).max(0, "only queues can be notified locally").optional(),
    })
    .optional(),
  LifecycleConfiguration: z.object({ Rules: z.array(LifecycleRuleProperties) }).optional(),
});

/** `AWS::S3::Bucket` */
export const bucket = resourceType("AWS::S3::Bucket", {
  properties: BucketProperties,
  names: ({ named, plainName }) => {
    const name = named("BucketName", `${plainName.toLowerCase().slice(0, 50)}-${digest(plainName, 8)}`);
    return refIsName(name, `arn:aws:s3:::${name}`, {
      DomainName: `${name}.s3.amazonaws.com`,
      RegionalDomainName: `${name}.s3.${region}.amazonaws.com`,
    });
  },
  add: ({ own, properties }, draft) => {
    draft.buckets.push({
      ...own,
      versioned: properties.VersioningConfiguration?.Status === "Enabled",
      notifications: (properties.NotificationConfiguration?.QueueConfigurations ?? []).map(notification),
      lifecycle: (properties.LifecycleConfiguration?.Rules ?? [])
        .filter((rule) => rule.Status === "Enabled")
        .map(lifecycleRule),
    });
  },
});

function notification(configuration: z.infer<typeof QueueConfiguration>): BucketNotification {
  const rules = configuration.Filter?.S3Key.Rules ?? [];
  const filterValue = (kind: string) => rules.find((rule) => rule.Name.toLowerCase() === kind)?.Value ?? "";
  return {
    event: configuration.Event,
    queueArn: configuration.Queue,
    prefix: filterValue("prefix"),
    suffix: filterValue("suffix"),
  };
}

function lifecycleRule(rule: z.infer<typeof LifecycleRuleProperties>): LifecycleRule {
  return {
    prefix: rule.Prefix ?? "",
    ...(rule.ExpirationInDays !== undefined && { expireDays: rule.ExpirationInDays }),
    ...(rule.NoncurrentVersionExpiration !== undefined && {
      expireNoncurrentDays: rule.NoncurrentVersionExpiration.NoncurrentDays,
    }),
  };
}
