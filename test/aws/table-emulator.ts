import type { Server } from "node:http";
import { createRequire } from "node:module";
import { CreateTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { clientSettings } from "../../shared/aws/client-settings.ts";
import { close, listen } from "./loopback-server.ts";

const dynalite: (options: { createTableMs: number }) => Server = createRequire(import.meta.url)("dynalite");

/** The emulated table's name. */
export const tableName = "ledger";

/** A DynamoDB client for an emulator. */
export const tableClient = (endpoint: string) =>
  new DynamoDBClient({
    ...clientSettings,
    region: "eu-west-1",
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
    endpoint,
  });

/** A DynamoDB table with string keys `pk` and `sk`, in memory. */
export async function startTable() {
  const server = dynalite({ createTableMs: 0 });
  const endpoint = await listen(server);
  const client = tableClient(endpoint);
  await client.send(
    new CreateTableCommand({
      TableName: tableName,
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: [
        { AttributeName: "pk", AttributeType: "S" },
        { AttributeName: "sk", AttributeType: "S" },
      ],
      KeySchema: [
        { AttributeName: "pk", KeyType: "HASH" },
        { AttributeName: "sk", KeyType: "RANGE" },
      ],
    }),
  );
  return {
    client,
    endpoint,
    tableName,
    async [Symbol.asyncDispose]() {
      client.destroy();
      await close(server);
    },
  };
}
