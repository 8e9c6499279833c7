import { Annotations, CfnOutput, Duration, Stack, type StackProps, Token } from "aws-cdk-lib";
import { Rule, RuleTargetInput, Schedule } from "aws-cdk-lib/aws-events";
import { SqsQueue } from "aws-cdk-lib/aws-events-targets";
import type { IBucket } from "aws-cdk-lib/aws-s3";
import type { ITopic } from "aws-cdk-lib/aws-sns";
import type { Construct } from "constructs";
import { CampaignBucket } from "./campaign-bucket.ts";
import { Console } from "./console.ts";
import { consoleRegionFault } from "./console-region.ts";
import { dashboardUrl } from "./console-url.ts";
import { CredentialsSecret } from "./credentials-secret.ts";
import { type Decided, decidedOutputs } from "./decided.ts";
import type { GivenSettings } from "./given-settings.ts";
import { LedgerTable } from "./ledger-table.ts";
import { Monitoring } from "./monitoring.ts";
import { Notices } from "./notices.ts";
import { PeoplePolicies } from "./people-policies.ts";
import type { QueueWorker } from "./queue-worker.ts";
import { createQueues, type Queues } from "./queues.ts";
import { ratesFor, type Site, sites } from "./rates.ts";
import { noSetting, readSettings, type SettingProblem, type Settings, settingLike, strangerAmong } from "./settings.ts";
import { grantCalls } from "./worker-grants.ts";
import { createWorkers, type WorkerResources, type Workers } from "./workers.ts";

/** Stands in while no endpoint is set; such a stack is never deployed. */
const noEndpoint = "https://endpoint-is-not-set.invalid";

/** Where the manual is in the project, for stacks that do not say where people read it. */
const manualPath = "docs/operations.md";

/** Props of the stack; those that every stack of the CDK has, but for the name, which is a setting. */
export interface BulkSendStackProps extends Omit<StackProps, "stackName"> {
  readonly settings: GivenSettings;
  /**
   * Where it runs; on AWS, if absent.
   *
   * @internal
   */
  readonly site?: Site;
  /**
   * The region to which it will be deployed, where that is known although the stack is of no region.
   *
   * @internal
   */
  readonly likelyRegion?: string;
}

/**
 * The stack: bulk sending through one Enswitch account.
 *
 * campaigns/*.csv → uploads → splitter → batches → sender → Enswitch. The reporter, which is nudged every minute, keeps
 * feeding batches and writes the reports. The ledger knows what was sent.
 *
 * What is missing or wrong in the settings is an error in the construct's annotations, at which `cdk synth` and `cdk deploy`
 * stop; commands that need no settings still work. Throws an `Error` for a wrong name: no command may go on under another.
 */
export class BulkSendStack extends Stack {
  /** Where lists are uploaded and reports are written. */
  readonly bucket: IBucket;
  /** Gets alarms and notices. */
  readonly topic: ITopic;
  /**
   * The functions, for running them elsewhere.
   *
   * @internal
   */
  readonly workers: readonly QueueWorker[];

  constructor(scope: Construct, id: string, props: BulkSendStackProps) {
    const { settings: given, site = sites.aws, likelyRegion, ...others } = props;
    const { settings, problems: wrong } = readSettings({ ...given });
    const problems = [...wrong, ...strangers(Object.keys(given)), ...besideSettings(Object.keys(others))];
    const misnamed = problems.find(({ setting }) => setting === "stackName");
    if (misnamed !== undefined) throw new Error(misnamed.sentence);
    super(scope, id, {
      description: "bulk-send: CSV campaigns through an Enswitch phone system",
      terminationProtection: true,
      analyticsReporting: false,
      ...others,
      stackName: settings.stackName,
    });
    for (const { sentence } of problems) Annotations.of(this).addError(sentence);
    const known = Token.isUnresolved(this.region) ? likelyRegion : this.region;
    const misplaced = consoleRegionFault(settings.console, known);
    if (misplaced !== undefined) Annotations.of(this).addError(misplaced);
    const rates = ratesFor(settings.sendsPerSecond, site);
    const decided: Decided = { settings, rates, endpoint: settings.endpoint ?? noEndpoint };

    const queues = createQueues(this, rates);
    const { table } = new LedgerTable(this, "Ledger");
    const { bucket } = new CampaignBucket(this, "Campaigns", {
      keepDays: settings.keepDays,
      retainDays: settings.retainDays,
      uploads: queues.uploads.queue,
    });
    const { secret } = new CredentialsSecret(this, "Credentials");
    const { topic } = new Notices(this, "Notices", { email: settings.notifyEmail });
    this.bucket = bucket;
    this.topic = topic;
    const console = settings.console ? new Console(this, "Console", { campaigns: bucket, settings }) : undefined;
    const resources: WorkerResources = { queues, table, bucket, secret, topic, console };

    const workers = createWorkers(this, resources, decided);
    this.workers = [workers.splitter, workers.sender, workers.reporter];
    grantCalls(workers, resources, settings);

    new Rule(this, "EveryMinute", {
      description: "Asks the reporter to look, every minute.",
      schedule: Schedule.rate(Duration.minutes(1)),
      targets: [new SqsQueue(queues.nudges.queue, { message: RuleTargetInput.fromObject({ kind: "tick" }) })],
    });
    const policies = new PeoplePolicies(this, "People", { bucket, table, secret, topic, nudges: queues.nudges.queue });
    console?.admit(policies);
    const dashboardName = this.monitor(resources, workers, settings);
    this.addOutputs(resources, policies, decided, dashboardName);
    this.addOutputsForOperators(queues, workers);
  }

