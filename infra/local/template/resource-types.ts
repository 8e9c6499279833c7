import { ignoredType, type ResourceType, refIsName, unknownType } from "./resource-type.ts";
import { distribution, identityPool, userPool } from "./resource-types/console.ts";
import { table } from "./resource-types/dynamodb.ts";
import { rule, schedule } from "./resource-types/eventbridge.ts";
import { managedPolicy, policy, role } from "./resource-types/iam.ts";
import { eventSourceMapping, lambdaFunction } from "./resource-types/lambda.ts";
import { bucket } from "./resource-types/s3.ts";
import { secret } from "./resource-types/secrets-manager.ts";
import { subscription, topic } from "./resource-types/sns.ts";
import { queue, queuePolicy } from "./resource-types/sqs.ts";
import { accountId, region } from "./resources.ts";

/** Every resource type a template may use locally. To support another, add an entry. */
const resourceTypes: ReadonlyMap<string, ResourceType> = new Map([
  ["AWS::CDK::Metadata", ignoredType()],
  ["AWS::CloudFront::Distribution", distribution],
  ["AWS::CloudFront::OriginAccessControl", ignoredType()],
  ["AWS::CloudFront::ResponseHeadersPolicy", ignoredType()],
  ["AWS::CloudWatch::Alarm", ignoredType()],
  ["AWS::CloudWatch::CompositeAlarm", ignoredType()],
  ["AWS::CloudWatch::Dashboard", ignoredType()],
  ["AWS::Cognito::IdentityPool", identityPool],
  ["AWS::Cognito::IdentityPoolPrincipalTag", ignoredType()],
  ["AWS::Cognito::IdentityPoolRoleAttachment", ignoredType()],
  ["AWS::Cognito::ManagedLoginBranding", ignoredType()],
  ["AWS::Cognito::UserPool", userPool],
  ["AWS::Cognito::UserPoolClient", ignoredType()],
  ["AWS::Cognito::UserPoolDomain", ignoredType()],
  ["AWS::Cognito::UserPoolGroup", ignoredType()],
  ["AWS::DynamoDB::Table", table],
  ["AWS::EC2::SecurityGroup", ignoredType()],
  ["AWS::EC2::SecurityGroupEgress", ignoredType()],
  ["AWS::EC2::SecurityGroupIngress", ignoredType()],
  ["AWS::Events::Rule", rule],
  ["AWS::IAM::ManagedPolicy", managedPolicy],
  ["AWS::IAM::Policy", policy],
  ["AWS::IAM::Role", role],
  ["AWS::Lambda::EventInvokeConfig", ignoredType()],
  ["AWS::Lambda::EventSourceMapping", eventSourceMapping],
  ["AWS::Lambda::Function", lambdaFunction],
  ["AWS::Lambda::Permission", ignoredType()],
  [
    "AWS::Logs::LogGroup",
    ignoredType(({ named, plainName }) => {
      const name = named("LogGroupName", plainName);
      return refIsName(name, `arn:aws:logs:${region}:${accountId}:log-group:${name}:*`);
    }),
  ],
  ["AWS::Logs::MetricFilter", ignoredType()],
  ["AWS::Logs::QueryDefinition", ignoredType()],
  ["AWS::S3::Bucket", bucket],
  ["AWS::S3::BucketPolicy", ignoredType()],
  ["AWS::SNS::Subscription", subscription],
  ["AWS::SNS::Topic", topic],
  ["AWS::SNS::TopicPolicy", ignoredType()],
  ["AWS::SQS::Queue", queue],
  ["AWS::SQS::QueuePolicy", queuePolicy],
  ["AWS::SSM::Parameter", ignoredType()],
  ["AWS::Scheduler::Schedule", schedule],
  ["AWS::Scheduler::ScheduleGroup", ignoredType()],
  ["AWS::SecretsManager::Secret", secret],
]);

/** The type's entry; for a type without one, an entry that refuses to read its resources. */
export function resourceTypeOf(type: string): ResourceType {
  return resourceTypes.get(type) ?? unknownType(type);
}
