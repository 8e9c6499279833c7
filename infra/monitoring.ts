import { Duration } from "aws-cdk-lib";
import {
  Alarm,
  ComparisonOperator,
  Dashboard,
  GraphWidget,
  type IMetric,
  Metric,
  SingleValueWidget,
  Stats,
  TreatMissingData,
} from "aws-cdk-lib/aws-cloudwatch";
import { SnsAction } from "aws-cdk-lib/aws-cloudwatch-actions";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import type { ITopic } from "aws-cdk-lib/aws-sns";
import { Construct } from "constructs";
import { metricsNamespace } from "../shared/ports/metrics.ts";
import type { MessageQueue } from "./message-queue.ts";

/**
 * The only dimension of those metrics, under the name that Powertools uses. Its value is the stack's name, which keeps
 * the stacks in an account apart. There is none per campaign, because CloudWatch would charge for each of them.
 */
export const metricsDimension = "service";

/** Props of the dashboard and the alarms. */
export interface MonitoringProps {
  /** The value of the metrics' dimension. */
  readonly stackName: string;
  /** The rate that the dashboard draws beside the messages sent, in calls per second. */
  readonly sendsPerSecond: number;
  /** Whether there is a dashboard. */
  readonly dashboard: boolean;
  /** Whether replies are read, so that somebody has to know when they are not. */
  readonly readsReplies: boolean;
  readonly queues: { readonly [name: string]: MessageQueue; readonly Nudges: MessageQueue };
  readonly functions: { readonly [name: string]: IFunction };
  /** The address, or the path, of docs/operations.md. */
  readonly manual: string;
  /** The topic that alarms are published to. */
  readonly topic: ITopic;
}

const minute = Duration.minutes(1);
const alarmPeriod = Duration.minutes(5);

/** The reporter is nudged every minute. Its own figures cannot tell that it does not run. */
const nudgesMayWait = Duration.minutes(10);

/** The dashboard and the alarms; each alarm's description names its entry in docs/operations.md. */
export class Monitoring extends Construct {
  /** `undefined` where the stack has none. */
  readonly dashboard: Dashboard | undefined;
  private readonly props: MonitoringProps;

  constructor(scope: Construct, id: string, props: MonitoringProps) {
    super(scope, id);
    this.props = props;
    this.addAlarms();
    if (props.readsReplies) this.addReplyAlarm();
    this.dashboard = props.dashboard ? this.addDashboard() : undefined;
  }

  private metric(metricName: string, statistic: string, period = minute, label?: string): Metric {
    return new Metric({
      namespace: metricsNamespace,
      metricName,
      dimensionsMap: { [metricsDimension]: this.props.stackName },
      statistic,
      period,
      label,
    });
  }

  private addAlarms(): void {
    for (const [name, { deadLetters }] of Object.entries(this.props.queues)) {
      this.alarm(`${name}DeadLetters`, {
        metric: deadLetters.metricApproximateNumberOfMessagesVisible({ period: alarmPeriod, statistic: Stats.MAXIMUM }),
        says: `A message from the ${name.toLowerCase()} queue was given up and is in its dead-letter queue.`,
        entry: "dead-letters",
      });
    }
    for (const [name, handler] of Object.entries(this.props.functions)) {
      this.alarm(`${name}Failing`, {
        metric: handler.metricErrors({ period: alarmPeriod, statistic: Stats.SUM }),
        says: `The ${name.toLowerCase()} failed or ran out of time.`,
        entry: "function-failing",
      });
      this.alarm(`${name}Throttled`, {
        metric: handler.metricThrottles({ period: alarmPeriod, statistic: Stats.SUM }),
        // A throttle now and then passes: the event is handed out again.
        periods: 3,
        says: `For a quarter of an hour AWS has kept refusing to run the ${name.toLowerCase()}.`,
        entry: "function-throttled",
      });
    }
    this.alarm("NudgesWaiting", {
      metric: this.props.queues.Nudges.queue.metricApproximateAgeOfOldestMessage({
        period: alarmPeriod,
        statistic: Stats.MAXIMUM,
      }),
      threshold: nudgesMayWait.toSeconds(),
      says: "For ten minutes the reporter has not looked: nothing new is fed, reported or mailed.",
      entry: "nudges-waiting",
    });
    this.alarm("AccountPaused", {
      metric: this.metric("AccountPaused", Stats.MAXIMUM, alarmPeriod),
      says: "Nothing is sent for any campaign until a person acts.",
      entry: "account-paused",
    });
    this.alarm("UnknownOutcomes", {
      metric: this.metric("Unknown", Stats.SUM, alarmPeriod),
      says: "Calls were made whose answers were lost; their rows are reported as unknown and not sent again.",
      entry: "unknown-outcomes",
    });
    this.alarm("CampaignStalled", {
      metric: this.metric("CampaignsStalled", Stats.MINIMUM, alarmPeriod),
      periods: 3,
      says: "A campaign that may send has recorded nothing for a quarter of an hour.",
      entry: "campaign-stalled",
    });
  }

