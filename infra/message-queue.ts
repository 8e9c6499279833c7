import { Duration } from "aws-cdk-lib";
import { Queue, QueueEncryption, type QueueProps } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import { longestMessageBytes } from "../shared/ports/queue.ts";

/** The longest that SQS keeps a message: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html */
const longestRetention = Duration.days(14);

/** Props of a queue with its dead-letter queue. */
export interface MessageQueueProps extends Omit<QueueProps, "deadLetterQueue"> {
  /** How long a received message is hidden; at least its function's time-out, or Lambda refuses the event source. */
  readonly visibilityTimeout: Duration;
  /** How often a message is received before it moves to the dead-letter queue, 1 to 1000. */
  readonly maxReceiveCount: number;
}

/** A queue and its dead-letter queue, both encrypted and accessible by TLS only. */
export class MessageQueue extends Construct {
  readonly queue: Queue;
  readonly deadLetters: Queue;

  constructor(scope: Construct, id: string, { maxReceiveCount, ...props }: MessageQueueProps) {
    super(scope, id);
    // Explicit, because queues that are older than SQS's present default keep a quarter of it.
    const common = {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      maxMessageSizeBytes: longestMessageBytes,
    };
    this.deadLetters = new Queue(this, "DeadLetters", { ...common, retentionPeriod: longestRetention });
    this.queue = new Queue(this, "Queue", {
      ...common,
      retentionPeriod: longestRetention,
      ...props,
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount },
    });
  }
}
