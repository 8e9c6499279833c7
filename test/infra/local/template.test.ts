import { describe, expect, test } from "vitest";
import { synthesiseAside } from "../../../infra/local/synthesise-aside.ts";
import { readTemplate } from "../../../infra/local/template/read-template.ts";
import { smallStack } from "./small-stack.ts";

const settings = { stackName: "Small", endpoint: "http://127.0.0.1:4000" };
const outputsOf = (Outputs: Record<string, unknown>, more: object = {}) =>
  Object.fromEntries(
    readTemplate(
      {
        ...smallStack(),
        ...more,
        Outputs: Object.fromEntries(Object.entries(Outputs).map(([key, Value]) => [key, { Value }])),
      },
      settings,
    ).outputs.map(({ key, value }) => [key, value]),
  );

describe("a template", () => {
  test("resolves references, attributes and functions to local names", () => {
    expect(
      outputsOf(
        {
          queue: { Ref: "Work" },
          queueArn: { "Fn::GetAtt": ["Work", "Arn"] },
          joined: { "Fn::Join": ["-", [{ Ref: "AWS::Region" }, { Ref: "AWS::AccountId" }, { Ref: "AWS::Partition" }]] },
          sub: { "Fn::Sub": ["${a} ${Table} ${Table.Arn} ${!literal}", { a: { Ref: "AWS::URLSuffix" } }] },
          selected: { "Fn::Select": [1, { "Fn::Split": [":", { "Fn::GetAtt": "Dead.Arn" }] }] },
          parameter: { Ref: "BootstrapVersion" },
          chosen: { "Fn::If": ["IsHere", "here", { Ref: "AWS::NoValue" }] },
        },
        { Conditions: { IsHere: { "Fn::Equals": [{ Ref: "AWS::Region" }, "us-east-1"] } } },
      ),
    ).toEqual({
      queue: "http://127.0.0.1:4000/000000000000/Small-Work",
      queueArn: "arn:aws:sqs:us-east-1:000000000000:Small-Work",
      joined: "us-east-1-000000000000-aws",
      sub: "amazonaws.com Small-Table arn:aws:dynamodb:us-east-1:000000000000:table/Small-Table ${literal}",
      selected: "aws",
      parameter: "/cdk-bootstrap/version",
      chosen: "here",
    });
  });

  test("decides conditions, and leaves out what has no value or no place", () => {
    const both = (...wanted: boolean[]) => wanted.map((yes) => ({ "Fn::Equals": ["1", yes ? "1" : "2"] }));
    const Conditions = {
      All: { "Fn::And": both(true, true) },
      NotAll: { "Fn::And": both(true, false) },
      Some: { "Fn::Or": both(true, false) },
      None: { "Fn::Or": both(false, false) },
      Opposite: { "Fn::Not": [{ Condition: "All" }] },
    };
    const chosen = (condition: string) => ({ "Fn::If": [condition, condition, { Ref: "AWS::NoValue" }] });
    expect(
      outputsOf({ held: { "Fn::Join": [",", Object.keys(Conditions).map(chosen)] } }, { Conditions })["held"],
    ).toBe("All,Some");
    const template = smallStack();
    const queue = { Type: "AWS::SQS::Queue" };
    const { queues, outputs } = readTemplate(
      {
        ...template,
        Conditions,
        Resources: {
          ...template.Resources,
          Here: { ...queue, Condition: "All" },
          Gone: { ...queue, Condition: "None" },
        },
        Outputs: { Here: { Value: "1", Condition: "All" }, Gone: { Value: "1", Condition: "None" } },
      },
      settings,
    );
    expect(queues.map(({ logicalId }) => logicalId)).toContain("Here");
    expect(queues.map(({ logicalId }) => logicalId)).not.toContain("Gone");
    expect(outputs.map(({ key }) => key)).toEqual(["Here"]);
  });

  test("leaves out what is disabled, and attaches policies of their own to the roles that name them", () => {
    const template = smallStack();
    const arn = { "Fn::GetAtt": ["Work", "Arn"] };
    const mapping = { FunctionName: "worker", EventSourceArn: arn, MaximumBatchingWindowInSeconds: 2 };
    const document = { Statement: [] };
    const stack = readTemplate(
      {
        ...template,
        Resources: {
          ...template.Resources,
          Off: { Type: "AWS::Lambda::EventSourceMapping", Properties: { ...mapping, Enabled: false } },
          On: { Type: "AWS::Lambda::EventSourceMapping", Properties: mapping },
          Kept: {
            Type: "AWS::S3::Bucket",
            Properties: {
              LifecycleConfiguration: {
                Rules: [
                  { Status: "Enabled", Prefix: "work/", ExpirationInDays: 3 },
                  { Status: "Disabled", Prefix: "reports/", ExpirationInDays: 1 },
                ],
              },
            },
          },
          Own: { Type: "AWS::IAM::ManagedPolicy", Properties: { PolicyDocument: document } },
          Person: { Type: "AWS::IAM::Role", Properties: { ManagedPolicyArns: [{ Ref: "Own" }] } },
        },
      },
      settings,
    );
    expect(stack.eventSources.map(({ logicalId }) => logicalId)).not.toContain("Off");
    expect(stack.eventSources.find(({ logicalId }) => logicalId === "On")?.batchingWindowMs).toBe(2_000);
    expect(stack.buckets.find(({ logicalId }) => logicalId === "Kept")?.lifecycle).toEqual([
      { prefix: "work/", expireDays: 3 },
    ]);
    expect(stack.roles.find(({ logicalId }) => logicalId === "Person")?.policies).toEqual([{ name: "Own", document }]);
  });

  test("gives queues, notifications, event sources and schedules as they are, except for the queues' delay", () => {
    const stack = readTemplate(
      smallStack({ scheduleEvery: "rate(5 minutes)", batchSize: 7, concurrency: 4 }),
      settings,
    );
    expect(stack.queues.find((queue) => queue.logicalId === "Work")?.attributes).toEqual({
      VisibilityTimeout: "1",
      RedrivePolicy: '{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:000000000000:Small-Dead","maxReceiveCount":3}',
    });
    expect(stack.queues.find((queue) => queue.logicalId === "Uploads")?.attributes).toEqual({
      VisibilityTimeout: "30",
    });
    expect(stack.buckets[0]).toMatchObject({
      versioned: true,
      notifications: [{ event: "s3:ObjectCreated:*", prefix: "campaigns/", suffix: "" }],
    });
    expect(stack.eventSources[0]).toMatchObject({
      batchSize: 7,
      maximumConcurrency: 4,
      reportsBatchItemFailures: true,
    });
    expect(stack.schedules[0]).toMatchObject({ everyMs: 300_000, input: '{"tick":true}' });
    expect(stack.roles[0]?.policies.map((policy) => policy.name)).toEqual(["WorkerPolicy"]);
  });

  test.each([
    [{ Type: "AWS::Kinesis::Stream" }, "Odd is a AWS::Kinesis::Stream, which the embedded cloud does not have."],
    [{ Type: "AWS::SQS::Queue", Properties: { QueueName: { "Fn::ImportValue": "x" } } }, "Fn::ImportValue"],
    [
      { Type: "AWS::SQS::Queue", Properties: { VisibilityTimeout: "soon" } },
      "Odd (AWS::SQS::Queue) cannot run locally",
    ],
    [{ Type: "AWS::Lambda::Function", Properties: { Handler: "a", Role: { Ref: "Nobody" } } }, "refers to Nobody"],
    [
      { Type: "AWS::Lambda::Function", Properties: { Handler: "a", Role: { "Fn::GetAtt": ["Work", "Colour"] } } },
      "asks for Work.Colour",
    ],
    [
      {
        Type: "AWS::Events::Rule",
        Properties: { ScheduleExpression: "cron(0 8 * * ? *)", Targets: [], State: "ENABLED" },
      },
      undefined,
    ],
    [
      {
        Type: "AWS::Events::Rule",
        Properties: { ScheduleExpression: "cron(0 8 * * ? *)", Targets: [{ Arn: { "Fn::GetAtt": ["Work", "Arn"] } }] },
      },
      'Odd runs at "cron(0 8 * * ? *)"',
    ],
    [
      { Type: "AWS::IAM::Role", Properties: { ManagedPolicyArns: ["arn:aws:iam::aws:policy/AdministratorAccess"] } },
      "AdministratorAccess, which the embedded cloud cannot check",
    ],
  ])("with %j is refused by name where nothing can stand in for it", (resource, message) => {
    const template = smallStack();
    const read = () => readTemplate({ ...template, Resources: { ...template.Resources, Odd: resource } }, settings);
    if (message === undefined) expect(read).not.toThrow();
    else expect(read).toThrow(message);
  });
});

describe("the project's own stack", () => {
  test("can run locally, whole", async () => {
    const { template, entries } = await synthesiseAside({
      endpoint: "https://pbx.example.com/api/json",
      sendsPerSecond: 10,
    });
    const stack = readTemplate(template, { stackName: "BulkSend", endpoint: "http://127.0.0.1:4000" });
    expect(Object.keys(entries).toSorted()).toEqual(stack.functions.map((fn) => fn.logicalId).toSorted());
    expect(stack.functions.length).toBe(3);
    expect(stack.eventSources.every((source) => source.reportsBatchItemFailures)).toBe(true);
    expect(stack.schedules).toHaveLength(1);
  });

  test("says what is wrong with its settings", async () => {
    await expect(synthesiseAside({ endpoint: "https://pbx.example.com", sendsPerSecond: 0 })).rejects.toThrow(
      "sendsPerSecond",
    );
  });
});
