import { execFileSync, fork } from "node:child_process";
import { once } from "node:events";
import { chown, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { CloudFormationClient, DescribeStacksCommand } from "@aws-sdk/client-cloudformation";
import {
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import {
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { expect, test, vi } from "vitest";
import { findEmbeddedCloud } from "../../../infra/local/cloud-access.ts";
import { DataInUse } from "../../../infra/local/data-lock.ts";
import type { EmbeddedCloud } from "../../../infra/local/embedded-cloud.ts";
import { sites } from "../../../infra/rates.ts";
import { clientOf, dataDirectory, startServicesOn, startSmallCloud } from "./small-cloud.ts";

interface Note {
  readonly kind: "start" | "end";
  readonly at: number;
  readonly environment: string;
  readonly handled: number;
  readonly bodies: string[];
  readonly counts: string[];
  readonly remaining: number;
  readonly variables: Record<string, string | undefined>;
}

/** A small cloud, and what its told handler wrote down. */
async function startCloud(
  changes: Parameters<typeof startSmallCloud>[0] = {},
  options: Parameters<typeof startSmallCloud>[1] = {},
) {
  await using starting = new AsyncDisposableStack();
  const recordDirectory = starting.use(await dataDirectory());
  const record = join(recordDirectory.path, "record.ndjson");
  const small = starting.use(await startSmallCloud(changes, { environment: { RECORD: record }, ...options }));
  const notes = async (): Promise<Note[]> =>
    (await readFile(record, "utf8").catch(() => ""))
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line));
  const { cloud } = small;
  const queueUrl = (id: string) => cloud.stack.queues.find((queue) => queue.logicalId === id)?.url ?? "";
  const running = starting.move();
  return {
    ...small,
    notes,
    starts: async () => (await notes()).filter((note) => note.kind === "start"),
    queueUrl,
    tell: (...messages: object[]) =>
      Promise.all(messages.map((message) => cloud.send(queueUrl("Work"), JSON.stringify(message)))),
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

const sqsCounts = async (cloud: EmbeddedCloud, QueueUrl: string) => {
  const sqs = new SQSClient(clientOf(cloud));
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["All"] }));
  sqs.destroy();
  return [Attributes?.["ApproximateNumberOfMessages"], Attributes?.["ApproximateNumberOfMessagesNotVisible"]].map(
    Number,
  );
};

const eventually = (check: () => Promise<void>) => vi.waitFor(check, { timeout: 120_000, interval: 20 });

test("a function gets the template's variables, its own name and how one machine sends, and nothing of the machine's environment", async () => {
  await using it = await startCloud();
  await it.tell({ do: "note" });
  await eventually(async () => expect(await it.starts()).toHaveLength(1));
  const [note] = await it.starts();
  expect(note?.variables).toEqual({
    table: it.cloud.stack.tables[0]?.name,
    region: "us-east-1",
    name: it.cloud.stack.functions[0]?.name,
    laneRate: String(sites.local.laneRate),
    afterOthersMs: String(sites.local.secondsInAnyCase * 1_000),
  });
  expect(note?.remaining).toBeGreaterThan(9_000);
  expect(note?.remaining).toBeLessThanOrEqual(10_000);
  await eventually(async () => expect(await sqsCounts(it.cloud, it.queueUrl("Work"))).toEqual([0, 0]));
  await eventually(async () =>
    expect(await readFile(join(it.directory, "logs", "told-handler.log"), "utf8")).toContain('"handling"'),
  );
});

test("one warm environment takes one message after the other", async () => {
  await using it = await startCloud({ visibilitySeconds: 30 });
  for (let n = 1; n <= 5; n += 1) {
    await it.tell({ do: "note" });
    await eventually(async () => expect((await it.notes()).filter((note) => note.kind === "end")).toHaveLength(n));
  }
  const starts = await it.starts();
  expect(new Set(starts.map((note) => note.environment)).size).toBe(1);
  expect(starts.map((note) => note.handled)).toEqual([1, 2, 3, 4, 5]);
});

