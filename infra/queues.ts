import { Duration } from "aws-cdk-lib";
import type { Construct } from "constructs";
import { receivesToRefuse } from "../shared/split/planning-attempts.ts";
import { MessageQueue } from "./message-queue.ts";
import type { Rates } from "./rates.ts";

/** The longest a Lambda function may run: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
export const longestRun = Duration.minutes(15);

/** Hides a message a little longer than a function that uses all its time. */
const longestRunAndSlack = longestRun.plus(Duration.seconds(30));

/** The stack's queues, each for one function. */
export interface Queues {
  /** Uploaded files, for the splitter. */
  readonly uploads: MessageQueue;
  /** Batches of rows to send, for the sender. */
  readonly batches: MessageQueue;
  /** Hints to look, for the reporter. */
  readonly nudges: MessageQueue;
}

/** Creates the queues directly in `scope`. */
export const createQueues = (scope: Construct, rates: Rates): Queues => ({
  uploads: new MessageQueue(scope, "Uploads", {
    visibilityTimeout: longestRunAndSlack,
    // The splitter itself refuses an upload whose planning never ends; this is for a splitter that cannot even do that.
    maxReceiveCount: receivesToRefuse + 2,
  }),
  batches: new MessageQueue(scope, "Batches", {
    visibilityTimeout: Duration.seconds(rates.visibilitySeconds),
    // Batches are given back while they wait for their turn, so a receive isn't an attempt: SQS's maximum.
    maxReceiveCount: 1000,
  }),
  nudges: new MessageQueue(scope, "Nudges", {
    // Only hints; the next tick makes up for a lost one.
    retentionPeriod: Duration.days(1),
    visibilityTimeout: longestRunAndSlack,
    maxReceiveCount: 5,
  }),
});
