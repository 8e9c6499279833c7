import { randomUUID } from "node:crypto";
import { type AccessControl, serviceMay } from "../gateway/access-control.ts";
import type { SendMessage } from "../s3/bucket-events.ts";
import { accountId, region, type ScheduleResource, type StackResources } from "../template/resources.ts";

/**
 * Puts each schedule's input into its queue, now and at every interval. Throws when the target is no queue of the stack
 * or the schedule may not send to it. Returns what stops them.
 */
export function startSchedules(deps: {
  readonly stack: Pick<StackResources, "schedules" | "queues" | "queuePolicies">;
  readonly access: AccessControl;
  readonly send: SendMessage;
  readonly onLog: (line: string) => void;
}): () => void {
  const { stack, access, send, onLog } = deps;
  const timers = stack.schedules.map((schedule) => {
    const queue = stack.queues.find((candidate) => candidate.arn === schedule.targetArn);
    if (queue === undefined)
      throw new Error(`${schedule.logicalId} targets ${schedule.targetArn}, which is no queue of the stack.`);
    const context = {
      "aws:SourceArn": [schedule.arn],
      "aws:SourceAccount": [accountId],
      "aws:SecureTransport": ["true"],
    };
    const allowed =
      schedule.roleArn === undefined
        ? serviceMay(
            stack.queuePolicies.get(queue.url) ?? [],
            "events.amazonaws.com",
            "sqs:SendMessage",
            queue.arn,
            context,
          )
        : access.allows(schedule.roleArn, "sqs:SendMessage", queue.arn);
    if (!allowed)
      throw new Error(`${schedule.logicalId} may not send to its target ${queue.logicalId}: no policy allows it.`);
    const tick = () => {
      send(queue.url, schedule.input ?? scheduledEvent(schedule)).catch((error: unknown) =>
        onLog(`${schedule.logicalId} could not send: ${String(error)}`),
      );
    };
    tick();
    return setInterval(tick, schedule.everyMs);
  });
  return () => {
    for (const timer of timers) clearInterval(timer);
  };
}

/** What EventBridge sends for a schedule that says nothing of its own. */
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
