import { Aws, Duration, Fn, RemovalPolicy, Stack, Validations } from "aws-cdk-lib";
import {
  AccountRecovery,
  CfnIdentityPool,
  CfnIdentityPoolPrincipalTag,
  CfnIdentityPoolRoleAttachment,
  CfnManagedLoginBranding,
  CfnUserPoolGroup,
  ClientAttributes,
  FeaturePlan,
  ManagedLoginVersion,
  Mfa,
  OAuthScope,
  UserPool,
  type UserPoolClient,
  UserPoolClientIdentityProvider,
} from "aws-cdk-lib/aws-cognito";
import { FederatedPrincipal, Role as IamRole, type ManagedPolicy } from "aws-cdk-lib/aws-iam";
import { Construct } from "constructs";
import { personTag } from "../shared/campaign/identity.ts";
import { groups, type PeopleGroup } from "../shared/console/groups.ts";
import type { Role } from "../shared/console/session.ts";
import type { Settings } from "./settings.ts";

/** Props of the pool. */
export interface PeoplePoolProps {
  /** The page's origin, to which people come back when they have signed in. */
  readonly origin: string;
  /** The beginning of the login pages' address. */
  readonly domainPrefix: string;
  readonly mfa: Settings["consoleMfa"];
}

/** How long somebody is signed in without typing the password again: a working day. */
const signedIn = Duration.hours(10);

/** How long a token is good, with which keys are got; the keys themselves are good for an hour, which is AWS's. */
const tokenValidity = Duration.minutes(15);

/**
 * The beginning of the login pages' address where none is set: made of the id that AWS gave the stack, as no two pools of a
 * region may have the same.
 */
export const generatedDomainPrefix = (): string =>
  `bulk-send-${Fn.select(0, Fn.split("-", Fn.select(2, Fn.split("/", Aws.STACK_ID))))}`;

/** Where a pool's login pages are, without a scheme. */
export const loginDomainOf = (prefix: string): string => `${prefix}.auth.${Aws.REGION}.amazoncognito.com`;

/**
 * The people of the console: a user pool in which they sign in, and an identity pool that gives them keys with the rights of
 * their group, tagged with who they are.
 */
export class PeoplePool extends Construct {
  readonly userPool: UserPool;
  readonly client: UserPoolClient;
  readonly identityPool: CfnIdentityPool;

  constructor(scope: Construct, id: string, props: PeoplePoolProps) {
    super(scope, id);
    this.userPool = createUserPool(this, props);
    this.client = this.addClient(props);
    const domain = this.userPool.addDomain("Login", {
      cognitoDomain: { domainPrefix: props.domainPrefix },
      managedLoginVersion: ManagedLoginVersion.NEWER_MANAGED_LOGIN,
    });
    const branding = new CfnManagedLoginBranding(this, "Branding", {
      userPoolId: this.userPool.userPoolId,
      clientId: this.client.userPoolClientId,
      useCognitoProvidedValues: true,
    });
    branding.node.addDependency(domain);
    this.identityPool = new CfnIdentityPool(this, "Keys", {
      allowUnauthenticatedIdentities: false,
      // In the other flow the client names the session itself.
      allowClassicFlow: false,
      cognitoIdentityProviders: [
        {
          clientId: this.client.userPoolClientId,
          providerName: this.userPool.userPoolProviderName,
          // So that tokens of somebody who was signed out or removed give no more keys.
          serverSideTokenCheck: true,
        },
      ],
    });
    new CfnIdentityPoolPrincipalTag(this, "WhoTheyAre", {
      identityPoolId: this.identityPool.ref,
      identityProviderName: this.userPool.userPoolProviderName,
      // `sub` is the pool's own name for a person: given once, and never to somebody else.
      principalTags: { [personTag]: "sub" },
      useDefaults: false,
    });
  }

  private addClient({ origin }: PeoplePoolProps): UserPoolClient {
    const page = `${origin}/`;
    return this.userPool.addClient("Page", {
      generateSecret: false,
      authFlows: { userSrp: true },
      oAuth: {
        flows: { authorizationCodeGrant: true, implicitCodeGrant: false, clientCredentials: false },
        scopes: [OAuthScope.OPENID, OAuthScope.EMAIL],
        callbackUrls: [page],
        logoutUrls: [page],
      },
      supportedIdentityProviders: [UserPoolClientIdentityProvider.COGNITO],
      preventUserExistenceErrors: true,
      enableTokenRevocation: true,
      idTokenValidity: tokenValidity,
      accessTokenValidity: tokenValidity,
      refreshTokenValidity: signedIn,
      refreshTokenRotationGracePeriod: Duration.seconds(30),
      readAttributes: new ClientAttributes().withStandardAttributes({ email: true, emailVerified: true }),
      // Without a list all could be written. A new address counts once its owner has confirmed it there.
      writeAttributes: new ClientAttributes().withStandardAttributes({ email: true }),
    });
  }

