import { describe, expect, test } from "vitest";
import * as z from "zod";
import { synthesise } from "../../infra/synthesise.ts";
import { endpoint, vpc } from "../support/stack-settings.ts";

const { Resources: resources } = synthesise({ endpoint }).template;

const many = <T extends z.ZodType>(schema: T) => z.union([z.array(schema), schema.transform((one) => [one])]);
const Policy = z.object({
  PolicyDocument: z.object({
    Statement: z.array(
      z.object({
        Sid: z.string().optional(),
        Effect: z.literal("Allow"),
        Action: many(z.string()),
        Resource: many(z.unknown()),
        Condition: z.unknown().optional(),
      }),
    ),
  }),
});

/** A resource in short, its construct's name and what follows the ARN: `Campaigns/work/*`, `Ledger`, `Uploads`. */
const short = (resource: unknown): string => {
  const text = JSON.stringify(resource);
  const id = /"(?:Fn::GetAtt":\["|Ref":")([A-Za-z]+?)(?:Bucket|Table|Queue|Secret|Topic|Log)[0-9A-F]{8}"/.exec(
    text,
  )?.[1];
  const rest = /"(\/[^"]*)"\]\]/.exec(text)?.[1] ?? "";
  if (text.includes(":event-bus/default")) return "DefaultEventBus";
  return id === undefined ? text : `${id}${rest}`;
};

/** Every action on every resource that a policy allows, as sorted lines. */
const allowed = (start: string, from = resources): readonly string[] =>
  Object.entries(from)
    .filter(([id, { Type }]) => id.startsWith(start) && /^AWS::IAM::(Managed)?Policy$/.test(Type))
    .flatMap(([, { Properties }]) => Policy.parse(Properties).PolicyDocument.Statement)
    .flatMap(({ Action, Resource }) => Action.flatMap((action) => Resource.map((on) => `${action} ${short(on)}`)))
    .filter((line) => !line.startsWith("cloudformation:"))
    .sort();

const consume = (queue: string) => [
  `sqs:DeleteMessage ${queue}`,
  `sqs:GetQueueAttributes ${queue}`,
  `sqs:ReceiveMessage ${queue}`,
];
const log = (name: string) => [`logs:CreateLogStream ${name}`, `logs:PutLogEvents ${name}`];

