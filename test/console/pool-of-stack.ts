import * as z from "zod";
import { resolveIntrinsics } from "../../infra/local/template/intrinsics.ts";
import { createReferences } from "../../infra/local/template/references.ts";
import { TemplateSchema } from "../../infra/local/template/template-schema.ts";
import type { PoolTemplate } from "./sign-in-service.ts";

const texts = z.array(z.string());
const Client = z.object({
  CallbackURLs: texts,
  LogoutURLs: texts,
  AllowedOAuthScopes: texts,
  IdTokenValidity: z.number(),
  RefreshTokenValidity: z.number(),
});
const PrincipalTag = z.object({ PrincipalTags: z.record(z.string(), z.string()) });
const Rule = z.object({ Claim: z.string(), MatchType: z.string(), Value: z.string(), RoleARN: z.string() });
const Attachment = z.object({
  RoleMappings: z.object({ pool: z.object({ RulesConfiguration: z.object({ Rules: z.array(Rule) }) }) }),
});
const Group = z.object({ GroupName: z.string() });
const RoleResource = z.object({ ManagedPolicyArns: z.array(z.object({ Ref: z.string() })) });

/** What a stack's template says of its user pool and its identity pool, with the names of the embedded cloud at `endpoint`. */
export function poolOfStack(template: unknown, endpoint: string): PoolTemplate {
  const parsed = TemplateSchema.parse(template);
  const references = createReferences(parsed, { stackName: "BulkSend", endpoint });
  const ofType = (type: string) => Object.entries(parsed.Resources).filter(([, resource]) => resource.Type === type);
  const one = <T>(type: string, schema: z.ZodType<T>): T => {
    const [[, resource] = [], ...more] = ofType(type);
    if (resource === undefined || more.length > 0) throw new Error(`The template has not just one ${type}.`);
    return schema.parse(resolveIntrinsics(resource.Properties ?? {}, references));
  };
  const roles = ofType("AWS::IAM::Role").map(([id, { Properties }]) => ({
    arn: references.namesOf(id).arn,
    name: references.namesOf(id).name,
    policies: RoleResource.safeParse(Properties).data?.ManagedPolicyArns.map(({ Ref }) => Ref) ?? [],
  }));
  return {
    client: one("AWS::Cognito::UserPoolClient", Client),
    principalTags: one("AWS::Cognito::IdentityPoolPrincipalTag", PrincipalTag).PrincipalTags,
    rules: one("AWS::Cognito::IdentityPoolRoleAttachment", Attachment).RoleMappings.pool.RulesConfiguration.Rules.map(
      ({ RoleARN, ...rule }) => {
        const role = roles.find(({ arn }) => arn === RoleARN);
        if (role === undefined) throw new Error(`The template has no role ${RoleARN}.`);
        return { ...rule, role: role.name, policies: role.policies };
      },
    ),
    groupNames: ofType("AWS::Cognito::UserPoolGroup").map(([, { Properties }]) => Group.parse(Properties).GroupName),
  };
}
