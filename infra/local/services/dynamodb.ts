import { once } from "node:events";
import { mkdir } from "node:fs/promises";
import type { Server } from "node:http";
import { Readable } from "node:stream";
import { ClassicLevel } from "classic-level";
import dynalite from "dynalite";
import type { Service } from "../gateway/call.ts";
import { notAuthorized, parseJsonObject, sendJsonError, targetOf } from "../gateway/message-bodies.ts";
import type { TableResource } from "../template/resources.ts";
import { nextOpening, syncEveryWrite, whyStopped } from "./durable-level.ts";
import { requiredPermissions } from "./dynamodb-permissions.ts";
import { createReopening } from "./reopening.ts";

/**
 * DynamoDB on one machine. A write is on disk when it is answered. Where the disk is full, writes are answered with an internal
 * error until there is room again; reads go on.
 */
export interface DynamoDb {
  readonly service: Service;
  /** While true, answers writes with an internal error. */
  refuseWrites(refuse: boolean): void;
  close(): Promise<void>;
}

const writes: ReadonlySet<string> = new Set(["PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem"]);

/**
 * Opens the tables under `directory` and creates new ones. Throws when another process has them open. `onDiskFull` is told of
 * every write that found no room.
 */
export async function openDynamoDb(
  directory: string,
  tables: readonly TableResource[],
  onDiskFull: (error: Error) => void,
): Promise<DynamoDb> {
  syncEveryWrite();
  // The database's files have the rights that it gives them.
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const byName = new Map(tables.map((table) => [table.name, table]));
  const server = await openWithTables(directory, tables);

  const pending = new Set<Promise<unknown>>();
  const reopen = createReopening(directory, () => Promise.all(pending));
  let refusing = false;

  const service: Service = async (call) => {
    const { request, response } = call;
    const operation = targetOf(request);
    call.count(operation);
    const body = await call.body();
    if (call.caller.kind !== "operator") {
      for (const needed of requiredPermissions(operation, parseJsonObject(body), byName)) {
        const action = `dynamodb:${needed.action}`;
        if (call.allows(action, needed.resource, needed.context)) continue;
        const message = notAuthorized(call.principal, action, needed.resource);
        return sendJsonError(response, 400, "com.amazon.coral.service#AccessDeniedException", message);
      }
    }
    const refuse = (why: string) =>
      sendJsonError(response, 500, "com.amazonaws.dynamodb.v20120810#InternalServerError", why);
    if (refusing && writes.has(operation)) return refuse("Writes are refused for now.");
    await reopen();
    const stop = whyStopped(directory);
    if (stop !== undefined && (writes.has(operation) || !stop.readable)) return refuse(stop.why.message);
    const answering = callEmulator(server, request.headers, body);
    pending.add(answering);
    const answer = await answering.finally(() => pending.delete(answering));
    const found = whyStopped(directory);
    if (found !== undefined) onDiskFull(found.why);
    response.writeHead(answer.status, answer.headers);
    response.end(answer.body);
  };

  return {
    service,
    refuseWrites: (refuse) => {
      refusing = refuse;
    },
    close: async () => {
      // The emulator crashes when it loses its database in the middle of a request.
      await Promise.all(pending);
      await close(server);
    },
  };
}

/** The emulator closes its database only along with a listening server, so it listens just for that. */
async function close(server: Server): Promise<void> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  await new Promise<void>((resolve, reject) => server.close((error) => (error ? reject(error) : resolve())));
}

/** Starts the emulator on its database, which it opens by itself and does not say why when it cannot. */
async function open(directory: string): Promise<Server> {
  const opening = nextOpening(directory);
  const server = dynalite({ path: directory, createTableMs: 0 });
  await opening;
  return server;
}

async function openWithTables(directory: string, tables: readonly TableResource[]): Promise<Server> {
  let server = await open(directory);
  for (const table of tables) {
    if ((await ensureTable(server, table)) === "active") continue;
    await close(server);
    await finishTable(directory, table.name);
    server = await open(directory);
  }
  return server;
}

/**
 * The emulator writes a new table as one that is being created, and a moment later as active. A process that was killed in
 * between leaves one that no later process would ever finish; nothing is in it, because a table is used when it is active.
 */
async function finishTable(directory: string, name: string): Promise<void> {
  const database = new ClassicLevel<string, object>(directory, { valueEncoding: "json" });
  const key = `table~${name}`;
  await database.put(key, { ...(await database.get(key)), TableStatus: "ACTIVE" });
  await database.close();
}

/** Creates a table unless it is there. `creating`: an earlier process has begun to create it, and was killed. */
async function ensureTable(server: Server, table: TableResource): Promise<"active" | "creating"> {
  const body = {
    TableName: table.name,
    KeySchema: table.keySchema,
    AttributeDefinitions: table.attributeDefinitions.filter((definition) =>
      table.keySchema.some((key) => key.AttributeName === definition.AttributeName),
    ),
    BillingMode: "PAY_PER_REQUEST",
  };
  const created = await callAsOurselves(server, "CreateTable", body);
  const isThere = created.body.includes("ResourceInUseException");
  if (created.status !== 200 && !isThere) {
    throw new Error(`The table ${table.logicalId} cannot be created locally: ${created.body}`);
  }
  for (;;) {
    const described = await callAsOurselves(server, "DescribeTable", { TableName: table.name });
    if (described.body.includes('"TableStatus":"ACTIVE"')) return "active";
    if (isThere) return "creating";
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

/** Calls the emulator on our own behalf. */
function callAsOurselves(server: Server, operation: string, body: unknown) {
  const headers = {
    "content-type": "application/x-amz-json-1.0",
    "x-amz-target": `DynamoDB_20120810.${operation}`,
    "x-amz-date": "20260101T000000Z",
    authorization:
      "AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0",
  };
  return callEmulator(server, headers, Buffer.from(JSON.stringify(body)));
}

/**
 * Passes an already read request to the emulator. This needs no second socket, and the request runs to its end whatever
 * the client does.
 */
function callEmulator(
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