test("only failed messages come again, once their visibility timeout has run out, and end up among the dead letters", async () => {
  await using it = await startCloud({ visibilitySeconds: 1 });
  // A first environment takes a while to load, on a busy machine longer than the visibility.
  await it.tell({ do: "note", id: 0 });
  await eventually(async () => expect(await sqsCounts(it.cloud, it.queueUrl("Work"))).toEqual([0, 0]));
  await it.tell({ do: "fail-once", id: 1 }, { do: "fail", id: 2 }, { do: "note", id: 3 });
  await eventually(async () => expect(await sqsCounts(it.cloud, it.queueUrl("Dead"))).toEqual([1, 0]));
  const seen = (await it.starts()).flatMap((note) => note.bodies).map((body) => JSON.parse(body).id);
  expect(seen.filter((id) => id === 3)).toHaveLength(1);
  expect(seen.filter((id) => id === 2)).toHaveLength(3);
  expect(seen.filter((id) => id === 1).length).toBeGreaterThanOrEqual(2);
  expect(await sqsCounts(it.cloud, it.queueUrl("Work"))).toEqual([0, 0]);
});

test("an exception leaves the whole batch in the queue and the environment warm", async () => {
  await using it = await startCloud({ concurrency: 1 });
  const sent = Date.now();
  await it.tell({ do: "throw" });
  await eventually(async () => expect((await it.starts()).length).toBeGreaterThanOrEqual(2));
  const [first, second] = await it.starts();
  expect([first?.counts, second?.counts]).toEqual([["1"], ["2"]]);
  expect(second?.at).toBeGreaterThanOrEqual(sent + 1000);
  expect(second?.environment).toBe(first?.environment);
  expect(it.log.join("\n")).toContain("told to throw");
});

test.each(["hang", "spin", "exit"])(
  "a function that does %s is ended, and its message comes again to a fresh environment",
  async (what) => {
    await using it = await startCloud({ timeoutSeconds: 1, concurrency: 1 });
    await it.tell({ do: what });
    await eventually(async () => expect((await it.starts()).length).toBeGreaterThanOrEqual(2));
    const [first, second] = await it.starts();
    expect(second?.environment).not.toBe(first?.environment);
    expect(it.log.join("\n")).toContain(what === "exit" ? "ended" : "timed out after 1.00 seconds");
  },
);

test("an answer that names a message from outside the batch fails the batch", async () => {
  await using it = await startCloud();
  await it.tell({ do: "nonsense" });
  await eventually(async () => expect((await it.starts()).length).toBeGreaterThanOrEqual(2));
});

test("as many invocations run at once as the template allows, in environments of their own", async () => {
  await using it = await startCloud({ batchSize: 1, concurrency: 3, timeoutSeconds: 60, visibilitySeconds: 60 });
  await it.tell(...Array.from({ length: 7 }, () => ({ do: "note", meets: 3, ms: 300 })));
  await eventually(async () => expect((await it.notes()).filter((note) => note.kind === "end")).toHaveLength(7));
  const notes = await it.notes();
  let running = 0;
  let most = 0;
  for (const note of notes) {
    running += note.kind === "start" ? 1 : -1;
    most = Math.max(most, running);
  }
  expect(most).toBe(3);
  expect(new Set(notes.map((note) => note.environment)).size).toBe(3);
});

test("closing waits for what is running, though not forever", async () => {
  const patient = await startCloud({}, { graceMs: 10_000 });
  await patient.tell({ do: "note", ms: 300 });
  await eventually(async () => expect(await patient.starts()).toHaveLength(1));
  await patient.cloud[Symbol.asyncDispose]();
  expect((await patient.notes()).at(-1)?.kind).toBe("end");
  await patient[Symbol.asyncDispose]();

  const hurried = await startCloud({}, { graceMs: 50 });
  await hurried.tell({ do: "hang" });
  await eventually(async () => expect(await hurried.starts()).toHaveLength(1));
  await hurried.cloud[Symbol.asyncDispose]();
  await expect(fetch(hurried.cloud.endpoint)).rejects.toThrow();
  await hurried[Symbol.asyncDispose]();
});