  /** Gives each group a role with the policies of all that it may do. */
  admit(policies: Readonly<Record<Role, ManagedPolicy>>): void {
    const rules = groups.map((group) => ({
      claim: "cognito:groups",
      matchType: "Contains",
      value: group.name,
      roleArn: this.addGroup(group, policies).roleArn,
    }));
    new CfnIdentityPoolRoleAttachment(this, "Roles", {
      identityPoolId: this.identityPool.ref,
      // The API asks for it; nobody gets it, because who is in no group is denied.
      roles: { authenticated: this.addRole("nobody", "Nobody: people have the roles of their groups.", []).roleArn },
      roleMappings: {
        pool: {
          identityProvider: `${this.userPool.userPoolProviderName}:${this.client.userPoolClientId}`,
          type: "Rules",
          ambiguousRoleResolution: "Deny",
          rulesConfiguration: { rules },
        },
      },
    });
  }

  private addGroup({ name, roles }: PeopleGroup, policies: Readonly<Record<Role, ManagedPolicy>>): IamRole {
    new CfnUserPoolGroup(this, `Group-${name}`, {
      userPoolId: this.userPool.userPoolId,
      groupName: name,
      precedence: groups.findIndex((group) => group.name === name),
      description: `May do what these policies of ${Stack.of(this).stackName} allow: ${roles.join(", ")}.`,
    });
    return this.addRole(
      name,
      `People of the console's group ${name}.`,
      roles.map((role) => policies[role]),
    );
  }

  private addRole(name: string, description: string, managedPolicies: ManagedPolicy[]): IamRole {
    const principal = new FederatedPrincipal(
      "cognito-identity.amazonaws.com",
      {
        StringEquals: { "cognito-identity.amazonaws.com:aud": this.identityPool.ref },
        "ForAnyValue:StringLike": { "cognito-identity.amazonaws.com:amr": "authenticated" },
      },
      "sts:AssumeRoleWithWebIdentity",
    );
    return new IamRole(this, `Role-${name}`, {
      description,
      assumedBy: principal.withSessionTags(),
      managedPolicies,
      maxSessionDuration: Duration.hours(1),
    });
  }
}

function createUserPool(scope: Construct, { origin, mfa }: PeoplePoolProps): UserPool {
  const { stackName } = Stack.of(scope);
  const pool = new UserPool(scope, "People", {
    // Managed login comes with this plan; the first ten thousand people of a month are free.
    featurePlan: FeaturePlan.ESSENTIALS,
    selfSignUpEnabled: false,
    signInAliases: { email: true },
    signInCaseSensitive: false,
    autoVerify: { email: true },
    keepOriginal: { email: true },
    userInvitation: {
      emailSubject: `You can use bulk-send (${stackName})`,
      emailBody: `Your page for sending lists of text messages is <a href="${origin}/">${origin}/</a>.<br><br>Sign in as {username}, with this password for the first time: {####}<br><br>It is good for seven days; you will be asked for one of your own.`,
    },
    mfa: mfa === "required" ? Mfa.REQUIRED : Mfa.OPTIONAL,
    mfaSecondFactor: { otp: true, sms: false, email: false },
    passwordPolicy: {
      minLength: 12,
      requireLowercase: true,
      requireUppercase: true,
      requireDigits: true,
      requireSymbols: true,
      tempPasswordValidity: Duration.days(7),
    },
    accountRecovery: AccountRecovery.EMAIL_ONLY,
    deletionProtection: true,
    removalPolicy: RemovalPolicy.RETAIN,
  });
  Validations.of(pool).acknowledge(
    {
      id: "AwsSolutions-COG2",
      reason: 'The stack\'s owner decides about a second factor, by "consoleMfa".',
    },
    ...["AwsSolutions-COG3", "AwsSolutions-COG8"].map((id) => ({
      id,
      reason:
        "Threat protection is in a plan that costs for each person; passwords are long, and Cognito slows down guessing.",
    })),
  );
  return pool;
}
