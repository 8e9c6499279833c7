import { PutItemCommand } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createDynamoTable } from "../../shared/aws/dynamo-table.ts";
import type { Key, Table } from "../../shared/ports/table.ts";
import { tableContract } from "../support/contracts/table.ts";
import { startTable } from "./table-emulator.ts";

let server: Awaited<ReturnType<typeof startTable>>;
let table: Table;
let pk: string;
let partitions = 0;
const key = (sk = "item"): Key => ({ pk, sk });

beforeAll(async () => {
  server = await startTable();
  table = createDynamoTable(server.client, server.tableName);
});
afterAll(() => server[Symbol.asyncDispose]());
beforeEach(() => {
  pk = `own-partition-${++partitions}`;
});

tableContract("DynamoDB", () => ({ table }));

test("a value of a kind that the ledger never writes is an error", async () => {
  const strange = { pk: { S: pk }, sk: { S: "item" }, set: { SS: ["a"] } };
  await server.client.send(new PutItemCommand({ TableName: server.tableName, Item: strange }));
  await expect(table.get(key(), { consistent: true })).rejects.toThrow("type SS");
});

test("a query that is left early asks for no more than one page ahead", async () => {
  for (let n = 0; n < 16; n++) await table.update(key(`k${n}`), { when: {}, set: { text: "x".repeat(300_000) } });
  let pages = 0;
  server.client.middlewareStack.add(
    (next, context) => (args) => {
      if (context.commandName === "QueryCommand") pages++;
      return next(args);
    },
    { step: "initialize", name: "count-pages" },
  );
  try {
    for await (const _ of table.query(pk, { consistent: true })) break;
  } finally {
    server.client.middlewareStack.remove("count-pages");
  }
  expect(pages).toBe(2);
});

test("a table that does not exist is an error", async () => {
  const missing = createDynamoTable(server.client, "missing");
  await expect(missing.get(key(), { consistent: true })).rejects.toThrow("not found");
  await expect(missing.update(key(), { when: {} })).rejects.toThrow("not found");
});
