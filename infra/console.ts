import { CfnOutput, Stack } from "aws-cdk-lib";
import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import { type Bucket, HttpMethods } from "aws-cdk-lib/aws-s3";
import { Construct } from "constructs";
import type { ConsolePlace } from "../functions/environment.ts";
import { pageInBundle } from "./decided.ts";
import { PageDistribution } from "./page-distribution.ts";
import type { PeoplePolicies } from "./people-policies.ts";
import { generatedDomainPrefix, loginDomainOf, PeoplePool } from "./people-pool.ts";
import type { Settings } from "./settings.ts";

/** Props of the console. */
export interface ConsoleProps {
  /** The campaign bucket, which the page uploads to and reads reports from. */
  readonly campaigns: Bucket;
  readonly settings: Pick<Settings, "consoleMfa" | "consoleDomain">;
}

/** The page for people who have no terminal: what serves it, and who may sign in. Its files are the reporter's to write. */
export class Console extends Construct {
  /** The bucket that the page is in. */
  readonly pages: Bucket;
  /** What the reporter is told, as JSON. */
  readonly told: string;
  private readonly people: PeoplePool;

  constructor(scope: Construct, id: string, { campaigns, settings }: ConsoleProps) {
    super(scope, id);
    const domainPrefix = settings.consoleDomain ?? generatedDomainPrefix();
    const domain = loginDomainOf(domainPrefix);
    const { bucket, origin } = new PageDistribution(this, "Page", { loginDomain: domain });
    this.pages = bucket;
    this.people = new PeoplePool(this, "People", { origin, domainPrefix, mfa: settings.consoleMfa });
    const { userPool, client, identityPool } = this.people;
    const place: ConsolePlace = {
      files: `/var/task/${pageInBundle}`,
      bucket: bucket.bucketName,
      region: Stack.of(this).region,
      pool: {
        issuer: userPool.userPoolProviderUrl,
        clientId: client.userPoolClientId,
        domain,
        userPoolId: userPool.userPoolId,
        identityPoolId: identityPool.ref,
      },
    };
    this.told = Stack.of(this).toJsonString(place);
    letThePageCall(campaigns, origin);
    new CfnOutput(scope, "ConsoleUrl", {
      description: "The page for people who have no terminal.",
      value: `${origin}/`,
    });
    const description = "Who may use that page; the command people changes it.";
    new CfnOutput(scope, "ConsoleUserPoolId", { description, value: userPool.userPoolId });
  }

  /** Lets people in with the rights of these policies, and operators say who these people are. */
  admit(policies: PeoplePolicies): void {
    this.people.admit(policies);
    policies.operator.addStatements(
      new PolicyStatement({
        sid: "PeopleOfTheConsole",
        actions: [
          "cognito-idp:AdminAddUserToGroup",
          "cognito-idp:AdminCreateUser",
          "cognito-idp:AdminDeleteUser",
          "cognito-idp:AdminGetUser",
          "cognito-idp:AdminListGroupsForUser",
          "cognito-idp:AdminRemoveUserFromGroup",
          "cognito-idp:AdminUserGlobalSignOut",
          "cognito-idp:ListUsers",
          "cognito-idp:ListUsersInGroup",
        ],
        resources: [this.people.userPool.userPoolArn],
      }),
    );
  }
}

/** Scripts of the page, and of no other, may call the bucket from a browser; with which rights is another question. */
const letThePageCall = (bucket: Bucket, origin: string) =>
  bucket.addCorsRule({
    id: "console",
    allowedOrigins: [origin],
    allowedMethods: [HttpMethods.GET, HttpMethods.HEAD, HttpMethods.PUT],
    allowedHeaders: ["*"],
    exposedHeaders: ["Content-Range", "Date", "ETag", "x-amz-id-2", "x-amz-request-id", "x-amz-version-id"],
    maxAge: 3600,
  });
