import * as z from "zod";
import { refIsName, resourceType, text } from "../resource-type.ts";
import { accountId, region } from "../resources.ts";

/** `AWS::DynamoDB::Table` */
export const table = resourceType("AWS::DynamoDB::Table", {
  properties: z.object({
    TableName: text.optional(),
    KeySchema: z.array(z.object({ AttributeName: text, KeyType: z.enum(["HASH", "RANGE"]) })),
    AttributeDefinitions: z.array(z.object({ AttributeName: text, AttributeType: z.enum(["S", "N", "B"]) })),
    GlobalSecondaryIndexes: z.array(z.unknown()).max(0, "secondary indexes are not supported locally").optional(),
  }),
  names: ({ named, plainName }) => {
    const name = named("TableName", plainName);
    return refIsName(name, `arn:aws:dynamodb:${region}:${accountId}:table/${name}`);
  },
  add: ({ own, properties }, draft) => {
    const { KeySchema, AttributeDefinitions } = properties;
    draft.tables.push({ ...own, keySchema: KeySchema, attributeDefinitions: AttributeDefinitions });
  },
});