test("closing under load loses nothing that was acknowledged and breaks nothing", async () => {
  await using directory = await dataDirectory();
  const open = () => startServicesOn(directory.path);
  const cloud = await open();
  const once = { ...clientOf(cloud), maxAttempts: 1 };
  const dynamo = new DynamoDBClient(once);
  const s3 = new S3Client(once);
  const TableName = cloud.stack.tables[0]?.name;
  const Bucket = cloud.stack.buckets[0]?.name;
  const acknowledged: string[] = [];
  const writing = Array.from({ length: 8 }, async (_, writer) => {
    for (let n = 0; ; n += 1) {
      const id = `${writer}-${n}`;
      await s3.send(new PutObjectCommand({ Bucket, Key: id, Body: id }));
      await dynamo.send(new PutItemCommand({ TableName, Item: { pk: { S: "a" }, sk: { S: id } } }));
      acknowledged.push(id);
    }
  });
  const ended = Promise.allSettled(writing);
  await eventually(async () => expect(acknowledged.length).toBeGreaterThan(40));
  await cloud[Symbol.asyncDispose]();
  await ended;
  dynamo.destroy();
  s3.destroy();
  await using again = await open();
  const after = { dynamo: new DynamoDBClient(clientOf(again)), s3: new S3Client(clientOf(again)) };
  for (const id of acknowledged) {
    const Key = { pk: { S: "a" }, sk: { S: id } };
    expect((await after.dynamo.send(new GetItemCommand({ TableName, Key }))).Item).toBeDefined();
    const { Body } = await after.s3.send(new GetObjectCommand({ Bucket, Key: id }));
    expect(await Body?.transformToString()).toBe(id);
  }
  after.dynamo.destroy();
  after.s3.destroy();
});

test("a schedule sends its input at the start and at every interval", async () => {
  await using it = await startCloud({ scheduleEvery: "rate(1 second)" });
  await eventually(async () => expect((await it.starts()).length).toBeGreaterThanOrEqual(3));
  const starts = await it.starts();
  // On a busy machine two of them may arrive in one batch.
  expect(new Set(starts.flatMap((note) => note.bodies))).toEqual(new Set(['{"tick":true}']));
});

test("messages up to SQS's 1 MiB are taken, and no more in one call", async () => {
  await using it = await startCloud({}, { functions: false });
  const sqs = new SQSClient(clientOf(it.cloud));
  const send = (bytes: number, entries: number) =>
    sqs.send(
      new SendMessageBatchCommand({
        QueueUrl: it.queueUrl("Dead"),
        Entries: Array.from({ length: entries }, (_, index) => ({
          Id: String(index),
          MessageBody: "x".repeat(bytes / entries),
        })),
      }),
    );
  expect((await send(1_048_576, 4)).Successful).toHaveLength(4);
  await expect(send(1_048_580, 4)).rejects.toMatchObject({ name: "BatchRequestTooLong" });
  const { Messages } = await sqs.send(
    new ReceiveMessageCommand({ QueueUrl: it.queueUrl("Dead"), MaxNumberOfMessages: 10 }),
  );
  expect(Messages?.map((message) => message.Body?.length)).toEqual([262_144, 262_144, 262_144, 262_144]);
  sqs.destroy();
});

test("a stack is found with its outputs by its name, and by no other", async () => {
  await using it = await startCloud({}, { functions: false, stackName: "Elsewhere" });
  const client = new CloudFormationClient(clientOf(it.cloud));
  const { Stacks } = await client.send(new DescribeStacksCommand({ StackName: "Elsewhere" }));
  expect(Stacks?.[0]?.StackName).toBe("Elsewhere");
  expect(Stacks?.[0]?.Outputs).toContainEqual({
    OutputKey: "BucketName",
    OutputValue: it.cloud.stack.buckets[0]?.name,
    Description: "Upload campaigns here",
  });
  await expect(client.send(new DescribeStacksCommand({ StackName: "BulkSend" }))).rejects.toMatchObject({
    name: "ValidationError",
    message: "Stack with id BulkSend does not exist",
  });
  client.destroy();
});

