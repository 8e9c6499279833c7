import { Match, Template } from "aws-cdk-lib/assertions";
import { describe, expect, test } from "vitest";
import { metricsNamespace } from "../../infra/monitoring.ts";
import { synthesise } from "../../infra/synthesise.ts";
import { metricsNamespace as writtenNamespace } from "../../shared/aws/metrics.ts";

const endpoint = "https://pbx.example.com/api/json";
const made = synthesise({ endpoint, stackName: "Spring", notifyEmail: "ops@example.com" }).template;
const template = Template.fromJSON(made);
const alarms = Object.values(made.Resources)
  .filter(({ Type }) => Type === "AWS::CloudWatch::Alarm")
  .map(({ Properties }) => Properties);
const topics = Object.keys(template.findResources("AWS::SNS::Topic"));

describe("The alarms", () => {
  test("are one for each thing that needs a person", () => {
    const ids = Object.keys(template.findResources("AWS::CloudWatch::Alarm"));
    expect(ids.map((id) => id.replace(/^Monitoring(.*)[0-9A-F]{8}$/, "$1")).sort()).toEqual([
      "AccountPaused",
      "BatchesDeadLetters",
      "CampaignStalled",
      "NudgesDeadLetters",
      "ReporterFailing",
      "SenderFailing",
      "SplitterFailing",
      "UnknownOutcomes",
      "UploadsDeadLetters",
    ]);
  });

  test("are raised at one, and stay quiet while there are no figures, as on the first deploy", () => {
    for (const alarm of alarms) {
      expect(alarm).toMatchObject({
        Threshold: 1,
        ComparisonOperator: "GreaterThanOrEqualToThreshold",
        TreatMissingData: "notBreaching",
      });
    }
  });

  test("go to the topic, and lead to their entry in the operations manual", () => {
    expect(topics).toHaveLength(1);
    for (const alarm of alarms) {
      expect(alarm["AlarmActions"]).toEqual([{ Ref: topics[0] }]);
      expect(alarm["AlarmDescription"]).toMatch(/ What to do: docs\/operations\.md#[a-z-]+$/);
    }
  });

  test.each(["AccountPaused", "Unknown", "CampaignsStalled"])("%s is read where the functions write it", (metric) => {
    expect(alarms).toContainEqual(
      expect.objectContaining({
        MetricName: metric,
        Namespace: writtenNamespace,
        Dimensions: [{ Name: "service", Value: "Spring" }],
      }),
    );
  });
});

test("the functions write their figures under the stack's name", () => {
  expect(metricsNamespace).toBe(writtenNamespace);
  template.allResourcesProperties("AWS::Lambda::Function", {
    Environment: {
      Variables: Match.objectLike({ POWERTOOLS_METRICS_NAMESPACE: "BulkSend", POWERTOOLS_SERVICE_NAME: "Spring" }),
    },
  });
});

describe("The topic", () => {
  test("lets CloudWatch publish, which a policy for TLS only would take away", () => {
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

  test("mails to whom the settings name, and to nobody else", () => {
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
