import { Match, Template } from "aws-cdk-lib/assertions";
import { describe, expect, test } from "vitest";
import * as z from "zod";
import { type References, resolveIntrinsics } from "../../infra/local/template/intrinsics.ts";
import { synthesise } from "../../infra/synthesise.ts";
import { longestMessageBytes } from "../../shared/ports/queue.ts";
import { endpoint, vpc } from "../support/stack-settings.ts";

const synthesised = synthesise({ endpoint });
const { Resources: resources, Outputs: outputs } = synthesised.template;
const template = Template.fromJSON(synthesised.template);

const ofType = (type: string) => Object.entries(resources).filter(([, resource]) => resource.Type === type);
const idOf = (type: string, start: string) => {
  const found = ofType(type).filter(([id]) => id.startsWith(start));
  expect(found).toHaveLength(1);
  return found[0]?.[0] ?? "";
};
const arn = (logicalId: string) => ({ "Fn::GetAtt": [logicalId, "Arn"] });
const queue = {
  uploads: idOf("AWS::SQS::Queue", "UploadsQueue"),
  batches: idOf("AWS::SQS::Queue", "BatchesQueue"),
  nudges: idOf("AWS::SQS::Queue", "NudgesQueue"),
};

describe("What is stored", () => {
  test("keeps its logical ids; with others, a deployment would replace it", () => {
    const stateful = [
      "AWS::S3::Bucket",
      "AWS::DynamoDB::Table",
      "AWS::SecretsManager::Secret",
      "AWS::SQS::Queue",
      "AWS::SNS::Topic",
    ];
    expect(stateful.flatMap((type) => ofType(type).map(([id]) => id))).toEqual([
      "CampaignsBucket94CCEF86",
      "LedgerTable9343E4AA",
      "CredentialsSecret40F8BB41",
      "UploadsDeadLetters990BC9BA",
      "UploadsQueue9C3802C9",
      "BatchesDeadLetters189099B7",
      "BatchesQueue46024A5C",
      "NudgesDeadLettersBB240D38",
      "NudgesQueueCC2F20AB",
      "NoticesTopic898AF2CD",
    ]);
  });

  test.each(["AWS::S3::Bucket", "AWS::S3::BucketPolicy", "AWS::DynamoDB::Table", "AWS::SecretsManager::Secret"])(
    "%s survives cdk destroy",
    (type) => {
      template.hasResource(type, { DeletionPolicy: "Retain", UpdateReplacePolicy: "Retain" });
    },
  );

  test("has generated names, or one that begins with the stack's, so that several stacks fit one account", () => {
    const naming = /^(Name|(Function|Bucket|Table|Queue|Topic|Role|LogGroup|ManagedPolicy|Dashboard|Alarm)Name)$/;
    const named = Object.entries(resources).filter(
      ([, { Type, Properties }]) =>
        Type !== "AWS::Lambda::EventSourceMapping" &&
        Object.entries(Properties).some(
          ([property, value]) => naming.test(property) && !String(value).startsWith("BulkSend-"),
        ),
    );
    expect(named.map(([id]) => id)).toEqual([]);
  });

  test("the ledger has point-in-time recovery, deletion protection, expiry, and pays per request", () => {
    template.hasResourceProperties("AWS::DynamoDB::Table", {
      KeySchema: [
        { AttributeName: "pk", KeyType: "HASH" },
        { AttributeName: "sk", KeyType: "RANGE" },
      ],
      BillingMode: "PAY_PER_REQUEST",
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      DeletionProtectionEnabled: true,
      TimeToLiveSpecification: { AttributeName: "expiresAt", Enabled: true },
    });
  });

  test("a credentials secret that nobody has set means not set", () => {
    template.hasResourceProperties("AWS::SecretsManager::Secret", {
      GenerateSecretString: { SecretStringTemplate: '{"username":"","password":""}', GenerateStringKey: "unset" },
      SecretString: Match.absent(),
    });
  });
});