test("a secret is empty at first, gets a version with each new value, and is kept where only its owner can read it", async () => {
  await using directory = await dataDirectory();
  const open = () => startServicesOn(directory.path);
  let version: string | undefined;
  {
    await using cloud = await open();
    const client = new SecretsManagerClient(clientOf(cloud));
    const SecretId = cloud.stack.secrets[0]?.arn;
    const get = () => client.send(new GetSecretValueCommand({ SecretId }));
    const put = async (SecretString: string) =>
      (await client.send(new PutSecretValueCommand({ SecretId, SecretString }))).VersionId;
    await expect(get()).rejects.toMatchObject({ name: "ResourceNotFoundException" });
    const first = await put("a");
    expect(await put("a")).toBe(first);
    version = await put("b");
    expect(version).not.toBe(first);
    expect(await get()).toMatchObject({ SecretString: "b", VersionId: version });
    const { VersionIdsToStages } = await client.send(new DescribeSecretCommand({ SecretId }));
    expect(VersionIdsToStages).toEqual({ [String(version)]: ["AWSCURRENT"], [String(first)]: ["AWSPREVIOUS"] });
    client.destroy();
  }
  expect((await stat(join(directory.path, "secrets.json"))).mode & 0o777).toBe(0o600);
  await using cloud = await open();
  const client = new SecretsManagerClient(clientOf(cloud));
  const again = await client.send(new GetSecretValueCommand({ SecretId: cloud.stack.secrets[0]?.name }));
  expect(again).toMatchObject({ SecretString: "b", VersionId: version });
  client.destroy();
});

test("one process at a time works on a directory; others are told so, and how to reach that process", async () => {
  await using directory = await dataDirectory();
  const open = () => startServicesOn(directory.path);
  {
    await using cloud = await open();
    await expect(open()).rejects.toThrow(DataInUse);
    await expect(open()).rejects.toThrow(/^Another bulk-send is already working on .+; /);
    expect(await findEmbeddedCloud(directory.path)).toEqual({
      endpoint: cloud.endpoint,
      region: cloud.region,
      credentials: cloud.credentials,
      stackName: "BulkSend",
    });
  }
  expect(await findEmbeddedCloud(directory.path)).toBeUndefined();
  await using _ = await open();
});

test("the caller's hook runs when the services answer and before any function does", async () => {
  let ended = Number.POSITIVE_INFINITY;
  await using it = await startCloud(
    // A visibility longer than any first load, so that the message is not delivered twice.
    { scheduleEvery: "rate(1 minute)", visibilitySeconds: 30 },
    {
      onServicesUp: async (cloud) => {
        const client = new CloudFormationClient(clientOf(cloud));
        await client.send(new DescribeStacksCommand({}));
        client.destroy();
        ended = Date.now();
      },
    },
  );
  await eventually(async () => expect(await it.starts()).toHaveLength(1));
  expect((await it.starts())[0]?.at).toBeGreaterThanOrEqual(ended);
});

test("what a function asks while it loads is answered when the caller's hook is done", async () => {
  let inOrder = false;
  let answered: Promise<boolean> | undefined;
  await using _ = await startCloud(
    {},
    {
      onServicesUp: async (cloud) => {
        const [early, client] = [cloud.credentialsOf("WorkerFunction"), cloud.credentials].map(
          (credentials) => new CloudFormationClient({ ...clientOf(cloud), credentials, maxAttempts: 1 }),
        );
        answered = Promise.allSettled([early?.send(new DescribeStacksCommand({}))]).then(() => inOrder);
        for (let time = 0; time < 5; time++) await client?.send(new DescribeStacksCommand({}));
        inOrder = true;
      },
    },
  );
  expect(await answered).toBe(true);
});

