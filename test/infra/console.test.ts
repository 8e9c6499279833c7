import { Template } from "aws-cdk-lib/assertions";
import { describe, expect, test } from "vitest";
import * as z from "zod";
import { type References, resolveIntrinsics } from "../../infra/local/template/intrinsics.ts";
import { synthesise } from "../../infra/synthesise.ts";
import { personTag } from "../../shared/campaign/identity.ts";
import { groups } from "../../shared/console/groups.ts";
import { contentSecurityPolicy, securityHeaders } from "../../shared/console/security-headers.ts";
import { endpoint } from "../support/stack-settings.ts";

const without = synthesise({ endpoint }).template;
const stack = synthesise({ endpoint, console: true }).template;
const template = Template.fromJSON(stack);
const { Resources: resources } = stack;

const ofType = (type: string) => Object.entries(resources).filter(([, { Type }]) => Type === type);
const only = (type: string) => {
  const [found, ...more] = ofType(type);
  if (found === undefined || more.length > 0) throw new Error(`There are ${more.length + 1} or no ${type}.`);
  return { id: found[0], properties: found[1].Properties };
};

/** What a value is in a stack of eu-west-1, where names stand for what is made. */
const resolved = (value: unknown): unknown => {
  const pseudo = new Map([
    ["AWS::Partition", "aws"],
    ["AWS::Region", "eu-west-1"],
    ["AWS::AccountId", "111122223333"],
    ["AWS::URLSuffix", "amazonaws.com"],
    [
      "AWS::StackId",
      "arn:aws:cloudformation:eu-west-1:111122223333:stack/BulkSend/1c2fa620-982a-11e3-aff7-50e2416294e0",
    ],
  ]);
  const references: References = {
    ref: (name) => pseudo.get(name) ?? `<${name}>`,
    attribute: (id, name) => `<${id}.${name}>`,
    condition: () => false,
  };
  return resolveIntrinsics(value, references);
};