describe("The bucket", () => {
  const bucket = idOf("AWS::S3::Bucket", "Campaigns");

  test("is private, versioned, encrypted and accessible by TLS only", () => {
    template.hasResourceProperties("AWS::S3::Bucket", {
      VersioningConfiguration: { Status: "Enabled" },
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: "AES256" } }],
      },
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
    });
    template.hasResourceProperties("AWS::S3::BucketPolicy", {
      PolicyDocument: {
        Statement: [
          Match.objectLike({ Effect: "Deny", Action: "s3:*", Condition: { Bool: { "aws:SecureTransport": "false" } } }),
        ],
      },
    });
  });

  test("announces uploads under campaigns/ and check/ only", () => {
    const notify = (prefix: string) => ({
      Event: "s3:ObjectCreated:*",
      Queue: arn(queue.uploads),
      Filter: { S3Key: { Rules: [{ Name: "prefix", Value: prefix }] } },
    });
    template.hasResourceProperties("AWS::S3::Bucket", {
      NotificationConfiguration: { QueueConfigurations: [notify("campaigns/"), notify("check/")] },
    });
  });

  test("waits for the queue's policy, which lets S3 of this account send", () => {
    expect(resources[bucket]?.DependsOn).toContain(idOf("AWS::SQS::QueuePolicy", "UploadsQueuePolicy"));
    template.hasResourceProperties("AWS::SQS::QueuePolicy", {
      Queues: [{ Ref: queue.uploads }],
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Effect: "Allow",
            Principal: { Service: "s3.amazonaws.com" },
            Action: "sqs:SendMessage",
            Resource: arn(queue.uploads),
            Condition: { StringEquals: { "aws:SourceAccount": { Ref: "AWS::AccountId" } } },
          }),
        ]),
      },
    });
  });

  test("expires work/ after the last campaign that may need it, people's data after keepDays, and no suppression list", () => {
    const rules = (retainDays: number) => {
      const made = synthesise({ endpoint, retainDays, keepDays: 20 }).template;
      const [found] = Object.values(made.Resources).filter(({ Type }) => Type === "AWS::S3::Bucket");
      return found?.Properties["LifecycleConfiguration"];
    };
    expect(rules(30)).toEqual({
      Rules: [
        {
          Id: "work-is-short-lived",
          Status: "Enabled",
          Prefix: "work/",
          ExpirationInDays: 37,
          NoncurrentVersionExpiration: { NoncurrentDays: 1 },
        },
        ...["campaigns", "check", "attachments", "reports"].map((folder) => ({
          Id: `forget-${folder}`,
          Status: "Enabled",
          Prefix: `${folder}/`,
          // A campaign under way needs its attachments.
          ExpirationInDays: folder === "attachments" ? 37 : 20,
          NoncurrentVersionExpiration: { NoncurrentDays: 7 },
        })),
        {
          Id: "old-versions",
          Status: "Enabled",
          NoncurrentVersionExpiration: { NoncurrentDays: 20 },
          AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 },
          ExpiredObjectDeleteMarker: true,
        },
      ],
    });
  });
});