test("what the ledger and the bucket acknowledged is still there after the process is killed", async () => {
  await using directory = await dataDirectory();
  const child = fork(fileURLToPath(new URL("./fixtures/cloud-process.ts", import.meta.url)), [directory.path], {
    execArgv: [],
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  const [access] = await once(child, "message");
  const client = new DynamoDBClient(access.client);
  const s3 = new S3Client(access.client);
  const key = { pk: { S: "spring" }, sk: { S: "batch#0000001" } };
  let acknowledged = 0;
  const objects: string[] = [];
  const writing = (async () => {
    for (let n = 1; ; n += 1) {
      await client.send(
        new UpdateItemCommand({
          TableName: access.table,
          Key: key,
          UpdateExpression: "SET n = :n",
          ExpressionAttributeValues: { ":n": { N: String(n) } },
        }),
      );
      acknowledged = n;
      await s3.send(new PutObjectCommand({ Bucket: access.bucket, Key: `o/${n}`, Body: `content ${n}` }));
      objects.push(`o/${n}`);
      if (n === 50) child.kill("SIGKILL");
    }
  })();
  await expect(writing).rejects.toThrow();
  client.destroy();
  s3.destroy();
  if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
  expect(acknowledged).toBeGreaterThanOrEqual(50);

  await using cloud = await startServicesOn(directory.path);
  const after = new DynamoDBClient(clientOf(cloud));
  const { Item } = await after.send(new GetItemCommand({ TableName: access.table, Key: key, ConsistentRead: true }));
  expect(Number(Item?.["n"]?.N)).toBeGreaterThanOrEqual(acknowledged);
  const bucket = new S3Client(clientOf(cloud));
  for (const Key of objects) {
    const { Body } = await bucket.send(new GetObjectCommand({ Bucket: access.bucket, Key }));
    expect(await Body?.transformToString()).toBe(`content ${Key.slice(2)}`);
  }
  after.destroy();
  bucket.destroy();
});

test("conditions and consistent queries of the ledger hold", async () => {
  await using it = await startCloud({}, { functions: false });
  const client = new DynamoDBClient(clientOf(it.cloud));
  const TableName = it.cloud.stack.tables[0]?.name;
  const claim = (token: string) =>
    client.send(
      new UpdateItemCommand({
        TableName,
        Key: { pk: { S: "a" }, sk: { S: "1" } },
        UpdateExpression: "SET #t = :t",
        ConditionExpression: "attribute_not_exists(#t)",
        ExpressionAttributeNames: { "#t": "token" },
        ExpressionAttributeValues: { ":t": { S: token } },
        ReturnValues: "ALL_NEW",
      }),
    );
  const results = await Promise.allSettled(["x", "y", "z"].map(claim));
  expect(results.filter((result) => result.status === "fulfilled")).toHaveLength(1);
  for (const sk of ["2", "10"])
    await client.send(new PutItemCommand({ TableName, Item: { pk: { S: "a" }, sk: { S: sk } } }));
  const { Items } = await client.send(
    new QueryCommand({
      TableName,
      ConsistentRead: true,
      KeyConditionExpression: "pk = :p AND sk BETWEEN :a AND :b",
      ExpressionAttributeValues: { ":p": { S: "a" }, ":a": { S: "1" }, ":b": { S: "2" } },
    }),
  );
  expect(Items?.map((item) => item["sk"]?.S)).toEqual(["1", "10", "2"]);
  client.destroy();
});

test("a notice to people is kept as a file, and one to a topic outside the stack is refused", async () => {
  await using it = await startCloud({}, { functions: false });
  const sns = new SNSClient(clientOf(it.cloud));
  const publish = (TopicArn: string) =>
    sns.send(new PublishCommand({ TopicArn, Subject: "Complete: spring", Message: "All is sent.\nBye" }));
  const topic = it.cloud.stack.topics[0]?.arn ?? "";
  expect(await publish(topic)).toMatchObject({ MessageId: expect.any(String) });
  await expect(publish(`${topic}-other`)).rejects.toMatchObject({ $metadata: { httpStatusCode: 404 } });
  sns.destroy();
  const mails = await readdir(join(it.directory, "mails"));
  expect(mails).toHaveLength(1);
  expect(await readFile(join(it.directory, "mails", mails[0] ?? ""), "utf8")).toBe(
    "Subject: Complete: spring\n\nAll is sent.\nBye\n",
  );
});

test("a request with a key that does not belong to the cloud gets nothing", async () => {
  await using it = await startCloud({}, { functions: false });
  const stranger = { accessKeyId: "AKIAEXAMPLE", secretAccessKey: "x" };
  const s3 = new S3Client({ ...clientOf(it.cloud), credentials: stranger });
  const get = s3.send(new GetObjectCommand({ Bucket: it.cloud.stack.buckets[0]?.name, Key: "x" }));
  await expect(get).rejects.toMatchObject({ name: "InvalidAccessKeyId", $metadata: { httpStatusCode: 403 } });
  const dynamo = new DynamoDBClient({ ...clientOf(it.cloud), credentials: stranger });
  const query = dynamo.send(new GetItemCommand({ TableName: "x", Key: {} }));
  await expect(query).rejects.toMatchObject({ name: "UnrecognizedClientException" });
  expect((await fetch(it.cloud.endpoint)).status).toBe(403);
  dynamo.destroy();
  s3.destroy();
});

test("a request that knows the key but not its secret gets nothing", async () => {
  await using it = await startCloud({}, { functions: false });
  const guesser = { ...clientOf(it.cloud), credentials: { ...it.cloud.credentials, secretAccessKey: "local" } };
  const s3 = new S3Client(guesser);
  const get = s3.send(new GetObjectCommand({ Bucket: it.cloud.stack.buckets[0]?.name, Key: "x" }));
  await expect(get).rejects.toMatchObject({ name: "SignatureDoesNotMatch", $metadata: { httpStatusCode: 403 } });
  const secrets = new SecretsManagerClient(guesser);
  const read = secrets.send(new GetSecretValueCommand({ SecretId: it.cloud.stack.secrets[0]?.arn }));
  await expect(read).rejects.toMatchObject({ name: "InvalidSignatureException" });
  secrets.destroy();
  s3.destroy();
});

test("whoever has taken the port of a cloud that was killed is not taken for it, and learns nothing", async () => {
  await using directory = await dataDirectory();
  let file = "";
  {
    await using _ = await startServicesOn(directory.path);
    file = await readFile(join(directory.path, "cloud.json"), "utf8");
  }
  // A cloud that ends takes the file with it; one that is killed leaves it.
  await expect(readFile(join(directory.path, "cloud.json"))).rejects.toMatchObject({ code: "ENOENT" });
  const heard: string[] = [];
  const impostor = createServer((request, response) => {
    heard.push(`${request.method} ${request.url} ${JSON.stringify(request.headers)}`);
    response.end("0".repeat(64));
  }).listen(0, "127.0.0.1");
  await once(impostor, "listening");
  const address = impostor.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const { secretAccessKey, ...known } = JSON.parse(file);
  const left = { ...known, secretAccessKey, endpoint: `http://127.0.0.1:${port}` };
  await writeFile(join(directory.path, "cloud.json"), JSON.stringify(left));
  expect(await findEmbeddedCloud(directory.path)).toBeUndefined();
  expect(heard).toHaveLength(1);
  expect(heard.join()).not.toContain(secretAccessKey);
  impostor.close();
  impostor.closeAllConnections();
});

test.runIf(process.getuid?.() === 0)(
  "a cloud that somebody else names is not asked, whatever it can prove",
  async () => {
    await using directory = await dataDirectory();
    await using cloud = await startServicesOn(directory.path);
    const file = join(directory.path, "cloud.json");
    expect(await findEmbeddedCloud(directory.path)).toMatchObject({ endpoint: cloud.endpoint });
    await chown(file, 65_534, 65_534);
    expect(await findEmbeddedCloud(directory.path)).toBeUndefined();
    await chown(file, 0, 0);
    expect(await findEmbeddedCloud(directory.path)).toMatchObject({ endpoint: cloud.endpoint });
  },
);

test.skipIf(process.platform === "win32")("a pipe in the place of what names a cloud is not waited for", async () => {
  await using directory = await dataDirectory();
  execFileSync("mkfifo", [join(directory.path, "cloud.json")]);
  expect(await findEmbeddedCloud(directory.path)).toBeUndefined();
});

test("each start has a key of its own, which the next does not accept", async () => {
  await using directory = await dataDirectory();
  const start = async () => {
    await using cloud = await startServicesOn(directory.path);
    return cloud.credentials;
  };
  const [first, second] = [await start(), await start()];
  expect(first.accessKeyId).not.toBe(second.accessKeyId);
  expect(first.secretAccessKey).not.toBe(second.secretAccessKey);
});
