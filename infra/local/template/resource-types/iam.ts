import * as z from "zod";
import { digest, refIsArn, refIsName, resourceType, text } from "../resource-type.ts";
import { accountId } from "../resources.ts";

const PolicyProperties = z.object({
  PolicyName: z.string().optional(),
  ManagedPolicyName: z.string().optional(),
  PolicyDocument: z.unknown(),
  Roles: z.array(text).optional(),
});

const ownPolicies = `arn:aws:iam::${accountId}:policy/`;

/** AWS's own policies that grant nothing the embedded cloud checks: logs, traces and network interfaces. */
const harmlessManagedPolicies = [
  "AWSLambdaBasicExecutionRole",
  "AWSLambdaVPCAccessExecutionRole",
  "AWSXRayDaemonWriteAccess",
  "CloudWatchLambdaInsightsExecutionRolePolicy",
];

/** `AWS::IAM::Role` */
export const role = resourceType("AWS::IAM::Role", {
  properties: z.object({
    RoleName: text.optional(),
    Policies: z.array(z.object({ PolicyName: z.string(), PolicyDocument: z.unknown() })).optional(),
    ManagedPolicyArns: z.array(z.string()).optional(),
  }),
  names: ({ named, plainName }) => {
    const name = named("RoleName", plainName.slice(0, 64));
    return refIsName(name, `arn:aws:iam::${accountId}:role/${name}`, { RoleId: digest(name, 20) });
  },
  add: ({ own, properties }, draft) => {
    const managedPolicyArns = properties.ManagedPolicyArns ?? [];
    for (const arn of managedPolicyArns) {
      if (arn.startsWith(ownPolicies)) continue;
      if (harmlessManagedPolicies.some((harmless) => arn.endsWith(`/${harmless}`))) continue;
      throw new Error(`${own.logicalId} has the managed policy ${arn}, which the embedded cloud cannot check.`);
    }
    draft.roles.push({
      ...own,
      managedPolicyArns,
      policies: (properties.Policies ?? []).map((policy) => ({
        name: `${own.logicalId}/${policy.PolicyName}`,
        document: policy.PolicyDocument,
      })),
    });
  },
});

/** `AWS::IAM::Policy` */
export const policy = resourceType("AWS::IAM::Policy", {
  properties: PolicyProperties,
  add: ({ own, properties }, draft) => {
    const { PolicyDocument, Roles = [] } = properties;
    draft.policies.push({ logicalId: own.logicalId, arn: own.arn, document: PolicyDocument, roleNames: Roles });
  },
});

/** `AWS::IAM::ManagedPolicy` */
export const managedPolicy = resourceType("AWS::IAM::ManagedPolicy", {
  properties: PolicyProperties,
  names: ({ named, plainName }) => {
    const name = named("ManagedPolicyName", plainName);
    const arn = `${ownPolicies}${name}`;
    return refIsArn(name, arn, { PolicyArn: arn });
  },
  add: ({ own, properties }, draft) => {
    const { PolicyDocument, Roles = [] } = properties;
    draft.policies.push({ logicalId: own.logicalId, arn: own.arn, document: PolicyDocument, roleNames: Roles });
    draft.peoplePolicies.push({ ...own, policies: [{ name: own.logicalId, document: PolicyDocument }] });
  },
});