describe("The queues", () => {
  const dayInSeconds = 86_400;
  const redrive = (name: string, receives: number) => ({
    RedrivePolicy: {
      deadLetterTargetArn: arn(idOf("AWS::SQS::Queue", `${name}DeadLetters`)),
      maxReceiveCount: receives,
    },
  });
  const properties = (id: string) => resources[id]?.Properties;

  test("uploads: judged at once, and more receives than the five after which the splitter refuses", () => {
    expect(properties(queue.uploads)).not.toHaveProperty("DelaySeconds");
    expect(properties(queue.uploads)).toMatchObject(redrive("Uploads", 13));
  });

  test("batches: kept for 14 days, and given back as often as SQS allows", () => {
    expect(properties(queue.batches)).toMatchObject({
      MessageRetentionPeriod: 14 * dayInSeconds,
      ...redrive("Batches", 1000),
    });
  });

  test("nudges: hints that are useless after a day", () => {
    expect(properties(queue.nudges)).toMatchObject({ MessageRetentionPeriod: dayInSeconds, ...redrive("Nudges", 5) });
  });

  test("are encrypted and accept TLS only; messages given up are kept for 14 days", () => {
    const queues = ofType("AWS::SQS::Queue");
    expect(queues).toHaveLength(6);
    for (const [id, { Properties }] of queues) {
      expect(Properties).toMatchObject({ SqsManagedSseEnabled: true });
      if (id.includes("DeadLetters")) expect(Properties).toMatchObject({ MessageRetentionPeriod: 14 * dayInSeconds });
      template.hasResourceProperties("AWS::SQS::QueuePolicy", {
        Queues: [{ Ref: id }],
        PolicyDocument: {
          Statement: Match.arrayWith([
            Match.objectLike({ Effect: "Deny", Condition: { Bool: { "aws:SecureTransport": "false" } } }),
          ]),
        },
      });
    }
  });

  test("every minute a rule that may send to its queue asks the reporter to look", () => {
    const rule = idOf("AWS::Events::Rule", "EveryMinute");
    expect(properties(rule)).toMatchObject({
      ScheduleExpression: "rate(1 minute)",
      State: "ENABLED",
      Targets: [{ Arn: arn(queue.nudges), Input: '{"kind":"tick"}' }],
    });
    template.hasResourceProperties("AWS::SQS::QueuePolicy", {
      Queues: [{ Ref: queue.nudges }],
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Effect: "Allow",
            Principal: { Service: "events.amazonaws.com" },
            Action: Match.arrayWith(["sqs:SendMessage"]),
            Condition: { ArnEquals: { "aws:SourceArn": arn(rule) } },
          }),
        ]),
      },
    });
  });
});

