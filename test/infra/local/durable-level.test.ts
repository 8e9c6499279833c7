import { mkdtempDisposable, readdir, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  DeleteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { ClassicLevel } from "classic-level";
import { expect, test } from "vitest";
import { readBody } from "../../../infra/local/gateway/message-bodies.ts";
import { listenLocally } from "../../../infra/local/local-server.ts";
import { syncEveryWrite } from "../../../infra/local/services/durable-level.ts";
import { openDynamoDb } from "../../../infra/local/services/dynamodb.ts";
import { createReopening } from "../../../infra/local/services/reopening.ts";
import { readTemplate } from "../../../infra/local/template/read-template.ts";
import { clientOf, dataDirectory, startServicesOn } from "./small-cloud.ts";
import { smallStack } from "./small-stack.ts";

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

/** Has databases find no room for their next writes, or when they are opened next, and notes what they do. */
function fillDisk() {
  const did: string[] = [];
  const { prototype } = ClassicLevel;
  const names = ["_batch", "_close", "_open"] as const;
  const before = Object.fromEntries(names.map((name) => [name, Reflect.get(prototype, name)]));
  const without = { _batch: 0, _close: 0, _open: 0 };
  const noted = (name: (typeof names)[number]) =>
    async function (this: unknown, ...given: unknown[]) {
      const full = without[name]-- > 0;
      did.push(full ? "no room" : name);
      if (full) throw new Error("IO error: 000003.log: No space left on device");
      await Reflect.apply(before[name], this, given);
    };
  Object.assign(prototype, Object.fromEntries(names.map((name) => [name, noted(name)])));
  return {
    did,
    forWrites: (count: number) => void Object.assign(without, { _batch: count }),
    forOpenings: (count: number) => void Object.assign(without, { _open: count }),
    [Symbol.dispose]: () => void Object.assign(prototype, before),
  };
}

/** A database, and a client of it that asks once. */
async function openDatabase(directory: string) {
  await using opening = new AsyncDisposableStack();
  const { tables } = readTemplate(smallStack(), { stackName: "S", endpoint: "http://127.0.0.1" });
  const told: string[] = [];
  const { service, close } = await openDynamoDb(directory, tables, (error) => told.push(error.message));
  opening.defer(close);
  const server = await listenLocally();
  opening.defer(() => server.close());
  const anybody = { caller: { kind: "operator" }, principal: "", userId: "", count: () => {} } as const;
  server.serve((request, response) => {
    const body = readBody(request);
    const rights = { allows: () => true, wouldAllow: () => true };
    void service({ ...anybody, ...rights, request, response, body: () => body });
  });
  const credentials = { accessKeyId: "a", secretAccessKey: "b" };
  const client = new DynamoDBClient({ endpoint: server.endpoint, region: "eu-west-1", credentials, maxAttempts: 1 });
  opening.defer(() => client.destroy());
  const TableName = tables[0]?.name;
  const keyOf = (id: string) => ({ pk: { S: "a" }, sk: { S: id } });
  const open = opening.move();
  const write = (id: string) => client.send(new PutItemCommand({ TableName, Item: keyOf(id) }));
  return {
    told,
    write,
    /** Whether it was written. */
    put: (id: string) =>
      write(id).then(
        () => true,
        () => false,
      ),
    has: async (id: string) =>
      (await client.send(new GetItemCommand({ TableName, Key: keyOf(id), ConsistentRead: true }))).Item !== undefined,
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  };
}

test("after a write that found no room nothing is written before the database has been opened again, while it is read", async () => {
  await using directory = await dataDirectory();
  const ids = ["1", "2", "3", "4", "5"];
  let written: boolean[] = [];
  {
    await using database = await openDatabase(directory.path);
    using disk = fillDisk();
    expect(await database.put("before")).toBe(true);
    disk.did.length = 0;
    disk.forWrites(1);
    // Those that wait at the same time would be written behind the one that was cut short, and not be found again.
    written = await Promise.all(ids.map(database.put));
    expect(written).toContain(false);
    expect(await database.has("before")).toBe(true);
    await expect.poll(() => database.put("after")).toBe(true);
    expect(disk.did.slice(0, 4)).toEqual(["no room", "_close", "_open", "_batch"]);
    expect(new Set(database.told)).toEqual(new Set(["IO error: 000003.log: No space left on device"]));
  }
  await using database = await openDatabase(directory.path);
  expect(await Promise.all(["before", "after"].map(database.has))).toEqual([true, true]);
  expect(await Promise.all(ids.map(database.has))).toEqual(written);
});

test("a write that found no room is answered as one that DynamoDB fails to do, which is asked for again", async () => {
  await using directory = await dataDirectory();
  await using database = await openDatabase(directory.path);
  using disk = fillDisk();
  disk.forWrites(1);
  await expect(database.write("1")).rejects.toMatchObject({
    name: "InternalServerError",
    $metadata: { httpStatusCode: 500 },
  });
});

test("it is opened again when there is room and nobody uses it", async () => {
  await using directory = await dataDirectory();
  syncEveryWrite();
  const database = new ClassicLevel<string, string>(directory.path);
  await database.open();
  using disk = fillDisk();
  disk.forWrites(1);
  await expect(database.put("key", "1")).rejects.toThrow("No space left");
  disk.did.length = 0;
  const reopen = createReopening(directory.path, async () => disk.did.push("settled"));
  // Whoever writes there finds the disk full.
  await symlink("/dev/full", join(directory.path, "room"));
  await reopen();
  expect(disk.did).toEqual([]);
  await expect.poll(() => reopen().then(() => disk.did)).toEqual(["settled", "_close", "_open"]);
  // What the trial has written is gone.
  expect(await readdir(directory.path)).not.toContain("room");
  await database.put("key", "2");
  await database.close();
});

test("where it cannot be opened again it is tried until it can, and what it has is not read wrongly meanwhile", async () => {
  await using directory = await dataDirectory();
  await using database = await openDatabase(directory.path);
  using disk = fillDisk();
  expect(await database.put("before")).toBe(true);
  disk.did.length = 0;
  disk.forWrites(1);
  disk.forOpenings(2);
  expect(await database.put("1")).toBe(false);
  await expect.poll(() => database.has("before").catch(() => "refused")).toBe("refused");
  await expect.poll(() => database.has("before").catch(() => "refused")).toBe(true);
  expect(disk.did).toEqual(["no room", "_close", "no room", "no room", "_open"]);
  expect(await database.put("2")).toBe(true);
});

test("writes that wait at the same time are written one after the other, in the order in which they came", async () => {
  await using directory = await dataDirectory();
  syncEveryWrite();
  const database = new ClassicLevel<string, string>(directory.path);
  await database.open();
  const { prototype } = ClassicLevel;
  const write = Reflect.get(prototype, "_batch");
  let [atOnce, most, writes] = [0, 0, 0];
  Object.assign(prototype, {
    _batch: async function (this: unknown, ...given: unknown[]) {
      writes++;
      most = Math.max(most, ++atOnce);
      await Reflect.apply(write, this, given);
      atOnce--;
    },
  });
  try {
    const puts = Array.from({ length: 20 }, (_, n) => database.put("key", String(n)));
    await Promise.all([...puts, database.del("gone"), database.put("gone", "1"), database.del("gone")]);
  } finally {
    Object.assign(prototype, { _batch: write });
  }
  // All but the first wait for it, and are synced together.
  expect([most, writes]).toEqual([1, 2]);
  expect([await database.get("key"), await database.get("gone")]).toEqual(["19", undefined]);
  await database.close();
});

test("a write that fails for another reason than room fails alone: the next one is written", async () => {
  await using directory = await dataDirectory();
  syncEveryWrite();
  const database = new ClassicLevel<string, string>(directory.path);
  await database.open();
  const { prototype } = ClassicLevel;
  const write = Reflect.get(prototype, "_batch");
  Object.assign(prototype, { _batch: () => Promise.reject(new Error("IO error: 000003.log: Input/output error")) });
  try {
    await expect(database.put("key", "1")).rejects.toThrow("Input/output error");
  } finally {
    Object.assign(prototype, { _batch: write });
  }
  await database.put("key", "2");
  expect(await database.get("key")).toBe("2");
  await database.close();
});

test("a ledger that cannot be opened says why", async () => {
  await using directory = await dataDirectory();
  const inTheWay = join(directory.path, "file");
  await writeFile(inTheWay, "");
  await expect(openDatabase(inTheWay)).rejects.toThrow(/EEXIST|ENOTDIR|[Nn]ot a directory/u);
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
