import { BatchGetItemCommand, type DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { Item, Key, Table } from "../ports/table.ts";
import { type Attributes, attributesOf, createDynamoTable, itemOf } from "./dynamo-table.ts";

/** Keys of one BatchGetItem request, by DynamoDB's limit. https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html */
const keysAtOnce = 100;

interface Wish {
  readonly key: Key;
  readonly resolve: (item: Item | undefined) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * The ledger's table for who reads several items at a time: consistent reads that are asked for in one go become one
 * request, and an item that several ask for is read once. Each is as new as it would be alone; they are not a snapshot
 * of one instant, which single reads side by side are not either. A request that fails fails all of its reads.
 */
export function createTableReadTogether(client: DynamoDBClient, tableName: string): Table {
  const table = createDynamoTable(client, tableName);
  let wishes: Wish[] = [];

  const readAll = async (keys: readonly Key[]): Promise<ReadonlyMap<string, Item>> => {
    const { Responses, UnprocessedKeys } = await client.send(
      new BatchGetItemCommand({
        RequestItems: { [tableName]: { Keys: keys.map(attributesOf), ConsistentRead: true } },
      }),
    );
    const items = new Map((Responses?.[tableName] ?? []).map((attributes) => [idOf(attributes), itemOf(attributes)]));
    // What the table had no capacity for is asked for alone, with the client's patience.
    const late = new Set((UnprocessedKeys?.[tableName]?.Keys ?? []).map(idOf));
    for (const key of keys) {
      const id = idOf(attributesOf(key));
      const item = late.has(id) ? await table.get(key, { consistent: true }) : undefined;
      if (item !== undefined) items.set(id, item);
    }
    return items;
  };

  const readNow = async (asked: readonly Wish[]): Promise<void> => {
    const keys = [...new Map(asked.map(({ key }) => [idOf(attributesOf(key)), key])).values()];
    const [first] = keys;
    if (first === undefined) return;
    try {
      if (keys.length === 1) {
        const item = await table.get(first, { consistent: true });
        for (const { resolve } of asked) resolve(item);
        return;
      }
      const items = await readAll(keys);
      for (const { key, resolve } of asked) resolve(items.get(idOf(attributesOf(key))));
    } catch (error) {
      for (const { reject } of asked) reject(error);
    }
  };

  return {
    ...table,
    get: (key, read) => {
      if (!read.consistent) return table.get(key, read);
      const { promise, resolve, reject } = Promise.withResolvers<Item | undefined>();
      wishes.push({ key, resolve, reject });
      if (wishes.length === 1)
        queueMicrotask(() => {
          const asked = wishes;
          wishes = [];
          for (let at = 0; at < asked.length; at += keysAtOnce) void readNow(asked.slice(at, at + keysAtOnce));
        });
      return promise;
    },
  };
}

const idOf = ({ pk, sk }: Attributes) => JSON.stringify([pk?.S, sk?.S]);
