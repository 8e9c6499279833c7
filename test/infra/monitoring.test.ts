import { Match, Template } from "aws-cdk-lib/assertions";
import { afterEach, describe, expect, test, vi } from "vitest";
import { metricsDimension } from "../../infra/monitoring.ts";
import { synthesise } from "../../infra/synthesise.ts";
import { createMetrics } from "../../shared/aws/metrics.ts";
import { metricsNamespace } from "../../shared/ports/metrics.ts";
import { endpoint } from "../support/stack-settings.ts";

const made = synthesise({ endpoint, stackName: "Spring", notifyEmail: "ops@example.com" }).template;
const template = Template.fromJSON(made);
const alarms = Object.values(made.Resources)
  .filter(({ Type }) => Type === "AWS::CloudWatch::Alarm")
  .map(({ Properties }) => Properties);
const topics = Object.keys(template.findResources("AWS::SNS::Topic"));

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

describe("The alarms", () => {
  test("are one for each situation that needs a person", () => {
    const ids = Object.keys(template.findResources("AWS::CloudWatch::Alarm"));
    expect(ids.map((id) => id.replace(/^Monitoring(.*)[0-9A-F]{8}$/, "$1")).sort()).toEqual([
      "AccountPaused",
      "BatchesDeadLetters",
      "CampaignStalled",
      "NudgesDeadLetters",
      "NudgesWaiting",
      "ReporterFailing",
      "ReporterThrottled",
      "SenderFailing",
      "SenderThrottled",
      "SplitterFailing",
      "SplitterThrottled",
      "UnknownOutcomes",
      "UploadsDeadLetters",
    ]);
  });

  test("ring at one, or after ten minutes, and stay quiet while there is no data, as after the first deployment", () => {
    for (const alarm of alarms) {
      expect(alarm).toMatchObject({
        Threshold: alarm["MetricName"] === "ApproximateAgeOfOldestMessage" ? 600 : 1,
        ComparisonOperator: "GreaterThanOrEqualToThreshold",
        TreatMissingData: "notBreaching",
      });
    }
  });

  test("have names, which tell the stacks of a region apart", () => {
    const names = alarms.map((alarm) => String(alarm["AlarmName"]));
    expect(new Set(names).size).toBe(alarms.length);
    for (const name of names) expect(name).toMatch(/^Spring-[A-Z][A-Za-z]+$/);
  });

  test("ring when the reporter, which tells of everything else, is not invoked", () => {
    const [queue] = Object.entries(made.Resources).filter(
      ([id, { Type }]) => Type === "AWS::SQS::Queue" && id.startsWith("NudgesQueue"),
    );
    expect(alarms).toContainEqual(
      expect.objectContaining({
        AlarmName: "Spring-NudgesWaiting",
        MetricName: "ApproximateAgeOfOldestMessage",
        Statistic: "Maximum",
        Dimensions: [{ Name: "QueueName", Value: { "Fn::GetAtt": [queue?.[0], "QueueName"] } }],
      }),
    );
    const throttled = alarms.filter((alarm) => alarm["MetricName"] === "Throttles");
    expect(throttled.map((alarm) => alarm["AlarmName"]).toSorted()).toEqual([
      "Spring-ReporterThrottled",
      "Spring-SenderThrottled",
      "Spring-SplitterThrottled",
    ]);
    for (const alarm of throttled) expect(alarm).toMatchObject({ Namespace: "AWS/Lambda", Statistic: "Sum" });
  });

  test("go to the topic, and lead to their entry in the operations manual", () => {
    expect(topics).toHaveLength(1);
    for (const alarm of alarms) {
      expect(alarm["AlarmActions"]).toEqual([{ Ref: topics[0] }]);
      expect(alarm["AlarmDescription"]).toMatch(/ What to do: docs\/operations\.md#[a-z-]+$/);
    }
  });

  test("lead to the entry where people read the manual, if the stack says where, and so do mails and pages", () => {
    const manualUrl = "https://wiki.example.com/bulk-send?page=ops";
    const { Resources } = synthesise({ endpoint, manualUrl }).template;
    const all = Object.values(Resources);
    const texts = all.filter(({ Type }) => Type === "AWS::CloudWatch::Alarm");
    expect(texts).toHaveLength(alarms.length);
    for (const { Properties } of texts) {
      expect(String(Properties["AlarmDescription"]).split(" What to do: ")[1]).toMatch(
        /^https:\/\/wiki\.example\.com\/bulk-send\?page=ops#[a-z-]+$/,
      );
    }
    const told = all.filter(({ Properties }) => JSON.stringify(Properties).includes(`"MANUAL_URL":"${manualUrl}"`));
    expect(told.map(({ Type }) => Type)).toEqual(["AWS::Lambda::Function"]);
  });

  test.each(["AccountPaused", "Unknown", "CampaignsStalled"])("%s is read where the functions write it", (metric) => {
    expect(alarms).toContainEqual(
      expect.objectContaining({
        MetricName: metric,
        Namespace: metricsNamespace,
        Dimensions: [{ Name: metricsDimension, Value: "Spring" }],
      }),
    );
  });
});

describe("The functions' figures", () => {
  test("are named by the stack, so that two stacks in one account are not added up", () => {
    template.allResourcesProperties("AWS::Lambda::Function", {
      Environment: {
        Variables: Match.objectLike({ POWERTOOLS_METRICS_NAMESPACE: "BulkSend", POWERTOOLS_SERVICE_NAME: "Spring" }),
      },
    });
  });

  test("are written in the namespace and under the one dimension that alarms and dashboard read", () => {
    // With these, Powertools writes to the console, which can be spied on, and writes at all.
    vi.stubEnv("POWERTOOLS_DEV", "true");
    vi.stubEnv("POWERTOOLS_METRICS_DISABLED", "false");
    const lines = vi.spyOn(console, "log").mockImplementation(() => {});
    const metrics = createMetrics("Spring");
    metrics.add("Unknown", 1);
    metrics.flush();
    const [[line] = []] = lines.mock.calls;
    expect(JSON.parse(String(line))).toMatchObject({
      [metricsDimension]: "Spring",
      Unknown: 1,
      _aws: { CloudWatchMetrics: [{ Namespace: metricsNamespace, Dimensions: [[metricsDimension]] }] },
    });
  });
});

describe("The topic", () => {
  test("lets CloudWatch publish, which the policy for TLS alone would prevent", () => {
    template.hasResourceProperties("AWS::SNS::TopicPolicy", {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({ Effect: "Deny", Condition: { Bool: { "aws:SecureTransport": "false" } } }),
          Match.objectLike({
            Effect: "Allow",
            Principal: { Service: "cloudwatch.amazonaws.com" },
            Action: "sns:Publish",
            Resource: { Ref: topics[0] },
            Condition: { StringEquals: { "aws:SourceAccount": { Ref: "AWS::AccountId" } } },
          }),
        ]),
      },
    });
  });

  test("mails the address in the settings and nobody else", () => {
    template.resourcePropertiesCountIs("AWS::SNS::Subscription", { Protocol: "email", Endpoint: "ops@example.com" }, 1);
    Template.fromJSON(synthesise({ endpoint }).template).resourceCountIs("AWS::SNS::Subscription", 0);
  });
});

test("the dashboard shows the rate as a line, and what becomes of the calls", () => {
  const [dashboard] = Object.values(template.findResources("AWS::CloudWatch::Dashboard"));
  const body = JSON.stringify(dashboard);
  expect(body).toContain('\\"value\\":600');
  for (const metric of [
    "Submitted",
    "Failed",
    "Unknown",
    "NotSent",
    "CallMs",
    "CampaignsActive",
    "ApproximateAgeOfOldestMessage",
  ]) {
    expect(body).toContain(`\\"${metric}\\"`);
  }
});
