import * as z from "zod";
import { count, resourceType, text } from "../resource-type.ts";
import { accountId, region } from "../resources.ts";

const QueueProperties = z.object({
  QueueName: text.optional(),
  FifoQueue: z.boolean().optional(),
  DelaySeconds: count.optional(),
  VisibilityTimeout: count.optional(),
  MessageRetentionPeriod: count.optional(),
  ReceiveMessageWaitTimeSeconds: count.optional(),
  MaximumMessageSize: count.optional(),
  RedrivePolicy: z.object({ deadLetterTargetArn: text, maxReceiveCount: count }).optional(),
});

/** `AWS::SQS::Queue` */
export const queue = resourceType("AWS::SQS::Queue", {
  properties: QueueProperties,
  names: ({ named, plainName, endpoint }) => {
    const name = named("QueueName", plainName.slice(0, 80));
    const url = `${endpoint}/${accountId}/${name}`;
    const arn = `arn:aws:sqs:${region}:${accountId}:${name}`;
    return { name, arn, ref: url, attributes: { Arn: arn, QueueName: name, QueueUrl: url } };
  },
  add: ({ own, ref, properties }, draft) => {
    draft.queues.push({ ...own, url: ref, attributes: queueAttributes(properties) });
  },
});

/** `AWS::SQS::QueuePolicy` */
export const queuePolicy = resourceType("AWS::SQS::QueuePolicy", {
  properties: z.object({ Queues: z.array(text), PolicyDocument: z.unknown() }),
  add: ({ own, properties }, draft) => {
    for (const url of properties.Queues) {
      const documents = draft.queuePolicies.get(url) ?? [];
      documents.push({ name: own.logicalId, document: properties.PolicyDocument });
      draft.queuePolicies.set(url, documents);
    }
  },
});

/** The queue's attributes as SQS's API takes them. */
function queueAttributes(properties: z.infer<typeof QueueProperties>): Record<string, string> {
  const attributes: Record<string, string> = {};
  const set = (name: string, value: number | undefined) => {
    if (value !== undefined) attributes[name] = String(value);
  };
  set("DelaySeconds", properties.DelaySeconds);
  set("VisibilityTimeout", properties.VisibilityTimeout);
  set("MessageRetentionPeriod", properties.MessageRetentionPeriod);
  set("ReceiveMessageWaitTimeSeconds", properties.ReceiveMessageWaitTimeSeconds);
  set("MaximumMessageSize", properties.MaximumMessageSize);
  if (properties.RedrivePolicy !== undefined) attributes["RedrivePolicy"] = JSON.stringify(properties.RedrivePolicy);
  if (properties.FifoQueue === true) attributes["FifoQueue"] = "true";
  return attributes;
}