describe("Each function may make its own calls and no others:", () => {
  test("the splitter", () => {
    expect(allowed("Splitter")).toEqual(
      [
        ...log("Splitter"),
        ...consume("Uploads"),
        "s3:ListBucket Campaigns",
        "s3:GetObject Campaigns/campaigns/*",
        "s3:GetObject Campaigns/check/*",
        "s3:GetObjectVersion Campaigns/campaigns/*",
        "s3:GetObjectVersion Campaigns/check/*",
        "s3:GetObject Campaigns/attachments/*",
        "s3:GetObject Campaigns/suppression/*",
        "s3:GetObject Campaigns/work/*",
        "s3:GetObject Campaigns/reports/*",
        "s3:PutObject Campaigns/work/*",
        "s3:PutObject Campaigns/reports/*",
        "s3:AbortMultipartUpload Campaigns/work/*",
        "s3:AbortMultipartUpload Campaigns/reports/*",
        "s3:DeleteObject Campaigns/work/*",
        "dynamodb:GetItem Ledger",
        "dynamodb:UpdateItem Ledger",
        "sqs:ChangeMessageVisibility Uploads",
        "sqs:SendMessage Batches",
        "sqs:SendMessage Nudges",
        "sns:Publish Notices",
      ].sort(),
    );
  });

  test("the sender, which neither reads campaigns nor writes objects", () => {
    expect(allowed("Sender")).toEqual(
      [
        ...log("Sender"),
        ...consume("Batches"),
        "s3:ListBucket Campaigns",
        "s3:GetObject Campaigns/attachments/*",
        "s3:GetObjectVersion Campaigns/attachments/*",
        "dynamodb:BatchGetItem Ledger",
        "dynamodb:GetItem Ledger",
        "dynamodb:UpdateItem Ledger",
        "sqs:ChangeMessageVisibility Batches",
        "sqs:SendMessage Nudges",
        "secretsmanager:GetSecretValue Credentials",
      ].sort(),
    );
  });

  test("the reporter", () => {
    const read = ["campaigns", "work", "suppression", "reports"];
    expect(allowed("Reporter")).toEqual(
      [
        ...log("Reporter"),
        ...consume("Nudges"),
        "s3:ListBucket Campaigns",
        ...read.map((folder) => `s3:GetObject Campaigns/${folder}/*`),
        "s3:PutObject Campaigns/reports/*",
        "s3:AbortMultipartUpload Campaigns/reports/*",
        "s3:DeleteObject Campaigns/work/*",
        "dynamodb:GetItem Ledger",
        "dynamodb:Query Ledger",
        "dynamodb:UpdateItem Ledger",
        "sqs:SendMessage Uploads",
        "sqs:SendMessage Batches",
        "sqs:SendMessage Nudges",
        "secretsmanager:GetSecretValue Credentials",
        "sns:Publish Notices",
        "events:PutEvents DefaultEventBus",
      ].sort(),
    );
  });

  test("the reporter publishes events as bulk-send, and as nobody else", () => {
    const statements = Object.entries(resources)
      .filter(([id, { Type }]) => id.startsWith("Reporter") && Type === "AWS::IAM::Policy")
      .flatMap(([, { Properties }]) => Policy.parse(Properties).PolicyDocument.Statement);
    const publishes = statements.filter(({ Action }) => Action.includes("events:PutEvents"));
    expect(publishes.map(({ Condition }) => Condition)).toEqual([{ StringEquals: { "events:source": "bulk-send" } }]);
  });

  test("the splitter reads the tags of uploads only where campaigns wait for approval", () => {
    const { Resources: waiting } = synthesise({ endpoint, approval: "always" }).template;
    const added = allowed("Splitter", waiting).filter((line) => !allowed("Splitter").includes(line));
    expect(added).toEqual(["s3:GetObjectVersionTagging Campaigns/campaigns/*"]);
  });

  test("the reporter writes the list of who opted out only where replies are read", () => {
    const { Resources: reading } = synthesise({ endpoint, optOut: true, country: "GB" }).template;
    const added = allowed("Reporter", reading).filter((line) => !allowed("Reporter").includes(line));
    expect(added).toEqual(["s3:PutObject Campaigns/suppression/opt-outs.csv"]);
  });

  test("the reporter writes the console's page only where there is one, and nothing else in its bucket", () => {
    const { Resources: serving } = synthesise({ endpoint, console: true }).template;
    const added = (start: string) => allowed(start, serving).filter((line) => !allowed(start).includes(line));
    expect(added("Reporter")).toEqual([
      "s3:GetObject ConsolePage/console/config.json",
      "s3:ListBucket ConsolePage",
      "s3:PutObject ConsolePage/console/*",
    ]);
    for (const other of ["Splitter", "Sender", "PeopleUploader", "PeopleReader", "PeopleApprover"]) {
      expect(added(other)).toEqual([]);
    }
    const people = added("PeopleOperator");
    expect(people.length).toBeGreaterThan(0);
    expect(
      people.filter((line) => !/^cognito-idp:[A-Za-z]+ \{"Fn::GetAtt":\["ConsolePeople\w+","Arn"\]\}$/.test(line)),
    ).toEqual([]);
  });

  test("only a sender in a VPC has a statement for all resources, with the calls of Lambda itself", () => {
    const inside = synthesise({ endpoint, vpc }).template.Resources;
    const everywhere = (start: string) => allowed(start, inside).filter((line) => line.endsWith('"*"'));
    expect(everywhere("Splitter")).toEqual([]);
    expect(everywhere("Reporter")).toEqual([]);
    expect(everywhere("Sender").length).toBeGreaterThan(0);
    expect(everywhere("Sender").every((line) => line.startsWith("ec2:"))).toBe(true);
  });

  test("each has its own role, without AWS managed policies", () => {
    const roles = Object.values(resources).filter(({ Type }) => Type === "AWS::IAM::Role");
    expect(roles).toHaveLength(3);
    for (const { Properties } of roles) expect(Properties).not.toHaveProperty("ManagedPolicyArns");
  });

  test("no function can delete from the ledger, which would let a campaign be sent again", () => {
    const all = ["Splitter", "Sender", "Reporter"].flatMap((start) => allowed(start));
    expect(all.filter((line) => /dynamodb:(Delete|Put|BatchWrite)/.test(line))).toEqual([]);
  });

  test("no action has a wildcard", () => {
    const all = ["Splitter", "Sender", "Reporter", "People"].flatMap((start) => allowed(start));
    expect(all.filter((line) => line.split(" ")[0]?.includes("*"))).toEqual([]);
  });
});