  private addReplyAlarm(): void {
    this.alarm("OptOutsUnread", {
      metric: this.metric("OptOutsUnread", Stats.MINIMUM, alarmPeriod),
      periods: 3,
      says: "For a quarter of an hour replies could not be read: nobody who replies STOP is noticed. Sending goes on.",
      entry: "opt-outs-unread",
    });
  }

  /** Rings at one or more, or at its threshold. Missing data is fine, so that a stack without work (after its first deployment, say) is quiet. */
  private alarm(
    id: string,
    alarm: {
      readonly metric: IMetric;
      readonly says: string;
      readonly entry: string;
      readonly threshold?: number;
      readonly periods?: number;
    },
  ): void {
    new Alarm(this, id, {
      // The name is what mails and the console show; it is the stack's because alarms share a region.
      alarmName: `${this.props.stackName}-${id}`,
      metric: alarm.metric,
      alarmDescription: `${alarm.says} What to do: ${this.props.manual}#${alarm.entry}`,
      threshold: alarm.threshold ?? 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      evaluationPeriods: alarm.periods ?? 1,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    }).addAlarmAction(new SnsAction(this.props.topic));
  }

  private replyMetrics(): readonly Metric[] {
    return [
      this.metric("OptOuts", Stats.SUM, Duration.hours(1), "Opted out in an hour"),
      this.metric("OptOutsUnread", Stats.MAXIMUM, minute, "Replies not read"),
    ];
  }

  private addDashboard(): Dashboard {
    const { queues, functions, sendsPerSecond } = this.props;
    const graph = (title: string, left: IMetric[], rest: object = {}) =>
      new GraphWidget({ title, left, width: 12, height: 6, leftYAxis: { min: 0 }, ...rest });
    return new Dashboard(this, "Dashboard", {
      defaultInterval: Duration.hours(3),
      widgets: [
        [
          graph("Sent per minute, against the rate", [this.metric("Submitted", Stats.SUM)], {
            leftAnnotations: [{ value: sendsPerSecond * 60, label: `${sendsPerSecond} per second` }],
          }),
          graph(
            "Calls per minute, by what became of them",
            ["Submitted", "Failed", "Unknown", "NotSent"].map((name) => this.metric(name, Stats.SUM)),
            { stacked: true },
          ),
        ],
        [
          graph(
            "Time of a call (ms)",
            ["p50", "p95", "p99"].map((statistic) => this.metric("CallMs", statistic, minute, statistic)),
          ),
          graph(
            "Oldest message (s)",
            Object.entries(queues).map(([name, { queue }]) =>
              queue.metricApproximateAgeOfOldestMessage({ period: minute, label: name }),
            ),
          ),
        ],
        [
          graph(
            "Given up: messages in dead-letter queues",
            Object.entries(queues).map(([name, { deadLetters }]) =>
              deadLetters.metricApproximateNumberOfMessagesVisible({ period: minute, label: name }),
            ),
          ),
          graph(
            "Function errors",
            Object.entries(functions).map(([name, handler]) => handler.metricErrors({ period: minute, label: name })),
          ),
        ],
        [
          new SingleValueWidget({
            title: "Now",
            width: 24,
            height: 3,
            metrics: [
              this.metric("CampaignsActive", Stats.MAXIMUM, minute, "Campaigns active"),
              this.metric("CampaignsStalled", Stats.MAXIMUM, minute, "Campaigns without progress"),
              this.metric("AccountPaused", Stats.MAXIMUM, minute, "Account paused"),
              ...(this.props.readsReplies ? this.replyMetrics() : []),
            ],
          }),
        ],
      ],
    });
  }
}