describe("The functions", () => {
  const functions = ofType("AWS::Lambda::Function");

  test("are three, on Node 24 and arm64, with log groups that keep three months", () => {
    expect(functions).toHaveLength(3);
    for (const [, { Properties }] of functions) {
      expect(Properties).toMatchObject({ Runtime: "nodejs24.x", Architectures: ["arm64"], Handler: "index.handler" });
      expect(Properties["LoggingConfig"]).toEqual({ LogGroup: { Ref: expect.stringMatching(/Log/) } });
    }
    template.resourcePropertiesCountIs("AWS::Logs::LogGroup", { RetentionInDays: 90 }, 3);
  });

  test("may call each other in a loop, which Lambda would otherwise stop after 16 rounds", () => {
    for (const [, { Properties }] of functions) expect(Properties).toMatchObject({ RecursiveLoop: "Allow" });
  });

  test("reserve nothing, as a new account has nothing to reserve", () => {
    for (const [, { Properties }] of functions) expect(Properties).not.toHaveProperty("ReservedConcurrentExecutions");
  });

  test.each([
    ["Splitter", "uploads", 1, 3],
    ["Sender", "batches", 38, 2],
    ["Reporter", "nudges", 10, 2],
  ] as const)(
    "the %s works on %s, %d at a time, at most %d at once, and fails message by message",
    (name, source, batch, atOnce) => {
      template.hasResourceProperties("AWS::Lambda::EventSourceMapping", {
        FunctionName: { Ref: idOf("AWS::Lambda::Function", name) },
        EventSourceArn: arn(queue[source]),
        BatchSize: batch,
        ScalingConfig: { MaximumConcurrency: atOnce },
        FunctionResponseTypes: ["ReportBatchItemFailures"],
      });
    },
  );

  test("of whose messages more than ten come at once wait a second for them, which SQS asks for", () => {
    const windowOf = (name: string) => {
      const target = { Ref: idOf("AWS::Lambda::Function", name) };
      const [source] = Object.values(
        template.findResources("AWS::Lambda::EventSourceMapping", { Properties: { FunctionName: target } }),
      );
      return source?.["Properties"].MaximumBatchingWindowInSeconds;
    };
    expect(["Splitter", "Sender", "Reporter"].map(windowOf)).toEqual([undefined, 1, undefined]);
  });

  test("read source maps at their errors, except for the sender, which has no time for that", () => {
    const flagsOf = (name: string) => {
      const properties = z
        .object({ Environment: z.object({ Variables: z.record(z.string(), z.unknown()) }) })
        .parse(functions.find(([id]) => id.startsWith(name))?.[1]["Properties"]);
      return properties.Environment.Variables["NODE_OPTIONS"];
    };
    expect(["Splitter", "Sender", "Reporter"].map(flagsOf)).toEqual([
      "--enable-source-maps",
      undefined,
      "--enable-source-maps",
    ]);
  });

  test.each([0.05, 0.3, 1, 10, 26, 100, 250, 1000])(
    "at %d a second every queue hides a message for longer than its function may run",
    (sendsPerSecond) => {
      const { Resources } = synthesise({ endpoint, sendsPerSecond }).template;
      const find = (type: string, start: string) =>
        Object.entries(Resources).find(([id, { Type }]) => Type === type && id.startsWith(start))?.[1].Properties ?? {};
      for (const [name, source] of [
        ["Splitter", "UploadsQueue"],
        ["Sender", "BatchesQueue"],
        ["Reporter", "NudgesQueue"],
      ] as const) {
        const timeout = Number(find("AWS::Lambda::Function", name)["Timeout"]);
        expect(timeout).toBeLessThanOrEqual(900);
        expect(Number(find("AWS::SQS::Queue", source)["VisibilityTimeout"])).toBeGreaterThan(timeout);
      }
    },
  );

  test("are told nothing that only the local cloud, or Lambda itself, may tell them", () => {
    const Told = z.object({ Environment: z.object({ Variables: z.record(z.string(), z.unknown()) }) });
    const never = [
      ...["NOTE_EVERY_MS", "LANE_RATE", "AFTER_OTHERS_MS", "SIMULATED", "DATA_DIRECTORY"],
      ...["AWS_REGION", "AWS_LAMBDA_INITIALIZATION_TYPE"],
    ];
    const told = ofType("AWS::Lambda::Function").map(
      ([, { Properties }]) => Told.parse(Properties).Environment.Variables,
    );
    expect(told).toHaveLength(3);
    for (const variables of told) expect(Object.keys(variables).filter((name) => never.includes(name))).toEqual([]);
  });

  test("run in a VPC only where Enswitch is called, by ids and without a look-up", () => {
    const insideOf = (settings: Parameters<typeof synthesise>[0]) =>
      Object.entries(synthesise({ endpoint, vpc, ...settings }).template.Resources)
        .filter(([, { Properties }]) => "VpcConfig" in Properties)
        .map(([id, { Properties }]) => [id, Properties["VpcConfig"]]);
    const ids = { SubnetIds: vpc.subnetIds, SecurityGroupIds: vpc.securityGroupIds };
    expect(insideOf({})).toEqual([[expect.stringMatching(/^Sender/), ids]]);
    expect(insideOf({ country: "GB", optOut: true })).toEqual([
      [expect.stringMatching(/^Sender/), ids],
      [expect.stringMatching(/^Reporter/), ids],
    ]);
  });

  test("get the settings, and no variable for what is not set", () => {
    const window = { from: "09:00", to: "20:00", timezone: "Europe/London" };
    const { Resources } = synthesise({ endpoint, sendsPerSecond: 5, country: "GB", window }).template;
    const variables = (name: string) =>
      Object.entries(Resources).find(([id, { Type }]) => Type === "AWS::Lambda::Function" && id.startsWith(name))?.[1]
        .Properties["Environment"];
    expect(variables("Splitter")).toMatchObject({
      Variables: { COUNTRY: "GB", WINDOW: JSON.stringify(window), BATCH_ROWS: "5", SENDS_PER_SECOND: "5" },
    });
    expect(variables("Splitter")).not.toHaveProperty("Variables.SNUMBER");
    expect(variables("Sender")).toMatchObject({ Variables: { ENDPOINT: endpoint, CONSUMERS: "2" } });
  });

  test("come from the handlers in functions/", () => {
    expect(Object.values(synthesised.entries).map((file) => file.replace(/^.*\/(functions\/)/, "$1"))).toEqual([
      "functions/splitter.ts",
      "functions/sender.ts",
      "functions/reporter.ts",
    ]);
    expect(Object.keys(synthesised.entries)).toEqual(functions.map(([id]) => id));
  });
});