  /** Adds alarms and, if it is wanted, the dashboard. Returns the dashboard's name. */
  private monitor({ queues, topic }: WorkerResources, workers: Workers, settings: Settings): string | undefined {
    const { dashboard } = new Monitoring(this, "Monitoring", {
      stackName: settings.stackName,
      sendsPerSecond: settings.sendsPerSecond,
      dashboard: settings.dashboard,
      readsReplies: settings.optOut !== undefined,
      manual: settings.manualUrl ?? manualPath,
      queues: { Uploads: queues.uploads, Batches: queues.batches, Nudges: queues.nudges },
      functions: {
        Splitter: workers.splitter.function,
        Sender: workers.sender.function,
        Reporter: workers.reporter.function,
      },
      topic,
    });
    return dashboard?.dashboardName;
  }

  /** What people, the command line and other programs need to know of the stack. */
  private addOutputs(
    { queues, table, bucket, secret, topic }: WorkerResources,
    { uploader, reader, operator, approver }: PeoplePolicies,
    decided: Decided,
    dashboardName: string | undefined,
  ): void {
    const outputs: { readonly [name: string]: readonly [description: string, value: string] } = {
      BucketName: ["Upload campaigns/<name>.csv here; reports/ is written here.", bucket.bucketName],
      SecretArn: ["Holds the Enswitch user; store it with the command credentials.", secret.secretArn],
      ...(dashboardName === undefined ? {} : { DashboardUrl: ["The dashboard.", dashboardUrl(this, dashboardName)] }),
      TopicArn: ["Gets alarms and notices; subscribe to it.", topic.topicArn],
      ...decidedOutputs(decided),
      UploaderPolicyArn: ["Attach to people who upload.", uploader.managedPolicyArn],
      ReaderPolicyArn: ["Attach to people who read reports.", reader.managedPolicyArn],
      OperatorPolicyArn: ["Attach to people who use the command line.", operator.managedPolicyArn],
      ApproverPolicyArn: ["Attach to people who approve what others upload.", approver.managedPolicyArn],
      TableName: ["The ledger.", table.tableName],
      UploadsQueueUrl: ["Where uploads are announced.", queues.uploads.queue.queueUrl],
      BatchesQueueUrl: ["Where batches wait to be sent.", queues.batches.queue.queueUrl],
      NudgesQueueUrl: ["Where the reporter is asked to look.", queues.nudges.queue.queueUrl],
    };
    for (const [name, [description, value]] of Object.entries(outputs)) {
      new CfnOutput(this, name, { description, value });
    }
  }

  /** What somebody needs who looks for a fault. */
  private addOutputsForOperators(queues: Queues, workers: Workers): void {
    for (const [name, worker] of Object.entries({
      Splitter: workers.splitter,
      Sender: workers.sender,
      Reporter: workers.reporter,
    })) {
      const what = name.toLowerCase();
      const { functionName } = worker.function;
      new CfnOutput(this, `${name}FunctionName`, { description: `The ${what}.`, value: functionName });
      const { logGroupName } = worker.logGroup;
      new CfnOutput(this, `${name}LogGroupName`, { description: `The ${what}'s log.`, value: logGroupName });
    }
    for (const [name, { deadLetters }] of Object.entries({
      Uploads: queues.uploads,
      Batches: queues.batches,
      Nudges: queues.nudges,
    })) {
      const description = `What the ${name.toLowerCase()} queue has given up.`;
      new CfnOutput(this, `${name}DeadLettersUrl`, { description, value: deadLetters.queueUrl });
    }
  }
}

/** The types forbid names that are no settings; plain JavaScript does not. */
function strangers(names: readonly string[]): readonly SettingProblem[] {
  const stranger = strangerAmong(names);
  return stranger === undefined ? [] : [{ setting: stranger, sentence: noSetting(stranger) }];
}

/** Props that are no props, but settings, or meant as such: nobody would read them. */
const besideSettings = (props: readonly string[]): readonly SettingProblem[] =>
  props.flatMap((name) => {
    const setting = settingLike(name);
    if (setting === undefined) return [];
    const sentence =
      setting === name
        ? `${name} is a setting: it belongs in \`settings\`, not beside them.`
        : `${name} is not a setting; did you mean ${setting}?`;
    return [{ setting, sentence }];
  });
