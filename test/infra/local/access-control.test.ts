import { DynamoDBClient, GetItemCommand, PutItemCommand, QueryCommand } from "@aws-sdk/client-dynamodb";
import {
  DeleteObjectsCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { describe, expect, test } from "vitest";
import { startEmbeddedCloud } from "../../../infra/local/embedded-cloud.ts";
import { createAccessControl } from "../../../infra/local/gateway/access-control.ts";
import { clientOf, dataDirectory, startSmallCloud } from "./small-cloud.ts";
import { smallSynthesised } from "./small-stack.ts";

const role = (...Statement: unknown[]) =>
  createAccessControl([
    { logicalId: "R", name: "r", arn: "arn:r", policies: [{ name: "p", document: { Statement } }] },
  ]);

describe("policies", () => {
  test("allow what they name, with wildcards, and nothing else", () => {
    const access = role({
      Effect: "Allow",
      Action: ["s3:Get*", "sqs:SendMessage"],
      Resource: ["arn:aws:s3:::b/reports/*", "arn:q?"],
    });
    expect(access.allows("arn:r", "s3:GetObject", "arn:aws:s3:::b/reports/a/b.csv")).toBe(true);
    expect(access.allows("arn:r", "S3:getobjectversion", "arn:aws:s3:::b/reports/x")).toBe(true);
    expect(access.allows("arn:r", "s3:PutObject", "arn:aws:s3:::b/reports/x")).toBe(false);
    expect(access.allows("arn:r", "s3:GetObject", "arn:aws:s3:::b/report")).toBe(false);
    expect(access.allows("arn:r", "sqs:SendMessage", "arn:q1")).toBe(true);
    expect(access.allows("arn:r", "sqs:SendMessage", "arn:q12")).toBe(false);
    expect(access.allows("arn:other", "sqs:SendMessage", "arn:q1")).toBe(false);
  });

  test("a denial outweighs every grant", () => {
    const access = role(
      { Effect: "Allow", Action: "*", Resource: "*" },
      { Effect: "Deny", Action: "s3:Delete*", Resource: "*" },
    );
    expect(access.allows("arn:r", "s3:GetObject", "x")).toBe(true);
    expect(access.allows("arn:r", "s3:DeleteObject", "x")).toBe(false);
  });

  test("a policy variable stands for what the request says; without it, nothing is equal to it", () => {
    const access = role({
      Effect: "Allow",
      Action: "a:b",
      Resource: "*",
      Condition: { "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": ["/approvals/${aws:userid}"] } },
    });
    const may = (key: string, userId?: string) =>
      access.allows("arn:r", "a:b", "x", {
        "dynamodb:LeadingKeys": [key],
        ...(userId === undefined ? {} : { "aws:userid": [userId] }),
      });
    expect(may("/approvals/AIDAANN", "AIDAANN")).toBe(true);
    expect(may("/approvals/AIDABEN", "AIDAANN")).toBe(false);
    expect(may("/approvals/${aws:userid}", "AIDAANN")).toBe(false);
    expect(may("/approvals/", undefined)).toBe(false);
  });

  test("conditions decide by the request's keys; an absent key fails all but the negated and optional ones", () => {
    const allow = (Condition: unknown) => role({ Effect: "Allow", Action: "a:b", Resource: "*", Condition });
    const may = (condition: unknown, context: Record<string, string[]>) =>
      allow(condition).allows("arn:r", "a:b", "x", context);
    expect(may({ StringLike: { "s3:prefix": ["reports/*", "x"] } }, { "s3:prefix": ["reports/a"] })).toBe(true);
    expect(may({ StringLike: { "s3:prefix": "reports/*" } }, { "S3:Prefix": ["work/a"] })).toBe(false);
    expect(may({ StringLike: { "s3:prefix": "reports/*" } }, {})).toBe(false);
    expect(may({ StringLikeIfExists: { "s3:prefix": "reports/*" } }, {})).toBe(true);
    expect(may({ StringNotEquals: { "s3:prefix": "a" } }, {})).toBe(true);
    const keys = { "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": ["account"] } };
    expect(may(keys, { "dynamodb:LeadingKeys": ["account"] })).toBe(true);
    expect(may(keys, { "dynamodb:LeadingKeys": ["account", "spring"] })).toBe(false);
    expect(may({ Bool: { "aws:SecureTransport": "false" } }, { "aws:SecureTransport": ["true"] })).toBe(false);
    expect(() => may({ IpAddress: { "aws:SourceIp": "10.0.0.0/8" } }, { "aws:SourceIp": ["10.0.0.1"] })).toThrow(
      "IpAddress",
    );
  });

  test("grants say how often they were used, and denials what was missing", () => {
    const access = role({ Effect: "Allow", Action: ["a:b", "a:c"], Resource: "*" });
    access.allows("arn:r", "a:b", "x");
    access.allows("arn:r", "a:b", "y");
    access.allows("arn:r", "a:d", "x");
    access.wouldAllow("arn:r", "a:e", "x");
    expect(access.grants().map(({ action, used }) => [action, used])).toEqual([
      ["a:b", 2],
      ["a:c", 0],
    ]);
    expect(access.denials()).toMatchObject([{ role: "arn:r", action: "a:d", resource: "x" }]);
  });
});