test("there are no custom resources", () => {
  const types = Object.values(resources).map(({ Type }) => Type);
  expect(types.filter((type) => type.startsWith("Custom::") || type === "AWS::CloudFormation::CustomResource")).toEqual(
    [],
  );
});

test("the outputs name what a user needs next", () => {
  expect(Object.keys(outputs)).toEqual(
    expect.arrayContaining([
      "BucketName",
      "TableName",
      "UploadsQueueUrl",
      "BatchesQueueUrl",
      "NudgesQueueUrl",
      "SecretArn",
      "TopicArn",
      "DashboardUrl",
      "Endpoint",
      "SendsPerSecond",
      "KeepDays",
      "BatchRows",
      "VisibilitySeconds",
      "UploaderPolicyArn",
      "ReaderPolicyArn",
      "OperatorPolicyArn",
      ...["Splitter", "Sender", "Reporter"].flatMap((name) => [`${name}FunctionName`, `${name}LogGroupName`]),
      ...["Uploads", "Batches", "Nudges"].map((name) => `${name}DeadLettersUrl`),
    ]),
  );
});

test.each([
  ["aws", "eu-west-1", "eu-west-1.console.aws.amazon.com"],
  ["aws-cn", "cn-north-1", "cn-north-1.console.amazonaws.cn"],
  ["aws-us-gov", "us-gov-west-1", "us-gov-west-1.console.amazonaws-us-gov.com"],
])("in the partition %s the dashboard is under %s", (partition, region, host) => {
  const conditions = z.record(z.string(), z.unknown()).parse(synthesised.template["Conditions"]);
  const pseudo = new Map([
    ["AWS::Partition", partition],
    ["AWS::Region", region],
  ]);
  const references: References = {
    ref: (name) => pseudo.get(name) ?? name,
    attribute: (id) => id,
    condition: (name) => resolveIntrinsics(conditions[name], references) === true,
  };
  const url = String(resolveIntrinsics(outputs["DashboardUrl"]?.Value, references));
  expect(url).toMatch(
    new RegExp(`^https://${host.replaceAll(".", "\\.")}/cloudwatch/home\\?region=${region}#dashboards:`),
  );
});

test("every queue takes messages as long as the code makes them", () => {
  const queues = Object.values(resources).filter(({ Type }) => Type === "AWS::SQS::Queue");
  expect(queues.map(({ Properties }) => Properties["MaximumMessageSize"])).toEqual(
    queues.map(() => longestMessageBytes),
  );
});

test("a stack without a dashboard has no link to one, and all alarms", () => {
  const { Resources, Outputs } = synthesise({ endpoint, dashboard: false }).template;
  const types = Object.values<{ Type: string }>(Resources).map(({ Type }) => Type);
  expect(types).not.toContain("AWS::CloudWatch::Dashboard");
  expect(types.filter((type) => type === "AWS::CloudWatch::Alarm")).toHaveLength(
    Object.keys(template.findResources("AWS::CloudWatch::Alarm")).length,
  );
  expect(Outputs).not.toHaveProperty("DashboardUrl");
});

test("wrong settings are not synthesised", () => {
  expect(() => synthesise({ endpoint, sendsPerSecond: 0 })).toThrow("sendsPerSecond is 0, but must be");
  expect(() => synthesise({})).toThrow("endpoint is not set");
});