describe("Without the console", () => {
  test("nothing of it is in the stack, and saying so in the settings changes nothing", () => {
    const types = Object.values(without.Resources).map(({ Type }) => Type);
    expect(types.filter((type) => /CloudFront|Cognito/.test(type))).toEqual([]);
    expect(JSON.stringify(without)).not.toMatch(/console\//);
    const off = synthesise({ endpoint, console: "false", consoleMfa: "required", consoleDomain: "example" });
    expect(JSON.stringify(off.template)).toBe(JSON.stringify(without));
  });
});

describe("With the console", () => {
  test("everything else stays as it is, but for the bucket's CORS, the reporter and the operators' policy", () => {
    const changed = Object.entries(without.Resources)
      .filter(([id, resource]) => JSON.stringify(resources[id]) !== JSON.stringify(resource))
      .map(([id]) => id.replace(/[0-9A-F]{8}$/, ""));
    expect(changed).toEqual(["CampaignsBucket", "ReporterRoleDefaultPolicy", "ReporterFunction", "PeopleOperator"]);
    const { CorsConfiguration: _, ...bucket } = resources["CampaignsBucket94CCEF86"]?.Properties ?? {};
    expect(bucket).toEqual(without.Resources["CampaignsBucket94CCEF86"]?.Properties);
    expect(Object.keys(stack.Outputs).filter((name) => !Object.hasOwn(without.Outputs, name))).toEqual([
      "ConsoleUrl",
      "ConsoleUserPoolId",
    ]);
  });

  test("there is no custom resource and no other function", () => {
    template.resourceCountIs("AWS::Lambda::Function", 3);
    expect(Object.values(resources).filter(({ Type }) => /^Custom::|CustomResource/.test(Type))).toEqual([]);
  });

  test("what is stored keeps its logical ids and survives cdk destroy", () => {
    for (const [type, id] of [
      ["AWS::S3::Bucket", "ConsolePageBucketA3A3CE1C"],
      ["AWS::S3::BucketPolicy", "ConsolePageBucketPolicy65BB2F9E"],
      ["AWS::Cognito::UserPool", "ConsolePeopleE9F3927F"],
    ]) {
      expect(resources[id ?? ""]).toMatchObject({
        Type: type,
        DeletionPolicy: "Retain",
        UpdateReplacePolicy: "Retain",
      });
    }
  });

  test("what must have a name has one that begins with the stack's and has the region", () => {
    const names = [
      ...ofType("AWS::CloudFront::ResponseHeadersPolicy").map(
        ([, { Properties }]) => Properties["ResponseHeadersPolicyConfig"],
      ),
      only("AWS::CloudFront::OriginAccessControl").properties["OriginAccessControlConfig"],
    ];
    expect(names.map((config) => z.object({ Name: z.string() }).parse(resolved(config)).Name)).toEqual([
      "BulkSend-eu-west-1-console-Headers",
      "BulkSend-eu-west-1-console-AssetHeaders",
      "BulkSend-eu-west-1-console",
    ]);
  });

  test("no such name is too long, and stacks whose long names begin alike have different ones", () => {
    const names = ["a", "b"].map((end) => {
      const stackName = `${"Texts-".repeat(15)}${end}`;
      const { Resources } = synthesise({ endpoint, console: true, stackName }).template;
      const found = Object.values(Resources).find(({ Type }) => Type === "AWS::CloudFront::OriginAccessControl");
      return z.object({ Name: z.string() }).parse(resolved(found?.Properties["OriginAccessControlConfig"])).Name;
    });
    // Longer regions than this one have 14 characters.
    for (const name of names) expect(name.length).toBeLessThanOrEqual(64 - (14 - "eu-west-1".length));
    expect(names[0]).not.toBe(names[1]);
  });
});

describe("The page", () => {
  const distribution = only("AWS::CloudFront::Distribution");
  const Config = z.object({
    DistributionConfig: z.looseObject({
      Origins: z.array(z.unknown()),
      DefaultCacheBehavior: z.looseObject({ ResponseHeadersPolicyId: z.object({ Ref: z.string() }) }),
      CacheBehaviors: z.array(z.looseObject({ ResponseHeadersPolicyId: z.object({ Ref: z.string() }) })),
    }),
  });
  const config = Config.parse(distribution.properties).DistributionConfig;
  const behaviours = [config.DefaultCacheBehavior, ...config.CacheBehaviors];

  test("is read from its folder of its own bucket, which nobody but the distribution can read", () => {
    expect(config.Origins).toEqual([
      expect.objectContaining({
        DomainName: { "Fn::GetAtt": ["ConsolePageBucketA3A3CE1C", "RegionalDomainName"] },
        OriginPath: "/console",
        OriginAccessControlId: { "Fn::GetAtt": [only("AWS::CloudFront::OriginAccessControl").id, "Id"] },
        S3OriginConfig: { OriginAccessIdentity: "" },
      }),
    ]);
    template.hasResourceProperties("AWS::CloudFront::OriginAccessControl", {
      OriginAccessControlConfig: { SigningBehavior: "always", SigningProtocol: "sigv4" },
    });
    expect(resolved(resources["ConsolePageBucketPolicy65BB2F9E"]?.Properties["PolicyDocument"])).toMatchObject({
      Statement: [
        { Effect: "Deny", Action: "s3:*", Condition: { Bool: { "aws:SecureTransport": "false" } } },
        {
          Effect: "Allow",
          Action: "s3:GetObject",
          Principal: { Service: "cloudfront.amazonaws.com" },
          Resource: "<ConsolePageBucketA3A3CE1C.Arn>/console/*",
          Condition: {
            StringEquals: { "aws:SourceArn": `arn:aws:cloudfront::111122223333:distribution/<${distribution.id}>` },
          },
        },
      ],
    });
    expect(resources["ConsolePageBucketA3A3CE1C"]?.Properties).toMatchObject({
      PublicAccessBlockConfiguration: { BlockPublicPolicy: true, RestrictPublicBuckets: true },
    });
  });

  test("comes over TLS only, is not cached but for files whose names change, and an absent file says nothing of S3", () => {
    expect(config).toMatchObject({
      DefaultRootObject: "index.html",
      HttpVersion: "http2and3",
      CustomErrorResponses: [403, 404].map((ErrorCode) => ({
        ErrorCode,
        ResponseCode: 404,
        ResponsePagePath: "/index.html",
      })),
      CacheBehaviors: [{ PathPattern: "assets/*" }],
    });
    expect(config).not.toHaveProperty("Logging");
    for (const behaviour of behaviours) {
      expect(behaviour).toMatchObject({ ViewerProtocolPolicy: "redirect-to-https", AllowedMethods: ["GET", "HEAD"] });
    }
    // AWS's own policies CachingDisabled and CachingOptimized.
    expect(behaviours.map((behaviour) => behaviour["CachePolicyId"])).toEqual([
      "4135ea2d-6df8-44a3-9df3-4b5a84be39ad",
      "658327ea-f89d-4fab-a63d-7e88639e58f6",
    ]);
  });

  test("has the headers that it has on one's own machine, and HSTS", () => {
    const services = ["dynamodb", "sqs", "cognito-idp", "cognito-identity"];
    const policy = contentSecurityPolicy([
      "https://*.s3.eu-west-1.amazonaws.com",
      ...services.map((service) => `https://${service}.eu-west-1.amazonaws.com`),
      "https://bulk-send-1c2fa620.auth.eu-west-1.amazoncognito.com",
    ]);
    const headers = behaviours.map(({ ResponseHeadersPolicyId: { Ref } }) => headersOf(resources[Ref]?.Properties));
    const common = {
      ...securityHeaders,
      "content-security-policy": policy,
      "strict-transport-security": "max-age=31536000",
    };
    expect(headers).toEqual([
      { ...common, "cache-control": "no-cache" },
      { ...common, "cache-control": "public, max-age=31536000, immutable" },
    ]);
  });

  /** What a response headers policy adds, by CloudFront's documentation; all of it replaces what S3 says. */
  const headersOf = (properties: unknown): Readonly<Record<string, string>> => {
    const overriding = z.literal(true);
    const { ResponseHeadersPolicyConfig: policy } = z
      .strictObject({
        ResponseHeadersPolicyConfig: z.strictObject({
          Name: z.string(),
          CustomHeadersConfig: z.strictObject({
            Items: z.array(z.strictObject({ Header: z.string(), Value: z.string(), Override: overriding })),
          }),
          SecurityHeadersConfig: z.strictObject({
            ContentSecurityPolicy: z.strictObject({ ContentSecurityPolicy: z.string(), Override: overriding }),
            ContentTypeOptions: z.strictObject({ Override: overriding }),
            FrameOptions: z.strictObject({ FrameOption: z.string(), Override: overriding }),
            ReferrerPolicy: z.strictObject({ ReferrerPolicy: z.string(), Override: overriding }),
            StrictTransportSecurity: z.strictObject({ AccessControlMaxAgeSec: z.number(), Override: overriding }),
          }),
        }),
      })
      .parse(resolved(properties));
    const known = policy.SecurityHeadersConfig;
    return {
      ...Object.fromEntries(policy.CustomHeadersConfig.Items.map(({ Header, Value }) => [Header, Value])),
      "content-security-policy": known.ContentSecurityPolicy.ContentSecurityPolicy,
      "x-content-type-options": "nosniff",
      "x-frame-options": known.FrameOptions.FrameOption,
      "referrer-policy": known.ReferrerPolicy.ReferrerPolicy,
      "strict-transport-security": `max-age=${known.StrictTransportSecurity.AccessControlMaxAgeSec}`,
    };
  };

  test("alone may call the campaigns' bucket from a browser", () => {
    expect(resolved(resources["CampaignsBucket94CCEF86"]?.Properties["CorsConfiguration"])).toEqual({
      CorsRules: [
        expect.objectContaining({
          AllowedOrigins: [`https://<${distribution.id}.DomainName>`],
          AllowedMethods: ["GET", "HEAD", "PUT"],
        }),
      ],
    });
  });
});

describe("Its people", () => {
  test("are made by an administrator, have long passwords, and come back by mail", () => {
    template.hasResourceProperties("AWS::Cognito::UserPool", {
      AdminCreateUserConfig: { AllowAdminCreateUserOnly: true },
      UsernameAttributes: ["email"],
      MfaConfiguration: "OPTIONAL",
      EnabledMfas: ["SOFTWARE_TOKEN_MFA"],
      Policies: {
        PasswordPolicy: {
          MinimumLength: 12,
          RequireLowercase: true,
          RequireUppercase: true,
          RequireNumbers: true,
          RequireSymbols: true,
          TemporaryPasswordValidityDays: 7,
        },
      },
      AccountRecoverySetting: { RecoveryMechanisms: [{ Name: "verified_email", Priority: 1 }] },
      DeletionProtection: "ACTIVE",
      UserPoolTier: "ESSENTIALS",
    });
  });

  test("need an authenticator app where the stack's owner wants it", () => {
    const strict = synthesise({ endpoint, console: true, consoleMfa: "required" }).template;
    Template.fromJSON(strict).hasResourceProperties("AWS::Cognito::UserPool", { MfaConfiguration: "ON" });
  });

  test("sign in on AWS's pages with a code that only the page can redeem, and for a working day", () => {
    const page = `https://<${only("AWS::CloudFront::Distribution").id}.DomainName>/`;
    expect(resolved(only("AWS::Cognito::UserPoolClient").properties)).toMatchObject({
      GenerateSecret: false,
      AllowedOAuthFlows: ["code"],
      AllowedOAuthScopes: ["openid", "email"],
      CallbackURLs: [page],
      LogoutURLs: [page],
      IdTokenValidity: 15,
      AccessTokenValidity: 15,
      RefreshTokenValidity: 600,
      TokenValidityUnits: { IdToken: "minutes", AccessToken: "minutes", RefreshToken: "minutes" },
      RefreshTokenRotation: { Feature: "ENABLED" },
      EnableTokenRevocation: true,
      // The page itself never has a password, and nobody else is to send one past AWS's pages in the clear.
      ExplicitAuthFlows: ["ALLOW_USER_SRP_AUTH"],
      ReadAttributes: ["email", "email_verified"],
      PreventUserExistenceErrors: "ENABLED",
      WriteAttributes: ["email"],
    });
    expect(resolved(only("AWS::Cognito::UserPoolDomain").properties)).toMatchObject({
      Domain: "bulk-send-1c2fa620",
      ManagedLoginVersion: 2,
    });
    template.hasResourceProperties("AWS::Cognito::ManagedLoginBranding", { UseCognitoProvidedValues: true });
  });

  test("sign in under another address where one is set", () => {
    const named = synthesise({ endpoint, console: true, consoleDomain: "example-texts" }).template;
    Template.fromJSON(named).hasResourceProperties("AWS::Cognito::UserPoolDomain", { Domain: "example-texts" });
    expect(JSON.stringify(named)).toContain("https://example-texts.auth.");
  });

  test("get keys only when they have signed in, by AWS's own flow, and are told apart by a tag", () => {
    const pool = only("AWS::Cognito::IdentityPool");
    expect(pool.properties).toMatchObject({
      AllowUnauthenticatedIdentities: false,
      AllowClassicFlow: false,
      CognitoIdentityProviders: [{ ServerSideTokenCheck: true }],
    });
    expect(resolved(only("AWS::Cognito::IdentityPoolPrincipalTag").properties)).toEqual({
      IdentityPoolId: `<${pool.id}>`,
      IdentityProviderName: "<ConsolePeopleE9F3927F.ProviderName>",
      PrincipalTags: { [personTag]: "sub" },
      UseDefaults: false,
    });
  });

  test("have the role of the first of their groups, with the policies of what it may do, or none", () => {
    const pool = `<${only("AWS::Cognito::IdentityPool").id}>`;
    const roles = new Map(
      ofType("AWS::IAM::Role").map(([id, { Properties }]) => [`<${id}.Arn>`, resolved(Properties)]),
    );
    const { RoleMappings, ...attached } = Attachment.parse(
      resolved(only("AWS::Cognito::IdentityPoolRoleAttachment").properties),
    );
    const nobody = roles.get(attached.Roles.authenticated);
    expect(attached).toEqual({ IdentityPoolId: pool, Roles: { authenticated: expect.any(String) } });
    expect(nobody).not.toHaveProperty("ManagedPolicyArns");
    expect(nobody).not.toHaveProperty("Policies");
    expect(Object.keys(RoleMappings)).toHaveLength(1);
    for (const { IdentityProvider, Type, AmbiguousRoleResolution, RulesConfiguration } of Object.values(RoleMappings)) {
      const client = `<${only("AWS::Cognito::UserPoolClient").id}>`;
      expect(IdentityProvider).toBe(`<ConsolePeopleE9F3927F.ProviderName>:${client}`);
      expect({ Type, AmbiguousRoleResolution }).toEqual({ Type: "Rules", AmbiguousRoleResolution: "Deny" });
      expect(RulesConfiguration.Rules.map(({ Value }) => Value)).toEqual(groups.map(({ name }) => name));
      for (const [at, { Claim, MatchType, RoleARN }] of RulesConfiguration.Rules.entries()) {
        expect({ Claim, MatchType }).toEqual({ Claim: "cognito:groups", MatchType: "Contains" });
        const { ManagedPolicyArns, AssumeRolePolicyDocument } = GroupRole.parse(roles.get(RoleARN));
        expect(ManagedPolicyArns.map((policy) => /^<People([A-Z][a-z]+)/.exec(policy)?.[1]?.toLowerCase())).toEqual(
          groups[at]?.roles,
        );
        expect(AssumeRolePolicyDocument.Statement).toEqual([
          {
            Effect: "Allow",
            Principal: { Federated: "cognito-identity.amazonaws.com" },
            Action: ["sts:AssumeRoleWithWebIdentity", "sts:TagSession"],
            Condition: {
              StringEquals: { "cognito-identity.amazonaws.com:aud": pool },
              "ForAnyValue:StringLike": { "cognito-identity.amazonaws.com:amr": "authenticated" },
            },
          },
        ]);
      }
    }
    expect(ofType("AWS::Cognito::UserPoolGroup").map(([, { Properties }]) => Properties["GroupName"])).toEqual(
      groups.map(({ name }) => name),
    );
  });

  const Attachment = z.object({
    IdentityPoolId: z.string(),
    Roles: z.strictObject({ authenticated: z.string() }),
    RoleMappings: z.record(
      z.string(),
      z.object({
        IdentityProvider: z.string(),
        Type: z.string(),
        AmbiguousRoleResolution: z.string(),
        RulesConfiguration: z.object({
          Rules: z.array(
            z.object({ Claim: z.string(), MatchType: z.string(), Value: z.string(), RoleARN: z.string() }),
          ),
        }),
      }),
    ),
  });
  const GroupRole = z.object({
    ManagedPolicyArns: z.array(z.string()),
    AssumeRolePolicyDocument: z.object({ Statement: z.array(z.unknown()) }),
  });
});
