import { CreateTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import dynalite from "dynalite";
import { clientSettings } from "../../shared/aws/client-settings.ts";
import { ledgerTable } from "../support/ledger-table.ts";
import { close, listen } from "./loopback-server.ts";

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
  await client.send(new CreateTableCommand({ TableName: tableName, ...ledgerTable }));
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
