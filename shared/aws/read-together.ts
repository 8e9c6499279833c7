import { BatchGetItemCommand, type DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { Item, Key, Table } from "../ports/table.ts";
import { type Attributes, attributesOf, createDynamoTable, itemOf } from "./dynamo-table.ts";

/** Keys of one BatchGetItem request, by DynamoDB's limit. https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html */
const keysAtOnce = 100;

/** A read that waits for its request. */
interface PendingRead {
  readonly key: Key;
  readonly resolve: (item: Item | undefined) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * The ledger's table for callers that read several items at a time: consistent reads started in the same turn of the
 * event loop become one request, and an item asked for several times is read once. Each read is as fresh as it would be
 * alone; together they are not a snapshot of one instant, but neither are separate parallel reads. A request that fails
 * fails all of its reads.
 */
export function createTableReadTogether(client: DynamoDBClient, tableName: string): Table {
  const table = createDynamoTable(client, tableName);
  let pending: PendingRead[] = [];

  const readAll = async (keys: readonly Key[]): Promise<ReadonlyMap<string, Item>> => {
    const { Responses, UnprocessedKeys } = await client.send(
      new BatchGetItemCommand({
        RequestItems: { [tableName]: { Keys: keys.map(attributesOf), ConsistentRead: true } },
      }),
    );
    const items = new Map((Responses?.[tableName] ?? []).map((attributes) => [idOf(attributes), itemOf(attributes)]));
    // Keys the table had no capacity for are read one by one, with the client's retries.
    const late = new Set((UnprocessedKeys?.[tableName]?.Keys ?? []).map(idOf));
    for (const key of keys) {
      const id = idOf(attributesOf(key));
      const item = late.has(id) ? await table.get(key, { consistent: true }) : undefined;
      if (item !== undefined) items.set(id, item);
    }
    return items;
  };

  const readNow = async (reads: readonly PendingRead[]): Promise<void> => {
    const keys = [...new Map(reads.map(({ key }) => [idOf(attributesOf(key)), key])).values()];
    const [first] = keys;
    if (first === undefined) return;
    try {
      if (keys.length === 1) {
        const item = await table.get(first, { consistent: true });
        for (const { resolve } of reads) resolve(item);
        return;
      }
      const items = await readAll(keys);
      for (const { key, resolve } of reads) resolve(items.get(idOf(attributesOf(key))));
    } catch (error) {
      for (const { reject } of reads) reject(error);
    }
  };

  return {
    ...table,
    get: (key, read) => {
      if (!read.consistent) return table.get(key, read);
      const { promise, resolve, reject } = Promise.withResolvers<Item | undefined>();
      pending.push({ key, resolve, reject });
      if (pending.length === 1) {
        queueMicrotask(() => {
          const reads = pending;
          pending = [];
          for (let at = 0; at < reads.length; at += keysAtOnce) void readNow(reads.slice(at, at + keysAtOnce));
        });
      }
      return promise;
    },
  };
}

const idOf = ({ pk, sk }: Attributes) => JSON.stringify([pk?.S, sk?.S]);