/** A cloud whose services the test calls with the function's own credentials, as the function would. */
async function asFunction(statements: readonly unknown[]) {
  await using starting = new AsyncDisposableStack();
  const { cloud, log } = starting.use(await startSmallCloud({ statements }, { functions: false }));
  const settings = { ...clientOf(cloud), credentials: cloud.credentialsOf("WorkerFunction"), maxAttempts: 1 };
  const clients = [
    new S3Client(settings),
    new DynamoDBClient(settings),
    new SQSClient(settings),
    new SecretsManagerClient(settings),
  ] as const;
  const operator = new S3Client(clientOf(cloud));
  for (const client of [...clients, operator]) starting.defer(() => client.destroy());
  const running = starting.move();
  return {
    cloud,
    log,
    clients,
    operator,
    Bucket: cloud.stack.buckets[0]?.name,
    TableName: cloud.stack.tables[0]?.name,
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

const filesArn = { "Fn::GetAtt": ["Files", "Arn"] };
const under = (prefix: string) => ({ "Fn::Join": ["", [filesArn, `/${prefix}*`]] });
const read = { Effect: "Allow", Action: "s3:GetObject", Resource: under("in/") };
const list = { Effect: "Allow", Action: "s3:ListBucket", Resource: filesArn };

describe("a function's calls", () => {
  test("to each service are denied in that service's own way", async () => {
    await using it = await asFunction([]);
    const [s3, dynamo, sqs, secrets] = it.clients;
    const { Bucket, TableName } = it;
    await expect(s3.send(new PutObjectCommand({ Bucket, Key: "x", Body: "x".repeat(200_000) }))).rejects.toMatchObject({
      name: "AccessDenied",
      $metadata: { httpStatusCode: 403 },
    });
    await expect(
      dynamo.send(new GetItemCommand({ TableName, Key: { pk: { S: "a" }, sk: { S: "b" } } })),
    ).rejects.toMatchObject({ name: "AccessDeniedException", message: expect.stringContaining("dynamodb:GetItem") });
    await expect(
      sqs.send(new SendMessageCommand({ QueueUrl: it.cloud.stack.queues[0]?.url, MessageBody: "x" })),
    ).rejects.toMatchObject({
      name: expect.stringMatching(/^AccessDenied/),
      message: expect.stringContaining("sqs:SendMessage"),
    });
    await expect(
      secrets.send(new GetSecretValueCommand({ SecretId: it.cloud.stack.secrets[0]?.arn })),
    ).rejects.toMatchObject({ name: "AccessDeniedException" });
    expect(it.cloud.usage.denials().map((denial) => denial.action)).toEqual([
      "s3:PutObject",
      "dynamodb:GetItem",
      "sqs:SendMessage",
      "secretsmanager:GetSecretValue",
    ]);
    expect(it.log).toHaveLength(4);
  });

  test("for a missing object get 403 without the right to list, and 404 with it", async () => {
    await using blind = await asFunction([read]);
    const get = (it: typeof blind, Key: string, VersionId?: string) =>
      it.clients[0].send(new GetObjectCommand({ Bucket: it.Bucket, Key, VersionId }));
    await expect(get(blind, "in/none")).rejects.toMatchObject({ name: "AccessDenied" });
    await using seeing = await asFunction([read, list]);
    await expect(get(seeing, "in/none")).rejects.toMatchObject({ name: "NoSuchKey" });
    await expect(get(seeing, "out/none")).rejects.toMatchObject({ name: "AccessDenied" });
  });

  test("for a version need the right to read versions", async () => {
    await using plain = await asFunction([read]);
    const stored = async (it: typeof plain) =>
      (await it.operator.send(new PutObjectCommand({ Bucket: it.Bucket, Key: "in/a", Body: "x" }))).VersionId;
    const get = (it: typeof plain, VersionId?: string) =>
      it.clients[0].send(new GetObjectCommand({ Bucket: it.Bucket, Key: "in/a", VersionId }));
    const version = await stored(plain);
    expect((await get(plain)).VersionId).toBe(version);
    await expect(get(plain, version)).rejects.toMatchObject({ name: "AccessDenied" });
    await using versions = await asFunction([{ ...read, Action: "s3:GetObjectVersion" }]);
    const other = await stored(versions);
    expect((await get(versions, other)).VersionId).toBe(other);
    await expect(get(versions)).rejects.toMatchObject({ name: "AccessDenied" });
  });

  test("can be confined to prefixes of a listing and to keys of a table", async () => {
    await using it = await asFunction([
      { ...list, Condition: { StringLike: { "s3:prefix": ["in/*"] } } },
      {
        Effect: "Allow",
        Action: ["dynamodb:Query", "dynamodb:PutItem"],
        Resource: { "Fn::GetAtt": ["Table", "Arn"] },
        Condition: { "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": ["account"] } },
      },
    ]);
    const [s3, dynamo] = it.clients;
    const { Bucket, TableName } = it;
    expect((await s3.send(new ListObjectsV2Command({ Bucket, Prefix: "in/" }))).KeyCount).toBe(0);
    await expect(s3.send(new ListObjectsV2Command({ Bucket, Prefix: "out/" }))).rejects.toMatchObject({
      name: "AccessDenied",
    });
    await expect(s3.send(new ListObjectsV2Command({ Bucket }))).rejects.toMatchObject({ name: "AccessDenied" });
    const query = (pk: string) =>
      dynamo.send(
        new QueryCommand({
          TableName,
          KeyConditionExpression: "#p = :p",
          ExpressionAttributeNames: { "#p": "pk" },
          ExpressionAttributeValues: { ":p": { S: pk } },
        }),
      );
    await dynamo.send(new PutItemCommand({ TableName, Item: { pk: { S: "account" }, sk: { S: "x" } } }));
    expect((await query("account")).Count).toBe(1);
    await expect(query("spring")).rejects.toMatchObject({ name: "AccessDeniedException" });
  });

  test("to delete many objects are judged one by one", async () => {
    await using it = await asFunction([{ Effect: "Allow", Action: "s3:DeleteObject", Resource: under("work/") }]);
    const Objects = [{ Key: "work/a" }, { Key: "reports/a" }];
    const answer = await it.clients[0].send(new DeleteObjectsCommand({ Bucket: it.Bucket, Delete: { Objects } }));
    expect(answer.Deleted).toMatchObject([{ Key: "work/a" }]);
    expect(answer.Errors).toMatchObject([{ Key: "reports/a", Code: "AccessDenied" }]);
  });
});

test("requests are counted by caller, service and operation", async () => {
  await using it = await asFunction([list]);
  await it.clients[0].send(new ListObjectsV2Command({ Bucket: it.Bucket }));
  await it.operator.send(new PutObjectCommand({ Bucket: it.Bucket, Key: "a", Body: "x" }));
  await it.operator.send(new PutObjectCommand({ Bucket: it.Bucket, Key: "b", Body: "x" }));
  expect(it.cloud.usage.requests()).toEqual([
    { caller: "WorkerFunction", service: "s3", operation: "ListObjects", count: 1 },
    { caller: "operator", service: "s3", operation: "PutObject", count: 2 },
  ]);
});

test("a function that may not read its queue, or a bucket that may not notify, stops the start with a clear message", async () => {
  const start = async (change: (template: ReturnType<typeof smallSynthesised>["template"]) => void) => {
    const stack = smallSynthesised();
    change(stack.template);
    await using directory = await dataDirectory();
    await using _ = await startEmbeddedCloud({ dataDir: directory.path, stack });
  };
  await expect(
    start((template) => {
      template.Resources.WorkerPolicy.Properties.PolicyDocument.Statement = [];
    }),
  ).rejects.toThrow(
    "WorkerFunction may not read its queue Work: its role lacks ReceiveMessage, DeleteMessage, GetQueueAttributes.",
  );
  await expect(
    start((template) => {
      template.Resources.UploadsPolicy.Properties.Queues = [];
    }),
  ).rejects.toThrow("The bucket Files notifies the queue Uploads, whose policy does not let S3 send.");
});
