import { fileURLToPath } from "node:url";
import { Duration, RemovalPolicy, Stack, Validations } from "aws-cdk-lib";
import { PolicyStatement, type PolicyStatementProps, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import {
  Architecture,
  CfnFunction,
  EventSourceMapping,
  Function as LambdaFunction,
  RecursiveLoop,
  Runtime,
} from "aws-cdk-lib/aws-lambda";
import { LogGroup, RetentionDays } from "aws-cdk-lib/aws-logs";
import type { Bucket } from "aws-cdk-lib/aws-s3";
import type { Queue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import { caFileInBundle, type HandlerName, pageInBundle, present } from "./decided.ts";
import { functionCode } from "./function-code.ts";
import { type AnyFolder, objectsUnder } from "./objects-under.ts";
import { batchingWindowSeconds } from "./rates.ts";
import type { Settings } from "./settings.ts";

/** Props of a function that works on a queue. */
export interface QueueWorkerProps {
  /** The handler's file in `functions/`, without its extension; it exports `handler`. */
  readonly handler: HandlerName;
  /** The queue it works on; messages that fail are reported individually. */
  readonly queue: Queue;
  /** Messages per invocation; more than 10 are gathered for up to a second. */
  readonly batchSize: number;
  /** Concurrent invocations, 2 to 1000: a limit of the event source that reserves nothing of the account's concurrency. */
  readonly maxConcurrency: number;
  readonly timeout: Duration;
  readonly memoryMiB: number;
  /** Variables that are `undefined` are left out. */
  readonly environment: { readonly [name: string]: string | undefined };
  /** Subnets and security groups to run in; without them, outside any VPC. */
  readonly vpc?: Settings["vpc"];
  /** The absolute path of a PEM file, which goes into the bundle as `ca.pem`. */
  readonly caFile?: string;
  /** Whether the console's page goes into the bundle, as the folder `page`. */
  readonly page?: boolean;
}

const root = fileURLToPath(new URL("../", import.meta.url));

/** A function that works on a queue. Its own role at first only allows it to write its log and receive messages. */
export class QueueWorker extends Construct {
  readonly function: LambdaFunction;
  readonly logGroup: LogGroup;
  readonly role: Role;
  /** The handler's source file. */
  readonly entry: string;

  constructor(scope: Construct, id: string, props: QueueWorkerProps) {
    super(scope, id);
    this.entry = `${root}functions/${props.handler}.ts`;
    this.logGroup = new LogGroup(this, "Log", {
      retention: RetentionDays.THREE_MONTHS,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.role = new Role(this, "Role", { assumedBy: new ServicePrincipal("lambda.amazonaws.com") });
    this.logGroup.grantWrite(this.role);
    props.queue.grant(this.role, "sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes");
    this.function = new LambdaFunction(this, "Function", {
      code: functionCode(
        this.entry,
        props.caFile === undefined ? {} : { [caFileInBundle]: props.caFile },
        props.page === true ? pageInBundle : undefined,
      ),
      handler: "index.handler",
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      timeout: props.timeout,
      memorySize: props.memoryMiB,
      role: this.role,
      logGroup: this.logGroup,
      // The loop sender, nudge, reporter, batch, sender is intended; Lambda would otherwise stop it after 16 rounds.
      // https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html
      recursiveLoop: RecursiveLoop.ALLOW,
      environment: present(props.environment),
    });
    if (props.vpc !== undefined) this.runInside(props.vpc);
    new EventSourceMapping(this, "Source", {
      target: this.function,
      eventSourceArn: props.queue.queueArn,
      batchSize: props.batchSize,
      maxBatchingWindow: optionalSeconds(batchingWindowSeconds(props.batchSize)),
      maxConcurrency: props.maxConcurrency,
      reportBatchItemFailures: true,
    });
  }

  /** The function's logical id in the template. */
  get logicalId(): string {
    return Stack.of(this).getLogicalId(this.resource());
  }

  private resource(): CfnFunction {
    const resource = this.function.node.defaultChild;
    if (!(resource instanceof CfnFunction)) throw new Error("The function construct has no AWS::Lambda::Function.");
    return resource;
  }

  /** Allows the function these actions on these resources, under conditions as IAM writes them. */
  may(actions: readonly string[], resources: readonly string[], conditions?: PolicyStatementProps["conditions"]): void {
    const statement = { actions: [...actions], resources: [...resources], conditions };
    this.role.addToPrincipalPolicy(new PolicyStatement(statement));
  }

  /** Allows the function these actions on the objects in these folders. */
  mayWithObjects(actions: readonly string[], bucket: Bucket, ...folders: readonly AnyFolder[]): void {
    this.may(actions, objectsUnder(this.role, bucket, ...folders));
  }

  /** By ids, because the L2's `vpc` would need a look-up. Lambda itself needs these permissions to attach the function. */
  private runInside(vpc: NonNullable<Settings["vpc"]>): void {
    this.resource().vpcConfig = { subnetIds: vpc.subnetIds, securityGroupIds: vpc.securityGroupIds };
    this.role.addToPrincipalPolicy(
      new PolicyStatement({
        sid: "LambdaPlugsItIntoTheVpc",
        actions: [
          "ec2:CreateNetworkInterface",
          "ec2:DescribeNetworkInterfaces",
          "ec2:DescribeSubnets",
          "ec2:DeleteNetworkInterface",
          "ec2:AssignPrivateIpAddresses",
          "ec2:UnassignPrivateIpAddresses",
        ],
        resources: ["*"],
      }),
    );
    Validations.of(this.role).acknowledge({
      id: "AwsSolutions-IAM5[Resource::*]",
      reason: "Lambda makes the network interfaces of a function in a VPC, and their ids are not known before.",
    });
  }
}

const optionalSeconds = (seconds: number | undefined) =>
  seconds === undefined ? undefined : Duration.seconds(seconds);
