import { once } from "node:events";
import type { Server } from "node:http";
import { Readable } from "node:stream";
import dynalite from "dynalite";
import * as z from "zod";
import type { RequestContext } from "../gateway/access-control.ts";
import type { Service } from "../gateway/gateway.ts";
import { notAuthorized, parseJsonObject, readBody, sendJson, targetOf } from "../gateway/message-bodies.ts";
import { accountId, region, type TableResource } from "../template/resources.ts";

/** DynamoDB on one machine. Writes are in the file when they are answered, though not yet forced onto the disk. */
export interface DynamoDb {
  readonly service: Service;
  /** Answers writes with an internal error until told otherwise. */
  refuseWrites(refuse: boolean): void;
  close(): Promise<void>;
}

const writes: ReadonlySet<string> = new Set(["PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem"]);

/** Opens the tables under `directory` and creates those that are new. Throws when another process has them open. */
export async function openDynamoDb(directory: string, tables: readonly TableResource[]): Promise<DynamoDb> {
  const server = dynalite({ path: directory, createTableMs: 0 });
  const byName = new Map(tables.map((table) => [table.name, table]));
  for (const table of tables) await ensureTable(server, table);

  const pending = new Set<Promise<unknown>>();
  let refusing = false;

  const service: Service = async (call) => {
    const { request, response } = call;
    const operation = targetOf(request);
    call.count(operation);
    const body = await readBody(request);
    if (call.caller.kind !== "operator") {
      for (const need of needsOf(operation, parseJsonObject(body), byName)) {
        if (call.allows(`dynamodb:${need.action}`, need.resource, need.context)) continue;
        const message = notAuthorized(call.principal, `dynamodb:${need.action}`, need.resource);
        return sendJson(response, 400, {
          __type: "com.amazon.coral.service#AccessDeniedException",
          Message: message,
          message,
        });
      }
    }
    if (refusing && writes.has(operation)) {
      const message = "Writes are refused for a while.";
      return sendJson(response, 500, {
        __type: "com.amazonaws.dynamodb.v20120810#InternalServerError",
        Message: message,
        message,
      });
    }
    const answering = ask(server, request.headers, body);
    pending.add(answering);
    const answer = await answering.finally(() => pending.delete(answering));
    response.writeHead(answer.status, answer.headers);
    response.end(answer.body);
  };

  return {
    service,
    refuseWrites: (refuse) => {
      refusing = refuse;
    },
    close: async () => {
      // The emulator does not survive losing its database in the middle of a request.
      await Promise.all(pending);
      // It closes it only together with a listening server: it listens for this moment alone.
      server.listen(0, "127.0.0.1");
      await once(server, "listening");
      await new Promise<void>((resolve, reject) => server.close((error) => (error ? reject(error) : resolve())));
    },
  };
}

async function ensureTable(server: Server, table: TableResource): Promise<void> {
  const body = {
    TableName: table.name,
    KeySchema: table.keySchema,
    AttributeDefinitions: table.attributeDefinitions.filter((definition) =>
      table.keySchema.some((key) => key.AttributeName === definition.AttributeName),
    ),
    BillingMode: "PAY_PER_REQUEST",
  };
  const created = await order(server, "CreateTable", body);
  if (created.status !== 200 && !created.body.includes("ResourceInUseException")) {
    throw new Error(`The table ${table.logicalId} cannot be created locally: ${created.body}`);
  }
  for (;;) {
    const described = await order(server, "DescribeTable", { TableName: table.name });
    if (described.body.includes('"TableStatus":"ACTIVE"')) return;
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

/** One request of our own to the emulator. */
function order(server: Server, operation: string, body: unknown) {
  const headers = {
    "content-type": "application/x-amz-json-1.0",
    "x-amz-target": `DynamoDB_20120810.${operation}`,
    "x-amz-date": "20260101T000000Z",
    authorization:
      "AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0",
  };
  return ask(server, headers, Buffer.from(JSON.stringify(body)));
}

/** What the emulator answers to a request that was read already. No second socket, and it ends whatever the client does. */
function ask(
  server: Server,
  headers: Readonly<Record<string, unknown>>,
  body: Buffer,
): Promise<{ status: number; headers: Record<string, string>; body: string }> {
  return new Promise((resolve) => {
    const request = Object.assign(Readable.from(body.length > 0 ? [body] : []), { method: "POST", url: "/", headers });
    const kept: Record<string, string> = {};
    const response = {
      statusCode: 200,
      contentType: "",
      setHeader: (name: string, value: string | number) => {
        if (name !== "Transfer-Encoding") kept[name] = String(value);
      },
      end: (text = "") => resolve({ status: response.statusCode, headers: kept, body: text }),
    };
    server.emit("request", request, response);
  });
}

const Key = z.record(z.string(), z.unknown());
const Single = z.object({
  TableName: z.string(),
  IndexName: z.string().optional(),
  Key: Key.optional(),
  Item: Key.optional(),
  KeyConditionExpression: z.string().optional(),
  ExpressionAttributeNames: z.record(z.string(), z.string()).optional(),
  ExpressionAttributeValues: Key.optional(),
});
const Batch = z.object({ RequestItems: z.record(z.string(), z.unknown()) });

/** What IAM is asked for one request: batches ask once a table. */
function needsOf(
  operation: string,
  input: Record<string, unknown>,
  tables: ReadonlyMap<string, TableResource>,
): { action: string; resource: string; context: RequestContext }[] {
  const arnOf = (table: string) =>
    table.startsWith("arn:") ? table : `arn:aws:dynamodb:${region}:${accountId}:table/${table}`;
  const hashKeyOf = (table: string) =>
    tables.get(table)?.keySchema.find((key) => key.KeyType === "HASH")?.AttributeName ?? "";
  const batch = Batch.safeParse(input);
  if (batch.success) {
    return Object.entries(batch.data.RequestItems).map(([table, requests]) => ({
      action: operation,
      resource: arnOf(table),
      context: { "dynamodb:LeadingKeys": batchKeys(requests, hashKeyOf(table)) },
    }));
  }
  const single = Single.safeParse(input);
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

/** The partition key a query's condition names. */
function queriedKey(input: z.infer<typeof Single>, hashKey: string): string | undefined {
  const condition = input.KeyConditionExpression;
  if (condition === undefined) return undefined;
  for (const [, name = "", value = ""] of condition.matchAll(/([#\w.-]+)\s*=\s*(:\w+)/g)) {
    const attribute = name.startsWith("#") ? input.ExpressionAttributeNames?.[name] : name;
    if (attribute === hashKey) return scalarOf(input.ExpressionAttributeValues?.[value]);
  }
  return undefined;
}

function batchKeys(requests: unknown, hashKey: string): string[] {
  const Write = z.object({
    PutRequest: z.object({ Item: Key }).optional(),
    DeleteRequest: z.object({ Key }).optional(),
  });
  const reads = z.object({ Keys: z.array(Key) }).safeParse(requests);
  const items: readonly z.infer<typeof Key>[] = reads.success
    ? reads.data.Keys
    : z
        .array(Write)
        .catch([])
        .parse(requests)
        .flatMap((write) => [write.PutRequest?.Item, write.DeleteRequest?.Key])
        .filter((item) => item !== undefined);
  return items.flatMap((item) => scalarOf(item[hashKey]) ?? []);
}

function scalarOf(value: unknown): string | undefined {
  const parsed = z.union([z.object({ S: z.string() }), z.object({ N: z.string() })]).safeParse(value);
  if (!parsed.success) return undefined;
  return "S" in parsed.data ? parsed.data.S : parsed.data.N;
}
