import * as z from "zod";
import type { RequestContext } from "../gateway/access-control.ts";
import { accountId, region, type TableResource } from "../template/resources.ts";

/** Attribute values by attribute name, as DynamoDB's JSON has them. */
const Attributes = z.record(z.string(), z.unknown());

const SingleRequest = z.object({
  TableName: z.string(),
  IndexName: z.string().optional(),
  Key: Attributes.optional(),
  Item: Attributes.optional(),
  KeyConditionExpression: z.string().optional(),
  ExpressionAttributeNames: z.record(z.string(), z.string()).optional(),
  ExpressionAttributeValues: Attributes.optional(),
});
const BatchWrite = z.object({
  PutRequest: z.object({ Item: Attributes }).optional(),
  DeleteRequest: z.object({ Key: Attributes }).optional(),
});
const BatchRequest = z.object({ RequestItems: z.record(z.string(), z.unknown()) });
const BatchReads = z.object({ Keys: z.array(Attributes) });
const BatchWrites = z.array(BatchWrite).catch([]);
/** An attribute that can be a key, by its type. */
const Scalar = z.union([z.object({ S: z.string() }), z.object({ N: z.string() })]);

/** A permission that a request needs. */
export interface RequiredPermission {
  /** Without `dynamodb:`. */
  readonly action: string;
  readonly resource: string;
  readonly context: RequestContext;
}

/** The permissions IAM checks for one request: one, or for a batch one per table. */
export function requiredPermissions(
  operation: string,
  input: Readonly<Record<string, unknown>>,
  tables: ReadonlyMap<string, TableResource>,
): RequiredPermission[] {
  const arnOf = (table: string) =>
    table.startsWith("arn:") ? table : `arn:aws:dynamodb:${region}:${accountId}:table/${table}`;
  const hashKeyOf = (table: string) =>
    tables.get(table)?.keySchema.find((key) => key.KeyType === "HASH")?.AttributeName ?? "";
  const batch = "RequestItems" in input ? BatchRequest.safeParse(input) : undefined;
  if (batch?.success) {
    return Object.entries(batch.data.RequestItems).map(([table, requests]) => ({
      action: operation,
      resource: arnOf(table),
      context: { "dynamodb:LeadingKeys": batchKeys(requests, hashKeyOf(table)) },
    }));
  }
  const single = SingleRequest.safeParse(input);
  if (!single.success) return [{ action: operation, resource: "*", context: {} }];
  const { TableName, IndexName, Key: key, Item: item } = single.data;
  const hashKey = hashKeyOf(TableName);
  const leading = scalarOf((key ?? item)?.[hashKey]) ?? queriedKey(single.data, hashKey);
  return [
    {
      action: operation,
      resource: IndexName === undefined ? arnOf(TableName) : `${arnOf(TableName)}/index/${IndexName}`,
      context: { "dynamodb:LeadingKeys": leading === undefined ? [] : [leading] },
    },
  ];
}

/** The partition key that a query's condition asks for. */
function queriedKey(input: z.infer<typeof SingleRequest>, hashKey: string): string | undefined {
  const condition = input.KeyConditionExpression;
  if (condition === undefined) return undefined;
  for (const [, name = "", value = ""] of condition.matchAll(/([#\w.-]+)\s*=\s*(:\w+)/g)) {
    const attribute = name.startsWith("#") ? input.ExpressionAttributeNames?.[name] : name;
    if (attribute === hashKey) return scalarOf(input.ExpressionAttributeValues?.[value]);
  }
  return undefined;
}

/** The partition keys of one table's part of a batch. */
function batchKeys(requests: unknown, hashKey: string): string[] {
  const reads = BatchReads.safeParse(requests);
  const items: readonly z.infer<typeof Attributes>[] = reads.success
    ? reads.data.Keys
    : BatchWrites.parse(requests)
        .flatMap((write) => [write.PutRequest?.Item, write.DeleteRequest?.Key])
        .filter((item) => item !== undefined);
  return items.flatMap((item) => scalarOf(item[hashKey]) ?? []);
}

/** The text of a string or number attribute. */
function scalarOf(value: unknown): string | undefined {
  const parsed = Scalar.safeParse(value);
  if (!parsed.success) return undefined;
  return "S" in parsed.data ? parsed.data.S : parsed.data.N;
}
