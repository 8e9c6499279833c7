import { mkdtempDisposable } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DeleteItemCommand, DynamoDBClient, PutItemCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { ClassicLevel } from "classic-level";
import { expect, test } from "vitest";
import { clientOf, dataDirectory, startServicesOn } from "./small-cloud.ts";

/** Notes with which options the database itself is asked to write. */
function noteWrites() {
  const asked: unknown[] = [];
  const { prototype } = ClassicLevel;
  const noted = (name: "_put" | "_del" | "_batch") => {
    const write = Reflect.get(prototype, name);
    return function (this: unknown, ...given: unknown[]) {
      asked.push(given.at(-1));
      return Reflect.apply(write, this, given);
    };
  };
  Object.assign(prototype, { _put: noted("_put"), _del: noted("_del"), _batch: noted("_batch") });
  return asked;
}

test("what the ledger has answered is on disk: each of its writes is synced", async () => {
  const asked = noteWrites();
  await using directory = await mkdtempDisposable(join(tmpdir(), "bulk-send-durable-"));
  await using cloud = await startServicesOn(directory.path);
  const client = new DynamoDBClient(clientOf(cloud));
  const TableName = cloud.stack.tables[0]?.name;
  const Key = { pk: { S: "a" }, sk: { S: "1" } };
  asked.length = 0;
  await client.send(new PutItemCommand({ TableName, Item: { ...Key, state: { S: "open" } } }));
  await client.send(
    new UpdateItemCommand({
      TableName,
      Key,
      UpdateExpression: "SET #state = :claimed",
      ExpressionAttributeNames: { "#state": "state" },
      ExpressionAttributeValues: { ":claimed": { S: "claimed" } },
    }),
  );
  await client.send(new DeleteItemCommand({ TableName, Key }));
  client.destroy();
  expect(asked.length).toBeGreaterThanOrEqual(3);
  for (const options of asked) expect(options).toMatchObject({ sync: true });
});

test("a process that is killed while it creates the ledger's table leaves one that the next process finishes", async () => {
  await using directory = await dataDirectory();
  let name = "";
  {
    await using cloud = await startServicesOn(directory.path);
    name = cloud.stack.tables[0]?.name ?? "";
  }
  {
    // What is on disk between the emulator's two writes of a new table.
    const file = join(directory.path, "dynamodb");
    const database = new ClassicLevel<string, { readonly TableStatus: string }>(file, { valueEncoding: "json" });
    const table = await database.get(`table~${name}`);
    expect(table?.TableStatus).toBe("ACTIVE");
    await database.put(`table~${name}`, { ...table, TableStatus: "CREATING" });
    await database.close();
  }
  await using cloud = await startServicesOn(directory.path);
  const client = new DynamoDBClient(clientOf(cloud));
  const Item = { pk: { S: "a" }, sk: { S: "1" } };
  await client.send(new PutItemCommand({ TableName: name, Item }));
  client.destroy();
});
