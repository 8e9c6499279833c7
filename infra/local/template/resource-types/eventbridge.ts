import * as z from "zod";
import { resourceType, text } from "../resource-type.ts";

/** `AWS::Events::Rule` */
export const rule = resourceType("AWS::Events::Rule", {
  properties: z.object({
    ScheduleExpression: text,
    State: z.string().optional(),
    Targets: z.array(z.object({ Arn: text, Input: z.string().optional() })),
  }),
  add: ({ own, properties }, draft) => {
    if (properties.State === "DISABLED") return;
    for (const target of properties.Targets) {
      draft.schedules.push({
        logicalId: own.logicalId,
        arn: own.arn,
        everyMs: intervalMs(properties.ScheduleExpression, own.logicalId),
        targetArn: target.Arn,
        ...(target.Input !== undefined && { input: target.Input }),
      });
    }
  },
});

/** `AWS::Scheduler::Schedule` */
export const schedule = resourceType("AWS::Scheduler::Schedule", {
  properties: z.object({
    ScheduleExpression: text,
    State: z.string().optional(),
    Target: z.object({ Arn: text, RoleArn: text, Input: z.string().optional() }),
  }),
  add: ({ own, properties }, draft) => {
    if (properties.State === "DISABLED") return;
    const { Arn, RoleArn, Input } = properties.Target;
    draft.schedules.push({
      logicalId: own.logicalId,
      arn: own.arn,
      everyMs: intervalMs(properties.ScheduleExpression, own.logicalId),
      targetArn: Arn,
      roleArn: RoleArn,
      ...(Input !== undefined && { input: Input }),
    });
  },
});

function intervalMs(expression: string, logicalId: string): number {
  const match = /^rate\((\d+) (second|minute|hour|day)s?\)$/.exec(expression);
  const unit = { second: 1_000, minute: 60_000, hour: 3_600_000, day: 86_400_000 }[match?.[2] ?? ""];
  if (match === null || unit === undefined) {
    throw new Error(
      `${logicalId} runs at "${expression}"; the embedded cloud only knows schedules such as "rate(1 minute)".`,
    );
  }
  return Number(match[1]) * unit;
}
