import { randomUUID } from "node:crypto";
import { type AccessControl, serviceMay } from "../gateway/access-control.ts";
import type { SendMessage } from "../s3/bucket-events.ts";
import {
  accountId,
  type QueueResource,
  region,
  type ScheduleResource,
  type StackResources,
} from "../template/resources.ts";

/** How long after the start the first of the regular messages is sent, milliseconds: a list that is uploaded right away goes first. */
const firstAfterMs = 2_000;

/**
 * Sends each schedule's input to its queue, two seconds after the start and at every interval. Throws an `Error` when the target is not a queue
 * of the stack, or when the schedule may not send to it. Returns a function that stops them.
 */
export function startSchedules(deps: {
  readonly stack: Pick<StackResources, "schedules" | "queues" | "queuePolicies">;
  readonly access: AccessControl;
  readonly send: SendMessage;
  readonly onLog: (line: string) => void;
}): () => void {
  const { stack, access, send, onLog } = deps;
  const timers = stack.schedules.flatMap((schedule) => {
    const queue = targetQueue(stack, access, schedule);
    const tick = () => {
      send(queue.url, schedule.input ?? scheduledEvent(schedule)).catch((error: unknown) =>
        onLog(`${schedule.logicalId} could not send: ${String(error)}`),
      );
    };
    return [setTimeout(tick, firstAfterMs), setInterval(tick, schedule.everyMs)];
  });
  return () => {
    for (const timer of timers) clearInterval(timer);
  };
}

function targetQueue(
  { queues, queuePolicies }: Pick<StackResources, "queues" | "queuePolicies">,
  access: AccessControl,
  { logicalId, arn, targetArn, roleArn }: ScheduleResource,
): QueueResource {
  const queue = queues.find((candidate) => candidate.arn === targetArn);
  if (queue === undefined) throw new Error(`${logicalId} targets ${targetArn}, which is not a queue of the stack.`);
  const context = {
    "aws:SourceArn": [arn],
    "aws:SourceAccount": [accountId],
    "aws:SecureTransport": ["true"],
  };
  const policies = queuePolicies.get(queue.url) ?? [];
  const allowed =
    roleArn === undefined
      ? serviceMay(policies, "events.amazonaws.com", "sqs:SendMessage", queue.arn, context)
      : access.allows(roleArn, "sqs:SendMessage", queue.arn);
  if (!allowed) throw new Error(`${logicalId} may not send to its target ${queue.logicalId}: no policy allows it.`);
  return queue;
}

/** What EventBridge sends for a schedule without an input of its own. */
function scheduledEvent(schedule: ScheduleResource): string {
  return JSON.stringify({
    version: "0",
    id: randomUUID(),
    "detail-type": "Scheduled Event",
    source: "aws.events",
    account: accountId,
    time: new Date().toISOString(),
    region,
    resources: [schedule.arn],
    detail: {},
  });
}
