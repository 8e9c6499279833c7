import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createTableReadTogether } from "../../shared/aws/read-together.ts";
import type { Table } from "../../shared/ports/table.ts";
import { startServer } from "./emulators.ts";
import { startTable } from "./table-emulator.ts";

const consistent = { consistent: true } as const;

describe("reads asked for in one go", () => {
  let server: Awaited<ReturnType<typeof startTable>>;
  let table: Table;
  let requests: string[];

  beforeAll(async () => {
    server = await startTable();
    server.client.middlewareStack.add(
      (next, { commandName }) =>
        (request) => {
          requests.push(String(commandName));
          return next(request);
        },
      { step: "initialize" },
    );
    table = createTableReadTogether(server.client, server.tableName);
    requests = [];
    for (let number = 1; number <= 3; number++)
      await table.update({ pk: "a", sk: `${number}` }, { when: {}, set: { number } });
  });
  afterAll(() => server[Symbol.asyncDispose]());
  beforeEach(() => {
    requests = [];
  });
  const read = (sk: string, how = consistent) => table.get({ pk: "a", sk }, how);

  test("are one request, each with its own item", async () => {
    expect(await Promise.all([read("2"), read("none"), read("1")])).toEqual([{ number: 2 }, undefined, { number: 1 }]);
    expect(requests).toEqual(["BatchGetItemCommand"]);
  });

  test("of the same item read it once", async () => {
    expect(await Promise.all([read("3"), read("3")])).toEqual([{ number: 3 }, { number: 3 }]);
    expect(requests).toEqual(["GetItemCommand"]);
  });

  test("that are many are as few requests as DynamoDB allows", async () => {
    const all = Array.from({ length: 150 }, (_, index) => read(`${index + 1}`));
    expect((await Promise.all(all)).filter((item) => item !== undefined)).toEqual([
      { number: 1 },
      { number: 2 },
      { number: 3 },
    ]);
    expect(requests).toEqual(["BatchGetItemCommand", "BatchGetItemCommand"]);
  });

  test("see what was written before they were asked for", async () => {
    for (let number = 10; number < 20; number++) {
      await table.update({ pk: "a", sk: "1" }, { when: {}, set: { number } });
      expect(await Promise.all([read("1"), read("2")])).toEqual([{ number }, { number: 2 }]);
    }
    await table.update({ pk: "a", sk: "1" }, { when: {}, set: { number: 1 } });
  });

  test("stay single ones when they need not be consistent, or come one after the other", async () => {
    await Promise.all([table.get({ pk: "a", sk: "1" }, { consistent: false }), read("2")]);
    await read("1");
    expect(requests).toEqual(["GetItemCommand", "GetItemCommand", "GetItemCommand"]);
  });
});

describe("a request that the table could not answer", () => {
  test("in part: what is missing is asked for again", async () => {
    const asked: string[] = [];
    await using server = await startServer((request, response) => {
      const operation = String(request.headers["x-amz-target"]).split(".")[1] ?? "";
      asked.push(operation);
      const item = (sk: string) => ({ pk: { S: "a" }, sk: { S: sk }, from: { S: operation } });
      const late = { ledger: { Keys: [{ pk: { S: "a" }, sk: { S: "2" } }], ConsistentRead: true } };
      const answer =
        operation === "GetItem" ? { Item: item("2") } : { Responses: { ledger: [item("1")] }, UnprocessedKeys: late };
      response.writeHead(200, { "content-type": "application/x-amz-json-1.0" }).end(JSON.stringify(answer));
    });
    const table = createTableReadTogether(new DynamoDBClient(server.settings), "ledger");
    const items = await Promise.all(["1", "2"].map((sk) => table.get({ pk: "a", sk }, consistent)));
    expect(items).toEqual([{ from: "BatchGetItem" }, { from: "GetItem" }]);
    expect(asked).toEqual(["BatchGetItem", "GetItem"]);
  });

  test("at all: every read fails", async () => {
    await using server = await startServer((_request, response) => {
      const body = JSON.stringify({ __type: "com.amazon.coral.service#AccessDeniedException", message: "No" });
      response.writeHead(400, { "content-type": "application/x-amz-json-1.0" }).end(body);
    });
    const table = createTableReadTogether(new DynamoDBClient(server.settings), "ledger");
    const reads = await Promise.allSettled(["1", "2"].map((sk) => table.get({ pk: "a", sk }, consistent)));
    expect(reads.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  });
});
