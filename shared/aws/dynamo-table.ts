import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  QueryCommand,
  type QueryCommandOutput,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import * as z from "zod";
import type { Change, Item, Key, Table } from "../ports/table.ts";
import { fromAttributes } from "./attribute-value.ts";
import { updateExpression } from "./update-expression.ts";

/**
 * The ledger's table in DynamoDB, with the string keys `pk` and `sk`. Transport failures and throttling are retried as
 * the client's settings say; what still fails is thrown.
 */
export function createDynamoTable(client: DynamoDBClient, tableName: string): Table {
  return {
    async get(key, { consistent }) {
      const { Item } = await client.send(
        new GetItemCommand({ TableName: tableName, Key: attributesOf(key), ConsistentRead: consistent }),
      );
      return Item === undefined ? undefined : withoutKey(Item).item;
    },

    async update(key, change: Change) {
      const expression = updateExpression(change);
      if (expression === undefined) return undefined;
      try {
        const { Attributes } = await client.send(
          new UpdateItemCommand({
            TableName: tableName,
            Key: attributesOf(key),
            ...expression,
            ReturnValues: "ALL_NEW",
          }),
        );
        return Attributes === undefined ? {} : withoutKey(Attributes).item;
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return undefined;
        throw error;
      }
    },

    async *query(pk, { from, to, consistent }) {
      if (from !== undefined && to !== undefined && isAfter(from, to)) return;
      const abort = new AbortController();
      const page = (start?: QueryCommandOutput["LastEvaluatedKey"]) => {
        const request = client.send(
          new QueryCommand({
            TableName: tableName,
            ...keyCondition(pk, from, to),
            ConsistentRead: consistent,
            ExclusiveStartKey: start,
          }),
          { abortSignal: abort.signal },
        );
        // A page fetched ahead may fail or be aborted before anything awaits it; awaiting it later still throws.
        request.catch(() => {});
        return request;
      };
      try {
        for (let next: Promise<QueryCommandOutput> | undefined = page(); next !== undefined; ) {
          const { Items = [], LastEvaluatedKey }: QueryCommandOutput = await next;
          next = LastEvaluatedKey === undefined ? undefined : page(LastEvaluatedKey);
          for (const attributes of Items) yield withoutKey(attributes);
        }
      } finally {
        // A reader that stops early must not leave a request behind.
        abort.abort();
      }
    },
  };
}

/** Whether a sort key comes after another, by the bytes of UTF-8 as DynamoDB orders them: as code points, not UTF-16 units. */
function isAfter(one: string, other: string): boolean {
  const [ones, others] = [new TextEncoder().encode(one), new TextEncoder().encode(other)];
  const at = ones.findIndex((byte, index) => byte !== others[index]);
  return at >= 0 && (ones[at] ?? 0) > (others[at] ?? -1);
}

/** The key in DynamoDB's own notation. */
export const attributesOf = ({ pk, sk }: Key) => ({ pk: { S: pk }, sk: { S: sk } });

function keyCondition(pk: string, from: string | undefined, to: string | undefined) {
  const range =
    from !== undefined && to !== undefined
      ? " AND #sk BETWEEN :from AND :to"
      : from !== undefined
        ? " AND #sk >= :from"
        : to !== undefined
          ? " AND #sk <= :to"
          : "";
  return {
    KeyConditionExpression: `#pk = :pk${range}`,
    ExpressionAttributeNames: { "#pk": "pk", ...(range !== "" && { "#sk": "sk" }) },
    ExpressionAttributeValues: {
      ":pk": { S: pk },
      ...(from !== undefined && { ":from": { S: from } }),
      ...(to !== undefined && { ":to": { S: to } }),
    },
  };
}

/** Stored attributes in DynamoDB's own notation. */
export type Attributes = Parameters<typeof fromAttributes>[0];

/** The item in stored attributes, without its key; throws when the attributes lack the ledger's keys. */
export const itemOf = (attributes: Attributes): Item => withoutKey(attributes).item;

const keyed = z.object({ pk: z.string(), sk: z.string() });

/** Splits stored attributes into the sort key and the item; throws when the table's keys are not the ledger's. */
function withoutKey(attributes: Attributes): { readonly sk: string; readonly item: Item } {
  const all = fromAttributes(attributes);
  const { sk } = keyed.parse(all);
  const { pk: _pk, sk: _sk, ...item } = all;
  return { sk, item };
}
