import { Stack } from "aws-cdk-lib";
import { PolicyStatement, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Topic } from "aws-cdk-lib/aws-sns";
import { EmailSubscription } from "aws-cdk-lib/aws-sns-subscriptions";
import { Construct } from "constructs";

export interface NoticesProps {
  /** Gets every notice, once the mail asking for it is confirmed. */
  readonly email?: string;
}

/**
 * The topic for what people should know: alarms, campaigns that ended, pauses. SNS keeps messages on encrypted disks of
 * its own accord; AWS's key for it would lock CloudWatch out, and one of our own would only add a bill.
 * https://docs.aws.amazon.com/sns/latest/dg/sns-data-encryption.html
 */
export class Notices extends Construct {
  readonly topic: Topic;

  constructor(scope: Construct, id: string, props: NoticesProps) {
    super(scope, id);
    this.topic = new Topic(this, "Topic", { enforceSSL: true });
    // `enforceSSL` writes a policy, and a written policy replaces SNS's default one, by which alarms could publish.
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
