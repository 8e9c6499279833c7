import { Stack } from "aws-cdk-lib";
import { PolicyStatement, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Topic } from "aws-cdk-lib/aws-sns";
import { EmailSubscription } from "aws-cdk-lib/aws-sns-subscriptions";
import { Construct } from "constructs";

/** Props of the notices. */
export interface NoticesProps {
  /** Gets every notice, once the subscription is confirmed. */
  readonly email?: string;
}

/**
 * The topic for what people should know: alarms, campaigns that ended, pauses. SNS encrypts its disks anyway; AWS's own
 * KMS key for SNS would lock CloudWatch out, and a key of ours would only add costs.
 * https://docs.aws.amazon.com/sns/latest/dg/sns-data-encryption.html
 */
export class Notices extends Construct {
  readonly topic: Topic;

  constructor(scope: Construct, id: string, props: NoticesProps) {
    super(scope, id);
    this.topic = new Topic(this, "Topic", { enforceSSL: true });
    // `enforceSSL` adds a policy, which replaces SNS's default one that lets alarms publish.
    this.topic.addToResourcePolicy(
      new PolicyStatement({
        sid: "AlarmsPublish",
        principals: [new ServicePrincipal("cloudwatch.amazonaws.com")],
        actions: ["sns:Publish"],
        resources: [this.topic.topicArn],
        conditions: { StringEquals: { "aws:SourceAccount": Stack.of(this).account } },
      }),
    );
    if (props.email !== undefined) this.topic.addSubscription(new EmailSubscription(props.email));
  }
}
