import * as z from "zod";
import { refIsArn, resourceType, text } from "../resource-type.ts";
import { accountId, region } from "../resources.ts";

/** `AWS::SNS::Topic` */
export const topic = resourceType("AWS::SNS::Topic", {
  properties: z.object({ TopicName: text.optional() }),
  names: ({ named, plainName }) => {
    const name = named("TopicName", plainName);
    const arn = `arn:aws:sns:${region}:${accountId}:${name}`;
    return refIsArn(name, arn, { TopicArn: arn, TopicName: name });
  },
  add: ({ own }, draft) => {
    draft.topics.push(own);
  },
});

/** `AWS::SNS::Subscription` */
export const subscription = resourceType("AWS::SNS::Subscription", {
  properties: z.object({ TopicArn: text, Protocol: text, Endpoint: text }),
  add: ({ properties }, draft) => {
    const { TopicArn, Protocol, Endpoint } = properties;
    draft.subscriptions.push({ topicArn: TopicArn, protocol: Protocol, endpoint: Endpoint });
  },
});
