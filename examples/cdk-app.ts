// A CDK app with bulk-send and something of one's own: a queue that gets its notices.
import { App, CfnOutput } from "aws-cdk-lib";
import { SqsSubscription } from "aws-cdk-lib/aws-sns-subscriptions";
import { Queue } from "aws-cdk-lib/aws-sqs";
import { BulkSendStack } from "bulk-send/cdk";

const app = new App();
const stack = new BulkSendStack(app, "Texts", {
  settings: { endpoint: "https://pbx.example.com/api/json", sendsPerSecond: 5, country: "GB", stackName: "Texts" },
  tags: { team: "marketing" },
});
const notices = new Queue(stack, "OurNotices", { enforceSSL: true });
stack.topic.addSubscription(new SqsSubscription(notices));
new CfnOutput(stack, "OurNoticesUrl", { value: notices.queueUrl });
app.synth();
