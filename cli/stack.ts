import { randomBytes } from "node:crypto";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { S3Client } from "@aws-sdk/client-s3";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SQSClient } from "@aws-sdk/client-sqs";
import * as z from "zod";
import { type AccountStore, createAccountStore } from "../shared/account/account-store.ts";
import { officeClientSettings } from "../shared/aws/client-settings.ts";
import { createDynamoTable } from "../shared/aws/dynamo-table.ts";
import { createS3Bucket } from "../shared/aws/s3-bucket.ts";
import { createQueue } from "../shared/aws/sqs-queue.ts";
import { type Approvals, createApprovals } from "../shared/campaign/approvals.ts";
import { type Campaigns, createCampaigns } from "../shared/campaign/campaigns.ts";
import { createDeeds, type Deeds } from "../shared/campaign/deeds.ts";
import { createOlderHistory, type OlderHistory } from "../shared/campaign/older-history.ts";
import { type Batches, createBatches } from "../shared/ledger/batches.ts";
import { createRecentDecisions, type RecentDecisions } from "../shared/opt-outs/recent-opt-outs.ts";
import { createUnclearReplies, type UnclearReplies } from "../shared/opt-outs/unclear-replies.ts";
import type { Bucket } from "../shared/ports/bucket.ts";
import { systemClock } from "../shared/ports/clock.ts";
import type { Enqueue } from "../shared/ports/queue.ts";
import { createPlanningAttempts, type PlanningAttempts } from "../shared/split/planning-attempts.ts";
import { createUploadSearches, type UploadSearches } from "../shared/split/upload-searches.ts";
import { Failure } from "./exit.ts";

/** Settings of the AWS clients: all given for the embedded cloud; otherwise the SDK's usual chain finds what is absent. */
export interface Access {
  readonly endpoint?: string;
  readonly region?: string;
  readonly profile?: string;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/** The outputs of a stack that the commands use. */
const Outputs = z.object({
  BucketName: z.string(),
  SecretArn: z.string(),
  TopicArn: z.string(),
  Endpoint: z.string(),
  SendsPerSecond: z.coerce.number().positive(),
  /** Absent from stacks of older versions, which keep everything. */
  KeepDays: z.coerce.number().int().positive().optional(),
  /** Absent from stacks without a limit, and of older versions. */
  MaxMessagesPerDay: z.coerce.number().int().positive().optional(),
  TableName: z.string(),
  NudgesQueueUrl: z.string(),
  /** Where the console is; absent from stacks without one, and of older versions. */
  ConsoleUrl: z.string().optional(),
  /** Who may use it, as absent. */
  ConsoleUserPoolId: z.string().optional(),
  /** The setting `optOut`, as JSON; absent where replies are not read, and from stacks of older versions. */
  OptOut: z.string().optional(),
  /** Where the functions log on AWS; stacks of older versions do not say. */
  SplitterLogGroupName: z.string().optional(),
  SenderLogGroupName: z.string().optional(),
  ReporterLogGroupName: z.string().optional(),
});
export type Outputs = z.output<typeof Outputs>;

/** A stack in use. Disposing closes the connections. */
export interface Stack extends Disposable {
  readonly name: string;
  readonly local: boolean;
  /** Settings for clients of services that only a few commands need. */
  readonly clientSettings: ReturnType<typeof settingsFor>;
  readonly outputs: Outputs;
  readonly bucket: Bucket;
  readonly campaigns: Campaigns;
  readonly older: Pick<OlderHistory, "whole" | "wholeOfAccount">;
  readonly approvals: Pick<Approvals, "give">;
  readonly deeds: Deeds;
  readonly batches: Batches;
  readonly account: AccountStore;
  readonly recentDecisions: RecentDecisions;
  readonly unclearReplies: Pick<UnclearReplies, "all">;
  readonly planning: PlanningAttempts;
  readonly searches: UploadSearches;
  readonly nudge: Enqueue;
  readonly secrets: SecretsManagerClient;
}

/** Finds the stack by its name. Throws a Failure when it does not exist or is not a bulk-send of this version. */
export async function openStack(name: string, access: Access): Promise<Stack> {
  // Who knows the outputs needs no client for them.
  const { CloudFormationClient, DescribeStacksCommand } = await import("@aws-sdk/client-cloudformation");
  const cloudFormation = new CloudFormationClient(settingsFor(access));
  const described = await cloudFormation
    .send(new DescribeStacksCommand({ StackName: name }))
    .catch((error: unknown) => {
      if (error instanceof Error && error.name === "ValidationError" && /does not exist/.test(error.message)) {
        throw new Failure(
          `There is no stack ${name} in this account and region; choose another stack, region or profile.`,
          { cause: error },
        );
      }
      // AWS says the same of a missing stack to somebody who may only see certain stacks.
      if (error instanceof Error && error.name === "AccessDenied") {
        throw new Failure(
          `AWS does not let you look up the stack ${name}: either it does not exist in this account and region, or you have none of its policies.`,
          { cause: error },
        );
      }
      throw error;
    })
    .finally(() => cloudFormation.destroy());
  const found = described.Stacks?.[0]?.Outputs ?? [];
  return stackOf(name, access, Object.fromEntries(found.map((output) => [output.OutputKey, output.OutputValue])));
}

/** The stack whose outputs are known, by their keys. Throws a Failure when it is not a bulk-send of this version. */
export function stackOf(name: string, access: Access, found: Readonly<Record<string, unknown>>): Stack {
  const parsed = Outputs.safeParse(found);
  if (!parsed.success) {
    throw new Failure(
      `The stack ${name} lacks outputs that this version needs (${parsed.error.issues.map(({ path }) => path.join(".")).join(", ")}); deploy it again, or choose another stack.`,
    );
  }
  const outputs = parsed.data;
  const settings = settingsFor(access);
  const clients = {
    dynamodb: new DynamoDBClient(settings),
    s3: new S3Client(settings),
    sqs: new SQSClient(settings),
    secrets: new SecretsManagerClient(settings),
  };
  const table = createDynamoTable(clients.dynamodb, outputs.TableName);
  const clock = systemClock;
  const freshToken = () => randomBytes(16).toString("hex");
  const campaigns = createCampaigns(table);
  const account = createAccountStore({ table, clock, freshToken });
  return {
    name,
    local: access.endpoint !== undefined,
    clientSettings: settings,
    outputs,
    bucket: createS3Bucket(clients.s3, outputs.BucketName),
    campaigns,
    older: createOlderHistory({ table, campaigns, account }),
    approvals: createApprovals(table),
    deeds: createDeeds(table),
    batches: createBatches({ table, clock, freshToken }),
    account,
    recentDecisions: createRecentDecisions({ table }),
    unclearReplies: createUnclearReplies({ table }),
    planning: createPlanningAttempts({ table, clock }),
    searches: createUploadSearches({ table, clock }),
    nudge: createQueue(clients.sqs, outputs.NudgesQueueUrl),
    secrets: clients.secrets,
    [Symbol.dispose]: () => {
      for (const client of Object.values(clients)) client.destroy();
    },
  };
}

function settingsFor({ endpoint, region, profile, credentials }: Access) {
  return {
    ...officeClientSettings,
    ...(endpoint === undefined ? {} : { endpoint, forcePathStyle: true }),
    ...(region === undefined ? {} : { region }),
    ...(profile === undefined ? {} : { profile }),
    ...(credentials === undefined ? {} : { credentials }),
  };
}