describe("Policies to attach to people", () => {
  test("the uploader puts campaigns, checks and attachments, and no suppression list", () => {
    expect([...allowed("PeopleUploader")]).toEqual(
      [
        "s3:AbortMultipartUpload Campaigns/attachments/*",
        "s3:AbortMultipartUpload Campaigns/campaigns/*",
        "s3:AbortMultipartUpload Campaigns/check/*",
        ...["attachments", "campaigns", "check"].flatMap((folder) =>
          // Once for those without the tag, and once for those with it.
          ["", "", "Tagging"].map((what) => `s3:PutObject${what} Campaigns/${folder}/*`),
        ),
      ].sort(),
    );
    const uploads = statements("PeopleUploader", "s3:PutObject").map(({ Condition }) => Condition);
    const tag = "aws:PrincipalTag/bulk-send-person";
    expect(uploads).toEqual([
      { Null: { [tag]: "true" } },
      { Null: { [tag]: "false" }, StringEquals: { "s3:RequestObjectTag/bulk-send-person": `\${${tag}}` } },
    ]);
  });

  test("the reader reads reports and lists nothing else", () => {
    expect(allowed("PeopleReader")).toEqual(["s3:GetObject Campaigns/reports/*", "s3:ListBucket Campaigns"]);
    expect(statement("PeopleReader", "s3:ListBucket").Condition).toEqual({
      StringLike: { "s3:prefix": ["reports/*"] },
    });
  });

  test("the operator writes to campaigns and the account in the ledger, never to a batch", () => {
    const writes = /dynamodb:(?!GetItem|Query)\w+/;
    expect(allowed("PeopleOperator").filter((line) => writes.test(line))).toEqual(["dynamodb:UpdateItem Ledger"]);
    expect(statement("PeopleOperator", "dynamodb:UpdateItem").Condition).toEqual({
      "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": ["campaigns", "account"] },
    });
  });

  test("the operator can set the credentials and resume at once, but touches no report and no message in flight", () => {
    const lines = allowed("PeopleOperator");
    expect(lines).toContain("secretsmanager:PutSecretValue Credentials");
    expect(lines).toContain("sqs:SendMessage Nudges");
    expect(
      lines.filter((line) => /sqs:(Receive|Delete|Purge)|SendMessage Batches|PutObject.*(reports|work)/.test(line)),
    ).toEqual([]);
  });

  test("the approver writes approvals where IAM says they are his, and neither uploads nor controls anything", () => {
    const lines = allowed("PeopleApprover");
    expect(lines.filter((line) => !/GetItem|GetObject|ListBucket/.test(line))).toEqual([
      ...Array.from({ length: 5 }, () => "dynamodb:UpdateItem Ledger"),
      "sqs:SendMessage Nudges",
    ]);
    const keys = statements("PeopleApprover", "dynamodb:UpdateItem").map(({ Condition }) => JSON.stringify(Condition));
    expect(keys.map((condition) => /LeadingKeys":\["?([^\]"]+)/.exec(condition)?.[1])).toEqual([
      "/approvals/person/${aws:userid}",
      "/approvals/person/${aws:userid}",
      "/approvals/role/${aws:userid}",
      "/approvals/tagged/${aws:PrincipalTag/bulk-send-person}",
      "/approvals",
    ]);
    expect(keys[0]).toContain('{"StringEquals":{"aws:PrincipalType":"User"}');
    expect(keys[1]).toContain(":role/aws-reserved/sso.amazonaws.com/*");
    expect(keys[2]).toContain('{"StringEquals":{"aws:PrincipalType":"AssumedRole"}');
    expect(statement("PeopleApprover", "dynamodb:GetItem").Condition).toEqual({
      "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": ["campaigns"] },
    });
  });

  const statement = (start: string, action: string) => {
    const [found] = statements(start, action);
    if (found === undefined) throw new Error(`${start} has no statement for ${action}.`);
    return found;
  };
  const statements = (start: string, action: string) =>
    Object.entries(resources)
      .filter(([id, { Type }]) => id.startsWith(start) && Type === "AWS::IAM::ManagedPolicy")
      .flatMap(([, { Properties }]) => Policy.parse(Properties).PolicyDocument.Statement)
      .filter(({ Action }) => Action.includes(action));
});
